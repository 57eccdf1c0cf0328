import type { InstanceRefreshProgressDetails } from '@aws-sdk/client-auto-scaling';
import type { RefreshRecord } from '../records/auto-scaling.ts';
import type { Region } from '../world.ts';
import { goalOf, type SortedFleet } from './fleet.ts';

/**
 * Forward, one instance counts a quarter when its replacement was launched, a half when it is being terminated, and
 * whole when it is gone (seen natively: 0, 25, 50, 100). A rollback counts from where it began down to 0.
 */
export function showProgress(refresh: RefreshRecord, fleet: SortedFleet): void {
  if (refresh.total + refresh.warmOutgoing.length === 0) return;
  const terminating = fleet.terminating.length;
  const replaced = fleet.gone + fleet.drained;
  const launched = Math.max(
    0,
    Math.min(fleet.ready.length + fleet.warming.length, goalOf(refresh)) - fleet.gone - terminating,
  );
  if (refresh.rollback) {
    const done = refresh.total === 0 ? 1 : (fleet.gone + terminating + launched / 2) / refresh.total;
    refresh.percentage = Math.floor(refresh.rollback.percentage * (1 - done));
    const restored = fleet.gone + terminating + launched;
    refresh.toUpdate = Math.min(refresh.rollback.forwardTotal, refresh.rollback.toUpdate + restored);
  } else {
    const done = replaced + (terminating - fleet.drained) / 2 + launched / 4 + fleet.warmGone;
    const total = refresh.total + refresh.warmOutgoing.length;
    refresh.percentage = Math.floor((100 * done) / total);
    refresh.toUpdate = total - replaced - fleet.warmGone;
    // Without a warm pool there are no details (seen natively).
    if (refresh.warmOutgoing.length > 0)
      refresh.details = detailsOf(refresh, done - fleet.warmGone, replaced, fleet);
  }
}

function detailsOf(
  { total, warmOutgoing }: RefreshRecord,
  done: number,
  replaced: number,
  { warmGone }: SortedFleet,
): InstanceRefreshProgressDetails {
  const share = (part: number, whole: number) => (whole === 0 ? 100 : Math.floor((100 * part) / whole));
  return {
    LivePoolProgress: { PercentageComplete: share(done, total), InstancesToUpdate: total - replaced },
    WarmPoolProgress: {
      PercentageComplete: share(warmGone, warmOutgoing.length),
      InstancesToUpdate: warmOutgoing.length - warmGone,
    },
  };
}

/** Natively, the first reason appears only some seconds after the start. */
const FIRST_REASON_MS = 10_000;

/** What the refresh waits for, as StatusReason says it. Only the texts of the first cases below are AWS's own. */
export function waitingFor(region: Region, refresh: RefreshRecord, fleet: SortedFleet): string | undefined {
  if (fleet.pause !== undefined) return fleet.pause;
  const warmUp = refresh.preferences.InstanceWarmup * 1000;
  if (refresh.status === 'RollbackInProgress')
    return 'Waiting for a health check interval to pass before continuing.';
  const warming = fleet.warming.find(({ inServiceAt = region.now }) => region.now <= inServiceAt + warmUp);
  if (warming && warmUp > 0)
    return `Waiting for instances to warm up before continuing. For example: ${warming.instanceId} is warming up.`;
  const [terminating] = fleet.terminating;
  if (terminating && fleet.gone + fleet.drained >= goalOf(refresh)) {
    return `Waiting for terminating instances before continuing. For example: ${terminating.instanceId} is terminating.`;
  }
  if (refresh.checkpointUntil !== undefined)
    return `Waiting for the checkpoint delay to pass before continuing. There are ${secondsUntil(region, refresh.checkpointUntil)} seconds left.`;
  const [blocked] = fleet.blocked;
  const [next] = [...fleet.outgoing, ...fleet.terminating];
  if (blocked && !next)
    return remaining(blockedReason(blocked.instanceId, blocked.lifecycleState === 'Standby'));
  if (!next || region.now - (refresh.startedAt ?? 0) < FIRST_REASON_MS) return undefined;
  return remaining(`${next.instanceId} has insufficient data to evaluate its health with Amazon EC2.`);
}

const remaining = (example: string) =>
  `Waiting for remaining instances to be available. For example: ${example}`;

const blockedReason = (id: string, standby: boolean) =>
  standby
    ? `${id} is in Standby. Return the instance to service to continue.`
    : `${id} is protected. Remove instance scale-in protection to continue.`;

export const secondsUntil = (region: Region, time: number) =>
  Math.max(0, Math.ceil((time - region.now) / 1000));
