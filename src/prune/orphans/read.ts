import {
  DescribeKeyPairsCommand,
  DescribeLockedSnapshotsCommand,
  type DescribeLockedSnapshotsResult,
  type Filter,
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
  paginateDescribeSecurityGroups,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  paginateListImagesInRecycleBin,
} from '@aws-sdk/client-ec2';
import type { Context } from '../../context.ts';
import { TAG, tagFilter, tagsOf } from '../../tags.ts';
import type { PrunableImage } from '../inventory.ts';
import { type Reader, readerInto, SOURCES, type UnreadableSource } from '../sources.ts';
import type { Leftover } from './leftovers.ts';
import type { FoundSnapshot } from './snapshots.ts';

/** Everything in a Region that may be left over, of all applications. */
export interface FoundOrphans {
  leftovers: readonly Leftover[];
  /** `undefined`: what could hold them could not be read, and none of them goes. */
  snapshots:
    | {
        found: readonly FoundSnapshot[];
        recycled: ReadonlySet<string>;
        locks: ReadonlyMap<string, string>;
      }
    | undefined;
}

const MARKED: Filter[] = [{ Name: 'tag-key', Values: [TAG.run] }];

/**
 * Reads what may be left over. A list that could not be read is noted in `unreadable`, and nothing of it goes.
 *
 * @param images those that are registered: their snapshots, nearly all that there are, are passed over at once
 */
export async function readOrphans(
  context: Context,
  applications: readonly string[],
  images: readonly PrunableImage[],
  unreadable: UnreadableSource[],
): Promise<FoundOrphans> {
  const read = readerInto(unreadable, context);
  const [leftovers, found, recycled, locks] = await Promise.all([
    readLeftovers(context, read),
    read<FoundSnapshot[] | undefined>(
      SOURCES.snapshots,
      () => readSnapshots(context, applications, images),
      undefined,
    ),
    read<Set<string> | undefined>(SOURCES.recycleBin, () => readRecycledImages(context), undefined),
    read<Map<string, string> | undefined>(SOURCES.locks, () => readLocks(context), undefined),
  ]);
  return { leftovers, snapshots: found && recycled && locks ? { found, recycled, locks } : undefined };
}

async function readLeftovers(context: Context, read: Reader): Promise<Leftover[]> {
  const lists = await Promise.all([
    read(SOURCES.builders, () => readBuilders(context), []),
    read(SOURCES.keyPairs, () => readKeyPairs(context), []),
    read(SOURCES.securityGroups, () => readSecurityGroups(context), []),
    read(SOURCES.volumes, () => readVolumes(context), []),
    read(SOURCES.buildTemplates, () => readBuildTemplates(context), []),
  ]);
  return lists.flat();
}

async function readBuilders({ aws, signal }: Context): Promise<Leftover[]> {
  const states = ['pending', 'running', 'stopping', 'stopped'];
  const pages = paginateDescribeInstances(
    { client: aws.ec2, pageSize: 1000 },
    { Filters: [...MARKED, { Name: 'instance-state-name', Values: states }] },
    { abortSignal: signal },
  );
  const found: Leftover[] = [];
  for await (const { Reservations = [] } of pages) {
    for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances))
      found.push({ kind: 'instance', id: instance.InstanceId ?? '', tags: tagsOf(instance) });
  }
  return found;
}

async function readKeyPairs({ aws, signal }: Context): Promise<Leftover[]> {
  const { KeyPairs = [] } = await aws.ec2.send(new DescribeKeyPairsCommand({ Filters: MARKED }), {
    abortSignal: signal,
  });
  return KeyPairs.map((pair) => ({ kind: 'key pair', id: pair.KeyPairId ?? '', tags: tagsOf(pair) }));
}

async function readSecurityGroups({ aws, signal }: Context): Promise<Leftover[]> {
  const found: Leftover[] = [];
  const pages = paginateDescribeSecurityGroups(
    { client: aws.ec2, pageSize: 1000 },
    { Filters: MARKED },
    { abortSignal: signal },
  );
  for await (const { SecurityGroups = [] } of pages) {
    for (const group of SecurityGroups)
      found.push({ kind: 'security group', id: group.GroupId ?? '', tags: tagsOf(group) });
  }
  return found;
}

/** Only those that no instance has: the others go with it, or are somebody's. */
async function readVolumes({ aws, signal }: Context): Promise<Leftover[]> {
  const found: Leftover[] = [];
  const pages = paginateDescribeVolumes(
    { client: aws.ec2, pageSize: 500 },
    { Filters: [...MARKED, { Name: 'status', Values: ['available'] }] },
    { abortSignal: signal },
  );
  for await (const { Volumes = [] } of pages) {
    for (const volume of Volumes)
      found.push({ kind: 'volume', id: volume.VolumeId ?? '', tags: tagsOf(volume) });
  }
  return found;
}

/** Packer makes a launch template for a builder on Spot capacity. */
async function readBuildTemplates({ aws, signal }: Context): Promise<Leftover[]> {
  const found: Leftover[] = [];
  const pages = paginateDescribeLaunchTemplates(
    { client: aws.ec2, pageSize: 200 },
    { Filters: MARKED },
    { abortSignal: signal },
  );
  for await (const { LaunchTemplates = [] } of pages) {
    for (const template of LaunchTemplates)
      found.push({ kind: 'launch template', id: template.LaunchTemplateId ?? '', tags: tagsOf(template) });
  }
  return found;
}

async function readSnapshots(
  { aws, signal }: Context,
  applications: readonly string[],
  images: readonly PrunableImage[],
): Promise<FoundSnapshot[]> {
  const registered = new Set(images.flatMap(({ snapshots }) => snapshots.map(({ id }) => id)));
  const found: FoundSnapshot[] = [];
  const Values = applications.flatMap((application) => tagFilter(TAG.application, application).Values);
  const pages = paginateDescribeSnapshots(
    { client: aws.ec2, pageSize: 1000 },
    { OwnerIds: ['self'], Filters: [{ Name: `tag:${TAG.application}`, Values }] },
    { abortSignal: signal },
  );
  for await (const { Snapshots = [] } of pages) {
    for (const snapshot of Snapshots) {
      const id = snapshot.SnapshotId ?? '';
      if (registered.has(id)) continue;
      found.push({
        id,
        gib: snapshot.VolumeSize ?? 0,
        state: snapshot.State ?? '',
        started: snapshot.StartTime?.getTime() ?? Number.NaN,
        description: snapshot.Description ?? '',
        archived: snapshot.StorageTier === 'archive',
        tags: tagsOf(snapshot),
      });
    }
  }
  return found;
}

async function readRecycledImages({ aws, signal }: Context): Promise<Set<string>> {
  const ids = new Set<string>();
  const pages = paginateListImagesInRecycleBin(
    { client: aws.ec2, pageSize: 1000 },
    {},
    { abortSignal: signal },
  );
  for await (const { Images = [] } of pages) for (const { ImageId } of Images) ids.add(ImageId ?? '');
  return ids;
}

/** The SDK has no paginator for this list. */
async function readLocks({ aws, signal }: Context): Promise<Map<string, string>> {
  const locks = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page: DescribeLockedSnapshotsResult = await aws.ec2.send(
      new DescribeLockedSnapshotsCommand({ MaxResults: 1000, NextToken }),
      { abortSignal: signal },
    );
    for (const { SnapshotId, LockState, LockExpiresOn } of page.Snapshots ?? []) {
      if (LockState === 'expired' || SnapshotId === undefined) continue;
      const until = LockExpiresOn === undefined ? '' : ` until ${LockExpiresOn.toISOString().slice(0, 10)}`;
      locks.set(SnapshotId, `locked (${LockState})${until}`);
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return locks;
}
