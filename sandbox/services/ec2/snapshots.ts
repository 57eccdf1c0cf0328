import type {
  CreateSnapshotRequest,
  DeleteSnapshotRequest,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  Snapshot,
  Volume,
} from '@aws-sdk/client-ec2';
import { addSnapshot, imagesWithSnapshot } from '../../engine/images.ts';
import type { SnapshotRecord, VolumeRecord } from '../../engine/state.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { byIds, ec2Page, filtered, refuseIdsWithPages, requestedTags, tagList } from './query.ts';

export const snapshotHandlers: Handlers = {
  DescribeSnapshots,
  CreateSnapshot,
  DeleteSnapshot,
  DescribeVolumes,
};

const snapshotNotFound = (id: string) =>
  new ServiceError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);

function DescribeSnapshots(input: DescribeSnapshotsRequest, region: Region): DescribeSnapshotsResult {
  refuseIdsWithPages(input.SnapshotIds, input.MaxResults, 'snapshotIdsSet');
  const snapshots = byIds(region.state.snapshots, input.SnapshotIds, snapshotNotFound);
  const matching = filtered(
    region,
    snapshots,
    input.Filters,
    {
      description: (snapshot) => snapshot.description,
      'owner-id': () => ACCOUNT,
      'snapshot-id': (snapshot) => snapshot.id,
      status: (snapshot) => (snapshot.completedAt === undefined ? 'pending' : 'completed'),
      'volume-id': (snapshot) => snapshot.volumeId,
    },
    (snapshot) => snapshot.id,
  );
  const { items, next } = ec2Page(matching, input);
  return { Snapshots: items.map((snapshot) => describe(region, snapshot)), ...next };
}

function describe(region: Region, snapshot: SnapshotRecord): Snapshot {
  const done = snapshot.completedAt !== undefined;
  return {
    SnapshotId: snapshot.id,
    VolumeId: snapshot.volumeId,
    Description: snapshot.description,
    OwnerId: ACCOUNT,
    VolumeSize: snapshot.sizeGiB,
    Encrypted: snapshot.encrypted,
    StartTime: new Date(snapshot.startedAt),
    State: done ? 'completed' : 'pending',
    Progress: done ? '100%' : '99%',
    StorageTier: 'standard',
    ...(snapshot.completedAt === undefined ? {} : { CompletionTime: new Date(snapshot.completedAt) }),
    ...tagList(region, snapshot.id),
  };
}

function CreateSnapshot(input: CreateSnapshotRequest, region: Region): Snapshot {
  const volume = region.state.volumes.get(input.VolumeId ?? '');
  if (!volume)
    throw new ServiceError('InvalidVolume.NotFound', `The volume '${input.VolumeId}' does not exist.`);
  const snapshot = addSnapshot(region, {
    volumeId: volume.id,
    description: input.Description ?? '',
    sizeGiB: volume.sizeGiB,
    tags: requestedTags(input.TagSpecifications, 'snapshot'),
  });
  return { ...describe(region, snapshot), Progress: '' };
}

function DeleteSnapshot(input: DeleteSnapshotRequest, region: Region): undefined {
  const id = input.SnapshotId ?? '';
  if (!region.state.snapshots.has(id)) throw snapshotNotFound(id);
  const [user] = imagesWithSnapshot(region, id);
  if (user)
    throw new ServiceError('InvalidSnapshot.InUse', `The snapshot ${id} is currently in use by ${user}`);
  region.state.snapshots.delete(id);
  region.state.tags.delete(id);
}

function DescribeVolumes(input: DescribeVolumesRequest, region: Region): DescribeVolumesResult {
  const volumes = byIds(
    region.state.volumes,
    input.VolumeIds,
    (id) => new ServiceError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`),
  );
  const matching = filtered(
    region,
    volumes,
    input.Filters,
    {
      'attachment.instance-id': (volume) => volume.instanceId,
      status: (volume) => volume.state,
      'volume-id': (volume) => volume.id,
    },
    (volume) => volume.id,
  );
  const { items, next } = ec2Page(matching, input);
  return { Volumes: items.map((volume) => describeVolume(region, volume)), ...next };
}

function describeVolume(region: Region, volume: VolumeRecord): Volume {
  return {
    VolumeId: volume.id,
    Size: volume.sizeGiB,
    VolumeType: volume.type === 'gp2' ? 'gp2' : 'gp3',
    AvailabilityZone: volume.zone,
    CreateTime: new Date(volume.createdAt),
    State: volume.state,
    Encrypted: false,
    SnapshotId: volume.snapshotId ?? '',
    Attachments:
      volume.instanceId === undefined
        ? []
        : [
            {
              InstanceId: volume.instanceId,
              VolumeId: volume.id,
              Device: volume.deviceName ?? '',
              State: 'attached',
              DeleteOnTermination: volume.deleteOnTermination,
            },
          ],
    ...tagList(region, volume.id),
  };
}
