import type {
  AttachInstancesQuery,
  DetachInstancesQuery,
  EnterStandbyQuery,
  ExitStandbyQuery,
  SetInstanceHealthQuery,
  SetInstanceProtectionQuery,
  TerminateInstanceInAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { seconds } from '../../engine/activities.ts';
import { graceEndOf, setUnhealthy } from '../../engine/groups.ts';
import {
  groupOfInstance,
  isSuspended,
  isTerminating,
  REACTION_SECONDS,
  terminateBecause,
  wakeGroup,
} from '../../engine/members.ts';
import type { GroupRecord, MemberRecord } from '../../engine/records/auto-scaling.ts';
import { attachInstance, detachMember, enterStandby, exitStandby } from '../../engine/standby.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { describeActivity } from './activities.ts';
import { checkedEnum, findGroup, findMembers } from './requests.ts';

/** What a user does with single instances of a group. */
export const groupInstanceHandlers: Handlers = {
  AttachInstances,
  DetachInstances,
  EnterStandby,
  ExitStandby,
  SetInstanceHealth,
  SetInstanceProtection,
  TerminateInstanceInAutoScalingGroup,
};

function AttachInstances(input: AttachInstancesQuery, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  if (isSuspended(group, 'Launch')) {
    throw validationError(
      `Cannot attach instances to AutoScalingGroup ${group.name} while the Launch process is suspended`,
    );
  }
  const ids = input.InstanceIds ?? [];
  const instances = ids.map((id) => {
    const instance = region.state.instances.get(id);
    // The texts of these two are inferences.
    if (!instance) throw validationError(`Invalid Instance ID(s): [${id}]`);
    if (instance.state !== 'running') {
      throw validationError(
        `Instance ${id} is not in correct state. Instance(s) must be in 'running' state.`,
      );
    }
    if (instance.group !== undefined)
      throw validationError(`Instance ${id} is already part of AutoScalingGroup:${instance.group}`);
    return instance;
  });
  const capacity = group.desiredCapacity + instances.length;
  if (capacity > group.maxSize) throw sizes(group, 'attach', instances.length);
  group.desiredCapacity = capacity;
  for (const instance of instances) attachInstance(region, group, instance, capacity);
}

function DetachInstances(input: DetachInstancesQuery, region: Region): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  const members = findMembers(group, input.InstanceIds);
  return moveOut(region, group, members, input.ShouldDecrementDesiredCapacity, {
    verb: 'detach',
    states: ['InService', 'Standby', 'Terminating:Retained'],
    move: detachMember,
  });
}

function EnterStandby(input: EnterStandbyQuery, region: Region): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  const members = findMembers(group, input.InstanceIds);
  return moveOut(region, group, members, input.ShouldDecrementDesiredCapacity, {
    verb: 'place into standby',
    states: ['InService'],
    move: enterStandby,
  });
}

function moveOut(
  region: Region,
  group: GroupRecord,
  members: readonly MemberRecord[],
  shrinks: boolean | undefined,
  { verb, states, move }: { verb: string; states: readonly string[]; move: typeof enterStandby },
): object {
  for (const member of members) {
    if (!states.includes(member.lifecycleState))
      throw validationError(`The instance ${member.instanceId} is not in InService.`);
  }
  if (shrinks && group.desiredCapacity - members.length < group.minSize)
    throw sizes(group, verb, members.length);
  const activities = members.map((member) => {
    // What is in Standby or retained does not count for the capacity, which therefore does not shrink.
    const counts = member.lifecycleState === 'InService';
    return move(region, group, member, counts && shrinks === true);
  });
  wakeGroup(region, group, REACTION_SECONDS);
  return { Activities: activities.map(describeActivity) };
}

function ExitStandby(input: ExitStandbyQuery, region: Region): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  const members = findMembers(group, input.InstanceIds);
  for (const member of members) {
    if (member.lifecycleState !== 'Standby')
      throw validationError(`The instance ${member.instanceId} is not in Standby.`);
  }
  if (group.desiredCapacity + members.length > group.maxSize)
    throw sizes(group, 'take out of standby', members.length);
  return {
    Activities: members.map((member) => describeActivity(exitStandby(region, group, member))),
  };
}

function sizes(group: GroupRecord, verb: string, count: number) {
  const { name, minSize, maxSize, desiredCapacity } = group;
  return validationError(
    `AutoScalingGroup ${name} has min-size=${minSize}, max-size=${maxSize}, and desired-size=${desiredCapacity}. To ${verb} ${count} instance${count === 1 ? '' : 's'}, please update the AutoScalingGroup sizes appropriately.`,
  );
}

function findManaged(region: Region, id: string | undefined): { group: GroupRecord; member: MemberRecord } {
  const found = groupOfInstance(region, id ?? '');
  if (found) return found;
  throw validationError(`Instance Id not found - No managed instance found for instance ID: ${id}`);
}

/** By default, a report within the grace period does not count (API reference). */
function SetInstanceHealth(input: SetInstanceHealthQuery, region: Region): undefined {
  const { group, member } = findManaged(region, input.InstanceId);
  const status = checkedEnum(input.HealthStatus ?? '', 'healthStatus', ['Healthy', 'Unhealthy']);
  if (status === 'Healthy') {
    member.healthy = true;
    delete member.unhealthyBy;
    return;
  }
  const respects = input.ShouldRespectGracePeriod ?? true;
  if (respects && region.now < graceEndOf(group, member)) return;
  setUnhealthy(member, 'a user health-check');
  wakeGroup(region, group, REACTION_SECONDS);
}

function SetInstanceProtection(input: SetInstanceProtectionQuery, region: Region): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  for (const member of findMembers(group, input.InstanceIds))
    member.protected = input.ProtectedFromScaleIn ?? false;
  return {};
}

function TerminateInstanceInAutoScalingGroup(
  input: TerminateInstanceInAutoScalingGroupType,
  region: Region,
): object {
  const { group, member } = findManaged(region, input.InstanceId);
  if (isTerminating(member)) {
    // The text is an inference.
    throw new ServiceError(
      'ScalingActivityInProgress',
      `Activity ${member.activityId} is in progress and terminates instance ${member.instanceId} already.`,
    );
  }
  const shrinks = input.ShouldDecrementDesiredCapacity === true;
  if (shrinks && group.desiredCapacity <= group.minSize) {
    throw validationError(
      `Currently, desiredSize equals minSize (${group.minSize}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
    );
  }
  const capacity = shrinks
    ? `, shrinking the capacity from ${group.desiredCapacity} to ${group.desiredCapacity - 1}`
    : '';
  if (shrinks) group.desiredCapacity--;
  const activity = terminateBecause(
    region,
    group,
    member,
    `At ${seconds(region.now)} instance ${member.instanceId} was taken out of service in response to a user request${capacity}.`,
  );
  wakeGroup(region, group, REACTION_SECONDS);
  return { Activity: describeActivity(activity) };
}
