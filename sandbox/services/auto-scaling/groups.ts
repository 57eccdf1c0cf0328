import type {
  CreateAutoScalingGroupType,
  DeleteAutoScalingGroupType,
  SetDesiredCapacityType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { seconds } from '../../engine/activities.ts';
import { DELETION_SECONDS, REACTION_SECONDS, wakeGroup } from '../../engine/members.ts';
import type { GroupRecord, LaunchSource } from '../../engine/records/auto-scaling.ts';
import { activeRefresh } from '../../engine/refresh/active.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { changedSettings, changeSettings } from './group-settings.ts';
import { requestedSource } from './launch-source.ts';
import { putHook } from './lifecycle-hooks.ts';
import { findGroup } from './requests.ts';
import { setTags } from './tags.ts';
import { checkedSources } from './traffic-sources.ts';
import { checkedTerminationPolicies } from './types.ts';

export const groupHandlers: Handlers = {
  CreateAutoScalingGroup,
  UpdateAutoScalingGroup,
  DeleteAutoScalingGroup,
  SetDesiredCapacity,
};

function CreateAutoScalingGroup(input: CreateAutoScalingGroupType, region: Region): undefined {
  const name = input.AutoScalingGroupName ?? '';
  if (region.state.groups.has(name)) {
    throw new ServiceError(
      'AlreadyExists',
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    );
  }
  if (input.InstanceId !== undefined)
    throw validationError('The sandbox does not make groups from an instance: use LaunchTemplate.');
  const source = requestedSource(region, input);
  if (!source) {
    throw validationError(
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    );
  }
  const [minSize, maxSize] = [input.MinSize ?? 0, input.MaxSize ?? 0];
  const desiredCapacity = input.DesiredCapacity ?? minSize;
  checkSizes(minSize, maxSize, desiredCapacity);
  const subnetIds = checkedSubnets(region, input);
  const group: GroupRecord = {
    name,
    arn: `arn:aws:autoscaling:${region.name}:${ACCOUNT}:autoScalingGroup:${region.world.newUuid()}:autoScalingGroupName/${name}`,
    createdAt: region.now,
    source,
    minSize,
    maxSize,
    desiredCapacity,
    defaultCooldown: input.DefaultCooldown ?? 300,
    healthCheckType: input.HealthCheckType ?? 'EC2',
    // 0 through the API; only the console starts with 300.
    healthCheckGracePeriod: input.HealthCheckGracePeriod ?? 0,
    subnetIds,
    ...checkedSources(region, input),
    terminationPolicies: checkedTerminationPolicies(input.TerminationPolicies ?? ['Default']),
    suspendedProcesses: [],
    tags: [],
    newInstancesProtected: input.NewInstancesProtectedFromScaleIn ?? false,
    settings: changedSettings({}, input),
    lifecycleHooks: [],
    scalingPolicies: [],
    scheduledActions: [],
    notifications: [],
    enabledMetrics: [],
    members: [],
    warmMembers: [],
    replacements: 0,
    launchFailures: 0,
    ...(input.DefaultInstanceWarmup === undefined || input.DefaultInstanceWarmup === UNSET
      ? {}
      : { defaultInstanceWarmup: input.DefaultInstanceWarmup }),
    ...(input.InstanceMaintenancePolicy
      ? { instanceMaintenancePolicy: input.InstanceMaintenancePolicy }
      : {}),
    capacityCause: `At ${seconds(region.now)} a user request created an AutoScalingGroup changing the desired capacity from 0 to ${desiredCapacity}.`,
  };
  setTags(group, input.Tags);
  for (const hook of input.LifecycleHookSpecificationList ?? []) putHook(region, group, hook);
  region.state.groups.set(name, group);
  wakeGroup(region, group, REACTION_SECONDS);
}

function checkSizes(min: number, max: number, desired: number): void {
  if (min < 0) throw validationError(`Min bound, ${min}, must be non-negative`);
  if (max < min)
    throw validationError(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  if (desired < min || desired > max) {
    throw validationError(
      `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
    );
  }
}

/** The subnets that are named, or those of the default VPC in the zones that are named. */
function checkedSubnets(
  region: Region,
  {
    VPCZoneIdentifier,
    AvailabilityZones,
  }: Pick<CreateAutoScalingGroupType, 'VPCZoneIdentifier' | 'AvailabilityZones'>,
): string[] {
  const { subnets } = region.state;
  if (VPCZoneIdentifier) {
    const ids = VPCZoneIdentifier.split(',').map((id) => id.trim());
    for (const id of ids) {
      if (!subnets.has(id)) throw validationError(`The subnet ID '${id}' does not exist`);
    }
    return ids.toSorted();
  }
  if (!AvailabilityZones?.length)
    throw validationError('At least one Availability Zone or VPC Subnet is required.');
  // A Region starts with its default VPC.
  const [defaultVpc] = region.state.vpcs.keys();
  return AvailabilityZones.map((zone) => {
    const subnet = [...subnets.values()].find(
      (candidate) => candidate.zone === zone && candidate.vpcId === defaultVpc,
    );
    // The text is an inference.
    if (!subnet) throw validationError(`Invalid Availability Zones: [${zone}]`);
    return subnet.id;
  }).toSorted();
}

/** Takes a default instance warm-up back. */
const UNSET = -1;

function UpdateAutoScalingGroup(input: UpdateAutoScalingGroupType, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const minSize = input.MinSize ?? group.minSize;
  const maxSize = input.MaxSize ?? group.maxSize;
  // The desired capacity follows new bounds by itself; one that is given has to fit them.
  const desired = input.DesiredCapacity ?? Math.min(Math.max(group.desiredCapacity, minSize), maxSize);
  checkSizes(minSize, maxSize, desired);
  const source = requestedSource(region, input) ?? group.source;
  refuseDuringRefresh(region, group, source);
  const subnetIds =
    input.VPCZoneIdentifier === undefined && input.AvailabilityZones === undefined
      ? group.subnetIds
      : checkedSubnets(region, input);
  const terminationPolicies = checkedTerminationPolicies(
    input.TerminationPolicies ?? group.terminationPolicies,
  );

  // Nothing of a refused update is applied: everything is checked above.
  if (desired !== group.desiredCapacity) {
    group.capacityCause = `At ${seconds(region.now)} a user request update of AutoScalingGroup constraints to min: ${minSize}, max: ${maxSize}, desired: ${desired} changing the desired capacity from ${group.desiredCapacity} to ${desired}.`;
  }
  Object.assign(group, {
    minSize,
    maxSize,
    desiredCapacity: desired,
    source,
    subnetIds,
    terminationPolicies,
  });
  changeSettings(group, input);
  wakeGroup(region, group, REACTION_SECONDS);
}

/** The configuration as it is may be given again, even then (seen natively). */
function refuseDuringRefresh(region: Region, group: GroupRecord, source: LaunchSource): void {
  const unchanged = JSON.stringify(source) === JSON.stringify(group.source);
  if (unchanged || !activeRefresh(region, group)?.desired) return;
  throw validationError(
    'An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.',
  );
}

/** Forced, it takes the instances along, protected ones too; their termination hooks are honoured (seen natively). */
function DeleteAutoScalingGroup(input: DeleteAutoScalingGroupType, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const protection = group.settings.DeletionProtection;
  if (
    protection === 'prevent-all-deletion' ||
    (protection === 'prevent-force-deletion' && input.ForceDelete)
  ) {
    // The code is documented, the text is an inference.
    throw validationError(
      `The Auto Scaling group ${group.name} cannot be deleted while its deletion protection is set to ${protection}.`,
    );
  }
  if (group.deletingFrom !== undefined) return;
  const instances = group.members.length + group.warmMembers.length;
  if (instances > 0 && !input.ForceDelete) {
    throw new ServiceError(
      'ResourceInUse',
      'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
    );
  }
  const delay = instances > 0 ? REACTION_SECONDS : DELETION_SECONDS;
  group.deletingFrom = region.now + delay * 1000;
  wakeGroup(region, group, delay);
}

function SetDesiredCapacity(input: SetDesiredCapacityType, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const desired = input.DesiredCapacity ?? 0;
  if (desired > group.maxSize)
    throw validationError(
      `New SetDesiredCapacity value ${desired} is above max value ${group.maxSize} for the AutoScalingGroup.`,
    );
  if (desired < group.minSize)
    throw validationError(
      `New SetDesiredCapacity value ${desired} is below min value ${group.minSize} for the AutoScalingGroup.`,
    );
  if (desired === group.desiredCapacity) return;
  group.capacityCause = `At ${seconds(region.now)} a user request explicitly set group desired capacity changing the desired capacity from ${group.desiredCapacity} to ${desired}.`;
  group.desiredCapacity = desired;
  wakeGroup(region, group, REACTION_SECONDS);
}
