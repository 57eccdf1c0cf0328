import {
  DeleteKeyPairCommand,
  DeleteLaunchTemplateCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { explained } from '../aws/errors.ts';
import type { Clock } from '../clock.ts';
import { errorCode, messageOf } from '../errors.ts';
import type { Leftovers } from './leftovers.ts';

/** What came of it, in sentences: for the log, or for a person who has to go on. */
export interface Removal {
  removed: string[];
  left: string[];
}

export interface RemovalTools {
  aws: Aws;
  clock: Clock;
  signal?: AbortSignal;
  /** How long the end of the instances is waited for, which hold groups and volumes. Milliseconds. */
  patienceMs: number;
}

const PAUSE_MS = 5_000;

/** Removes leftovers. What is gone already is fine; what cannot be removed is named, and the others go all the same. */
export async function removeLeftovers(tools: RemovalTools, leftovers: Leftovers): Promise<Removal> {
  const { ec2 } = tools.aws;
  const result: Removal = { removed: [], left: [] };
  const attempt = (what: string, work: () => Promise<unknown>) => note(result, what, work);

  if (leftovers.instances.length > 0)
    await attempt(`instance ${leftovers.instances.join(', ')}`, () =>
      ec2.send(new TerminateInstancesCommand({ InstanceIds: leftovers.instances })),
    );
  for (const image of leftovers.images)
    await attempt(`unfinished image ${image.id}`, () => removeImage(tools.aws, image));
  for (const name of leftovers.keyPairs)
    await attempt(`key pair ${name}`, () => ec2.send(new DeleteKeyPairCommand({ KeyName: name })));
  for (const id of leftovers.launchTemplates)
    await attempt(`launch template ${id}`, () =>
      ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })),
    );
  if (leftovers.securityGroups.length + leftovers.volumes.length > 0)
    await untilTerminated(tools, leftovers.instances);
  for (const id of await stillThere(tools, leftovers.volumes))
    await attempt(`volume ${id}`, () => ec2.send(new DeleteVolumeCommand({ VolumeId: id })));
  for (const id of leftovers.securityGroups)
    await attempt(`security group ${id}`, () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })));
  return result;
}

async function note({ removed, left }: Removal, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    removed.push(what);
  } catch (error) {
    if (/NotFound|Unavailable|DoesNotExist/i.test(errorCode(error))) removed.push(what);
    else left.push(`${what} (${messageOf(explained(error))})`);
  }
}

/** The snapshots of a pending image do not hang on it yet: they are found by what EC2 writes on them. */
async function removeImage(aws: Aws, { id, builderId }: { id: string; builderId: string }): Promise<void> {
  await aws.ec2.send(new DeregisterImageCommand({ ImageId: id, DeleteAssociatedSnapshots: true }));
  const description = `Created by CreateImage(${builderId}) for ${id}`;
  const { Snapshots = [] } = await aws.ec2.send(
    new DescribeSnapshotsCommand({
      OwnerIds: ['self'],
      Filters: [{ Name: 'description', Values: [`${description}*`] }],
    }),
  );
  for (const { SnapshotId } of Snapshots) await aws.ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
}

/** Most disks go with their instance; a role that may only delete what has the right tags would be refused for them. */
async function stillThere({ aws }: RemovalTools, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { Volumes = [] } = await aws.ec2.send(
    new DescribeVolumesCommand({ Filters: [{ Name: 'volume-id', Values: [...ids] }] }),
  );
  return Volumes.flatMap(({ VolumeId }) => VolumeId ?? []);
}

/** Waits for as long as there is patience: what is still held then is named as left. */
async function untilTerminated(tools: RemovalTools, ids: readonly string[]): Promise<void> {
  const { aws, clock, signal, patienceMs } = tools;
  const end = clock.now() + patienceMs;
  while (ids.length > 0 && clock.now() < end) {
    const { Reservations = [] } = await aws.ec2.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: 'instance-id', Values: [...ids] },
          {
            Name: 'instance-state-name',
            Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'],
          },
        ],
      }),
    );
    if (Reservations.length === 0) return;
    await clock.sleep(PAUSE_MS, signal);
  }
}
