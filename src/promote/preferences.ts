import type { AutoScalingGroup, RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { PromoteInputs } from '../inputs/schema.ts';

/**
 * The preferences for a refresh of this group. Inputs win; what is neither an input nor named below is left to AWS.
 *
 * Healthy percentages: a group with an instance maintenance policy keeps it. Otherwise new instances are launched
 * before old ones are terminated, with less extra capacity the larger the group is.
 */
export function preferencesFor(
  inputs: PromoteInputs,
  group: AutoScalingGroup,
  targetGroups: readonly TargetGroup[],
): RefreshPreferences {
  return {
    ...healthyPercentages(inputs, group),
    InstanceWarmup: inputs.instanceWarmup ?? warmup(group, targetGroups),
    SkipMatching: true,
    AutoRollback: true,
    StandbyInstances: 'Ignore',
    ...(inputs.bakeTime === undefined ? {} : { BakeTime: inputs.bakeTime }),
  };
}

function healthyPercentages(inputs: PromoteInputs, group: AutoScalingGroup): RefreshPreferences {
  const { minHealthyPercentage: min, maxHealthyPercentage: max } = inputs;
  if (min !== undefined)
    return { MinHealthyPercentage: min, ...(max === undefined ? {} : { MaxHealthyPercentage: max }) };
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
    InstanceWarmup: warmup,
    BakeTime: bake,
  } = preferences;
  const percentages =
    min === undefined
      ? "healthy percentages of the group's maintenance policy"
      : `${min} % healthy${max === undefined ? '' : `, ${max} % at most`}`;
  return `${percentages}, ${warmup} s warm-up${bake === undefined ? '' : `, ${bake} s bake time`}, rollback by AWS`;
}
