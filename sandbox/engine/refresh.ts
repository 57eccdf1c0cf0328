import { isActive } from './active-refresh.ts';
import { seconds } from './activities.ts';
import { nextBatch } from './batch.ts';
import { launchMember, liveMembers, terminateMember, wakeGroup } from './members.ts';
import type { GroupRecord, MemberRecord, RefreshRecord, RefreshStatus } from './state.ts';
import type { Region } from './world.ts';

/** Seconds between two looks at a running refresh; native answers change in about this rhythm. */
const TICK_SECONDS = 5;
const PENDING_SECONDS = 6;
/**
 * Even with a warm-up of 0, an old instance stays for about 70 seconds after its replacement came into service: the
 * refresh waits for a health check interval to pass (seen natively).
 */
const HEALTH_CHECK_INTERVAL_MS = 65_000;
/** A refresh that makes no progress for an hour fails, or is rolled back (guide "Instance refresh"). */
const STALL_MS = 3600 * 1000;

export function startRefresh(region: Region, refresh: RefreshRecord): void {
  region.state.refreshes.set(refresh.id, refresh);
  region.after(PENDING_SECONDS, 'refresh-tick', refresh.id);
}

/** One step of a refresh; the next one follows while it is active. */
export function tickRefresh(region: Region, id: string): void {
  const refresh = region.state.refreshes.get(id);
  const group = refresh && region.state.groups.get(refresh.group);
  if (!refresh || !group) return;
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
      replaceInstances(region, group, refresh);
      break;
    case 'Baking':
      bake(region, group, refresh);
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
  refresh.outgoing = liveMembers(group)
    .filter((member) => !(refresh.preferences.SkipMatching && matchesDesired(refresh, member)))
    .map((member) => member.instanceId);
  refresh.total = refresh.outgoing.length;
  refresh.toUpdate = refresh.total;
  refresh.percentage = 0;
  if (refresh.total === 0) complete(region, group, refresh);
}

function matchesDesired(refresh: RefreshRecord, member: MemberRecord): boolean {
  const desired = refresh.desired?.LaunchTemplate;
  return (
    desired !== undefined &&
    member.launchTemplate?.id === desired.LaunchTemplateId &&
    member.launchTemplate?.version === desired.Version
  );
}

function replaceInstances(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  const isOutgoing = (member: MemberRecord) => refresh.outgoing.includes(member.instanceId);
  const live = liveMembers(group);
  const outgoing = live.filter(isOutgoing);
  const incoming = live.filter((member) => !isOutgoing(member));
  const warmUp = Math.max(refresh.preferences.InstanceWarmup * 1000, HEALTH_CHECK_INTERVAL_MS);
  const isReady = (member: MemberRecord) =>
    member.lifecycleState === 'InService' &&
    member.healthy &&
    region.now >= (member.inServiceAt ?? region.now) + warmUp;
  const warming = incoming.filter((member) => !isReady(member));
  const terminating = group.members.filter(
    (member) => member.lifecycleState === 'Terminating' && isOutgoing(member),
  );
  const isHealthy = (member: MemberRecord) => member.healthy && member.lifecycleState === 'InService';
  const outgoingHealthy = outgoing.filter(isHealthy);

  const batch = nextBatch(
    {
      desired: group.desiredCapacity,
      outgoingHealthy: outgoingHealthy.length,
      outgoingUnhealthy: outgoing.length - outgoingHealthy.length,
      ready: incoming.length - warming.length,
      warming: warming.length,
      terminating: terminating.length,
    },
    { min: refresh.preferences.MinHealthyPercentage, max: refresh.preferences.MaxHealthyPercentage },
  );
  const unhealthyFirst = [...outgoing.filter((member) => !isHealthy(member)), ...outgoingHealthy];
  for (const member of unhealthyFirst.slice(0, batch.terminate)) {
    terminateMember(region, group, member, 'in response to an instance refresh');
  }
  for (let count = 0; count < batch.launch; count++) {
    const cause = `At ${seconds(region.now)} an instance was launched in response to an instance refresh.`;
    if (!launchMember(region, group, cause)) break;
  }
  report(region, group, refresh, { warming, ready: incoming.length - warming.length });
}

/** Counts the progress in steps of instances, says what is waited for, and ends or gives up the refresh. */
function report(
  region: Region,
  group: GroupRecord,
  refresh: RefreshRecord,
  fleet: { warming: readonly MemberRecord[]; ready: number },
): void {
  const left = group.members.filter((member) => refresh.outgoing.includes(member.instanceId));
  const terminating = left.filter((member) => member.lifecycleState === 'Terminating');
  const gone = refresh.total - left.length;
  const launched = Math.max(
    0,
    Math.min(fleet.ready + fleet.warming.length, refresh.total) - gone - terminating.length,
  );
  showProgress(refresh, { gone, terminating: terminating.length, launched });
  const reason = waitingFor(region, group, refresh, { warming: fleet.warming, terminating, left });
  if (reason === undefined) delete refresh.reason;
  else refresh.reason = reason;

  const reached = gone + terminating.length + fleet.ready;
  if (reached > refresh.furthest) {
    refresh.furthest = reached;
    refresh.lastProgressAt = region.now;
  }
  if (left.length === 0 && fleet.warming.length === 0 && fleet.ready >= group.desiredCapacity)
    complete(region, group, refresh);
  else if (region.now - refresh.lastProgressAt >= STALL_MS) giveUp(region, group, refresh);
}

/**
 * Forward, one instance counts a quarter when its replacement was launched, a half when it is being terminated, and
 * whole when it is gone (seen natively: 0, 25, 50, 100). A rollback counts from where it began down to 0.
 */
function showProgress(
  refresh: RefreshRecord,
  count: { gone: number; terminating: number; launched: number },
): void {
  if (refresh.total === 0) return;
  if (refresh.rollback) {
    const done = (count.gone + count.terminating + count.launched / 2) / refresh.total;
    refresh.percentage = Math.floor(refresh.rollback.percentage * (1 - done));
    const restored = count.gone + count.terminating + count.launched;
    refresh.toUpdate = Math.min(refresh.rollback.forwardTotal, refresh.rollback.toUpdate + restored);
  } else {
    const done = (count.gone + count.terminating / 2 + count.launched / 4) / refresh.total;
    refresh.percentage = Math.floor(100 * done);
    refresh.toUpdate = refresh.total - count.gone;
  }
}

function waitingFor(
  region: Region,
  group: GroupRecord,
  refresh: RefreshRecord,
  fleet: {
    warming: readonly MemberRecord[];
    terminating: readonly MemberRecord[];
    left: readonly MemberRecord[];
  },
): string | undefined {
  if (refresh.status === 'RollbackInProgress')
    return 'Waiting for a health check interval to pass before continuing.';
  if (group.suspendedProcesses.some((process) => process.name === 'Launch') && fleet.warming.length === 0) {
    return 'Waiting for the Launch process to be resumed.';
  }
  const [warming] = fleet.warming;
  if (warming)
    return `Waiting for instances to warm up before continuing. For example: ${warming.instanceId} is warming up.`;
  const [terminating] = fleet.terminating;
  if (terminating && fleet.left.length === fleet.terminating.length) {
    return `Waiting for terminating instances before continuing. For example: ${terminating.instanceId} is terminating.`;
  }
  const [left] = fleet.left;
  if (!left || region.now - (refresh.startedAt ?? 0) < 10_000) return undefined;
  return `Waiting for remaining instances to be available. For example: ${left.instanceId} has insufficient data to evaluate its health with Amazon EC2.`;
}

function giveUp(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  const reason = 'The instance refresh made no progress for an hour.';
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
  refresh.percentage = 100;
  refresh.toUpdate = 0;
  const bakeTime = refresh.preferences.BakeTime ?? 0;
  if (refresh.total > 0 && bakeTime > 0) {
    refresh.status = 'Baking';
    refresh.bakeUntil = region.now + bakeTime * 1000;
    bake(region, group, refresh);
  } else {
    succeed(region, group, refresh);
  }
}

function bake(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  const left = Math.ceil(((refresh.bakeUntil ?? 0) - region.now) / 1000);
  if (left <= 0) succeed(region, group, refresh);
  else refresh.reason = `Waiting for bake time to finish before continuing. There are ${left} seconds left.`;
}

/** Only now does the group itself get the desired configuration. */
function succeed(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  if (refresh.desired?.LaunchTemplate) group.launchTemplate = refresh.desired.LaunchTemplate;
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
    startedAt: region.now,
    percentage: refresh.percentage ?? 0,
    toUpdate: refresh.toUpdate ?? 0,
    forwardTotal: refresh.total,
  };
  refresh.status = 'RollbackInProgress';
  refresh.reason = reason;
  refresh.outgoing = group.members
    .filter((member) => member.refreshId === refresh.id && member.lifecycleState !== 'Terminating')
    .map((member) => member.instanceId);
  refresh.total = refresh.outgoing.length;
  refresh.furthest = 0;
  refresh.lastProgressAt = region.now;
}

export function beginCancel(refresh: RefreshRecord, waitForTransitioning: boolean): void {
  refresh.status = 'Cancelling';
  refresh.waitForTransitioning = waitForTransitioning;
  refresh.reason = waitForTransitioning
    ? 'Cancelling due to user request.'
    : 'Cancelled without waiting for ongoing instance launches and terminations due to user request.';
}

function finishCancel(region: Region, group: GroupRecord, refresh: RefreshRecord): void {
  const moving = group.members.some(
    (member) => member.lifecycleState === 'Pending' || member.lifecycleState === 'Terminating',
  );
  if (refresh.waitForTransitioning && moving) return;
  end(
    region,
    refresh,
    'Cancelled',
    refresh.waitForTransitioning ? 'Cancelled due to user request.' : refresh.reason,
  );
}
