import { DescribeSnapshotAttributeCommand } from '@aws-sdk/client-ec2';
import type { Context } from '../../context.ts';
import { errorCode } from '../../errors.ts';
import { inParallel } from '../../parallel.ts';
import type { Facts } from '../facts.ts';
import { isSnapshotUse } from '../references/use.ts';
import { noteUnreadable, SOURCES, type UnreadableSource } from '../sources.ts';
import { leftoversOf, type Orphan } from './leftovers.ts';
import type { FoundOrphans } from './read.ts';
import { type HeldSnapshot, orphanedSnapshots } from './snapshots.ts';

/** What is left over of an application, and the snapshots that a person has to look at. */
export interface OrphanPlan {
  orphans: readonly Orphan[];
  held: readonly HeldSnapshot[];
}

export const NO_ORPHANS: OrphanPlan = { orphans: [], held: [] };

/** What of the application is left over, by what was seen: a source that could not be read frees no snapshot. */
export function planOrphans(
  application: string,
  { leftovers, snapshots }: FoundOrphans,
  facts: Facts,
  now: number,
): OrphanPlan {
  const builds = leftoversOf(application, leftovers, now);
  const blocked = facts.unreadable.some(({ source }) => source.holds.includes('images'));
  if (snapshots === undefined || blocked) return { orphans: builds, held: [] };
  const holders = {
    images: new Set(facts.images.map(({ id }) => id)),
    used: usedSnapshots(facts),
    recycled: snapshots.recycled,
    locks: snapshots.locks,
  };
  const { orphans, held } = orphanedSnapshots(application, snapshots.found, holders, now);
  return { orphans: [...builds, ...orphans], held };
}

/** The snapshots that came to be used since, by a new look at the account: all of them when that failed. */
export function nowUsed({ orphans }: OrphanPlan, facts: Facts): Orphan[] {
  const blocked = facts.unreadable.some(({ source }) => source.holds.includes('images'));
  const used = usedSnapshots(facts);
  return orphans.filter(({ kind, id }) => kind === 'snapshot' && (blocked || used.has(id)));
}

/** The snapshots that images have, and those that launches make volumes of. */
function usedSnapshots({ images, uses, versions }: Facts): Set<string> {
  return new Set([
    ...images.flatMap(({ snapshots }) => snapshots.map(({ id }) => id)),
    ...Object.values(uses)
      .flat()
      .filter(isSnapshotUse)
      .map(({ snapshotId }) => snapshotId),
    ...versions.flatMap(({ snapshotIds = [] }) => snapshotIds),
  ]);
}

const CALLS_AT_ONCE = 5;

/** Holds back what other accounts may make volumes of; one call a snapshot, therefore last. */
export async function withoutShared(
  context: Context,
  { orphans, held }: OrphanPlan,
  unreadable: UnreadableSource[],
): Promise<OrphanPlan> {
  const snapshots = orphans.filter(({ kind }) => kind === 'snapshot');
  const reasons = new Map<string, string>();
  await inParallel(snapshots, CALLS_AT_ONCE, async ({ id }) => {
    try {
      const why = await sharesOf(context, id);
      if (why !== undefined) reasons.set(id, why);
    } catch (error) {
      context.signal.throwIfAborted();
      if (errorCode(error) === 'InvalidSnapshot.NotFound') return;
      noteUnreadable(unreadable, context.log, { source: SOURCES.snapshotShares, error });
      reasons.set(id, 'its permissions could not be read');
    }
  });
  const shared = [...reasons].map(([id, why]) => ({ id, why }));
  return { orphans: orphans.filter(({ id }) => !reasons.has(id)), held: [...held, ...shared] };
}

async function sharesOf({ aws, signal }: Context, SnapshotId: string): Promise<string | undefined> {
  const { CreateVolumePermissions = [] } = await aws.ec2.send(
    new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }),
    { abortSignal: signal },
  );
  if (CreateVolumePermissions.length === 0) return undefined;
  const users = CreateVolumePermissions.map(({ UserId }) =>
    UserId === undefined ? 'everybody' : `account ${UserId}`,
  );
  return `shared with ${users.join(', ')}`;
}
