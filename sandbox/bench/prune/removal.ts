import {
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  EC2Client,
  paginateDescribeImages,
} from '@aws-sdk/client-ec2';
import type { Pace } from '../../../src/aws/pace.ts';
import { messageOf } from '../../../src/errors.ts';
import { givenInputs, parseInputs } from '../../../src/inputs/inputs.ts';
import { prune } from '../../../src/prune/prune.ts';
import type { CallRecord } from '../../call-log.ts';
import { quietContext } from '../promotion/stage.ts';
import { APPLICATION, REGION, stageWithImages } from './stage.ts';

export const REMOVED = 1000;
const KEPT = 10;

export interface Removing {
  /** Of the sandbox's time: from the first deregistration to the last. */
  seconds: number;
  removed: number;
  /** Calls that the token buckets refused. */
  throttled: number;
  /** What ended it, when it did not come to its end. */
  error?: string;
}

/** A prune that removes a thousand images, with EC2's token buckets on. */
export async function removeThousand(pace: Pace): Promise<Removing> {
  const { sandbox, aws } = await stageWithImages(REMOVED + KEPT);
  try {
    sandbox.aws.limits.enabled = true;
    const given = {
      mode: 'prune',
      application: APPLICATION,
      'dry-run': 'false',
      pace,
      keep: String(KEPT),
      'max-deletions': String(REMOVED),
      'max-deletion-percent': '100',
      'stale-days': '100000',
    };
    const env = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const { inputs } = parseInputs(givenInputs(Object.fromEntries(env)));
    if (inputs.mode !== 'prune') throw new Error('The inputs are those of a prune.');
    const work = prune(inputs, quietContext(aws, sandbox.clock));
    await sandbox.clock.drive(work, 300_000);
    return figures(sandbox.aws.calls);
  } finally {
    await sandbox.close();
  }
}

/** Time runs while the script waits in real time: the SDK knows no other. */
const SCALE = 10;

/** What people write first: list, sort, deregister one after the other, delete each snapshot; SDK defaults. */
export async function removeByScript(): Promise<Removing> {
  const { sandbox } = await stageWithImages(REMOVED + KEPT);
  const ec2 = new EC2Client({
    region: REGION,
    endpoint: sandbox.url,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  try {
    sandbox.aws.limits.enabled = true;
    sandbox.clock.set({ scale: SCALE });
    const error = await script(ec2).then(
      () => undefined,
      (thrown: unknown) => messageOf(thrown),
    );
    return { ...figures(sandbox.aws.calls), ...(error === undefined ? {} : { error }) };
  } finally {
    ec2.destroy();
    await sandbox.close();
  }
}

async function script(ec2: EC2Client): Promise<void> {
  const images: { id: string; created: string; snapshots: string[] }[] = [];
  for await (const { Images = [] } of paginateDescribeImages({ client: ec2 }, { Owners: ['self'] })) {
    for (const { ImageId = '', CreationDate = '', BlockDeviceMappings = [] } of Images)
      images.push({
        id: ImageId,
        created: CreationDate,
        snapshots: BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
      });
  }
  const old = images.toSorted((a, b) => b.created.localeCompare(a.created)).slice(KEPT);
  for (const { id, snapshots } of old) {
    await ec2.send(new DeregisterImageCommand({ ImageId: id }));
    for (const SnapshotId of snapshots) await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
  }
}

function figures(calls: readonly CallRecord[]): Removing {
  const done = calls.filter(({ operation, error }) => operation === 'DeregisterImage' && error === undefined);
  const times = done.map(({ time }) => Date.parse(time));
  return {
    seconds: ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000,
    removed: done.length,
    throttled: calls.filter(({ error = '' }) => error.includes('RequestLimitExceeded')).length,
  };
}
