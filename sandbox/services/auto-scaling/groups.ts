import type {
  ActivitiesType,
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  AutoScalingInstancesType,
  CreateAutoScalingGroupType,
  CreateOrUpdateTagsType,
  DeleteAutoScalingGroupType,
  DescribeAutoScalingInstancesType,
  DescribeScalingActivitiesType,
  ScalingProcessQuery,
  SetDesiredCapacityType,
  SetInstanceProtectionQuery,
  Tag,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { seconds } from '../../engine/activities.ts';
import { REACTION_SECONDS, wakeGroup } from '../../engine/members.ts';
import { activeRefresh } from '../../engine/refresh/active.ts';
import type { GroupRecord, LaunchSource, MemberRecord } from '../../engine/state.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import { page } from '../pages.ts';
import type { Handlers } from '../service.ts';
import { describeSource, requestedSource } from './launch-source.ts';

export const groupHandlers: Handlers = {
  CreateAutoScalingGroup,
  UpdateAutoScalingGroup,
  DeleteAutoScalingGroup,
  DescribeAutoScalingGroups,
  DescribeAutoScalingInstances,
  DescribeScalingActivities,
  SetDesiredCapacity,
  SetInstanceProtection,
  SuspendProcesses,
  ResumeProcesses,
  CreateOrUpdateTags,
};

/** A page as Auto Scaling has them. */
export function autoScalingPage<T>(
  items: readonly T[],
  input: { NextToken?: string | undefined; MaxRecords?: number | undefined },
  otherwise: number,
) {
  const { NextToken, MaxRecords, ...query } = input;
  const { items: content, nextToken } = page(items, {
    token: NextToken,
    size: MaxRecords,
    otherwise,
    query,
    badToken: (token) => new ServiceError('InvalidNextToken', `The token '${token}' is invalid`),
  });
  return { items: content, next: nextToken === undefined ? {} : { NextToken: nextToken } };
}

export function findGroup(region: Region, name: string | undefined): GroupRecord {
  const group = region.state.groups.get(name ?? '');
  if (!group) throw validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
  return group;
}

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
  const subnetIds = checkedSubnets(region, input.VPCZoneIdentifier);
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
    targetGroupArns: checkedTargetGroups(region, input.TargetGroupARNs ?? []),
    terminationPolicies: input.TerminationPolicies ?? ['Default'],
    suspendedProcesses: [],
    tags: [],
    newInstancesProtected: input.NewInstancesProtectedFromScaleIn ?? false,
    members: [],
    deleting: false,
    launchFailures: 0,
    ...(input.DefaultInstanceWarmup === undefined
      ? {}
      : { defaultInstanceWarmup: input.DefaultInstanceWarmup }),
    ...(input.InstanceMaintenancePolicy
      ? { instanceMaintenancePolicy: input.InstanceMaintenancePolicy }
      : {}),
    capacityCause: `At ${seconds(region.now)} a user request created an AutoScalingGroup changing the desired capacity from 0 to ${desiredCapacity}.`,
  };
  setTags(group, input.Tags);
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

function checkedSubnets(region: Region, identifier: string | undefined): string[] {
  const ids = identifier?.split(',').map((id) => id.trim()) ?? [...region.state.subnets.keys()];
  for (const id of ids) {
    if (!region.state.subnets.has(id)) throw validationError(`The subnet ID '${id}' does not exist`);
  }
  return ids.toSorted();
}

function checkedTargetGroups(region: Region, arns: readonly string[]): string[] {
  for (const arn of arns) {
    if (!region.state.targetGroups.has(arn))
      throw validationError(
        `Provided Target Groups may not be valid. Please ensure they exist and try again.`,
      );
  }
  return [...arns];
}

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
    input.VPCZoneIdentifier === undefined ? group.subnetIds : checkedSubnets(region, input.VPCZoneIdentifier);

  if (desired !== group.desiredCapacity) {
    group.capacityCause = `At ${seconds(region.now)} a user request update of AutoScalingGroup constraints to min: ${minSize}, max: ${maxSize}, desired: ${desired} changing the desired capacity from ${group.desiredCapacity} to ${desired}.`;
  }
  Object.assign(group, { minSize, maxSize, desiredCapacity: desired, source, subnetIds });
  if (input.DefaultInstanceWarmup !== undefined) group.defaultInstanceWarmup = input.DefaultInstanceWarmup;
  if (input.HealthCheckType !== undefined) group.healthCheckType = input.HealthCheckType;
  if (input.HealthCheckGracePeriod !== undefined) group.healthCheckGracePeriod = input.HealthCheckGracePeriod;
  if (input.InstanceMaintenancePolicy !== undefined)
    group.instanceMaintenancePolicy = input.InstanceMaintenancePolicy;
  if (input.TerminationPolicies !== undefined) group.terminationPolicies = input.TerminationPolicies;
  if (input.NewInstancesProtectedFromScaleIn !== undefined)
    group.newInstancesProtected = input.NewInstancesProtectedFromScaleIn;
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

function DeleteAutoScalingGroup(input: DeleteAutoScalingGroupType, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  if (group.members.length > 0 && !input.ForceDelete) {
    throw new ServiceError(
      'ResourceInUse',
      'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
    );
  }
  group.deleting = true;
  wakeGroup(region, group, 4);
}

function DescribeAutoScalingGroups(input: AutoScalingGroupNamesType, region: Region): AutoScalingGroupsType {
  const names = input.AutoScalingGroupNames;
  const groups = [...region.state.groups.values()].filter(
    (group) =>
      (!names?.length || names.includes(group.name)) &&
      (input.Filters ?? []).every((filter) => passes(group, filter)),
  );
  const { items, next } = autoScalingPage(groups, input, 50);
  return { AutoScalingGroups: items.map((group) => describe(region, group)), ...next };
}

function passes(
  group: GroupRecord,
  { Name = '', Values = [] }: { Name?: string | undefined; Values?: string[] | undefined },
): boolean {
  if (Name.startsWith('tag:'))
    return group.tags.some((tag) => tag.key === Name.slice(4) && Values.includes(tag.value));
  if (Name === 'tag-key') return group.tags.some((tag) => Values.includes(tag.key));
  if (Name === 'tag-value') return group.tags.some((tag) => Values.includes(tag.value));
  throw validationError(
    `Filter type ${Name} is not correct. Allowed Filter types are: tag-key tag-value tag:<key>`,
  );
}

function describe(region: Region, group: GroupRecord): AutoScalingGroup {
  const subnets = group.subnetIds.flatMap((id) => region.state.subnets.get(id) ?? []);
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    ...describeSource(group.source),
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desiredCapacity,
    DefaultCooldown: group.defaultCooldown,
    AvailabilityZones: subnets.map((subnet) => subnet.zone),
    AvailabilityZoneIds: subnets.map((subnet) => subnet.zoneId),
    LoadBalancerNames: [],
    TargetGroupARNs: group.targetGroupArns,
    TrafficSources: group.targetGroupArns.map((Identifier) => ({ Identifier, Type: 'elbv2' })),
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.healthCheckGracePeriod,
    Instances: group.members.map((member) => describeMember(region, member)),
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: group.suspendedProcesses.map(({ name, since }) => ({
      ProcessName: name,
      SuspensionReason: `User suspended at ${seconds(since)}`,
    })),
    VPCZoneIdentifier: group.subnetIds.join(','),
    EnabledMetrics: [],
    Tags: group.tags
      .map((tag) => ({
        ResourceId: group.name,
        ResourceType: 'auto-scaling-group',
        Key: tag.key,
        Value: tag.value,
        PropagateAtLaunch: tag.propagate,
      }))
      .toSorted((a, b) => (a.Key < b.Key ? -1 : 1)),
    TerminationPolicies: group.terminationPolicies,
    NewInstancesProtectedFromScaleIn: group.newInstancesProtected,
    ServiceLinkedRoleARN: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    ...(group.defaultInstanceWarmup === undefined
      ? {}
      : { DefaultInstanceWarmup: group.defaultInstanceWarmup }),
    ...(group.instanceMaintenancePolicy
      ? { InstanceMaintenancePolicy: group.instanceMaintenancePolicy }
      : {}),
    ...(group.deleting ? { Status: 'Delete in progress' } : {}),
  };
}

function describeMember(region: Region, member: MemberRecord) {
  const instance = region.state.instances.get(member.instanceId);
  const subnet = region.state.subnets.get(instance?.subnetId ?? '');
  return {
    InstanceId: member.instanceId,
    InstanceType: instance?.instanceType ?? '',
    AvailabilityZone: subnet?.zone ?? '',
    AvailabilityZoneId: subnet?.zoneId ?? '',
    LifecycleState: member.lifecycleState,
    HealthStatus: member.healthy ? 'Healthy' : 'Unhealthy',
    ProtectedFromScaleIn: member.protected,
    ...(member.launchTemplate && {
      LaunchTemplate: {
        LaunchTemplateId: member.launchTemplate.id,
        LaunchTemplateName: member.launchTemplate.name,
        Version: member.launchTemplate.version,
      },
    }),
    ...(member.launchConfigurationName === undefined
      ? {}
      : { LaunchConfigurationName: member.launchConfigurationName }),
    ...(member.weight === undefined ? {} : { WeightedCapacity: String(member.weight) }),
    ...(member.imageId === undefined ? {} : { ImageId: member.imageId }),
  };
}

function DescribeAutoScalingInstances(
  input: DescribeAutoScalingInstancesType,
  region: Region,
): AutoScalingInstancesType {
  const all = [...region.state.groups.values()].flatMap((group) =>
    group.members.map((member) => {
      const described = describeMember(region, member);
      return {
        ...described,
        AutoScalingGroupName: group.name,
        HealthStatus: described.HealthStatus.toUpperCase(),
      };
    }),
  );
  const asked = all.filter(
    (member) => !input.InstanceIds?.length || input.InstanceIds.includes(member.InstanceId),
  );
  const { items, next } = autoScalingPage(asked, input, 50);
  return { AutoScalingInstances: items, ...next };
}

function DescribeScalingActivities(input: DescribeScalingActivitiesType, region: Region): ActivitiesType {
  const name = input.AutoScalingGroupName;
  if (name !== undefined && !region.state.groups.has(name) && !input.IncludeDeletedGroups) {
    throw validationError(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);
  }
  const bounds = new Map(input.Filters?.map((filter) => [filter.Name, filter.Values ?? []]));
  const from = Date.parse(bounds.get('StartTimeLowerBound')?.[0] ?? '1970-01-01T00:00:00Z');
  const until = Date.parse(bounds.get('StartTimeUpperBound')?.[0] ?? '9999-01-01T00:00:00Z');
  if (Number.isNaN(from + until))
    throw validationError("The filter configuration isn't valid. The specified timestamp isn't valid.");
  const statuses = bounds.get('Status');
  const matching = region.state.activities
    .filter(
      (activity) =>
        (name === undefined || activity.group === name) &&
        (!input.ActivityIds?.length || input.ActivityIds.includes(activity.id)) &&
        activity.startedAt >= from &&
        activity.startedAt <= until &&
        (!statuses || statuses.includes(activity.status)),
    )
    .toReversed();
  const { items, next } = autoScalingPage(matching, input, 100);
  return {
    Activities: items.map((activity) => ({
      ActivityId: activity.id,
      AutoScalingGroupName: activity.group,
      AutoScalingGroupARN: activity.groupArn,
      AutoScalingGroupState: region.state.groups.has(activity.group) ? 'InService' : 'Deleted',
      Description: activity.description,
      Cause: activity.cause,
      StartTime: new Date(activity.startedAt),
      StatusCode: activity.status,
      Progress: activity.progress,
      Details: activity.details,
      ...(activity.endedAt === undefined ? {} : { EndTime: new Date(activity.endedAt) }),
      ...(activity.statusMessage === undefined ? {} : { StatusMessage: activity.statusMessage }),
    })),
    ...next,
  };
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
  group.capacityCause = `At ${seconds(region.now)} a user request explicitly set group desired capacity changing the desired capacity from ${group.desiredCapacity} to ${desired}.`;
  group.desiredCapacity = desired;
  wakeGroup(region, group, REACTION_SECONDS);
}

function SetInstanceProtection(input: SetInstanceProtectionQuery, region: Region): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  for (const id of input.InstanceIds ?? []) {
    const member = group.members.find((candidate) => candidate.instanceId === id);
    if (!member) throw validationError(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    member.protected = input.ProtectedFromScaleIn ?? false;
  }
  return {};
}

const PROCESSES = [
  'AZRebalance',
  'AddToLoadBalancer',
  'AlarmNotification',
  'HealthCheck',
  'InstanceRefresh',
  'Launch',
  'ReplaceUnhealthy',
  'ScheduledActions',
  'Terminate',
];

function SuspendProcesses(input: ScalingProcessQuery, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const names = input.ScalingProcesses?.length ? input.ScalingProcesses : PROCESSES;
  const known = new Set(group.suspendedProcesses.map((process) => process.name));
  for (const name of names) {
    if (!known.has(name)) group.suspendedProcesses.push({ name, since: region.now });
  }
}

function ResumeProcesses(input: ScalingProcessQuery, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const names = input.ScalingProcesses?.length ? input.ScalingProcesses : PROCESSES;
  group.suspendedProcesses = group.suspendedProcesses.filter((process) => !names.includes(process.name));
  wakeGroup(region, group, REACTION_SECONDS);
}

function CreateOrUpdateTags(input: CreateOrUpdateTagsType, region: Region): undefined {
  for (const tag of input.Tags ?? []) setTags(findGroup(region, tag.ResourceId), [tag]);
}

function setTags(group: GroupRecord, tags: readonly Tag[] | undefined): void {
  for (const { Key = '', Value = '', PropagateAtLaunch = false } of tags ?? []) {
    group.tags = [
      ...group.tags.filter((tag) => tag.key !== Key),
      { key: Key, value: Value, propagate: PropagateAtLaunch },
    ];
  }
}
