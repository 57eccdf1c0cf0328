import type { _InstanceType, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { ServiceError } from '../protocol/error.ts';
import { noteLaunch } from './images.ts';
import { isInstanceType } from './instance-types.ts';
import { launchSettings, refuseOtherArchitecture } from './launch-data.ts';
import type { ImageRecord, InstanceRecord } from './records/ec2.ts';
import { checkAgain, checkAnew, forgetRegistrations } from './registrations.ts';
import { addTags } from './tags.ts';
import { addVolume, detachVolume, volumeIsDeleted } from './volumes.ts';
import { ACCOUNT, type Region } from './world.ts';

/** Seconds from the launch to `running`; a small instance was seen to take about four. */
const SECONDS_TO_RUNNING = 4;
/** A stopped instance is described as stopped for a moment after it was terminated. */
const SECONDS_TO_TERMINATED = 1;
/** Seconds for which a terminated instance is still described, about an hour. */
export const SECONDS_REMEMBERED = 3600;

export interface LaunchRequest {
  imageId: string;
  instanceType: string;
  subnetId: string;
  keyName?: string;
  /** None: the default group of the subnet's VPC. */
  securityGroupIds?: readonly string[];
  tags: Readonly<Record<string, string>>;
  volumeTags?: Readonly<Record<string, string>>;
  launchTemplate?: { id: string; version: number };
  /** All else that a template or a request says about the instance. */
  data?: RequestLaunchTemplateData;
  /** Instances of one request share it. */
  reservationId?: string;
  clientToken?: string;
  requesterId?: string;
}

/** Launches one instance, or throws the error that EC2 would answer. */
export function launchInstance(region: Region, request: LaunchRequest): InstanceRecord {
  const { state, world } = region;
  const { data = {} } = request;
  const image = launchableImage(region, request.imageId);
  const instanceType = checkedType(request.instanceType);
  refuseOtherArchitecture(image.image, instanceType);
  refuseMissing(region, request);
  const instance: InstanceRecord = {
    id: world.newId('i'),
    reservationId: request.reservationId ?? world.newId('r'),
    imageId: request.imageId,
    instanceType,
    subnetId: request.subnetId,
    privateIp: `172.31.${(state.instances.size >> 8) & 255}.${state.instances.size & 255}`,
    state: 'pending',
    launchedAt: region.now,
    firstLaunchedAt: region.now,
    volumeIds: [],
    securityGroupIds: request.securityGroupIds?.length
      ? [...request.securityGroupIds]
      : defaultGroup(region, request.subnetId),
    networkInterfaceId: world.newId('eni'),
    networkAttachmentId: world.newId('eni-attach'),
    ...launchSettings(image.image, data),
    ...(request.keyName === undefined ? {} : { keyName: request.keyName }),
    ...(request.launchTemplate ? { launchTemplate: request.launchTemplate } : {}),
    ...(request.clientToken === undefined ? {} : { clientToken: request.clientToken }),
    ...(request.requesterId === undefined ? {} : { requesterId: request.requesterId }),
  };
  boot(region, instance);
  attachVolumes(region, instance, image, request);
  state.instances.set(instance.id, instance);
  // The order in which EC2 was seen to list them: the template's id first, its version last.
  const { launchTemplate } = request;
  addTags(region, instance.id, {
    ...(launchTemplate && { 'aws:ec2launchtemplate:id': launchTemplate.id }),
    ...request.tags,
    ...(launchTemplate && { 'aws:ec2launchtemplate:version': String(launchTemplate.version) }),
  });
  noteLaunch(region, image);
  return instance;
}

function launchableImage(region: Region, imageId: string): ImageRecord {
  const record = region.state.images.get(imageId);
  const gone = !record || record.deregisteredAt !== undefined;
  const hidden = record?.image.OwnerId !== ACCOUNT && !mayLaunch(record);
  if (gone || hidden)
    throw new ServiceError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`);
  if (record.image.State !== 'available')
    throw new ServiceError('InvalidAMIID.Unavailable', `The image ID '${imageId}' is not available`);
  return record;
}

/** Whether an image of somebody else is public or shared with this account. */
export function mayLaunch(record: ImageRecord | undefined): boolean {
  return (
    record?.image.Public === true ||
    (record?.launchPermissions.some(({ UserId }) => UserId === ACCOUNT) ?? false)
  );
}

function checkedType(name: string): _InstanceType {
  if (isInstanceType(name)) return name;
  throw new ServiceError('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`);
}

function refuseMissing({ state }: Region, request: LaunchRequest): void {
  const { keyName } = request;
  if (keyName !== undefined && ![...state.keyPairs.values()].some(({ name }) => name === keyName))
    throw new ServiceError('InvalidKeyPair.NotFound', `The key pair '${keyName}' does not exist`);
  for (const id of request.securityGroupIds ?? []) {
    if (!state.securityGroups.has(id))
      throw new ServiceError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  }
}

function defaultGroup(region: Region, subnetId: string): string[] {
  const vpcId = region.state.subnets.get(subnetId)?.vpcId;
  return [...region.state.securityGroups.values()]
    .filter((group) => group.name === 'default' && group.vpcId === vpcId)
    .map(({ id }) => id);
}

/** Starts what the instance is; it is running a little later. */
function boot(region: Region, instance: InstanceRecord): void {
  const outcome = region.world.driver.start(instance, region.tagsOf(instance.imageId));
  if (outcome.kind === 'refused') throw new ServiceError(outcome.code, outcome.message);
  delete instance.answersAt;
  delete instance.answersWith;
  if (outcome.kind === 'up') {
    instance.answersAt = region.now + outcome.answersAfterSeconds * 1000;
    if (outcome.status !== undefined) instance.answersWith = outcome.status;
  }
  region.after(SECONDS_TO_RUNNING, 'instance-running', instance.id);
}

/** The image's devices, with what the launch says about them, and the launch's own. */
function attachVolumes(
  region: Region,
  instance: InstanceRecord,
  { image }: ImageRecord,
  { data, volumeTags = {} }: LaunchRequest,
): void {
  const zone = region.state.subnets.get(instance.subnetId)?.zone ?? `${region.name}a`;
  const wanted = new Map((data?.BlockDeviceMappings ?? []).map((mapping) => [mapping.DeviceName, mapping]));
  const ofImage = new Set(image.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName));
  const mappings = [
    ...(image.BlockDeviceMappings ?? []).map((mapping) => {
      const override = wanted.get(mapping.DeviceName);
      return { ...mapping, ...override, Ebs: mapping.Ebs && { ...mapping.Ebs, ...override?.Ebs } };
    }),
    ...[...wanted.values()].filter(({ DeviceName }) => !ofImage.has(DeviceName)),
  ];
  for (const { DeviceName = '', Ebs, NoDevice } of mappings) {
    if (!Ebs || NoDevice !== undefined) continue;
    const attachment = { instanceId: instance.id, deviceName: DeviceName };
    instance.volumeIds.push(addVolume(region, { ebs: Ebs, zone, tags: volumeTags, attachment }).id);
  }
}

export function instanceIsRunning(region: Region, id: string): void {
  const instance = region.state.instances.get(id);
  if (instance?.state !== 'pending') return;
  instance.state = 'running';
  checkAnew(region, instance);
}

/** Starts a stopped instance again; `LaunchTime` is that of the start. */
export function startInstance(region: Region, instance: InstanceRecord): void {
  if (instance.state !== 'stopped') return;
  boot(region, instance);
  instance.state = 'pending';
  instance.launchedAt = region.now;
  delete instance.transitionReason;
}

export function stopInstance(region: Region, instance: InstanceRecord): void {
  if (instance.state !== 'running' && instance.state !== 'pending') return;
  instance.state = 'stopping';
  checkAgain(region, instance);
  instance.transitionReason = userInitiated(region);
  region.after(region.world.driver.stop(instance), 'instance-stopped', instance.id);
}

export function instanceIsStopped(region: Region, id: string): void {
  const instance = region.state.instances.get(id);
  if (instance?.state === 'stopping') instance.state = 'stopped';
}

export function terminateInstance(region: Region, instance: InstanceRecord): void {
  if (instance.state === 'shutting-down' || instance.state === 'terminated' || instance.leaving) return;
  instance.transitionReason = userInitiated(region);
  if (instance.state === 'stopped') {
    instance.leaving = true;
    region.after(SECONDS_TO_TERMINATED, 'instance-terminated', instance.id);
    return;
  }
  instance.state = 'shutting-down';
  checkAgain(region, instance);
  region.after(region.world.driver.stop(instance), 'instance-terminated', instance.id);
}

const userInitiated = (region: Region) =>
  `User initiated (${new Date(region.now).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;

export function instanceIsTerminated(region: Region, id: string): void {
  const instance = region.state.instances.get(id);
  if (instance?.state !== 'shutting-down' && !instance?.leaving) return;
  instance.state = 'terminated';
  delete instance.leaving;
  instance.terminatedAt = region.now;
  for (const volumeId of [...instance.volumeIds]) {
    const volume = region.state.volumes.get(volumeId);
    if (!volume) continue;
    if (volume.deleteOnTermination) volumeIsDeleted(region, volumeId);
    else detachVolume(region, volume);
  }
  region.after(SECONDS_REMEMBERED, 'instance-forgotten', id);
}

export function instanceIsForgotten(region: Region, id: string): void {
  forgetRegistrations(region, id);
  region.state.instances.delete(id);
  region.state.tags.delete(id);
}
