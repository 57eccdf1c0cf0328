import { once } from 'node:events';
import { paginateDescribeAutoScalingGroups } from '@aws-sdk/client-auto-scaling';
import {
  DescribeKeyPairsCommand,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
  paginateDescribeLaunchTemplateVersions,
  paginateDescribeSnapshots,
} from '@aws-sdk/client-ec2';
import { createAws } from '../../../src/aws/clients.ts';

/** A process of its own that lists everything through the JS SDK, as an inventory does, and says what it took. */

const credentials = {
  accessKeyId: 'bench',
  secretAccessKey: 'bench',
  sessionToken: 'bench',
  expiration: new Date(Date.now() + 3_600_000),
};
const aws = createAws({
  region: 'us-east-1',
  endpoint: process.argv[2] ?? '',
  credentials: async () => credentials,
});
const ec2 = { client: aws.ec2 };

async function count<Page>(
  pages: AsyncIterable<Page>,
  size: (page: Page) => number | undefined,
): Promise<number> {
  let total = 0;
  for await (const page of pages) total += size(page) ?? 0;
  return total;
}

async function versions(): Promise<number> {
  let total = 0;
  for await (const { LaunchTemplates = [] } of paginateDescribeLaunchTemplates(ec2, { MaxResults: 200 })) {
    for (const { LaunchTemplateId } of LaunchTemplates) {
      const pages = paginateDescribeLaunchTemplateVersions(ec2, { LaunchTemplateId, MaxResults: 200 });
      total += await count(pages, (page) => page.LaunchTemplateVersions?.length);
    }
  }
  return total;
}

const lists = {
  images: () =>
    count(paginateDescribeImages(ec2, { Owners: ['self'], MaxResults: 1000 }), (page) => page.Images?.length),
  snapshots: () =>
    count(
      paginateDescribeSnapshots(ec2, { OwnerIds: ['self'], MaxResults: 1000 }),
      (page) => page.Snapshots?.length,
    ),
  versions,
  instances: () =>
    count(paginateDescribeInstances(ec2, { MaxResults: 1000 }), (page) =>
      page.Reservations?.reduce((sum, { Instances = [] }) => sum + Instances.length, 0),
    ),
  groups: () =>
    count(
      paginateDescribeAutoScalingGroups({ client: aws.autoScaling }, { MaxRecords: 100 }),
      (page) => page.AutoScalingGroups?.length,
    ),
};

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
}

const byTag = () =>
  count(
    paginateDescribeImages(ec2, {
      Owners: ['self'],
      Filters: [{ Name: 'tag:immutable-deploy:application', Values: ['octo/rare'] }],
    }),
    (page) => page.Images?.length,
  );

const REQUESTS = 2000;
const AT_ONCE = 8;

async function smallRequests(): Promise<void> {
  const one = async () => {
    for (let request = 0; request < REQUESTS / AT_ONCE; request++)
      await aws.ec2.send(new DescribeKeyPairsCommand({}));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

if (process.send) {
  const begun = process.cpuUsage();
  const steps: Record<string, { ms: number; result: number }> = {};
  for (const [name, work] of Object.entries(lists)) steps[name] = await timed(work);
  const { user, system } = process.cpuUsage(begun);
  process.send({ steps, rss: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 });
  // The parent asks the sandbox what it took for that; then it goes on.
  await once(process, 'message');
  await byTag();
  const tagged = await timed(byTag);
  const small = await timed(smallRequests);
  process.send({ tagged, perSecond: (REQUESTS / small.ms) * 1000 });
  process.disconnect();
}
