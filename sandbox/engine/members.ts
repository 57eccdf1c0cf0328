import { ServiceError } from '../protocol/error.ts';
import { activityDetails, addActivity, endActivity, endActivityOf, seconds } from './activities.ts';
import { launchInstance, terminateInstance } from './instances.ts';
import { type LaunchOption, launchOptions, sourceNow } from './launch-source.ts';
import { waitForHooks } from './lifecycle-hooks.ts';
import { addToLoadBalancers, removeFromLoadBalancers } from './load-balancing.ts';
import type { ActivityRecord, GroupRecord, MemberRecord } from './records/auto-scaling.ts';
import type { InstanceRecord } from './records/ec2.ts';
import { activeRefresh } from './refresh/active.ts';
import type { Region } from './world.ts';
import { emptiestSubnet } from './zones.ts';

/** Seconds after which a group reacts to a change of its desired capacity, and looks again while it works. */
export const REACTION_SECONDS = 8;

/** Until a group that is being deleted is gone once it is empty (seen natively). */
export const DELETION_SECONDS = 4;
/** Who launches a group's instances, as EC2 shows it: an account of the service's own. */
const AUTO_SCALING = '940372691376';

const LAUNCH_BACKOFF_SECONDS = 30;

const LONGEST_BACKOFF_SECONDS = 600;

/** The group will be looked at after `delay` seconds, or earlier when that was planned already. */
export function wakeGroup(region: Region, group: GroupRecord, delay: number): void {
  const at = region.now + delay * 1000;
  if (group.reconcileAt !== undefined && group.reconcileAt <= at && group.reconcileAt >= region.now) return;
  group.reconcileAt = at;
  region.after(delay, 'group-reconcile', group.name);
}

export function groupOfInstance(
  region: Region,
  instanceId: string,
): { group: GroupRecord; member: MemberRecord } | undefined {
  const group = region.state.groups.get(region.state.instances.get(instanceId)?.group ?? '');
  const member = group?.members.find((candidate) => candidate.instanceId === instanceId);
  return group && member && { group, member };
}

/** Members that count for the capacity: not in Standby, not on their way out. */
export function liveMembers(group: GroupRecord): MemberRecord[] {
  return group.members.filter((member) => isPending(member) || member.lifecycleState === 'InService');
}

/** On its way into service, waiting for a lifecycle hook or not. */
export function isPending({ lifecycleState }: MemberRecord): boolean {
  return ['Pending', 'Pending:Wait', 'Pending:Proceed'].includes(lifecycleState);
}

/** On its way out, waiting for a lifecycle hook or not. A retained instance stays. */
export function isTerminating({ lifecycleState }: MemberRecord): boolean {
  return ['Terminating', 'Terminating:Wait', 'Terminating:Proceed'].includes(lifecycleState);
}

export function isSuspended(group: GroupRecord, process: string): boolean {
  return group.suspendedProcesses.some((suspended) => suspended.name === process);
}

/** Whether a launch would be tried now. A suspended one leaves no activity (seen natively). */
export function mayLaunch(region: Region, group: GroupRecord): boolean {
  return (
    group.deletingFrom === undefined &&
    !isSuspended(group, 'Launch') &&
    region.now >= (group.launchBackoffUntil ?? 0)
  );
}

/**
 * Launches one member, or one instance of the warm pool, from what the group launches now: the desired configuration
 * of an active refresh, else its own launch template. Returns whether that worked; a failure leaves an activity that
 * says why, and a pause.
 */
export function launchMember(
  region: Region,
  group: GroupRecord,
  cause: string,
  destination: 'group' | 'warm pool' = 'group',
): boolean {
  if (!mayLaunch(region, group)) return false;
  const refresh = activeRefresh(region, group);
  const warm = destination === 'warm pool';
  const live = liveMembers(group);
  const subnetId = emptiestSubnet(region, group, warm ? group.warmMembers : live);
  const what = `Launching a new EC2 instance${warm ? ' into warm pool' : ''}`;
  const activity = addActivity(region, group, {
    description: what,
    cause,
    details: activityDetails(region, subnetId),
  });
  try {
    const options = launchOptions(region, sourceNow(group, refresh), live);
    const { instance, option } = launchFirst(region, group, subnetId, options);
    Object.assign(activity, {
      description: `${what}: ${instance.id}`,
      status: 'PreInService',
      progress: 30,
    });
    instance.group = group.name;
    (warm ? group.warmMembers : group.members).push({
      instanceId: instance.id,
      lifecycleState: warm ? 'Warmed:Pending' : 'Pending',
      healthy: true,
      protected: group.newInstancesProtected,
      activityId: activity.id,
      ...option.member,
      ...(refresh ? { refreshId: refresh.id } : {}),
    });
    group.launchFailures = 0;
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    endActivity(region, activity, 'Failed', `${sentence(error.message)} Launching EC2 instance failed.`);
    const pause = Math.min(LAUNCH_BACKOFF_SECONDS * 2 ** group.launchFailures++, LONGEST_BACKOFF_SECONDS);
    group.launchBackoffUntil = region.now + pause * 1000;
    wakeGroup(region, group, pause);
    return false;
  }
}

/** Launches the first option for which EC2 has capacity; its refusal of the last one counts. */
function launchFirst(
  region: Region,
  group: GroupRecord,
  subnetId: string,
  [option, ...others]: readonly LaunchOption[],
): { instance: InstanceRecord; option: LaunchOption } {
  if (!option) throw new ServiceError('ValidationError', `${group.name} has nothing to launch.`);
  const { member } = option;
  try {
    const instance = launchInstance(region, {
      ...option,
      subnetId,
      tags: {
        ...option.instanceTags,
        ...Object.fromEntries(group.tags.filter((tag) => tag.propagate).map((tag) => [tag.key, tag.value])),
        'aws:autoscaling:groupName': group.name,
      },
      ...(member.launchTemplate && {
        launchTemplate: { id: member.launchTemplate.id, version: Number(member.launchTemplate.version) },
      }),
      requesterId: AUTO_SCALING,
      clientToken: region.world.newUuid(),
    });
    return { instance, option };
  } catch (error) {
    const noCapacity = error instanceof ServiceError && error.code === 'InsufficientInstanceCapacity';
    if (!noCapacity || others.length === 0) throw error;
    return launchFirst(region, group, subnetId, others);
  }
}

const sentence = (text: string) => (text.endsWith('.') ? text : `${text}.`);

/** An instance of the group is up: it waits for the launch hooks, or is in service. */
export function memberIsRunning(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  if (found?.member.lifecycleState !== 'Pending') return;
  const { group, member } = found;
  if (!waitForHooks(region, group, member, 'autoscaling:EC2_INSTANCE_LAUNCHING'))
    memberIsInService(region, instanceId);
}

/** The member counts as in service, and its load balancers begin to check it. */
export function memberIsInService(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  if (!found || !isPending(found.member)) return;
  const { group, member } = found;
  member.lifecycleState = 'InService';
  member.inServiceAt = region.now;
  endActivityOf(region, member, 'Successful');
  if (!isSuspended(group, 'AddToLoadBalancer')) addToLoadBalancers(region, group, instanceId);
  wakeGroup(region, group, 1);
}

/** `why` ends the sentence "an instance was taken out of service …". */
export function terminateMember(region: Region, group: GroupRecord, member: MemberRecord, why: string): void {
  const cause = `At ${seconds(region.now)} an instance was taken out of service ${why}.`;
  terminateBecause(region, group, member, cause);
}

/** Takes a member out of service: it drains, waits for the termination hooks, and is terminated. */
export function terminateBecause(
  region: Region,
  group: GroupRecord,
  member: MemberRecord,
  cause: string,
): ActivityRecord {
  // A launch that is not over ends here (inference).
  endActivityOf(region, member, 'Cancelled');
  delete member.actions;
  const activity = addActivity(region, group, {
    description: `Terminating EC2 instance: ${member.instanceId}`,
    cause,
    details: activityDetails(region, region.state.instances.get(member.instanceId)?.subnetId ?? ''),
  });
  member.lifecycleState = 'Terminating';
  member.leavingSince = region.now;
  member.activityId = activity.id;
  const drained = removeFromLoadBalancers(region, group, member.instanceId);
  region.after(Math.max(1, drained), 'member-drained', member.instanceId);
  return activity;
}

/** No load balancer sends anything to the member any more: it waits for the termination hooks, or is terminated. */
export function memberIsDrained(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  const instance = region.state.instances.get(instanceId);
  if (found?.member.lifecycleState !== 'Terminating' || !instance) return;
  const { group, member } = found;
  if (instance.state === 'terminated') memberIsGone(region, instanceId);
  // An instance that was terminated already has nothing left that a hook could do (inference).
  else if (
    instance.state === 'shutting-down' ||
    !waitForHooks(region, group, member, 'autoscaling:EC2_INSTANCE_TERMINATING')
  )
    terminateInstance(region, instance);
}

/** EC2 has terminated an instance: a member that was on its way out leaves the group, another one is unhealthy. */
export function memberIsGone(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  if (!found) return;
  const { group, member } = found;
  if (isTerminating(member) || member.lifecycleState === 'Terminating:Retained') {
    endActivityOf(region, member, 'Successful');
    releaseMember(region, group, member);
  }
  wakeGroup(region, group, group.deletingFrom === undefined ? 1 : DELETION_SECONDS);
}

/** The group knows the member no longer. */
export function releaseMember(region: Region, group: GroupRecord, member: MemberRecord): void {
  group.members = group.members.filter((candidate) => candidate !== member);
  delete region.state.instances.get(member.instanceId)?.group;
}
