import {
  DeleteKeyPairCommand,
  DeleteLaunchTemplateCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  paginateDescribeInstances,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { isAccessDenied } from '../../aws/errors.ts';
import type { Context } from '../../context.ts';
import { errorCode, messageOf } from '../../errors.ts';
import { inBatches } from '../lists.ts';
import type { Removal } from '../removal.ts';
import type { Orphan } from './leftovers.ts';

const INSTANCES_A_CALL = 100;
const POLL_MS = 10_000;
/** An instance takes less; what it still holds then goes with the next run. */
const LONGEST_END_MS = 5 * 60_000;

/** Groups and volumes only when the instances that hold them are gone. */
const ORDER: readonly Orphan['kind'][] = [
  'snapshot',
  'key pair',
  'launch template',
  'volume',
  'security group',
];

/**
 * Removes leftovers one by one, and writes down what became of each. Never rejects but for a cancel.
 *
 * @param goOn called between two; throws when it has to stop
 */
export async function removeOrphans(
  context: Context,
  orphans: readonly Orphan[],
  removal: Removal,
  goOn: () => void,
): Promise<void> {
  const builders = orphans.filter(({ kind }) => kind === 'instance');
  for (const batch of inBatches(builders, INSTANCES_A_CALL)) {
    goOn();
    await terminate(context, batch, removal);
  }
  if (builders.length > 0 && orphans.some(({ kind }) => kind === 'security group' || kind === 'volume'))
    await untilGone(context, builders);
  for (const kind of ORDER) {
    for (const orphan of orphans.filter((each) => each.kind === kind)) {
      goOn();
      await remove(context, [orphan], removal, () => deletion(context, orphan));
    }
  }
}

const terminate = (context: Context, batch: readonly Orphan[], removal: Removal) =>
  remove(context, batch, removal, () =>
    context.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: batch.map(({ id }) => id) })),
  );

const PERMISSIONS: Readonly<Record<Orphan['kind'], string>> = {
  instance: 'ec2:TerminateInstances',
  snapshot: 'ec2:DeleteSnapshot',
  'key pair': 'ec2:DeleteKeyPair',
  'launch template': 'ec2:DeleteLaunchTemplate',
  volume: 'ec2:DeleteVolume',
  'security group': 'ec2:DeleteSecurityGroup',
};

async function deletion({ aws }: Context, { kind, id }: Orphan): Promise<unknown> {
  switch (kind) {
    case 'instance':
      return await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    case 'snapshot':
      return await aws.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id }));
    case 'key pair':
      return await aws.ec2.send(new DeleteKeyPairCommand({ KeyPairId: id }));
    case 'launch template':
      return await aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id }));
    case 'volume':
      return await aws.ec2.send(new DeleteVolumeCommand({ VolumeId: id }));
    case 'security group':
      return await aws.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
  }
}

const isGone = (error: unknown) => /NotFound/.test(errorCode(error));

/** Something came to use it after all: EC2 itself protects it. */
const isInUse = (error: unknown) =>
  ['InvalidSnapshot.InUse', 'DependencyViolation', 'VolumeInUse'].includes(errorCode(error));

async function remove(
  { log, signal }: Context,
  orphans: readonly Orphan[],
  removal: Removal,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
    for (const { kind, id, gib } of orphans) {
      if (kind === 'snapshot') removal.snapshots.push({ id, gib: gib ?? 0 });
      removal.orphans.push({ kind, id });
      log.info(`Removed the ${kind} ${id}`);
    }
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw error;
    const ids = orphans.map(({ id }) => id);
    const note = isGone(error)
      ? 'was gone already'
      : isInUse(error)
        ? `kept: ${messageOf(error)}`
        : undefined;
    const permissions = [...new Set(orphans.map(({ kind }) => PERMISSIONS[kind]))].join(', ');
    const fix = isAccessDenied(error)
      ? ` Allow ${permissions} in the policy of the role, or set "orphans" to false.`
      : '';
    for (const id of ids) removal.notes.set(id, note ?? `not removed: ${messageOf(error)}${fix}`);
    if (note !== undefined) return;
    const problem = `The leftover ${ids.join(', ')} could not be removed: ${messageOf(error)}${fix}`;
    removal.problems.push(problem);
    log.error(problem);
  }
}

async function untilGone({ aws, clock, signal, log }: Context, builders: readonly Orphan[]): Promise<void> {
  const end = clock.now() + LONGEST_END_MS;
  const Filters = [
    { Name: 'instance-id', Values: builders.map(({ id }) => id) },
    {
      Name: 'instance-state-name',
      Values: ['pending', 'running', 'shutting-down', 'stopping', 'stopped'],
    },
  ];
  while (clock.now() < end) {
    let left = 0;
    const pages = paginateDescribeInstances(
      { client: aws.ec2, pageSize: 1000 },
      { Filters },
      { abortSignal: signal },
    );
    for await (const { Reservations = [] } of pages) left += Reservations.length;
    if (left === 0) return;
    log.info(`${left} builders are being terminated`);
    await clock.sleep(POLL_MS, signal);
  }
}
