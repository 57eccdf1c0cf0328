import { capacityOf } from '../launch-source.ts';
import { isSuspended, isTerminating, liveMembers } from '../members.ts';
import type { GroupRecord, MemberRecord, RefreshRecord } from '../records/auto-scaling.ts';
import type { Region } from '../world.ts';
import { alarmsOf, alarmVerdict } from './alarms.ts';
import type { Fleet } from './batch.ts';
import { instancesUntil } from './checkpoints.ts';

/** The members of a group, sorted by what a refresh has to do with them at this moment. */
export interface SortedFleet {
  /** Old, and may go now; unhealthy ones first. */
  outgoing: MemberRecord[];
  /** Old and in service, but has to stay for now. */
  waiting: MemberRecord[];
  /** Old, and nothing can be done before somebody changes them: protected from scale-in, or in Standby. */
  blocked: MemberRecord[];
  terminating: MemberRecord[];
  /** Those of them that have left service already, and count as replaced. */
  drained: number;
  ready: MemberRecord[];
  warming: MemberRecord[];
  /** Old members that are gone for good, and old ones of the warm pool. */
  gone: number;
  warmGone: number;
  /** Why nothing is replaced at the moment, if that is so. */
  pause?: string;
}

/**
 * Even with a warm-up of 0, an old instance stays for about 70 seconds after its replacement came into service: the
 * refresh waits for a health check interval to pass (seen natively).
 */
const HEALTH_CHECK_INTERVAL_MS = 65_000;

/** Natively, an instance counts as replaced about ten seconds after its termination began. */
const LEAVING_MS = 10_000;

export const isHealthy = (member: MemberRecord) => member.healthy && member.lifecycleState === 'InService';

export function sortFleet(region: Region, group: GroupRecord, refresh: RefreshRecord): SortedFleet {
  const old = new Set(refresh.outgoing);
  const live = liveMembers(group);
  const left = group.members.filter(
    (member) => old.has(member.instanceId) && member.lifecycleState !== 'Terminating:Retained',
  );
  const terminating = left.filter(isTerminating);
  const gone = refresh.total - left.length;
  const isWarm = (member: MemberRecord) =>
    isHealthy(member) && region.now >= (member.inServiceAt ?? region.now) + warmUpMs(refresh);
  const incoming = live.filter((member) => !old.has(member.instanceId));

  const blocked = left.filter((member) => !isTerminating(member) && isBlocked(refresh, member));
  const movable = [
    ...left.filter((member) => member.lifecycleState === 'Standby'),
    ...live.filter((member) => old.has(member.instanceId)),
  ].filter((member) => !blocked.includes(member));
  const unhealthyFirst = [...movable.filter((member) => !isHealthy(member)), ...movable.filter(isHealthy)];
  const pause = pauseReason(region, group, refresh);
  const quota = pause === undefined ? Math.max(0, goalOf(refresh) - gone - terminating.length) : 0;
  const waiting = [...unhealthyFirst.slice(quota), ...blocked].filter(
    (member) => member.lifecycleState !== 'Standby',
  );
  return {
    outgoing: unhealthyFirst.slice(0, quota),
    waiting,
    blocked,
    terminating,
    drained: terminating.filter(({ leavingSince = 0 }) => region.now - leavingSince >= LEAVING_MS).length,
    ready: incoming.filter(isWarm),
    warming: incoming.filter((member) => !isWarm(member)),
    gone,
    warmGone: refresh.warmOutgoing.filter(
      (id) => !group.warmMembers.some((member) => member.instanceId === id),
    ).length,
    ...(pause === undefined ? {} : { pause }),
  };
}

export const warmUpMs = (refresh: RefreshRecord) =>
  Math.max(refresh.preferences.InstanceWarmup * 1000, HEALTH_CHECK_INTERVAL_MS);

/** How many instances have to be replaced before the next wait; a rollback knows no checkpoints. */
export const goalOf = (refresh: RefreshRecord) =>
  refresh.rollback
    ? refresh.total
    : instancesUntil(refresh.total, refresh.preferences.CheckpointPercentages, refresh.checkpointsPassed);

/** `Wait` is what AWS does when neither preference is given. */
function isBlocked(refresh: RefreshRecord, member: MemberRecord): boolean {
  const { StandbyInstances = 'Wait', ScaleInProtectedInstances = 'Wait' } = refresh.preferences;
  if (member.lifecycleState === 'Standby') return StandbyInstances === 'Wait';
  return member.protected && ScaleInProtectedInstances === 'Wait';
}

/** Suspended processes stop a refresh, an alarm without data holds it up; a rollback minds no alarms. */
function pauseReason(region: Region, group: GroupRecord, refresh: RefreshRecord): string | undefined {
  const suspended = ['InstanceRefresh', 'Launch', 'Terminate'].find((process) => isSuspended(group, process));
  if (suspended !== undefined) return `Waiting for the ${suspended} process to be resumed.`;
  if (refresh.rollback) return undefined;
  const verdict = alarmVerdict(region, alarmsOf(refresh));
  return verdict.kind === 'insufficient-data'
    ? `Waiting for the CloudWatch alarm ${verdict.alarm} to leave the INSUFFICIENT_DATA state before continuing.`
    : undefined;
}

/** The fleet in units of capacity, for the arithmetic. */
export function counted(group: GroupRecord, fleet: SortedFleet): Fleet {
  const inService = fleet.outgoing.filter((member) => member.lifecycleState !== 'Standby');
  const healthy = inService.filter(isHealthy);
  return {
    desired: group.desiredCapacity,
    outgoingHealthy: capacityOf(healthy),
    outgoingUnhealthy: capacityOf(inService) - capacityOf(healthy),
    waiting: capacityOf(fleet.waiting),
    ready: capacityOf(fleet.ready),
    warming: capacityOf(fleet.warming),
    terminating: capacityOf(fleet.terminating),
  };
}

/**
 * The first members that fit into so many units. When nothing is in motion and the first one alone is too heavy, it
 * goes all the same: a refresh of heavy instances may replace everything at once (guide).
 */
export function fitting(members: readonly MemberRecord[], units: number, idle: boolean): MemberRecord[] {
  const fits: MemberRecord[] = [];
  for (const member of members) {
    if (capacityOf([...fits, member]) <= units) fits.push(member);
  }
  const [first] = members;
  return fits.length === 0 && units > 0 && idle && first ? [first] : fits;
}
