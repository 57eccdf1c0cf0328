import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';

/** From a launch to an instance in service, besides the warm-up. A guess: it depends on the image. Seconds. */
const LAUNCH_SECONDS = 60;

/**
 * How long AWS will need at least for a refresh, in seconds: batches as large as the healthy percentages allow, one
 * launch and one warm-up each, and the waits at checkpoints and for the bake time. An estimate: AWS decides the
 * batches, and draining comes on top.
 */
export function estimatedSeconds(
  preferences: Readonly<RefreshPreferences>,
  { instances, policy }: { instances: number; policy?: { min?: number; max?: number } },
): number {
  if (instances === 0) return 0;
  const min = preferences.MinHealthyPercentage ?? policy?.min ?? 90;
  const max = preferences.MaxHealthyPercentage ?? policy?.max;
  const extra = max === undefined ? 0 : Math.floor((instances * (max - 100)) / 100);
  const missing = instances - Math.ceil((instances * min) / 100);
  // At least one instance moves at a time, whatever the percentages say.
  const batches = Math.ceil(goalOf(preferences, instances) / Math.max(1, extra + missing));
  return (
    batches * (LAUNCH_SECONDS + (preferences.InstanceWarmup ?? 0)) +
    checkpointSeconds(preferences) +
    (preferences.BakeTime ?? 0)
  );
}

/** A last checkpoint below 100 % is where the refresh ends. */
const goalOf = ({ CheckpointPercentages: percentages = [] }: RefreshPreferences, instances: number) =>
  Math.ceil((instances * (percentages.at(-1) ?? 100)) / 100);

/** The wait at every checkpoint but the last one, which is the end. */
export function checkpointSeconds({
  CheckpointPercentages: percentages = [],
  CheckpointDelay: delay = 3600,
}: RefreshPreferences): number {
  return Math.max(0, percentages.length - 1) * delay;
}

/** The refresh ends below 100 %: old instances are meant to stay. */
export const isPartial = ({ CheckpointPercentages: percentages = [] }: Readonly<RefreshPreferences>) =>
  (percentages.at(-1) ?? 100) < 100;
