import type { AutoScalingGroup, RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { PromoteInputs } from '../inputs/schema.ts';

/** What the user wants of a refresh: inputs win over the preferences file. What neither gives is absent. */
export function wantedPreferences(
  inputs: PromoteInputs,
  file: Readonly<RefreshPreferences> = {},
): RefreshPreferences {
  const given: RefreshPreferences = {
    MinHealthyPercentage: inputs.minHealthyPercentage,
    MaxHealthyPercentage: inputs.maxHealthyPercentage,
    InstanceWarmup: inputs.instanceWarmup,
    CheckpointPercentages: inputs.checkpointPercentages,
    CheckpointDelay: inputs.checkpointDelay,
    BakeTime: inputs.bakeTime,
    SkipMatching: inputs.skipMatching,
    AutoRollback: inputs.autoRollback,
    StandbyInstances: inputs.standbyInstances,
    ScaleInProtectedInstances: inputs.scaleInProtectedInstances,
    AlarmSpecification: inputs.alarms && { Alarms: inputs.alarms },
  };
  const wanted = { ...file, ...present(given) };
  // AWS does not start a refresh while an alarm is red, whatever the refresh is for: in an incident none is named.
  if (inputs.incident) delete wanted.AlarmSpecification;
  return wanted;
}

const present = (preferences: RefreshPreferences): RefreshPreferences =>
  Object.fromEntries(Object.entries(preferences).filter(([, value]) => value !== undefined));

/** What AWS would refuse in these preferences, one sentence each. Ranges of single values were checked before. */
export function preferenceProblems(wanted: Readonly<RefreshPreferences>): string[] {
  const {
    MinHealthyPercentage: min,
    MaxHealthyPercentage: max,
    CheckpointPercentages: checkpoints = [],
  } = wanted;
  const problems: string[] = [];
  if (max !== undefined && min === undefined)
    problems.push('"max-healthy-percentage" needs "min-healthy-percentage" beside it.');
  if (min !== undefined && max !== undefined && max - min > 100)
    problems.push(
      `"max-healthy-percentage" (${max}) and "min-healthy-percentage" (${min}) may differ by 100 at most.`,
    );
  if (checkpoints.some((percentage, index) => index > 0 && percentage <= (checkpoints[index - 1] ?? 0)))
    problems.push(
      `"checkpoint-percentages" (${checkpoints.join(', ')}) must ascend, without the same percentage twice.`,
    );
  if (wanted.CheckpointDelay !== undefined && checkpoints.length === 0)
    problems.push('"checkpoint-delay" needs "checkpoint-percentages" beside it.');
  return problems;
}

/**
 * The preferences for a refresh of this group: what is wanted, and where that says nothing, what is safer than AWS's
 * own default. Everything else is left to AWS.
 *
 * Healthy percentages: a group with an instance maintenance policy keeps it. Otherwise new instances are launched
 * before old ones are terminated, with less extra capacity the larger the group is.
 */
export function preferencesFor(
  wanted: Readonly<RefreshPreferences>,
  group: AutoScalingGroup,
  targetGroups: readonly TargetGroup[],
): RefreshPreferences {
  return {
    ...healthyPercentages(wanted, group),
    InstanceWarmup: warmup(group, targetGroups),
    SkipMatching: true,
    AutoRollback: true,
    StandbyInstances: 'Ignore',
    ...wanted,
  };
}

function healthyPercentages(
  wanted: Readonly<RefreshPreferences>,
  group: AutoScalingGroup,
): RefreshPreferences {
  if (wanted.MinHealthyPercentage !== undefined) return {};
  if (group.InstanceMaintenancePolicy?.MinHealthyPercentage !== undefined) return {};
  const size = group.DesiredCapacity ?? 0;
  return { MinHealthyPercentage: 100, MaxHealthyPercentage: size <= 1 ? 200 : size < 10 ? 150 : 110 };
}

/**
 * At least the time that the load balancer needs to find a new instance healthy or unhealthy: with a shorter warm-up
 * a refresh goes on before the first health check has spoken. Seconds.
 */
function warmup(group: AutoScalingGroup, targetGroups: readonly TargetGroup[]): number {
  return Math.max(
    group.DefaultInstanceWarmup ?? group.HealthCheckGracePeriod ?? 0,
    healthCheckSeconds(targetGroups),
  );
}

export function healthCheckSeconds(targetGroups: readonly TargetGroup[]): number {
  const times = targetGroups.map(
    (group) =>
      (group.HealthCheckIntervalSeconds ?? 30) *
      Math.max(group.HealthyThresholdCount ?? 5, group.UnhealthyThresholdCount ?? 2),
  );
  return Math.max(0, ...times);
}

/** The preferences in words for the log and the plan. */
export function describePreferences(preferences: RefreshPreferences): string {
  const {
    MinHealthyPercentage: min,
    MaxHealthyPercentage: max,
    CheckpointPercentages: checkpoints,
  } = preferences;
  const alarms = preferences.AlarmSpecification?.Alarms ?? [];
  const parts = [
    min === undefined
      ? "healthy percentages of the group's maintenance policy"
      : `${min} % healthy${max === undefined ? '' : `, ${max} % at most`}`,
    `${preferences.InstanceWarmup} s warm-up`,
    ...(checkpoints?.length
      ? [`checkpoints at ${checkpoints.join(', ')} % of ${preferences.CheckpointDelay ?? 3600} s`]
      : []),
    ...(preferences.BakeTime ? [`${preferences.BakeTime} s bake time`] : []),
    ...(alarms.length > 0 ? [`watched by ${alarms.join(', ')}`] : []),
    preferences.AutoRollback ? 'rollback by AWS' : 'no rollback by AWS',
  ];
  return parts.join(', ');
}
