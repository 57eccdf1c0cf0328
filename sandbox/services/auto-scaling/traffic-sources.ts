import type {
  AttachLoadBalancersType,
  AttachLoadBalancerTargetGroupsType,
  AttachTrafficSourcesType,
  DescribeLoadBalancersRequest,
  DescribeLoadBalancersResponse,
  DescribeLoadBalancerTargetGroupsRequest,
  DescribeLoadBalancerTargetGroupsResponse,
  DescribeTrafficSourcesRequest,
  DescribeTrafficSourcesResponse,
  DetachLoadBalancersType,
  DetachLoadBalancerTargetGroupsType,
  DetachTrafficSourcesType,
  TrafficSourceIdentifier,
} from '@aws-sdk/client-auto-scaling';
import { addToLoadBalancers, removeFromLoadBalancers } from '../../engine/load-balancing.ts';
import { isSuspended, wakeGroup } from '../../engine/members.ts';
import type { GroupRecord } from '../../engine/records/auto-scaling.ts';
import { targetsOf } from '../../engine/targets.ts';
import type { Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { autoScalingPage, findGroup } from './requests.ts';

/** Target groups, Classic Load Balancers and other traffic sources of a group; the newer calls name all three. */
export const trafficSourceHandlers: Handlers = {
  AttachLoadBalancers,
  AttachLoadBalancerTargetGroups,
  AttachTrafficSources,
  DescribeLoadBalancers,
  DescribeLoadBalancerTargetGroups,
  DescribeTrafficSources,
  DetachLoadBalancers,
  DetachLoadBalancerTargetGroups,
  DetachTrafficSources,
};

/** What a group or a request names, by kind. */
export interface Sources {
  targetGroupArns: string[];
  loadBalancerNames: string[];
  trafficSources: { identifier: string; type: string }[];
}

/** A request's traffic sources by kind, of which target groups have to exist. */
export function checkedSources(
  region: Region,
  input: {
    TargetGroupARNs?: string[] | undefined;
    LoadBalancerNames?: string[] | undefined;
    TrafficSources?: TrafficSourceIdentifier[] | undefined;
  },
): Sources {
  const sources = (input.TrafficSources ?? []).map(({ Identifier = '', Type }) => ({
    identifier: Identifier,
    type: Type ?? typeOf(Identifier),
  }));
  const ofType = (type: string) =>
    sources.filter((source) => source.type === type).map((source) => source.identifier);
  const targetGroupArns = [...(input.TargetGroupARNs ?? []), ...ofType('elbv2')];
  for (const arn of targetGroupArns) {
    if (!region.state.targetGroups.has(arn))
      throw validationError(
        'Provided Target Groups may not be valid. Please ensure they exist and try again.',
      );
  }
  return {
    targetGroupArns,
    loadBalancerNames: [...(input.LoadBalancerNames ?? []), ...ofType('elb')],
    trafficSources: sources.filter(({ type }) => type !== 'elbv2' && type !== 'elb'),
  };
}

/** AWS finds the type out when it is not given (API reference). */
function typeOf(identifier: string): string {
  if (identifier.includes(':elasticloadbalancing:')) return 'elbv2';
  return identifier.includes(':vpc-lattice:') ? 'vpc-lattice' : 'elb';
}

export function trafficSourcesOf(group: GroupRecord) {
  return [
    ...group.targetGroupArns.map((Identifier) => ({ Identifier, Type: 'elbv2' })),
    ...group.loadBalancerNames.map((Identifier) => ({ Identifier, Type: 'elb' })),
    ...group.trafficSources.map(({ identifier, type }) => ({ Identifier: identifier, Type: type })),
  ];
}

function AttachLoadBalancerTargetGroups(input: AttachLoadBalancerTargetGroupsType, region: Region): object {
  return attach(region, input);
}

function AttachLoadBalancers(input: AttachLoadBalancersType, region: Region): object {
  return attach(region, input);
}

function AttachTrafficSources(input: AttachTrafficSourcesType, region: Region): object {
  return attach(region, input);
}

function DetachLoadBalancerTargetGroups(input: DetachLoadBalancerTargetGroupsType, region: Region): object {
  return detach(region, input);
}

function DetachLoadBalancers(input: DetachLoadBalancersType, region: Region): object {
  return detach(region, input);
}

function DetachTrafficSources(input: DetachTrafficSourcesType, region: Region): object {
  return detach(region, input);
}

type Change = Parameters<typeof checkedSources>[1] & { AutoScalingGroupName: string | undefined };

/** What is attached already stays as it is. The instances in service are registered. */
function attach(region: Region, input: Change): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  const added = checkedSources(region, input);
  const known = new Set(trafficSourcesOf(group).map(({ Identifier }) => Identifier));
  const isNew = (identifier: string) => !known.has(identifier);
  group.targetGroupArns.push(...added.targetGroupArns.filter(isNew));
  group.loadBalancerNames.push(...added.loadBalancerNames.filter(isNew));
  group.trafficSources.push(...added.trafficSources.filter(({ identifier }) => isNew(identifier)));
  if (!isSuspended(group, 'AddToLoadBalancer')) {
    for (const member of group.members) {
      if (member.lifecycleState === 'InService') addToLoadBalancers(region, group, member.instanceId);
    }
  }
  wakeGroup(region, group, 1);
  return {};
}

/** The group's instances drain from what is detached; the group itself forgets it at once. */
function detach(region: Region, input: Change): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  const removed = [
    ...(input.TargetGroupARNs ?? []),
    ...(input.LoadBalancerNames ?? []),
    ...(input.TrafficSources ?? []).map(({ Identifier = '' }) => Identifier),
  ];
  const known = trafficSourcesOf(group).map(({ Identifier }) => Identifier);
  if (!removed.every((identifier) => known.includes(identifier))) {
    throw validationError('Trying to remove Load Balancers or Target Groups that are not part of the group');
  }
  const detached = {
    targetGroupArns: group.targetGroupArns.filter((arn) => removed.includes(arn)),
    loadBalancerNames: group.loadBalancerNames.filter((name) => removed.includes(name)),
  };
  for (const member of group.members) removeFromLoadBalancers(region, detached, member.instanceId);
  const isLeft = (identifier: string) => !removed.includes(identifier);
  group.targetGroupArns = group.targetGroupArns.filter(isLeft);
  group.loadBalancerNames = group.loadBalancerNames.filter(isLeft);
  group.trafficSources = group.trafficSources.filter(({ identifier }) => isLeft(identifier));
  return {};
}

function DescribeLoadBalancerTargetGroups(
  input: DescribeLoadBalancerTargetGroupsRequest,
  region: Region,
): DescribeLoadBalancerTargetGroupsResponse {
  const group = findGroup(region, input.AutoScalingGroupName);
  const { items, next } = autoScalingPage(group.targetGroupArns, input, 100);
  return {
    LoadBalancerTargetGroups: items.map((arn) => ({
      LoadBalancerTargetGroupARN: arn,
      State: stateOf(region, group, arn),
    })),
    ...next,
  };
}

/** Adding until all instances are registered, then Added, and InService with the first healthy one. */
function stateOf(region: Region, group: GroupRecord, targetGroupArn: string): string {
  const targetGroup = region.state.targetGroups.get(targetGroupArn);
  const targets = targetGroup ? targetsOf(targetGroup) : [];
  const states = new Map(targets.map((target) => [target.id, target.state]));
  const inService = group.members.filter((member) => member.lifecycleState === 'InService');
  if (inService.some((member) => !states.has(member.instanceId))) return 'Adding';
  return inService.some((member) => states.get(member.instanceId) === 'healthy') ? 'InService' : 'Added';
}

function DescribeLoadBalancers(
  input: DescribeLoadBalancersRequest,
  region: Region,
): DescribeLoadBalancersResponse {
  const group = findGroup(region, input.AutoScalingGroupName);
  const { items, next } = autoScalingPage(group.loadBalancerNames, input, 100);
  return { LoadBalancers: items.map((LoadBalancerName) => ({ LoadBalancerName, State: 'Added' })), ...next };
}

function DescribeTrafficSources(
  input: DescribeTrafficSourcesRequest,
  region: Region,
): DescribeTrafficSourcesResponse {
  const group = findGroup(region, input.AutoScalingGroupName);
  const asked = trafficSourcesOf(group).filter(
    ({ Type }) => input.TrafficSourceType === undefined || Type === input.TrafficSourceType,
  );
  const { items, next } = autoScalingPage(asked, input, 50);
  return {
    TrafficSources: items.map(({ Identifier, Type }) => ({
      TrafficSource: Identifier,
      Identifier,
      Type,
      State: Type === 'elbv2' ? stateOf(region, group, Identifier) : 'Added',
    })),
    ...next,
  };
}
