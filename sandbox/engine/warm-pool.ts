import { activityDetails, addActivity, endActivityOf, seconds } from './activities.ts';
import { startInstance, stopInstance, terminateInstance } from './instances.ts';
import { launchMember, mayLaunch, wakeGroup } from './members.ts';
import type { GroupRecord, MemberRecord, WarmPoolRecord } from './records/auto-scaling.ts';
import type { Region } from './world.ts';

/** Until an instance that was kept running is in service (seen natively). */
const SECONDS_FROM_RUNNING = 16;

const READY = ['Warmed:Running', 'Warmed:Stopped', 'Warmed:Hibernated'] as const;

const isReady = ({ lifecycleState }: MemberRecord) => READY.some((state) => state === lifecycleState);

/**
 * The instances of the group's warm pool. Lifecycle hooks hold them when they leave the pool for the group, not when
 * they enter it.
 */
export function warmMembers(group: GroupRecord): readonly MemberRecord[] {
  return group.warmMembers;
}

/** Fills the pool, or empties it: prepared capacity minus desired capacity, and at least its minimum size. */
export function reconcileWarmPool(region: Region, group: GroupRecord): void {
  const pool = group.warmPool;
  if (!pool) return;
  if (pool.configuration.Status === 'PendingDelete') {
    deleteWarmMembers(region, group);
    if (group.warmMembers.length === 0) delete group.warmPool;
    return;
  }
  const live = group.warmMembers.filter((member) => member.lifecycleState !== 'Warmed:Terminating');
  const missing = poolSize(group, pool) - live.length;
  if (missing > 0) fill(region, group, pool, live.length, missing);
  for (const member of live.slice(0, Math.max(0, -missing))) {
    terminateWarmMember(region, group, member, 'a difference between desired and actual capacity');
  }
}

export function poolSize(group: GroupRecord, { configuration }: WarmPoolRecord): number {
  const prepared = configuration.MaxGroupPreparedCapacity ?? group.maxSize;
  return Math.max(configuration.MinSize, prepared - group.desiredCapacity, 0);
}

/** All instances that the pool is to have are ready; without a pool there is nothing to fill. */
export function isFilled(group: GroupRecord): boolean {
  return !group.warmPool || group.warmMembers.filter(isReady).length >= poolSize(group, group.warmPool);
}

function fill(region: Region, group: GroupRecord, pool: WarmPoolRecord, from: number, missing: number): void {
  if (!mayLaunch(region, group)) return;
  const difference = `At ${seconds(region.now)} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${from} to ${from + missing}.`;
  const cause = pool.cause === undefined ? difference : `${pool.cause}  ${difference}`;
  delete pool.cause;
  for (let count = 0; count < missing; count++) {
    if (!launchMember(region, group, cause, 'warm pool')) return;
  }
}

/** Moves a prepared instance into the group. Returns whether there was one. */
export function takeFromWarmPool(region: Region, group: GroupRecord, cause: string): boolean {
  const member = group.warmMembers.find(isReady);
  const instance = region.state.instances.get(member?.instanceId ?? '');
  if (!member || !instance) return false;
  const activity = addActivity(region, group, {
    description: `Launching a new EC2 instance from warm pool: ${instance.id}`,
    cause,
    details: activityDetails(region, instance.subnetId),
  });
  Object.assign(activity, { status: 'PreInService', progress: 30 });
  group.warmMembers = group.warmMembers.filter((candidate) => candidate !== member);
  group.members.push({ ...member, lifecycleState: 'Pending', activityId: activity.id });
  if (instance.state === 'running') region.after(SECONDS_FROM_RUNNING, 'member-running', instance.id);
  else startInstance(region, instance);
  return true;
}

function warmMemberOf(region: Region, instanceId: string) {
  const group = region.state.groups.get(region.state.instances.get(instanceId)?.group ?? '');
  const member = group?.warmMembers.find((candidate) => candidate.instanceId === instanceId);
  return group && member && { group, member };
}

/** An instance of the pool is up: it stays so, or is stopped to wait. */
export function warmMemberIsRunning(region: Region, instanceId: string): void {
  const found = warmMemberOf(region, instanceId);
  const instance = region.state.instances.get(instanceId);
  if (found?.member.lifecycleState !== 'Warmed:Pending' || !instance) return;
  if (found.group.warmPool?.configuration.PoolState === 'Running') settle(region, found, 'Warmed:Running');
  else stopInstance(region, instance);
}

export function warmMemberIsStopped(region: Region, instanceId: string): void {
  const found = warmMemberOf(region, instanceId);
  if (found?.member.lifecycleState !== 'Warmed:Pending') return;
  const hibernates = found.group.warmPool?.configuration.PoolState === 'Hibernated';
  settle(region, found, hibernates ? 'Warmed:Hibernated' : 'Warmed:Stopped');
}

function settle(
  region: Region,
  { group, member }: { group: GroupRecord; member: MemberRecord },
  state: (typeof READY)[number],
): void {
  member.lifecycleState = state;
  endActivityOf(region, member, 'Successful');
  wakeGroup(region, group, 1);
}

/** EC2 has terminated an instance of the pool, asked by the group or not. */
export function warmMemberIsGone(region: Region, instanceId: string): void {
  const found = warmMemberOf(region, instanceId);
  if (!found) return;
  const { group, member } = found;
  endActivityOf(region, member, 'Successful');
  group.warmMembers = group.warmMembers.filter((candidate) => candidate !== member);
  delete region.state.instances.get(instanceId)?.group;
  wakeGroup(region, group, 1);
}

export function deleteWarmMembers(region: Region, group: GroupRecord): void {
  for (const member of group.warmMembers) {
    if (member.lifecycleState !== 'Warmed:Terminating')
      terminateWarmMember(region, group, member, 'a user request');
  }
}

/** `why` ends the sentence "an instance was taken out of service in response to …". */
export function terminateWarmMember(
  region: Region,
  group: GroupRecord,
  member: MemberRecord,
  why: string,
): void {
  const instance = region.state.instances.get(member.instanceId);
  endActivityOf(region, member, 'Cancelled');
  member.lifecycleState = 'Warmed:Terminating';
  member.activityId = addActivity(region, group, {
    description: `Terminating EC2 instance: ${member.instanceId}`,
    cause: `At ${seconds(region.now)} an instance was taken out of service in response to ${why}.`,
    details: activityDetails(region, instance?.subnetId ?? ''),
  }).id;
  if (instance) terminateInstance(region, instance);
}
