import { seconds } from '../activities.ts';
import { withRequest } from '../groups.ts';
import { desiredSource, isMatching } from '../launch-source.ts';
import {
  isPending,
  isTerminating,
  launchMember,
  liveMembers,
  terminateMember,
  wakeGroup,
} from '../members.ts';
import type { GroupRecord, MemberRecord, RefreshRecord, RefreshStatus } from '../records/auto-scaling.ts';
import { isFilled, terminateWarmMember } from '../warm-pool.ts';
import type { Region } from '../world.ts';
import { isActive } from './active.ts';
import { alarmsOf, alarmVerdict } from './alarms.ts';
import { nextBatch } from './batch.ts';
import { isLastCheckpoint } from './checkpoints.ts';
import { counted, fitting, goalOf, sortFleet, warmUpMs } from './fleet.ts';
import { secondsUntil, showProgress, waitingFor } from './progress.ts';

/** Seconds between two looks at a running refresh; native answers change in about this rhythm. */
const TICK_SECONDS = 5;
const PENDING_SECONDS = 6;
/** A refresh that makes no progress for an hour fails, or is rolled back (guide "Instance refresh"). */
const STALL_MS = 3600 * 1000;
/** The longest time for which a refresh replaces instances (guide "Instance refresh"). */
const LONGEST_MS = 14 * 24 * 3600 * 1000;
/** Rollback details were seen to begin, and to be described, this long after the request. */
const ROLLBACK_DELAY_MS = 2600;

export function startRefresh(region: Region, refresh: RefreshRecord): void {
  region.state.refreshes.set(refresh.id, refresh);
  region.after(PENDING_SECONDS, 'refresh-tick', refresh.id);
}

/** One step of a refresh; the next one follows while it is active. */
export function tickRefresh(region: Region, id: string): void {
  const refresh = region.state.refreshes.get(id);
  const group = refresh && region.state.groups.get(refresh.group);
  if (!refresh || group?.arn !== refresh.groupArn) return;
  step(region, group, refresh);
  if (isActive(refresh)) region.after(TICK_SECONDS, 'refresh-tick', id);
}

function step(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  switch (refresh.status) {
    case 'Pending':
      begin(region, group, refresh);
      break;
    case 'InProgress':
    case 'RollbackInProgress':
      if (!failsByAlarm(region, group, refresh)) replaceInstances(region, group, refresh);
      break;
    case 'Baking':
      if (!failsByAlarm(region, group, refresh)) bake(region, group, refresh);
      break;
    case 'Cancelling':
      finishCancel(region, group, refresh);
      break;
    case 'Successful':
    case 'Failed':
    case 'Cancelled':
    case 'RollbackSuccessful':
    case 'RollbackFailed':
      break;
  }
}

function begin(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  refresh.status = 'InProgress';
  refresh.startedAt = region.now;
  refresh.lastProgressAt = region.now;
  const isOld = (member: MemberRecord) => !isSkipped(region, group, refresh, member);
  const idOf = (member: MemberRecord) => member.instanceId;
  refresh.outgoing = group.members.filter((member) => isThere(member) && isOld(member)).map(idOf);
  refresh.warmOutgoing = group.warmMembers.filter(isOld).map(idOf);
  refresh.total = refresh.outgoing.length;
  refresh.toUpdate = refresh.total + refresh.warmOutgoing.length;
  refresh.percentage = 0;
  showProgress(refresh, sortFleet(region, group, refresh));
  if (refresh.toUpdate === 0) complete(region, group, refresh);
}

/** In service, on its way there, or in Standby; not what leaves the group, or was retained when it left. */
const isThere = (member: MemberRecord) =>
  isPending(member) || ['InService', 'Standby', 'EnteringStandby'].includes(member.lifecycleState);

function isSkipped(
  region: Region,
  group: GroupRecord,
  refresh: RefreshRecord,
  member: MemberRecord,
): boolean {
  const { StandbyInstances, ScaleInProtectedInstances, SkipMatching } = refresh.preferences;
  if (member.lifecycleState === 'Standby' && StandbyInstances === 'Ignore') return true;
  if (member.protected && ScaleInProtectedInstances === 'Ignore') return true;
  return SkipMatching === true && isMatching(region, desiredSource(refresh) ?? group.source, member);
}

function replaceInstances(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  const fleet = sortFleet(region, group, refresh);
  const { launch, terminate } = nextBatch(counted(group, fleet), {
    min: refresh.preferences.MinHealthyPercentage,
    max: refresh.preferences.MaxHealthyPercentage,
  });
  const idle = fleet.warming.length === 0 && fleet.terminating.length === 0;
  const standby = fleet.outgoing.filter((member) => member.lifecycleState === 'Standby');
  const inService = fleet.outgoing.filter((member) => member.lifecycleState !== 'Standby');
  for (const member of [...standby, ...fitting(inService, terminate, idle)]) {
    terminateMember(region, group, member, 'in response to an instance refresh');
  }
  for (let units = 0; units < launch; units += group.members.at(-1)?.weight ?? 1) {
    if (!launchMember(region, group, launchCause(region, group))) break;
  }
  report(region, group, refresh);
}

/** Capacity that a user asked for meanwhile is launched as such. */
function launchCause(region: Region, group: GroupRecord): string {
  const at = seconds(region.now);
  if (group.capacityCause === undefined)
    return `At ${at} an instance was launched in response to an instance refresh.`;
  const from = liveMembers(group).length;
  return withRequest(
    group,
    `At ${at} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${from} to ${from + 1}.`,
  );
}

/** Counts the progress, says what is waited for, and ends the refresh, waits at a checkpoint, or gives up. */
function report(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  const fleet = sortFleet(region, group, refresh);
  showProgress(refresh, fleet);
  const reached = fleet.gone + fleet.terminating.length + fleet.ready.length + fleet.warmGone;
  if (reached > refresh.furthest || refresh.checkpointUntil !== undefined) {
    refresh.furthest = Math.max(reached, refresh.furthest);
    refresh.lastProgressAt = region.now;
  }
  const { desired, ready, waiting } = counted(group, fleet);
  const quiet =
    fleet.warming.length === 0 && fleet.terminating.length === 0 && fleet.gone === refresh.goneSeen;
  const settled = quiet && ready + waiting >= desired;
  refresh.goneSeen = fleet.gone;
  if (fleet.gone >= goalOf(refresh) && settled) passCheckpoint(region, group, refresh);
  else if (region.now - refresh.lastProgressAt >= stallMs(refresh))
    giveUp(region, group, refresh, 'The instance refresh made no progress for an hour.');
  else if (region.now - (refresh.startedAt ?? 0) >= LONGEST_MS)
    giveUp(region, group, refresh, 'The instance refresh took longer than 14 days.');
  if (!isReplacing(refresh)) return;
  const reason = waitingFor(region, refresh, fleet);
  if (reason === undefined) delete refresh.reason;
  else refresh.reason = reason;
}

const isReplacing = ({ status }: RefreshRecord) => status === 'InProgress' || status === 'RollbackInProgress';

/** A warm-up of more than an hour is no stall (inference: AWS documents the hour only). */
const stallMs = (refresh: RefreshRecord) =>
  warmUpMs(refresh) < STALL_MS ? STALL_MS : STALL_MS + warmUpMs(refresh);

/** All instances up to the next checkpoint are replaced: waits there, or goes on, or that was all. */
function passCheckpoint(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  const percentages = refresh.preferences.CheckpointPercentages;
  if (refresh.rollback || isLastCheckpoint(percentages, refresh.checkpointsPassed)) {
    if (replaceWarmPool(region, group, refresh)) complete(region, group, refresh);
    return;
  }
  refresh.checkpointUntil ??= region.now + (refresh.preferences.CheckpointDelay ?? 0) * 1000;
  if (region.now < refresh.checkpointUntil) return;
  delete refresh.checkpointUntil;
  refresh.checkpointsPassed++;
}

/**
 * The warm pool comes after all instances in service: its old instances go, and the pool fills itself again. Returns
 * whether that is done.
 */
function replaceWarmPool(region: Region, group: GroupRecord, refresh: RefreshRecord): boolean {
  const old = group.warmMembers.filter((member) => refresh.warmOutgoing.includes(member.instanceId));
  for (const member of old.filter(({ lifecycleState }) => lifecycleState !== 'Warmed:Terminating'))
    terminateWarmMember(region, group, member, 'an instance refresh');
  return old.length === 0 && isFilled(group);
}

/** An alarm that goes off ends the refresh, also while it bakes; a rollback minds no alarms. */
function failsByAlarm(region: Region, group: GroupRecord, refresh: RefreshRecord): boolean {
  if (refresh.rollback) return false;
  const verdict = alarmVerdict(region, alarmsOf(refresh));
  if (verdict.kind !== 'alarm') return false;
  giveUp(region, group, refresh, `The CloudWatch alarm ${verdict.alarm} went into the ALARM state.`);
  return true;
}

/** The reasons given here are the sandbox's own words: AWS's are not known. */
function giveUp(region: Region, group: GroupRecord, refresh: RefreshRecord, reason: string): void {
  if (refresh.status === 'RollbackInProgress') end(region, refresh, 'RollbackFailed', reason);
  else if (refresh.preferences.AutoRollback)
    beginRollback(region, group, refresh, `${reason} Rollback triggered.`);
  else end(region, refresh, 'Failed', reason);
}

function complete(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  if (refresh.status === 'RollbackInProgress') {
    end(region, refresh, 'RollbackSuccessful');
    return;
  }
  // A last checkpoint below 100 % leaves the rest as it is.
  refresh.percentage = refresh.total === 0 ? 100 : Math.floor((100 * goalOf(refresh)) / refresh.total);
  refresh.toUpdate = refresh.total - goalOf(refresh);
  const bakeTime = refresh.preferences.BakeTime ?? 0;
  if (refresh.total + refresh.warmOutgoing.length > 0 && bakeTime > 0) {
    refresh.status = 'Baking';
    refresh.bakeUntil = region.now + bakeTime * 1000;
    bake(region, group, refresh);
  } else {
    succeed(region, group, refresh);
  }
}

function bake(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  const left = secondsUntil(region, refresh.bakeUntil ?? 0);
  if (left === 0) succeed(region, group, refresh);
  else refresh.reason = `Waiting for bake time to finish before continuing. There are ${left} seconds left.`;
}

/** Only now does the group itself get the desired configuration. */
function succeed(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  group.source = desiredSource(refresh) ?? group.source;
  end(region, refresh, 'Successful');
}

function end(region: Region, refresh: RefreshRecord, status: RefreshStatus, reason?: string): void {
  refresh.status = status;
  refresh.endedAt = region.now;
  if (reason === undefined) delete refresh.reason;
  else refresh.reason = reason;
  const group = region.state.groups.get(refresh.group);
  if (group) wakeGroup(region, group, 1);
}

/** Replaces what was replaced with the group's saved configuration. */
export function beginRollback(
  region: Region,
  group: GroupRecord,
  refresh: RefreshRecord,
  reason: string,
): void {
  refresh.rollback = {
    reason,
    startedAt: region.now + ROLLBACK_DELAY_MS,
    percentage: refresh.percentage ?? 0,
    toUpdate: refresh.toUpdate ?? 0,
    forwardTotal: refresh.total,
  };
  refresh.status = 'RollbackInProgress';
  refresh.reason = reason;
  const isOurs = (member: MemberRecord) => member.refreshId === refresh.id;
  const idOf = (member: MemberRecord) => member.instanceId;
  refresh.outgoing = group.members.filter((member) => isOurs(member) && isThere(member)).map(idOf);
  refresh.warmOutgoing = group.warmMembers.filter(isOurs).map(idOf);
  refresh.total = refresh.outgoing.length;
  refresh.furthest = 0;
  refresh.goneSeen = 0;
  refresh.lastProgressAt = region.now;
  delete refresh.checkpointUntil;
}

export function beginCancel(refresh: RefreshRecord, waitForTransitioning: boolean): void {
  refresh.status = 'Cancelling';
  refresh.waitForTransitioning = waitForTransitioning;
  refresh.reason = waitForTransitioning
    ? 'Cancelling due to user request.'
    : 'Cancelled without waiting for ongoing instance launches and terminations due to user request.';
}

function finishCancel(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  const moving = group.members.some((member) => isPending(member) || isTerminating(member));
  if (refresh.waitForTransitioning && moving) return;
  end(
    region,
    refresh,
    'Cancelled',
    refresh.waitForTransitioning ? 'Cancelled due to user request.' : refresh.reason,
  );
}
