import type { BlockDeviceMapping, EbsBlockDevice, Image } from '@aws-sdk/client-ec2';
import { imageIdsWithName } from './indexes.ts';
import type { ImageRecord, InstanceRecord, VolumeRecord } from './records/ec2.ts';
import { addSnapshot } from './snapshots.ts';
import { addTags } from './tags.ts';
import { ACCOUNT, type Region } from './world.ts';

/** An image of a small instance was seen to be ready twenty to thirty seconds after its snapshots. */
export const IMAGE_SECONDS = 85;
/** Snapshot ids and sizes appear in a pending image only after a few seconds. */
const MAPPING_SECONDS = 5;
const DAY = 24 * 3600;
/** Seconds for which a deregistered image's id is still known (an inference: at least some seconds were seen). */
const SECONDS_REMEMBERED = 3600;

/** An image that has this tag with the value `fails` when it would become available ends as `failed`. */
const IMAGE_TAG = 'sandbox:image';

export interface NewImage {
  name: string;
  description?: string;
  imageTags: Readonly<Record<string, string>>;
  snapshotTags: Readonly<Record<string, string>>;
  /** What the request says about devices, beside what the instance has. */
  mappings: readonly BlockDeviceMapping[];
  /** The shutdown before the snapshots is left out. */
  noReboot: boolean;
}

/** An image of an instance: pending, with its snapshots under way. */
export function createImage(region: Region, instance: InstanceRecord, request: NewImage): ImageRecord {
  const { state, world } = region;
  const source = state.images.get(instance.imageId)?.image;
  const id = world.newId('ami');
  const volumes = instance.volumeIds.flatMap((volumeId) => state.volumes.get(volumeId) ?? []);
  const disks = world.driver.snapshot(instance, volumes);
  const mappings = volumes.flatMap((volume, index): BlockDeviceMapping[] => {
    const override = request.mappings.find(({ DeviceName }) => DeviceName === volume.deviceName);
    if (override?.NoDevice !== undefined) return [];
    const sizeGiB = disks[index]?.sizeGiB ?? volume.sizeGiB;
    const snapshot = addSnapshot(region, {
      volumeId: volume.id,
      description: `Created by CreateImage(${instance.id}) for ${id}`,
      sizeGiB,
      tags: request.snapshotTags,
      encrypted: volume.encrypted ?? false,
      ...(volume.kmsKeyId === undefined ? {} : { kmsKeyId: volume.kmsKeyId }),
    });
    const Ebs = { ...deviceOf(volume, sizeGiB), SnapshotId: snapshot.id, ...override?.Ebs };
    return [{ DeviceName: volume.deviceName ?? '', Ebs }];
  });
  const devices = new Set(volumes.map(({ deviceName }) => deviceName));
  const added = request.mappings.filter(
    ({ DeviceName, NoDevice }) => NoDevice === undefined && !devices.has(DeviceName),
  );
  const record: ImageRecord = {
    image: {
      ...imageDefaults(region, id, request.name),
      State: 'pending',
      Architecture: instance.system.architecture,
      RootDeviceName: instance.system.rootDeviceName,
      BlockDeviceMappings: [...mappings, ...added.map((mapping) => withDefaults(mapping))],
      SourceInstanceId: instance.id,
      SourceImageId: instance.imageId,
      SourceImageRegion: region.name,
      ...inherited(source),
      ...(request.description ? { Description: request.description } : {}),
    },
    launchPermissions: [],
  };
  state.images.set(id, record);
  addTags(region, id, request.imageTags);
  region.after(IMAGE_SECONDS, 'image-ready', id);
  if (!request.noReboot) world.driver.reboot(instance);
  return record;
}

/** A device as the instance has it: DeleteOnTermination of the attachment, performance of the volume. */
function deviceOf(volume: VolumeRecord, sizeGiB: number): EbsBlockDevice {
  return {
    VolumeSize: sizeGiB,
    VolumeType: volume.type,
    // A mapping tells the IOPS only of the types that one chooses them for.
    ...(volume.type === 'gp2' || volume.iops === undefined ? {} : { Iops: volume.iops }),
    ...(volume.throughput === undefined ? {} : { Throughput: volume.throughput }),
    Encrypted: volume.encrypted ?? false,
    DeleteOnTermination: volume.deleteOnTermination,
  };
}

function withDefaults({ Ebs, ...mapping }: BlockDeviceMapping): BlockDeviceMapping {
  if (!Ebs) return mapping;
  return { ...mapping, Ebs: { DeleteOnTermination: false, VolumeType: 'gp2', Encrypted: false, ...Ebs } };
}

/** What an image takes over from the one that its instance was launched from, or that it is a copy of. */
export function inherited(
  source: Image | undefined,
): Pick<Image, 'BootMode' | 'ImdsSupport' | 'TpmSupport' | 'EnaSupport' | 'SriovNetSupport'> {
  if (!source) return {};
  const { BootMode, ImdsSupport, TpmSupport, EnaSupport, SriovNetSupport } = source;
  return {
    ...(EnaSupport === undefined ? {} : { EnaSupport }),
    ...(SriovNetSupport === undefined ? {} : { SriovNetSupport }),
    ...(BootMode === undefined ? {} : { BootMode }),
    ...(ImdsSupport === undefined ? {} : { ImdsSupport }),
    ...(TpmSupport === undefined ? {} : { TpmSupport }),
  };
}

/** What every image of this account has. Times have whole seconds with `.000Z`. */
export function imageDefaults(region: Region, id: string, name: string) {
  return {
    ImageId: id,
    Name: name,
    CreationDate: wholeSeconds(region.now),
    OwnerId: ACCOUNT,
    ImageLocation: `${ACCOUNT}/${name}`,
    ImageType: 'machine' as const,
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    Hypervisor: 'xen' as const,
    VirtualizationType: 'hvm' as const,
    RootDeviceType: 'ebs' as const,
    DeregistrationProtection: 'disabled',
    FreeTierEligible: true,
    Public: false,
  };
}

const wholeSeconds = (time: number) => `${new Date(time).toISOString().slice(0, 19)}.000Z`;

/** The mappings as DescribeImages shows them: of a young pending image without snapshot ids and sizes. */
export function visibleMappings(region: Region, { image }: ImageRecord): BlockDeviceMapping[] | undefined {
  const young = region.now - Date.parse(image.CreationDate) < MAPPING_SECONDS * 1000;
  if (image.State !== 'pending' || !young) return image.BlockDeviceMappings;
  return image.BlockDeviceMappings?.map(({ Ebs, ...mapping }) => {
    const { SnapshotId: _id, VolumeSize: _size, ...rest } = Ebs ?? {};
    return { ...mapping, Ebs: rest };
  });
}

/** An image's time has come: it is available, or has failed. */
export function imageIsReady(region: Region, id: string): void {
  const record = region.state.images.get(id);
  if (record?.image.State !== 'pending') return;
  const failure =
    record.failure ??
    (region.tagsOf(id)[IMAGE_TAG] === 'fails' ? 'Internal error on image creation' : undefined);
  record.image.State = failure === undefined ? 'available' : 'failed';
  // Code and text are an inference.
  if (failure !== undefined)
    record.image.StateReason = { Code: 'Server.InternalError', Message: `Server.InternalError: ${failure}` };
}

/** The registered image of this account that has a name. */
export function imageWithName(region: Region, name: string): string | undefined {
  return imageIdsWithName(region.state.images, name).find((id) => {
    const record = region.state.images.get(id);
    return record?.deregisteredAt === undefined && record?.image.OwnerId === ACCOUNT;
  });
}

export function deregister(region: Region, record: ImageRecord): void {
  record.deregisteredAt = region.now;
  region.state.tags.delete(record.image.ImageId);
  region.after(SECONDS_REMEMBERED, 'image-forgotten', record.image.ImageId);
}

export function imageIsForgotten(region: Region, id: string): void {
  region.state.images.delete(id);
}

/** An instance was launched from the image; only what `lastLaunched` can still need is kept. */
export function noteLaunch(region: Region, record: ImageRecord): void {
  const launches = record.launches ?? [];
  const last = launches.findLastIndex((time) => time <= region.now - DAY * 1000);
  record.launches = [...launches.slice(Math.max(0, last)), region.now];
}

/** `LastLaunchedTime`: a launch is told only a day after it. */
export function lastLaunched(region: Region, { launches = [] }: ImageRecord): string | undefined {
  const time = launches.findLast((launch) => launch <= region.now - DAY * 1000);
  return time === undefined ? undefined : wholeSeconds(time);
}

/** A protection with cooldown goes on for a day after it was disabled. */
export function isProtected(region: Region, { image, protectedUntil = 0 }: ImageRecord): boolean {
  return (image.DeregistrationProtection ?? 'disabled') !== 'disabled' || region.now < protectedUntil;
}

export function disableProtection(region: Region, record: ImageRecord): void {
  if (record.image.DeregistrationProtection === 'enabled-with-cooldown')
    record.protectedUntil = region.now + DAY * 1000;
  record.image.DeregistrationProtection = 'disabled';
}
