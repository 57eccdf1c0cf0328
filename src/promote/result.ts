import type { Stage } from './timeline.ts';

/** How the promotion ended in one group. */
export type GroupStatus =
  | 'promoted'
  | 'already-there'
  | 'not-verified'
  /** As far as the last checkpoint, which was below 100 %. */
  | 'partial'
  | 'planned'
  | 'rolled-back'
  | 'failed'
  | 'cancelled'
  | 'unknown';

/** … and in all of them together: `partial` also when some have the image and others do not. */
export type PromotionStatus = GroupStatus;

export interface GroupResult {
  group: string;
  status: GroupStatus;
  launchTemplateId: string;
  /** Absent when no version was made or found yet. */
  version?: string;
  previousVersion: string;
  previousImageId: string;
  refreshId?: string;
  /** Instances in service that were verified to run the image. */
  instances: number;
  /** What happened, in one or two sentences; empty when all went well. */
  reason: string;
  /** The image's own health was the cause: it is then marked as rejected in this environment. */
  imageAtFault: boolean;
  /** What the group went through. */
  stages: readonly Stage[];
}

const GOOD: readonly GroupStatus[] = ['promoted', 'already-there', 'not-verified', 'partial', 'planned'];

export const isGood = (result: GroupResult) => GOOD.includes(result.status);

/** Worst first: what the promotion is called when its groups differ and none has the image. */
const BY_WEIGHT: readonly GroupStatus[] = [
  'unknown',
  'failed',
  'cancelled',
  'rolled-back',
  'partial',
  'not-verified',
  'planned',
  'promoted',
  'already-there',
];

export function overallStatus(results: readonly GroupResult[]): PromotionStatus {
  // A group that was not begun because another one failed is as it was: what counts is what happened to the others.
  const begun = results.filter(({ status, refreshId }) => status !== 'cancelled' || refreshId !== undefined);
  const statuses = (begun.length === 0 ? results : begun).map((result) => result.status);
  const arrived = statuses.some(
    (status) =>
      status === 'promoted' ||
      status === 'already-there' ||
      status === 'not-verified' ||
      status === 'partial',
  );
  if (arrived && !results.every(isGood)) return 'partial';
  return BY_WEIGHT.find((status) => statuses.includes(status)) ?? 'already-there';
}

/** The `targets` output: one entry a group, with the names that the README has. */
export function targetsOutput(results: readonly GroupResult[]): object[] {
  return results.map((result) => ({
    group: result.group,
    status: result.status,
    'launch-template-id': result.launchTemplateId,
    'launch-template-version': result.version ?? '',
    'previous-launch-template-version': result.previousVersion,
    'previous-ami-id': result.previousImageId,
    'instance-refresh-id': result.refreshId ?? '',
    instances: result.instances,
    reason: result.reason,
  }));
}
