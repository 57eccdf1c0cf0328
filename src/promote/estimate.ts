import type { AutoScalingGroup, RefreshPreferences } from '@aws-sdk/client-auto-scaling';

/** From a launch to an instance in service, besides the warm-up. A guess: it depends on the image. Seconds. */
const LAUNCH_SECONDS = 60;

interface Fleet {
  instances: number;
  /** The group's instance maintenance policy, which counts where the refresh says nothing. Percentages. */
  policy?: { min?: number; max?: number };
  launchSeconds?: number;
}

/**
 * How long AWS will need at least for a refresh, in seconds: batches as large as the healthy percentages allow, one
 * launch and one warm-up each, and the waits at checkpoints and for the bake time. An estimate: AWS decides the
 * batches, and draining comes on top.
 */
export function estimatedSeconds(
  preferences: Readonly<RefreshPreferences>,
  { instances, policy, launchSeconds = LAUNCH_SECONDS }: Fleet,
): number {
  if (instances === 0) return 0;
  const min = preferences.MinHealthyPercentage ?? policy?.min ?? 90;
  const max = preferences.MaxHealthyPercentage ?? policy?.max;
  const extra = max === undefined ? 0 : Math.floor((instances * (max - 100)) / 100);
  const missing = instances - Math.ceil((instances * min) / 100);
  // At least one instance moves at a time, whatever the percentages say.
  const batches = Math.ceil(goalOf(preferences, instances) / Math.max(1, extra + missing));
  return (
    batches * (launchSeconds + (preferences.InstanceWarmup ?? 0)) +
    checkpointSeconds(preferences) +
    (preferences.BakeTime ?? 0)
  );
}

/** Whether a refresh can be over in the time that it has: a problem when its waits alone take longer, else a warning. */
export function timeReport(
  group: AutoScalingGroup,
  preferences: Readonly<RefreshPreferences>,
  minutes: number,
): { problems: string[]; warnings: string[] } {
  const { MinHealthyPercentage: min, MaxHealthyPercentage: max } = group.InstanceMaintenancePolicy ?? {};
  const policy = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  const fleet = { instances: group.Instances?.length ?? 0, policy };
  const least = Math.ceil(estimatedSeconds(preferences, { ...fleet, launchSeconds: 0 }) / 60);
  const likely = Math.ceil(estimatedSeconds(preferences, fleet) / 60);
  const name = group.AutoScalingGroupName;
  if (least > minutes)
    return {
      problems: [
        `The refresh of "${name}" takes ${least} minutes for its warm-ups, checkpoints and bake time alone, but "timeout-minutes" is ${minutes}. Give it more time, or replace more instances at once (max-healthy-percentage).`,
      ],
      warnings: [],
    };
  if (likely <= minutes) return { problems: [], warnings: [] };
  return {
    problems: [],
    warnings: [
      `The refresh of "${name}" will probably take ${likely} minutes or more, but "timeout-minutes" is ${minutes}.`,
    ],
  };
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
