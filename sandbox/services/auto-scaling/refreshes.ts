import type {
  CancelInstanceRefreshAnswer,
  CancelInstanceRefreshType,
  DescribeInstanceRefreshesAnswer,
  DescribeInstanceRefreshesType,
  DesiredConfiguration,
  InstanceRefresh,
  RefreshPreferences,
  RollbackInstanceRefreshAnswer,
  RollbackInstanceRefreshType,
  StartInstanceRefreshAnswer,
  StartInstanceRefreshType,
} from '@aws-sdk/client-auto-scaling';
import { activeRefresh } from '../../engine/active-refresh.ts';
import { beginCancel, beginRollback, startRefresh } from '../../engine/refresh.ts';
import type { GroupRecord, RefreshRecord } from '../../engine/state.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { autoScalingPage, checkedSpecification, findGroup } from './groups.ts';

export const refreshHandlers: Handlers = {
  StartInstanceRefresh,
  DescribeInstanceRefreshes,
  CancelInstanceRefresh,
  RollbackInstanceRefresh,
};

/** Refreshes are described for six weeks. */
const REMEMBERED_MS = 42 * 24 * 3600 * 1000;

function StartInstanceRefresh(input: StartInstanceRefreshType, region: Region): StartInstanceRefreshAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  if (input.Strategy !== undefined && input.Strategy !== 'Rolling') {
    throw validationError(`The sandbox does not simulate the strategy ${input.Strategy} yet.`);
  }
  const desired = checkedDesired(region, input.DesiredConfiguration);
  const preferences = checkedPreferences(group, input.Preferences ?? {}, desired);
  if (activeRefresh(region, group.name)) {
    throw new ServiceError(
      'InstanceRefreshInProgress',
      'An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.',
    );
  }
  refuseIrreversible(group, preferences, desired);
  const refresh: RefreshRecord = {
    id: region.world.newUuid(),
    group: group.name,
    status: 'Pending',
    preferences,
    requestedAt: region.now,
    outgoing: [],
    total: 0,
    furthest: 0,
    lastProgressAt: region.now,
    waitForTransitioning: false,
    ...(desired ? { desired } : {}),
  };
  startRefresh(region, refresh);
  return { InstanceRefreshId: refresh.id };
}

function checkedDesired(
  region: Region,
  desired: DesiredConfiguration | undefined,
): DesiredConfiguration | undefined {
  if (desired?.MixedInstancesPolicy)
    throw validationError('The sandbox does not simulate mixed instances policies yet: use LaunchTemplate.');
  return desired?.LaunchTemplate && { LaunchTemplate: checkedSpecification(region, desired.LaunchTemplate) };
}

/** Fills in the defaults that AWS echoes, and refuses what AWS refuses. */
function checkedPreferences(
  group: GroupRecord,
  given: RefreshPreferences,
  desired: DesiredConfiguration | undefined,
): RefreshRecord['preferences'] {
  const policy = group.instanceMaintenancePolicy;
  const min = given.MinHealthyPercentage ?? policy?.MinHealthyPercentage ?? 90;
  const max = given.MaxHealthyPercentage ?? policy?.MaxHealthyPercentage;
  requireRange('minHealthyPercentage', min, 0, 100);
  if (max !== undefined) requireRange('maxHealthyPercentage', max, 100, 200);
  if (given.MaxHealthyPercentage !== undefined && given.MinHealthyPercentage === undefined) {
    throw validationError('You must specify MinHealthyPercentage when you specify MaxHealthyPercentage.');
  }
  if (max !== undefined && max - min > 100) {
    throw validationError(
      'The difference between MaxHealthyPercentage and MinHealthyPercentage must be less than or equal to 100.',
    );
  }
  for (const member of [
    'CheckpointPercentages',
    'ScaleInProtectedInstances',
    'StandbyInstances',
    'AlarmSpecification',
  ] as const) {
    const value = given[member];
    const empty =
      value === undefined ||
      (typeof value === 'object' && Object.keys(value).length === 0) ||
      value === 'Ignore';
    if (!empty) throw validationError(`The sandbox does not simulate the preference ${member} yet.`);
  }
  if (given.AutoRollback && !desired) {
    throw validationError(
      'The request isn’t valid. The AutoRollback parameter cannot be set to true when the DesiredConfiguration parameter is empty. Set AutoRollback to false or specify a desired configuration and try again.',
    );
  }
  return {
    ...given,
    MinHealthyPercentage: min,
    ...(max === undefined ? {} : { MaxHealthyPercentage: max }),
    InstanceWarmup: given.InstanceWarmup ?? group.defaultInstanceWarmup ?? group.healthCheckGracePeriod,
    SkipMatching: given.SkipMatching ?? false,
    AutoRollback: given.AutoRollback ?? false,
    AlarmSpecification: {},
  };
}

function requireRange(member: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const bound = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  throw validationError(
    `1 validation error detected: Value '${value}' at 'preferences.${member}' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

/** A group on an alias has no fixed configuration to go back to. */
function refuseIrreversible(
  group: GroupRecord,
  preferences: RefreshPreferences,
  desired: DesiredConfiguration | undefined,
): void {
  if (
    preferences.AutoRollback &&
    (isAlias(group.launchTemplate.Version) || isAlias(desired?.LaunchTemplate?.Version))
  ) {
    throw validationError(
      'The AutoRollback parameter cannot be set to true when the launch template version is $Latest or $Default. Specify a version number and try again.',
    );
  }
}

const isAlias = (version: string | undefined) => version === undefined || version.startsWith('$');

function DescribeInstanceRefreshes(
  input: DescribeInstanceRefreshesType,
  region: Region,
): DescribeInstanceRefreshesAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  const ids = input.InstanceRefreshIds;
  const refreshes = [...region.state.refreshes.values()]
    .filter((refresh) => refresh.group === group.name && refresh.requestedAt > region.now - REMEMBERED_MS)
    .filter((refresh) => !ids?.length || ids.includes(refresh.id))
    .toReversed();
  const { items, next } = autoScalingPage(refreshes, input, 50);
  return { InstanceRefreshes: items.map(describe), ...next };
}

/** Members that have no value yet are absent, not zero: while Pending there is no start time and no percentage. */
function describe(refresh: RefreshRecord): InstanceRefresh {
  const { rollback } = refresh;
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: refresh.group,
    Status: refresh.status,
    Preferences: refresh.preferences,
    Strategy: 'Rolling',
    ...(refresh.desired ? { DesiredConfiguration: refresh.desired } : {}),
    ...(refresh.reason === undefined ? {} : { StatusReason: refresh.reason }),
    ...(refresh.startedAt === undefined ? {} : { StartTime: new Date(refresh.startedAt) }),
    ...(refresh.endedAt === undefined ? {} : { EndTime: new Date(refresh.endedAt) }),
    ...(refresh.percentage === undefined ? {} : { PercentageComplete: refresh.percentage }),
    ...(refresh.toUpdate === undefined ? {} : { InstancesToUpdate: refresh.toUpdate }),
    ...(rollback
      ? {
          RollbackDetails: {
            RollbackReason: rollback.reason,
            RollbackStartTime: new Date(rollback.startedAt),
            PercentageCompleteOnRollback: rollback.percentage,
            InstancesToUpdateOnRollback: rollback.toUpdate,
          },
        }
      : {}),
  };
}

function CancelInstanceRefresh(
  input: CancelInstanceRefreshType,
  region: Region,
): CancelInstanceRefreshAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  const refresh = activeRefresh(region, group.name);
  if (!refresh) {
    throw new ServiceError(
      'ActiveInstanceRefreshNotFound',
      `No in progress, baking, pending, or cancelling Instance Refresh found for Auto Scaling group ${group.name}.`,
    );
  }
  beginCancel(refresh, input.WaitForTransitioningInstances ?? true);
  return { InstanceRefreshId: refresh.id };
}

function RollbackInstanceRefresh(
  input: RollbackInstanceRefreshType,
  region: Region,
): RollbackInstanceRefreshAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  const refresh = activeRefresh(region, group.name);
  if (!refresh || (refresh.status !== 'InProgress' && refresh.status !== 'Baking')) {
    throw new ServiceError(
      'ActiveInstanceRefreshNotFound',
      `No in progress or baking Instance Refresh found for Auto Scaling group ${group.name}.`,
    );
  }
  if (!refresh.desired || isAlias(group.launchTemplate.Version)) {
    throw new ServiceError(
      'IrreversibleInstanceRefresh',
      `The instance refresh ${refresh.id} of Auto Scaling group ${group.name} cannot be rolled back.`,
    );
  }
  beginRollback(region, group, refresh, 'Rollback triggered due to user request.');
  return { InstanceRefreshId: refresh.id };
}
