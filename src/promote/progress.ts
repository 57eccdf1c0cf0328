import type { InstanceRefresh } from '@aws-sdk/client-auto-scaling';
import { checkpointSeconds } from './estimate.ts';

/** What an instance refresh's status means for its watcher (guide "Check the status of an instance refresh"). */
const MEANINGS = {
  Pending: 'active',
  InProgress: 'active',
  Baking: 'active',
  Cancelling: 'active',
  RollbackInProgress: 'active',
  Successful: 'successful',
  Failed: 'failed',
  Cancelled: 'cancelled',
  // A rollback that succeeded is a deployment that failed.
  RollbackSuccessful: 'rolled-back',
  RollbackFailed: 'rollback-failed',
} as const;

export type RefreshMeaning = (typeof MEANINGS)[keyof typeof MEANINGS];

/** A status that is not known yet counts as active: the watcher goes on, and says so. */
export function meaningOf(status: string | undefined): RefreshMeaning {
  return Object.entries(MEANINGS).find(([name]) => name === status)?.[1] ?? 'active';
}

export const isKnown = (status: string | undefined) => status !== undefined && status in MEANINGS;

export const isActive = (status: string | undefined) => meaningOf(status) === 'active';

/** It is on its way back, or being cancelled. */
export const isTurning = (status: string) => status === 'RollbackInProgress' || status === 'Cancelling';

/** Statuses in which AWS takes a rollback; while Pending only a cancel. */
export const canRollBack = (status: string | undefined) => status === 'InProgress' || status === 'Baking';

/** One look at a refresh, reduced to what is worth a line in the log. */
export interface Sight {
  status: string;
  percentage: number | undefined;
  left: number | undefined;
  reason: string;
  rollbackReason?: string;
}

export function sightOf(refresh: InstanceRefresh): Sight {
  const rollbackReason = refresh.RollbackDetails?.RollbackReason;
  return {
    ...(rollbackReason === undefined ? {} : { rollbackReason }),
    status: refresh.Status ?? 'unknown',
    // Absent while Pending: that is not 0 %.
    percentage: refresh.PercentageComplete,
    left: refresh.InstancesToUpdate,
    reason: refresh.StatusReason ?? '',
  };
}

/** Whether a second look at a refresh tells anything that the first one did not. */
export function isNews(before: Sight | undefined, now: Sight): boolean {
  return (
    before?.status !== now.status ||
    before.percentage !== now.percentage ||
    before.left !== now.left ||
    kindOf(before.reason) !== kindOf(now.reason)
  );
}

/** Reasons name instances and count seconds down: what differs only in them is the same reason. */
const kindOf = (reason: string) => reason.replace(/i-[0-9a-f]+|\d+/g, '#');

/** A look in one line: how far it is, and what it waits for. `total`: how many instances there were to replace. */
export function describeSight({ status, percentage, left, reason }: Sight, total: number): string {
  const parts = [status];
  if (left !== undefined && total > 0)
    parts.push(`${total - left} of ${total} ${total === 1 ? 'instance' : 'instances'} replaced`);
  if (percentage !== undefined) parts.push(`${percentage} %`);
  return `${parts.join(', ')}${reason === '' ? '' : `. ${reason}`}`;
}

/** A wait whose end is known: at a checkpoint, or for the bake time. */
export interface KnownWait {
  what: string;
  /** Milliseconds since 1970. */
  until: number;
}

/**
 * The wait that began with this look, if one did. AWS says in the reason how many seconds are left; without that, the
 * wait counts from now.
 */
export function waitBegun(
  before: Sight | undefined,
  refresh: InstanceRefresh,
  now: number,
): KnownWait | undefined {
  const { status, percentage = 0, reason } = sightOf(refresh);
  const { CheckpointPercentages: checkpoints = [], CheckpointDelay, BakeTime } = refresh.Preferences ?? {};
  const secondsLeft = Number(/(\d+) seconds? left/.exec(reason)?.[1] ?? Number.NaN);
  const until = (seconds: number) => now + (Number.isNaN(secondsLeft) ? seconds : secondsLeft) * 1000;
  if (status === 'Baking' && before?.status !== 'Baking')
    return { what: 'for the bake time', until: until(BakeTime ?? 0) };
  // At the last checkpoint nothing is waited for: it is the end.
  const reached = checkpoints.slice(0, -1).findLast((checkpoint) => checkpoint <= percentage);
  const isNew = reached !== undefined && (before?.percentage ?? 0) < reached;
  if (status !== 'InProgress' || !isNew) return undefined;
  return { what: `at the checkpoint of ${reached} %`, until: until(CheckpointDelay ?? 3600) };
}

/**
 * The time that a refresh will probably take from now, in seconds: at its pace so far, with the waits that are still
 * to come; `undefined` as long as there is no pace.
 */
export function expectedRest(refresh: InstanceRefresh, now: number): number | undefined {
  const { PercentageComplete: done = 0, StartTime, Preferences = {}, Status } = refresh;
  if (Status !== 'InProgress' || StartTime === undefined || done < 10 || done >= 100) return undefined;
  const { CheckpointPercentages: checkpoints = [], CheckpointDelay: delay = 3600 } = Preferences;
  const passed = checkpoints.filter((checkpoint) => checkpoint < done).length;
  const waited = Math.min(passed * delay, checkpointSeconds(Preferences));
  const working = Math.max(0, (now - StartTime.getTime()) / 1000 - waited);
  const goal = checkpoints.at(-1) ?? 100;
  const ahead = (working / done) * Math.max(0, goal - done);
  return ahead + checkpointSeconds(Preferences) - waited + (Preferences.BakeTime ?? 0);
}
