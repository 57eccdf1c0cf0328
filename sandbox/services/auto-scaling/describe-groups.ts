import type {
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  AutoScalingInstancesType,
  DescribeAutoScalingInstancesType,
} from '@aws-sdk/client-auto-scaling';
import { seconds } from '../../engine/activities.ts';
import type { GroupRecord, MemberRecord } from '../../engine/records/auto-scaling.ts';
import { warmMembers } from '../../engine/warm-pool.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { describeSource } from './launch-source.ts';
import { autoScalingPage } from './requests.ts';
import { describeTags } from './tags.ts';
import { trafficSourcesOf } from './traffic-sources.ts';

export const describeGroupHandlers: Handlers = { DescribeAutoScalingGroups, DescribeAutoScalingInstances };

function DescribeAutoScalingGroups(input: AutoScalingGroupNamesType, region: Region): AutoScalingGroupsType {
  const names = input.AutoScalingGroupNames;
  const groups = [...region.state.groups.values()].filter(
    (group) =>
      (!names?.length || names.includes(group.name)) &&
      (input.Filters ?? []).every((filter) => passes(group, filter)),
  );
  const { items, next } = autoScalingPage(groups, input, 50);
  return {
    AutoScalingGroups: items.map((group) => {
      const described = describe(region, group);
      // An empty list where the instances are left out (inference).
      return input.IncludeInstances === false ? { ...described, Instances: [] } : described;
    }),
    ...next,
  };
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
    AvailabilityZones: [...new Set(subnets.map((subnet) => subnet.zone))],
    AvailabilityZoneIds: [...new Set(subnets.map((subnet) => subnet.zoneId))],
    LoadBalancerNames: group.loadBalancerNames,
    TargetGroupARNs: group.targetGroupArns,
    TrafficSources: trafficSourcesOf(group),
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.healthCheckGracePeriod,
    Instances: group.members.map((member) => describeMember(region, member)),
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: group.suspendedProcesses.map(({ name, since }) => ({
      ProcessName: name,
      SuspensionReason: `User suspended at ${seconds(since)}`,
    })),
    VPCZoneIdentifier: group.subnetIds.join(','),
    EnabledMetrics: group.enabledMetrics.map((Metric) => ({ Metric, Granularity: '1Minute' })),
    Tags: describeTags(group),
    TerminationPolicies: group.terminationPolicies,
    NewInstancesProtectedFromScaleIn: group.newInstancesProtected,
    ServiceLinkedRoleARN: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-best-effort' },
    CapacityReservationSpecification: { CapacityReservationPreference: 'default' },
    InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: 'terminate' } },
    ...group.settings,
    ...(group.defaultInstanceWarmup === undefined
      ? {}
      : { DefaultInstanceWarmup: group.defaultInstanceWarmup }),
    ...(group.instanceMaintenancePolicy
      ? { InstanceMaintenancePolicy: group.instanceMaintenancePolicy }
      : {}),
    ...(group.warmPool
      ? {
          WarmPoolConfiguration: group.warmPool.configuration,
          WarmPoolSize: warmMembers(group).length,
        }
      : {}),
    ...(group.deletingFrom === undefined ? {} : { Status: 'Delete in progress' }),
  };
}

/** An instance as its group's `Instances` show it. */
export function describeMember(region: Region, member: MemberRecord) {
  const instance = region.state.instances.get(member.instanceId);
  const subnet = region.state.subnets.get(instance?.subnetId ?? '');
  return {
    InstanceId: member.instanceId,
    InstanceType: instance?.instanceType ?? '',
    AvailabilityZone: subnet?.zone ?? '',
    AvailabilityZoneId: subnet?.zoneId ?? '',
    LifecycleState: member.lifecycleState,
    HealthStatus: member.healthy ? 'Healthy' : 'Unhealthy',
    ...(member.launchTemplate
      ? {
          LaunchTemplate: {
            LaunchTemplateId: member.launchTemplate.id,
            LaunchTemplateName: member.launchTemplate.name,
            Version: member.launchTemplate.version,
          },
        }
      : {}),
    ProtectedFromScaleIn: member.protected,
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
  const asked = [...region.state.groups.values()].flatMap((group) =>
    [...group.members, ...warmMembers(group)]
      .filter((member) => !input.InstanceIds?.length || input.InstanceIds.includes(member.instanceId))
      .map((member) => ({ group, member })),
  );
  const { items, next } = autoScalingPage(asked, input, 50, 50);
  return {
    AutoScalingInstances: items.map(({ group, member }) => {
      const described = describeMember(region, member);
      return {
        ...described,
        AutoScalingGroupName: group.name,
        HealthStatus: described.HealthStatus.toUpperCase(),
      };
    }),
    ...next,
  };
}
