import type { EbsBlockDevice } from '@aws-sdk/client-ec2';
import type { VolumeRecord } from './records/ec2.ts';
import { defaultKey } from './snapshots.ts';
import { addTags } from './tags.ts';
import type { Region } from './world.ts';

/** Seconds until a new volume can be attached, and until a deleted one is gone. */
const CREATION_SECONDS = 5;
const DELETION_SECONDS = 3;

export interface NewVolume {
  ebs: EbsBlockDevice;
  zone: string;
  tags: Readonly<Record<string, string>>;
  attachment?: { instanceId: string; deviceName: string };
}

/** A volume, empty or of a snapshot; attached at once when it comes with an instance. */
export function addVolume(region: Region, { ebs, zone, tags, attachment }: NewVolume): VolumeRecord {
  const { state, world } = region;
  const id = world.newId('vol');
  const snapshot = ebs.SnapshotId === undefined ? undefined : state.snapshots.get(ebs.SnapshotId);
  const type = ebs.VolumeType ?? 'gp2';
  const sizeGiB = ebs.VolumeSize ?? snapshot?.sizeGiB ?? 8;
  // What comes from an encrypted snapshot is encrypted.
  const encrypted = snapshot?.encrypted || ebs.Encrypted || ebs.KmsKeyId !== undefined;
  const volume: VolumeRecord = {
    id,
    sizeGiB,
    type,
    zone,
    createdAt: region.now,
    state: attachment ? 'in-use' : 'creating',
    ...(attachment && { ...attachment, attachedAt: region.now }),
    deleteOnTermination: ebs.DeleteOnTermination ?? attachment !== undefined,
    ...(ebs.SnapshotId === undefined ? {} : { snapshotId: ebs.SnapshotId }),
    ...performance(type, sizeGiB, ebs),
    ...(encrypted && { encrypted, kmsKeyId: ebs.KmsKeyId ?? snapshot?.kmsKeyId ?? defaultKey(region) }),
  };
  state.volumes.set(id, volume);
  addTags(region, id, tags);
  if (!attachment) region.after(CREATION_SECONDS, 'volume-available', id);
  return volume;
}

/** gp3 has a baseline that a smaller request is raised to without a word; gp2 earns its IOPS by its size. */
function performance(
  type: string,
  sizeGiB: number,
  { Iops, Throughput }: EbsBlockDevice,
): { iops?: number; throughput?: number } {
  if (type === 'gp3') return { iops: Math.max(3000, Iops ?? 0), throughput: Math.max(125, Throughput ?? 0) };
  if (type === 'gp2') return { iops: Math.min(16_000, Math.max(100, sizeGiB * 3)) };
  return Iops === undefined ? {} : { iops: Iops };
}

export function volumeIsAvailable(region: Region, id: string): void {
  const volume = region.state.volumes.get(id);
  if (volume?.state === 'creating') volume.state = 'available';
}

export function deleteVolume(region: Region, volume: VolumeRecord): void {
  volume.state = 'deleting';
  region.after(DELETION_SECONDS, 'volume-deleted', volume.id);
}

export function volumeIsDeleted(region: Region, id: string): void {
  region.state.volumes.delete(id);
  region.state.tags.delete(id);
}

export function detachVolume(region: Region, volume: VolumeRecord): void {
  const instance = region.state.instances.get(volume.instanceId ?? '');
  if (instance) instance.volumeIds = instance.volumeIds.filter((id) => id !== volume.id);
  volume.state = 'available';
  delete volume.instanceId;
  delete volume.deviceName;
  delete volume.attachedAt;
}
