import { imageIdsWithSnapshot } from './indexes.ts';
import type { SnapshotRecord } from './records/ec2.ts';
import { addTags } from './tags.ts';
import { ACCOUNT, type Region } from './world.ts';

/** Snapshots of small disks were seen to take about a minute. */
const SNAPSHOT_SECONDS = 60;

export interface NewSnapshot {
  volumeId: string;
  description: string;
  sizeGiB: number;
  tags: Readonly<Record<string, string>>;
  encrypted?: boolean;
  kmsKeyId?: string;
  failure?: string;
}

export function addSnapshot(region: Region, { tags, ...request }: NewSnapshot): SnapshotRecord {
  const snapshot: SnapshotRecord = {
    id: region.world.newId('snap'),
    startedAt: region.now,
    ...request,
    encrypted: request.encrypted ?? false,
  };
  region.state.snapshots.set(snapshot.id, snapshot);
  addTags(region, snapshot.id, tags);
  region.after(SNAPSHOT_SECONDS, 'snapshot-completed', snapshot.id);
  return snapshot;
}

export function snapshotIsCompleted(region: Region, id: string): void {
  const snapshot = region.state.snapshots.get(id);
  if (snapshot?.failure !== undefined) snapshot.failed = true;
  else if (snapshot) snapshot.completedAt ??= region.now;
}

export function deleteSnapshot(region: Region, id: string): void {
  region.state.snapshots.delete(id);
  region.state.tags.delete(id);
}

/** The registered images that use a snapshot. */
export function imagesWithSnapshot(region: Region, snapshotId: string): string[] {
  return imageIdsWithSnapshot(region.state.images, snapshotId).filter(
    (id) => region.state.images.get(id)?.deregisteredAt === undefined,
  );
}

export function isLocked(region: Region, { lock }: SnapshotRecord): boolean {
  return lock !== undefined && region.now < lock.expiresAt;
}

export const snapshotOwner = ({ ownerId }: SnapshotRecord): string => ownerId ?? ACCOUNT;

/** The key that AWS itself keeps for EBS in a Region: what is encrypted under it cannot be shared. */
export const defaultKey = (region: Region): string => `arn:aws:kms:${region.name}:${ACCOUNT}:alias/aws/ebs`;
