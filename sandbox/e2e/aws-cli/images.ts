import { deepEqual, equal, ok } from 'node:assert/strict';
import type {
  DeregisterImageResult,
  DescribeImagesResult,
  DescribeSnapshotsResult,
} from '@aws-sdk/client-ec2';
import type { Case } from '../case.ts';
import type { AwsCli } from './aws-cli.ts';
import { createImage, runInstance } from './scene.ts';
import { withSandbox } from './with-sandbox.ts';

/** More than fit on the smallest page that DescribeImages has. */
const COUNT = 7;

/** The life of images: made from an instance, waited for, found by tags and page by page, and removed. */
export const images: Case = {
  name: 'aws: images',
  needs: ['aws'],
  run: (bench) =>
    withSandbox(bench, 60, async (aws, sandbox) => {
      const instanceId = await runInstance(aws);
      await aws.call('ec2', 'wait', 'instance-running', '--instance-ids', instanceId);
      const ids: string[] = [];
      for (let number = 1; number <= COUNT; number++) {
        const release = `Key=release,Value=${number % 2 === 0 ? 'even' : 'odd'}`;
        ids.push(await createImage(aws, instanceId, `shop-${number}`, ['Key=app,Value=shop', release]));
      }
      const [first = '', last = ''] = [ids[0], ids.at(-1)];
      equal((await describe(aws, '--image-ids', last)).Images?.[0]?.State, 'pending');
      await aws.call('ec2', 'wait', 'image-available', '--image-ids', last);
      equal((await describe(aws, '--image-ids', last)).Images?.[0]?.State, 'available');

      const even = await describe(
        ...([
          aws,
          '--owners',
          'self',
          '--filters',
          'Name=tag:app,Values=shop',
          'Name=tag:release,Values=ev*',
        ] as const),
      );
      deepEqual(idsOf(even), [ids[1], ids[3], ids[5]].sort());
      await findsAllByPages(
        aws,
        ids,
        async () => (await sandbox.calls()).filter((call) => call === 'DescribeImages').length,
      );
      await removesWithSnapshots(aws, first);
      equal(await aws.refused('ec2', 'deregister-image', '--image-id', last, '--dry-run'), 'DryRunOperation');
      equal((await describe(aws, '--owners', 'self')).Images?.length, COUNT - 1);
    }),
};

const describe = (aws: AwsCli, ...args: string[]) =>
  aws.call<DescribeImagesResult>('ec2', 'describe-images', ...args);

const idsOf = ({ Images = [] }: DescribeImagesResult) =>
  Images.flatMap(({ ImageId }) => ImageId ?? []).sort();

async function findsAllByPages(
  aws: AwsCli,
  ids: readonly string[],
  countCalls: () => Promise<number>,
): Promise<void> {
  const before = await countCalls();
  deepEqual(idsOf(await describe(aws, '--owners', 'self', '--page-size', '5')), ids.toSorted());
  equal((await countCalls()) - before, 2, 'seven images are two pages of five');

  const page = ['--owners', 'self', '--page-size', '5', '--max-items', '6'];
  const some = await describe(aws, ...page);
  equal(some.Images?.length, 6);
  const rest = await describe(aws, ...page, '--starting-token', some.NextToken ?? '');
  deepEqual([...idsOf(some), ...idsOf(rest)].sort(), ids.toSorted());
  ok(rest.NextToken === undefined);
}

async function removesWithSnapshots(aws: AwsCli, imageId: string): Promise<void> {
  const { Images } = await describe(aws, '--image-ids', imageId);
  const snapshotId = Images?.[0]?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
  const { Snapshots } = await aws.call<DescribeSnapshotsResult>(
    'ec2',
    'describe-snapshots',
    '--snapshot-ids',
    snapshotId,
  );
  deepEqual(Snapshots?.[0]?.Tags?.map(({ Key, Value }) => `${Key}=${Value}`).sort(), [
    'app=shop',
    'release=odd',
  ]);
  equal(await aws.refused('ec2', 'delete-snapshot', '--snapshot-id', snapshotId), 'InvalidSnapshot.InUse');

  const { DeleteSnapshotResults } = await aws.call<DeregisterImageResult>(
    ...['ec2', 'deregister-image', '--image-id', imageId, '--delete-associated-snapshots'],
  );
  deepEqual(DeleteSnapshotResults, [{ SnapshotId: snapshotId, ReturnCode: 'success' }]);
  deepEqual((await describe(aws, '--image-ids', imageId)).Images, []);
  equal(
    await aws.refused('ec2', 'describe-snapshots', '--snapshot-ids', snapshotId),
    'InvalidSnapshot.NotFound',
  );
  equal(await aws.refused('ec2', 'deregister-image', '--image-id', imageId), 'InvalidAMIID.Unavailable');
}
