import { ServiceError } from '../protocol/error.ts';
import { checkAgain, checkAnew, forgetRegistrations } from './registrations.ts';
import type { InstanceRecord } from './state.ts';

import type { Region } from './world.ts';

/** Seconds from the launch to `running`; a small instance was seen to take about four. */
const SECONDS_TO_RUNNING = 4;

export interface LaunchRequest {
  imageId: string;
  instanceType: string;
  subnetId: string;
  keyName?: string;
  securityGroupIds?: string[];
  tags: Record<string, string>;
  volumeTags?: Record<string, string>;
  launchTemplate?: { id: string; version: number };
}

/** Launches one instance, or throws the error that EC2 would answer. */
export function launchInstance(region: Region, request: LaunchRequest): InstanceRecord {
  const { state, world } = region;
  const image = state.images.get(request.imageId);
  if (!image || image.deregisteredAt !== undefined) {
    throw new ServiceError('InvalidAMIID.NotFound', `The image id '[${request.imageId}]' does not exist`);
  }
  if (image.image.State !== 'available') {
    throw new ServiceError('InvalidAMIID.Unavailable', `The image ID '${request.imageId}' is not available`);
  }
  const instance: InstanceRecord = {
    id: world.newId('i'),
    reservationId: world.newId('r'),
    imageId: request.imageId,
    instanceType: request.instanceType,
    subnetId: request.subnetId,
    privateIp: `172.31.${(state.instances.size >> 8) & 255}.${state.instances.size & 255}`,
    state: 'pending',
    launchedAt: region.now,
    volumeIds: [],
    securityGroupIds: request.securityGroupIds ?? [],
    ...(request.keyName === undefined ? {} : { keyName: request.keyName }),
    ...(request.launchTemplate ? { launchTemplate: request.launchTemplate } : {}),
  };
  const outcome = world.driver.start(instance, region.tagsOf(request.imageId));
  if (outcome.kind === 'refused') throw new ServiceError(outcome.code, outcome.message);
  if (outcome.kind === 'up') {
    instance.answersAt = region.now + outcome.answersAfterSeconds * 1000;
    if (outcome.status !== undefined) instance.answersWith = outcome.status;
  }
  attachVolumes(region, instance, request.volumeTags ?? {});
  state.instances.set(instance.id, instance);
  state.tags.set(instance.id, {
    ...request.tags,
    ...(request.launchTemplate && {
      'aws:ec2launchtemplate:id': request.launchTemplate.id,
      'aws:ec2launchtemplate:version': String(request.launchTemplate.version),
    }),
  });
  region.after(SECONDS_TO_RUNNING, 'instance-running', instance.id);
  return instance;
}

function attachVolumes(region: Region, instance: InstanceRecord, tags: Record<string, string>): void {
  const { state, world } = region;
  const zone = state.subnets.get(instance.subnetId)?.zone ?? `${region.name}a`;
  for (const mapping of state.images.get(instance.imageId)?.image.BlockDeviceMappings ?? []) {
    if (!mapping.Ebs) continue;
    const id = world.newId('vol');
    state.volumes.set(id, {
      id,
      sizeGiB: mapping.Ebs.VolumeSize ?? 8,
      type: mapping.Ebs.VolumeType ?? 'gp3',
      zone,
      createdAt: region.now,
      state: 'in-use',
      instanceId: instance.id,
      deviceName: mapping.DeviceName ?? '/dev/xvda',
      deleteOnTermination: mapping.Ebs.DeleteOnTermination ?? true,
      ...(mapping.Ebs.SnapshotId === undefined ? {} : { snapshotId: mapping.Ebs.SnapshotId }),
    });
    if (Object.keys(tags).length > 0) state.tags.set(id, tags);
    instance.volumeIds.push(id);
  }
}

export function instanceIsRunning(region: Region, id: string): void {
  const instance = region.state.instances.get(id);
  if (instance?.state !== 'pending') return;
  instance.state = 'running';
  checkAnew(region, instance);
}

export function stopInstance(region: Region, instance: InstanceRecord): void {
  if (instance.state !== 'running' && instance.state !== 'pending') return;
  instance.state = 'stopping';
  checkAgain(region, instance);
  region.after(region.world.driver.stop(instance), 'instance-stopped', instance.id);
}

export function instanceIsStopped(region: Region, id: string): void {
  const instance = region.state.instances.get(id);
  if (instance?.state === 'stopping') instance.state = 'stopped';
}

export function terminateInstance(region: Region, instance: InstanceRecord): void {
  if (instance.state === 'shutting-down' || instance.state === 'terminated') return;
  instance.state = 'shutting-down';
  checkAgain(region, instance);
  instance.terminationReason = `User initiated (${new Date(region.now).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
  region.after(region.world.driver.stop(instance), 'instance-terminated', instance.id);
}

/** Seconds for which a terminated instance is still described, about an hour. */
export const SECONDS_REMEMBERED = 3600;

export function instanceIsTerminated(region: Region, id: string): void {
  const instance = region.state.instances.get(id);
  if (instance?.state !== 'shutting-down') return;
  instance.state = 'terminated';
  instance.terminatedAt = region.now;
  for (const volumeId of instance.volumeIds) {
    const volume = region.state.volumes.get(volumeId);
    if (!volume) continue;
    if (volume.deleteOnTermination) {
      region.state.volumes.delete(volumeId);
      region.state.tags.delete(volumeId);
    } else {
      volume.state = 'available';
      delete volume.instanceId;
    }
  }
  region.after(SECONDS_REMEMBERED, 'instance-forgotten', id);
}

export function instanceIsForgotten(region: Region, id: string): void {
  forgetRegistrations(region, id);
  region.state.instances.delete(id);
  region.state.tags.delete(id);
}
