import type { DesiredConfiguration, RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import { hasParameterImage, hasRequirements, isOnAlias } from '../../engine/launch-source.ts';
import type { GroupRecord, RefreshRecord } from '../../engine/records/auto-scaling.ts';
import { alarmVerdict } from '../../engine/refresh/alarms.ts';
import type { Region } from '../../engine/world.ts';
import { type ServiceError, validationError } from '../../protocol/error.ts';

/** The longest checkpoint delay and bake time: two days, in seconds. */
const LONGEST_WAIT = 172_800;

const MOST_ALARMS = 10;

/** A checkpoint is waited at for an hour, unless a delay is given. */
const CHECKPOINT_DELAY = 3600;

/**
 * Refuses what AWS refuses and fills in the defaults that it echoes. `MaxHealthyPercentage`, the bake time, the
 * checkpoints and what happens to instances in Standby or protected from scale-in are echoed only when given.
 */
export function checkedPreferences(
  region: Region,
  group: GroupRecord,
  given: RefreshPreferences,
  desired: DesiredConfiguration | undefined,
): RefreshRecord['preferences'] {
  const policy = group.instanceMaintenancePolicy;
  const min = given.MinHealthyPercentage ?? policy?.MinHealthyPercentage ?? 90;
  const max = given.MaxHealthyPercentage ?? policy?.MaxHealthyPercentage;
  checkPercentages(given, min, max);
  requireRange('instanceWarmup', given.InstanceWarmup, 0, Number.POSITIVE_INFINITY);
  requireRange('checkpointDelay', given.CheckpointDelay, 0, LONGEST_WAIT);
  requireRange('bakeTime', given.BakeTime, 0, LONGEST_WAIT);
  checkCheckpoints(given.CheckpointPercentages);
  requireOneOf('scaleInProtectedInstances', given.ScaleInProtectedInstances, ['Refresh', 'Ignore', 'Wait']);
  requireOneOf('standbyInstances', given.StandbyInstances, ['Terminate', 'Ignore', 'Wait']);
  checkAlarms(region, given.AlarmSpecification?.Alarms);
  if (desired || given.SkipMatching) refuseRequirements(group);
  if (given.AutoRollback) refuseIrreversible(region, group, desired);
  return {
    ...given,
    MinHealthyPercentage: min,
    ...(max === undefined ? {} : { MaxHealthyPercentage: max }),
    InstanceWarmup: given.InstanceWarmup ?? group.defaultInstanceWarmup ?? group.healthCheckGracePeriod,
    SkipMatching: given.SkipMatching ?? false,
    AutoRollback: given.AutoRollback ?? false,
    AlarmSpecification: given.AlarmSpecification ?? {},
    ...(given.CheckpointPercentages?.length
      ? { CheckpointDelay: given.CheckpointDelay ?? CHECKPOINT_DELAY }
      : {}),
  };
}

function checkPercentages(given: RefreshPreferences, min: number, max: number | undefined): void {
  requireRange('minHealthyPercentage', min, 0, 100);
  requireRange('maxHealthyPercentage', max, 100, 200);
  if (given.MaxHealthyPercentage !== undefined && given.MinHealthyPercentage === undefined)
    throw validationError('You must specify MinHealthyPercentage when you specify MaxHealthyPercentage.');
  if (max !== undefined && max - min > 100) {
    throw validationError(
      'The difference between MaxHealthyPercentage and MinHealthyPercentage must be less than or equal to 100.',
    );
  }
}

function checkCheckpoints(percentages: readonly number[] = []): void {
  for (const percentage of percentages) requireRange('checkpointPercentages', percentage, 1, 100);
  if (percentages.some((percentage, index) => index > 0 && percentage <= (percentages[index - 1] ?? 0)))
    throw validationError('Checkpoint percentages must be sorted in ascending order with no duplicates.');
}

/** A refresh does not even start with an alarm that is not OK, whatever the request says. */
function checkAlarms(region: Region, names: readonly string[] = []): void {
  if (names.length > MOST_ALARMS)
    throw constraint(
      'preferences.alarmSpecification.alarms',
      names.join(', '),
      `have length less than or equal to ${MOST_ALARMS}`,
    );
  const verdict = alarmVerdict(region, names);
  if (verdict.kind === 'ok') return;
  throw validationError(
    verdict.kind === 'missing'
      ? `The CloudWatch alarm ${verdict.alarm} does not exist. Specify an existing alarm and try again.`
      : `The CloudWatch alarm ${verdict.alarm} is in the ${verdict.kind === 'alarm' ? 'ALARM' : 'INSUFFICIENT_DATA'} state. An instance refresh cannot start until it is in the OK state.`,
  );
}

/** Attribute-based instance type selection (guide "Instance refresh": limitations). */
function refuseRequirements(group: GroupRecord): void {
  if (!hasRequirements(group.source)) return;
  throw validationError(
    'A desired configuration and skip matching are not supported for an Auto Scaling group that uses attribute-based instance type selection.',
  );
}

/** What a rollback would go back to has to be fixed: no `$Latest` or `$Default`, no image from a parameter. */
function refuseIrreversible(
  region: Region,
  group: GroupRecord,
  desired: DesiredConfiguration | undefined,
): void {
  if (!desired) {
    throw validationError(
      'The request isn’t valid. The AutoRollback parameter cannot be set to true when the DesiredConfiguration parameter is empty. Set AutoRollback to false or specify a desired configuration and try again.',
    );
  }
  if (isOnAlias(group.source)) {
    throw validationError(
      'The AutoRollback parameter cannot be set to true when the launch template version of the Auto Scaling group is $Latest or $Default. Specify a version number and try again.',
    );
  }
  if (hasParameterImage(region, group.source)) {
    throw validationError(
      'The AutoRollback parameter cannot be set to true when the launch template of the Auto Scaling group takes its image from an AWS Systems Manager parameter.',
    );
  }
}

function requireRange(member: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (value >= least && value <= most)) return;
  const bound = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  throw constraint(`preferences.${member}`, String(value), `have value ${bound}`);
}

function requireOneOf(member: string, value: string | undefined, values: readonly string[]): void {
  if (value === undefined || values.includes(value)) return;
  throw constraint(`preferences.${member}`, value, `satisfy enum value set: [${values.join(', ')}]`);
}

const constraint = (path: string, value: string, rule: string): ServiceError =>
  validationError(
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must ${rule}`,
  );
