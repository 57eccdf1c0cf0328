import { seconds } from './activities.ts';
import { capacityOf } from './launch-source.ts';
import { isSuspended, launchMember, liveMembers, terminateMember, wakeGroup } from './members.ts';
import { isReplacing } from './refresh/active.ts';
import type { GroupRecord } from './state.ts';
import { isUnhealthyTarget } from './targets.ts';
import type { Region } from './world.ts';

/** One look at a group: health, then capacity. While a refresh replaces instances, the refresh sees to capacity. */
export function reconcileGroup(region: Region, name: string): void {
  const group = region.state.groups.get(name);
  if (!group || group.reconcileAt === undefined || group.reconcileAt > region.now) return;
  delete group.reconcileAt;
  if (group.deleting) {
    deleteWhenEmpty(region, group);
    return;
  }
  if (!isSuspended(group, 'HealthCheck')) markUnhealthy(region, group);
  if (!isSuspended(group, 'ReplaceUnhealthy') && !isSuspended(group, 'Terminate'))
    replaceUnhealthy(region, group);
  if (!isReplacing(region, group)) reachCapacity(region, group);
}

function markUnhealthy(region: Region, group: GroupRecord): void {
  for (const member of group.members) {
    if (member.lifecycleState !== 'InService' || !member.healthy) continue;
    if (region.state.instances.get(member.instanceId)?.state !== 'running') {
      member.healthy = false;
      continue;
    }
    if (
      !group.healthCheckType.includes('ELB') ||
      !isUnhealthyTarget(region, group.targetGroupArns, member.instanceId)
    )
      continue;
    const graceEnds = (member.inServiceAt ?? 0) + group.healthCheckGracePeriod * 1000;
    if (region.now >= graceEnds) member.healthy = false;
    else wakeGroup(region, group, (graceEnds - region.now) / 1000);
  }
}

function replaceUnhealthy(region: Region, group: GroupRecord): void {
  for (const member of group.members) {
    if (member.healthy || member.lifecycleState !== 'InService') continue;
    const running = region.state.instances.get(member.instanceId)?.state === 'running';
    const cause = running
      ? 'an ELB system health check failure'
      : 'an EC2 health check indicating it has been terminated or stopped';
    terminateMember(region, group, member, `in response to ${cause}`);
  }
}

function reachCapacity(region: Region, group: GroupRecord): void {
  const live = liveMembers(group);
  const missing = group.desiredCapacity - capacityOf(live);
  for (let units = 0; units < missing; units += group.members.at(-1)?.weight ?? 1) {
    const from = group.desiredCapacity - missing + units;
    if (!launchMember(region, group, startedCause(region, group, from))) break;
  }
  const surplus = live.filter((member) => !member.protected).slice(0, Math.max(0, -missing));
  if (isSuspended(group, 'Terminate')) return;
  for (const [index, member] of surplus.entries()) {
    const from = live.length - index;
    const difference = `in response to a difference between desired and actual capacity, shrinking the capacity from ${from} to ${from - 1}`;
    terminateMember(region, group, member, difference, takeCapacityCause(group));
  }
}

/** Why capacity is launched: the request that changed it, if nothing was launched for it yet, and the difference. */
export function startedCause(region: Region, group: GroupRecord, from: number): string {
  const difference = `At ${seconds(region.now)} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${from} to ${from + 1}.`;
  const request = takeCapacityCause(group);
  return request === undefined ? difference : `${request}  ${difference}`;
}

function takeCapacityCause(group: GroupRecord): string | undefined {
  const cause = group.capacityCause;
  delete group.capacityCause;
  return cause;
}

function deleteWhenEmpty(region: Region, group: GroupRecord): void {
  for (const member of group.members) {
    if (member.lifecycleState !== 'Terminating')
      terminateMember(region, group, member, 'in response to a user request');
  }
  if (group.members.length === 0) region.state.groups.delete(group.name);
}
