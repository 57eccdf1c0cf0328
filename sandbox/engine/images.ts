import type { BlockDeviceMapping } from '@aws-sdk/client-ec2';
import type { ImageRecord, InstanceRecord, SnapshotRecord } from './state.ts';
import { ACCOUNT, type Region } from './world.ts';

/** Snapshots of a small disk were seen to take about a minute, their image twenty to thirty seconds more. */
const SNAPSHOT_SECONDS = 60;
const IMAGE_SECONDS = 85;
/** Snapshot ids and sizes appear in a pending image only after a few seconds. */
const MAPPING_SECONDS = 5;

export interface NewImage {
  name: string;
  description?: string;
  imageTags: Record<string, string>;
  snapshotTags: Record<string, string>;
}

/** An image of an instance: pending, with its snapshots under way. */
export function createImage(region: Region, instance: InstanceRecord, request: NewImage): ImageRecord {
  const { state, world } = region;
  const source = state.images.get(instance.imageId)?.image;
  const id = world.newId('ami');
  const mappings: BlockDeviceMapping[] = [];
  for (const [index, disk] of world.driver.snapshot(instance).entries()) {
    const volumeId = instance.volumeIds[index] ?? 'vol-ffffffff';
    const snapshot = addSnapshot(region, {
      volumeId,
      description: `Created by CreateImage(${instance.id}) for ${id}`,
      sizeGiB: state.volumes.get(volumeId)?.sizeGiB ?? disk.sizeGiB,
      tags: request.snapshotTags,
    });
    mappings.push({
      DeviceName: state.volumes.get(volumeId)?.deviceName ?? source?.RootDeviceName ?? '/dev/xvda',
      Ebs: {
        SnapshotId: snapshot.id,
        VolumeSize: snapshot.sizeGiB,
        VolumeType: 'gp3',
        Iops: 3000,
        Throughput: 125,
        Encrypted: false,
        DeleteOnTermination: true,
      },
    });
  }
  const record: ImageRecord = {
    image: {
      ...imageDefaults(region, id, request.name),
      State: 'pending',
      Architecture: source?.Architecture ?? 'x86_64',
      RootDeviceName: source?.RootDeviceName ?? '/dev/xvda',
      BlockDeviceMappings: mappings,
      SourceInstanceId: instance.id,
      SourceImageId: instance.imageId,
      SourceImageRegion: region.name,
      EnaSupport: true,
      ...(request.description ? { Description: request.description } : {}),
    },
    launchPermissions: [],
  };
  state.images.set(id, record);
  if (Object.keys(request.imageTags).length > 0) state.tags.set(id, { ...request.imageTags });
  region.after(IMAGE_SECONDS, 'image-available', id);
  return record;
}

/** What every image of this account has. Times have whole seconds with `.000Z`. */
export function imageDefaults(region: Region, id: string, name: string) {
  return {
    ImageId: id,
    Name: name,
    CreationDate: `${new Date(region.now).toISOString().slice(0, 19)}.000Z`,
    OwnerId: ACCOUNT,
    ImageLocation: `${ACCOUNT}/${name}`,
    ImageType: 'machine' as const,
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    Hypervisor: 'xen' as const,
    VirtualizationType: 'hvm' as const,
    RootDeviceType: 'ebs' as const,
    DeregistrationProtection: 'disabled',
    Public: false,
  };
}

/** The mappings as DescribeImages shows them: of a young pending image without snapshot ids and sizes. */
export function visibleMappings(region: Region, { image }: ImageRecord): BlockDeviceMapping[] | undefined {
  const young = region.now - Date.parse(image.CreationDate) < MAPPING_SECONDS * 1000;
  if (image.State !== 'pending' || !young) return image.BlockDeviceMappings;
  return image.BlockDeviceMappings?.map(({ Ebs, ...mapping }) => {
    const { SnapshotId: _id, VolumeSize: _size, ...rest } = Ebs ?? {};
    return { ...mapping, Ebs: rest };
  });
}

export function imageIsAvailable(region: Region, id: string): void {
  const record = region.state.images.get(id);
  if (record?.image.State === 'pending') record.image.State = 'available';
}

export function addSnapshot(
  region: Region,
  request: { volumeId: string; description: string; sizeGiB: number; tags: Record<string, string> },
): SnapshotRecord {
  const snapshot: SnapshotRecord = {
    id: region.world.newId('snap'),
    volumeId: request.volumeId,
    description: request.description,
    startedAt: region.now,
    sizeGiB: request.sizeGiB,
    encrypted: false,
  };
  region.state.snapshots.set(snapshot.id, snapshot);
  if (Object.keys(request.tags).length > 0) region.state.tags.set(snapshot.id, { ...request.tags });
  region.after(SNAPSHOT_SECONDS, 'snapshot-completed', snapshot.id);
  return snapshot;
}

export function snapshotIsCompleted(region: Region, id: string): void {
  const snapshot = region.state.snapshots.get(id);
  if (snapshot) snapshot.completedAt ??= region.now;
}

/** The registered images that use a snapshot. */
export function imagesWithSnapshot(region: Region, snapshotId: string): string[] {
  return [...region.state.images.values()]
    .filter((record) => record.deregisteredAt === undefined)
    .filter(({ image }) =>
      image.BlockDeviceMappings?.some((mapping) => mapping.Ebs?.SnapshotId === snapshotId),
    )
    .map(({ image }) => image.ImageId);
}
