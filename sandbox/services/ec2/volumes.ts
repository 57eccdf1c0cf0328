import type {
  AttachVolumeRequest,
  CreateVolumeRequest,
  DeleteVolumeRequest,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  DetachVolumeRequest,
  Volume,
  VolumeAttachment,
} from '@aws-sdk/client-ec2';
import type { VolumeRecord } from '../../engine/records/ec2.ts';
import { addVolume, deleteVolume, detachVolume } from '../../engine/volumes.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { answerDryRun, byIds, checkPages, ec2Page, type FilterValues, filtered, tagList } from './query.ts';
import { requestedTags } from './tag-rules.ts';

export const volumeHandlers: Handlers = {
  CreateVolume,
  DeleteVolume,
  DescribeVolumes,
  AttachVolume,
  DetachVolume,
};

export const volumeNotFound = (id: string) =>
  new ServiceError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);

function findVolume(region: Region, id = ''): VolumeRecord {
  const volume = region.state.volumes.get(id);
  if (!volume) throw volumeNotFound(id);
  return volume;
}

const volumeFilters: FilterValues<VolumeRecord> = {
  'attachment.device': (volume) => volume.deviceName,
  'attachment.instance-id': (volume) => volume.instanceId,
  'availability-zone': (volume) => volume.zone,
  encrypted: (volume) => volume.encrypted ?? false,
  size: (volume) => volume.sizeGiB,
  'snapshot-id': (volume) => volume.snapshotId,
  status: (volume) => volume.state,
  'volume-id': (volume) => volume.id,
  'volume-type': (volume) => volume.type,
};

/** Parameters are looked at before a dry run is answered, unlike in nearly every other call. */
function CreateVolume(input: CreateVolumeRequest, region: Region): Volume {
  const type = input.VolumeType ?? 'gp2';
  const snapshot = input.SnapshotId === undefined ? undefined : region.state.snapshots.get(input.SnapshotId);
  if (input.SnapshotId !== undefined && !snapshot)
    throw new ServiceError('InvalidSnapshot.NotFound', `The snapshot '${input.SnapshotId}' does not exist.`);
  const size = input.Size ?? snapshot?.sizeGiB;
  if (size === undefined)
    throw new ServiceError('MissingParameter', 'The request must contain the parameter size/snapshot');
  if (snapshot && size < snapshot.sizeGiB)
    throw new ServiceError(
      'InvalidParameterValue',
      `Volume of size ${size}GiB is smaller than snapshot '${snapshot.id}', expect size >= ${snapshot.sizeGiB}GiB`,
    );
  checkIops(input.Iops, size);
  const tags = requestedTags(input.TagSpecifications, 'volume', ['volume']);
  const zones = [...region.state.subnets.values()];
  const zone =
    input.AvailabilityZone ?? zones.find(({ zoneId }) => zoneId === input.AvailabilityZoneId)?.zone;
  if (zone === undefined)
    throw new ServiceError('MissingParameter', 'The request must contain the parameter AvailabilityZone');
  if (!zones.some((subnet) => subnet.zone === zone))
    throw new ServiceError('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
  answerDryRun(input);
  const volume = addVolume(region, {
    ebs: {
      VolumeSize: size,
      VolumeType: type,
      ...(input.Iops === undefined ? {} : { Iops: input.Iops }),
      ...(input.Throughput === undefined ? {} : { Throughput: input.Throughput }),
      ...(input.SnapshotId === undefined ? {} : { SnapshotId: input.SnapshotId }),
      ...(input.Encrypted === undefined ? {} : { Encrypted: input.Encrypted }),
      ...(input.KmsKeyId === undefined ? {} : { KmsKeyId: input.KmsKeyId }),
    },
    zone,
    tags,
  });
  const {
    Operator: _operator,
    VolumeArn: _arn,
    OwnerId: _owner,
    Attachments: _none,
    ...answer
  } = describe(region, volume);
  // Here the time has whole seconds, in DescribeVolumes milliseconds; and there is a list of tags even if empty.
  const CreateTime = new Date(Math.floor(volume.createdAt / 1000) * 1000);
  return { ...answer, CreateTime, Tags: answer.Tags ?? [] };
}

const MOST_IOPS_PER_GIB = 500;

/** Between 100 and the baseline of 3,000 a value is raised without a word. */
function checkIops(iops: number | undefined, size: number): void {
  if (iops === undefined) return;
  const refused = (message: string) => new ServiceError('InvalidParameterValue', message);
  if (iops < 0)
    throw refused(`Value (${iops}) for parameter iops is invalid. Value must be a positive integer.`);
  if (iops < 100) throw refused(`Volume iops of ${iops} is too low; minimum is 100.`);
  if (iops / size > MOST_IOPS_PER_GIB)
    throw refused(
      `Iops to volume size ratio of ${(iops / size).toFixed(6)} is too high; maximum is ${MOST_IOPS_PER_GIB}`,
    );
}

function DescribeVolumes(input: DescribeVolumesRequest, region: Region): DescribeVolumesResult {
  checkPages(input.VolumeIds, input.MaxResults, 'volumeIdsSet');
  const volumes = byIds(region.state.volumes, input.VolumeIds, volumeNotFound);
  const matching = filtered(region, volumes, input.Filters, volumeFilters, (volume) => volume.id);
  const { items, next } = ec2Page(matching, input);
  return { Volumes: items.map((volume) => describe(region, volume)), ...next };
}

function describe(region: Region, volume: VolumeRecord): Volume {
  const zoneId = [...region.state.subnets.values()].find(({ zone }) => zone === volume.zone)?.zoneId;
  return {
    VolumeId: volume.id,
    VolumeArn: `arn:aws:ec2:${region.name}:${ACCOUNT}:volume/${volume.id}`,
    OwnerId: ACCOUNT,
    Size: volume.sizeGiB,
    VolumeType: volume.type,
    AvailabilityZone: volume.zone,
    ...(zoneId === undefined ? {} : { AvailabilityZoneId: zoneId }),
    CreateTime: new Date(volume.createdAt),
    State: volume.state,
    Encrypted: volume.encrypted ?? false,
    MultiAttachEnabled: false,
    // Not absent, even for an empty volume.
    SnapshotId: volume.snapshotId ?? '',
    Operator: { Managed: false, HiddenByDefault: false },
    ...(volume.iops === undefined ? {} : { Iops: volume.iops }),
    ...(volume.throughput === undefined ? {} : { Throughput: volume.throughput }),
    ...(volume.kmsKeyId === undefined ? {} : { KmsKeyId: volume.kmsKeyId }),
    Attachments: volume.instanceId === undefined ? [] : [describeAttachment(volume, 'attached')],
    ...tagList(region, volume.id),
  };
}

function describeAttachment(
  volume: VolumeRecord,
  State: NonNullable<VolumeAttachment['State']>,
): VolumeAttachment {
  return {
    InstanceId: volume.instanceId ?? '',
    VolumeId: volume.id,
    Device: volume.deviceName ?? '',
    State,
    DeleteOnTermination: volume.deleteOnTermination,
    AttachTime: new Date(volume.attachedAt ?? volume.createdAt),
  };
}

/** A volume that is being created can be deleted as well. */
function DeleteVolume(input: DeleteVolumeRequest, region: Region): undefined {
  const volume = findVolume(region, input.VolumeId);
  if (volume.state === 'in-use')
    throw new ServiceError(
      'VolumeInUse',
      `Volume ${volume.id} is currently attached to ${volume.instanceId}`,
    );
  deleteVolume(region, volume);
}

function AttachVolume(input: AttachVolumeRequest, region: Region): VolumeAttachment {
  const volume = findVolume(region, input.VolumeId);
  const instance = region.state.instances.get(input.InstanceId ?? '');
  if (!instance)
    throw new ServiceError(
      'InvalidInstanceID.NotFound',
      `The instance ID '${input.InstanceId}' does not exist`,
    );
  if (volume.state !== 'available')
    throw new ServiceError('IncorrectState', `Volume '${volume.id}' is not 'available'.`);
  if (instance.state !== 'running' && instance.state !== 'stopped')
    throw new ServiceError('IncorrectState', `Instance '${instance.id}' is not 'running'.`);
  const zone = region.state.subnets.get(instance.subnetId)?.zone;
  if (zone !== volume.zone)
    throw new ServiceError(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`,
    );
  const taken = instance.volumeIds.some((id) => region.state.volumes.get(id)?.deviceName === input.Device);
  if (taken)
    throw new ServiceError(
      'InvalidParameterValue',
      `Invalid value '${input.Device}' for unixDevice. Attachment point ${input.Device} is already in use`,
    );
  Object.assign(volume, {
    state: 'in-use',
    instanceId: instance.id,
    deviceName: input.Device,
    attachedAt: region.now,
    deleteOnTermination: false,
  });
  instance.volumeIds.push(volume.id);
  return describeAttachment(volume, 'attaching');
}

function DetachVolume(input: DetachVolumeRequest, region: Region): VolumeAttachment {
  const volume = findVolume(region, input.VolumeId);
  if (volume.instanceId === undefined)
    throw new ServiceError('IncorrectState', `Volume '${volume.id}' is in the 'available' state.`);
  const root = region.state.instances.get(volume.instanceId)?.system.rootDeviceName;
  const instance = region.state.instances.get(volume.instanceId);
  if (volume.deviceName === root && instance?.state === 'running')
    throw new ServiceError(
      'OperationNotPermitted',
      `Unable to detach root volume '${volume.id}' from instance '${volume.instanceId}'`,
    );
  const answer = describeAttachment(volume, 'detaching');
  detachVolume(region, volume);
  return answer;
}
