import type { InstanceRefresh } from '@aws-sdk/client-auto-scaling';

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

/** How a refresh ended, or that it has not. */
export type RefreshOutcome = Exclude<RefreshMeaning, 'active'>;

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

/** The line to print when something changed since the last sight; `undefined` when nothing did. */
export function lineFor(before: Sight | undefined, now: Sight): string | undefined {
  const same =
    before &&
    before.status === now.status &&
    before.percentage === now.percentage &&
    kindOf(before.reason) === kindOf(now.reason);
  if (same) return undefined;
  const progress = now.percentage === undefined ? '' : `, ${now.percentage} %`;
  const left =
    now.left === undefined ? '' : `, ${now.left} ${now.left === 1 ? 'instance' : 'instances'} to go`;
  return `${now.status}${progress}${left}${now.reason === '' ? '' : `. ${now.reason}`}`;
}

/** Reasons name instances and count seconds down: what differs only in them is the same reason. */
const kindOf = (reason: string) => reason.replace(/i-[0-9a-f]+|\d+/g, '#');

/** Seconds until the next look: often at first, then at the pace of a rollout. */
export function pauseSeconds(elapsedMs: number): number {
  if (elapsedMs < 60_000) return 5;
  return elapsedMs < 30 * 60_000 ? 15 : 30;
}
