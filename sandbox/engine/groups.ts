import { addActivity, endActivity, seconds } from './activities.ts';
import { capacityOf } from './launch-source.ts';
import { failingLoadBalancerChecks } from './load-balancing.ts';
import {
  isPending,
  isSuspended,
  isTerminating,
  launchMember,
  liveMembers,
  mayLaunch,
  terminateBecause,
  terminateMember,
  wakeGroup,
} from './members.ts';
import type { GroupRecord, MemberRecord } from './records/auto-scaling.ts';
import { isReplacing } from './refresh/active.ts';
import { chooseForScaleIn } from './scale-in.ts';
import { deleteWarmMembers, reconcileWarmPool, takeFromWarmPool } from './warm-pool.ts';
import type { Region } from './world.ts';

/** Between the termination of an unhealthy member and the launch of its replacement (seen natively). */
const REPLACEMENT_SECONDS = 2;

/** One look at a group: health, then capacity. While a refresh replaces instances, the refresh sees to capacity. */
export function reconcileGroup(region: Region, name: string): void {
  const group = region.state.groups.get(name);
  if (!group || group.reconcileAt === undefined || group.reconcileAt > region.now) return;
  delete group.reconcileAt;
  if (group.deletingFrom !== undefined) {
    deleteWhenEmpty(region, group, group.deletingFrom);
    return;
  }
  if (!isSuspended(group, 'HealthCheck')) markUnhealthy(region, group);
  if (!isSuspended(group, 'ReplaceUnhealthy') && !isSuspended(group, 'Terminate'))
    terminateUnhealthy(region, group);
  if (!isReplacing(region, group)) reachCapacity(region, group);
  reconcileWarmPool(region, group);
}

function markUnhealthy(region: Region, group: GroupRecord): void {
  const failing = group.healthCheckType.includes('ELB')
    ? failingLoadBalancerChecks(region, group)
    : new Set<string>();
  for (const member of group.members) {
    if (!member.healthy) continue;
    if (isLost(region, member)) {
      // The grace period does not hold for an instance that does not run at all.
      setUnhealthy(member, 'an EC2 health check indicating it has been terminated or stopped');
    } else if (member.lifecycleState === 'InService' && failing.has(member.instanceId)) {
      const graceEnds = graceEndOf(group, member);
      if (region.now >= graceEnds) setUnhealthy(member, 'an ELB system health check failure');
      else wakeGroup(region, group, (graceEnds - region.now) / 1000);
    }
  }
}

/** Whether EC2 has stopped or terminated a member that is in service, or on its way there. */
function isLost(region: Region, member: MemberRecord): boolean {
  const state = region.state.instances.get(member.instanceId)?.state;
  if (member.lifecycleState === 'InService') return state !== 'running';
  return isPending(member) && state !== 'running' && state !== 'pending';
}

/** `by` says what found it so, as the cause of the member's termination names it. */
export function setUnhealthy(member: MemberRecord, by: string): void {
  member.healthy = false;
  member.unhealthyBy = by;
}

/** Until then, failed health checks of the member do not count. */
export function graceEndOf(group: GroupRecord, member: MemberRecord): number {
  return (member.inServiceAt ?? 0) + group.healthCheckGracePeriod * 1000;
}

/** Scale-in protection does not protect from this (seen natively). */
function terminateUnhealthy(region: Region, group: GroupRecord): void {
  for (const member of group.members) {
    if (member.healthy) continue;
    if (member.lifecycleState !== 'InService' && !isLost(region, member)) continue;
    terminateMember(region, group, member, `in response to ${member.unhealthyBy}`);
    group.replacements++;
    group.replaceFrom = region.now + REPLACEMENT_SECONDS * 1000;
  }
}

function reachCapacity(region: Region, group: GroupRecord): void {
  const missing = group.desiredCapacity - capacityOf(liveMembers(group));
  if (missing > 0) {
    scaleOut(region, group, missing);
    return;
  }
  group.replacements = 0;
  if (missing < 0) scaleIn(region, group, -missing);
  else delete group.capacityCause;
}

/**
 * Replacements of unhealthy members come first and at once. What only makes up for a difference keeps to the group's
 * maximum, in which members count until their termination hooks are over (seen natively).
 */
function scaleOut(region: Region, group: GroupRecord, missing: number): void {
  if (!mayLaunch(region, group)) return;
  const wait = (group.replaceFrom ?? 0) - region.now;
  if (group.replacements > 0 && wait > 0) {
    wakeGroup(region, group, wait / 1000);
    return;
  }
  const replacing = Math.min(missing, group.replacements);
  const at = seconds(region.now);
  for (let count = 0; count < replacing; count++) {
    const cause = `At ${at} an instance was launched in response to an unhealthy instance needing to be replaced.`;
    if (!launchMember(region, group, cause)) return;
    group.replacements--;
  }
  const from = liveMembers(group).length;
  const occupied = group.members.filter(
    (member) =>
      member.lifecycleState === 'InService' ||
      isPending(member) ||
      (isTerminating(member) && member.lifecycleState !== 'Terminating:Proceed'),
  ).length;
  const room = Math.min(missing - replacing, group.maxSize - occupied);
  if (room <= 0) return;
  const cause = withRequest(
    group,
    `At ${at} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${from} to ${from + room}.`,
  );
  for (let units = 0; units < room; units += group.members.at(-1)?.weight ?? 1) {
    if (!takeFromWarmPool(region, group, cause) && !launchMember(region, group, cause)) return;
  }
}

function scaleIn(region: Region, group: GroupRecord, surplus: number): void {
  if (isSuspended(group, 'Terminate')) return;
  const chosen = chooseForScaleIn(region, group, surplus);
  const at = seconds(region.now);
  if (chosen.length < surplus && group.capacityCause !== undefined) {
    const activity = addActivity(region, group, {
      description:
        'Could not scale to desired capacity because all remaining instances are protected from scale-in.',
      cause: `${group.capacityCause}  At ${at} group reached equilibrium.`,
      details: '{}',
    });
    endActivity(region, activity, 'Cancelled');
  }
  const from = liveMembers(group).length;
  const cause = withRequest(
    group,
    `At ${at} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${from} to ${from - chosen.length}.`,
  );
  for (const member of chosen) {
    const selected = `At ${at} instance ${member.instanceId} was selected for termination.`;
    terminateBecause(region, group, member, `${cause}  ${selected}`);
  }
}

/** The request that changed the capacity is told with the first thing that is done about it. */
export function withRequest(group: GroupRecord, sentence: string): string {
  const request = group.capacityCause;
  delete group.capacityCause;
  return request === undefined ? sentence : `${request}  ${sentence}`;
}

function deleteWhenEmpty(region: Region, group: GroupRecord, from: number): void {
  if (region.now < from) {
    wakeGroup(region, group, (from - region.now) / 1000);
    return;
  }
  for (const member of group.members) {
    if (!isTerminating(member)) terminateMember(region, group, member, 'in response to a user request');
  }
  deleteWarmMembers(region, group);
  if (group.members.length + group.warmMembers.length === 0) region.state.groups.delete(group.name);
}
