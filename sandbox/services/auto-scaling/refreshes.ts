import type {
  CancelInstanceRefreshAnswer,
  CancelInstanceRefreshType,
  DescribeInstanceRefreshesAnswer,
  DescribeInstanceRefreshesType,
  InstanceRefresh,
  RollbackInstanceRefreshAnswer,
  RollbackInstanceRefreshType,
  StartInstanceRefreshAnswer,
  StartInstanceRefreshType,
} from '@aws-sdk/client-auto-scaling';
import { hasParameterImage, isOnAlias } from '../../engine/launch-source.ts';
import type { RefreshRecord } from '../../engine/records/auto-scaling.ts';
import { activeRefresh } from '../../engine/refresh/active.ts';
import { beginCancel, beginRollback, startRefresh } from '../../engine/refresh/refresh.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { checkedDesired } from './launch-source.ts';
import { checkedPreferences } from './preferences.ts';
import { autoScalingPage, findGroup } from './requests.ts';

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
  const desired = checkedDesired(region, input.DesiredConfiguration);
  checkStrategy(input.Strategy, desired !== undefined);
  const preferences = checkedPreferences(region, group, input.Preferences ?? {}, desired);
  if (activeRefresh(region, group)) {
    throw new ServiceError(
      'InstanceRefreshInProgress',
      'An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.',
    );
  }
  const refresh: RefreshRecord = {
    id: region.world.newUuid(),
    group: group.name,
    groupArn: group.arn,
    status: 'Pending',
    preferences,
    requestedAt: region.now,
    outgoing: [],
    warmOutgoing: [],
    total: 0,
    furthest: 0,
    lastProgressAt: region.now,
    goneSeen: 0,
    checkpointsPassed: 0,
    waitForTransitioning: false,
    ...(desired ? { desired } : {}),
  };
  startRefresh(region, refresh);
  return { InstanceRefreshId: refresh.id };
}

function checkStrategy(strategy: string | undefined, hasDesired: boolean): void {
  if (strategy === undefined || strategy === 'Rolling') return;
  if (strategy === 'ReplaceRootVolume' && !hasDesired) {
    throw validationError(
      "The request isn't valid. The DesiredConfiguration parameter must be specified when using ReplaceRootVolume. Add the DesiredConfiguration parameter and try again.",
    );
  }
  if (strategy === 'ReplaceRootVolume')
    throw validationError('The sandbox does not simulate the strategy ReplaceRootVolume: use Rolling.');
  throw validationError(
    `1 validation error detected: Value '${strategy}' at 'strategy' failed to satisfy constraint: Member must satisfy enum value set: [Rolling, ReplaceRootVolume]`,
  );
}

function DescribeInstanceRefreshes(
  input: DescribeInstanceRefreshesType,
  region: Region,
): DescribeInstanceRefreshesAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  const ids = input.InstanceRefreshIds;
  const refreshes = [...region.state.refreshes.values()]
    .filter((refresh) => refresh.groupArn === group.arn && refresh.requestedAt > region.now - REMEMBERED_MS)
    .filter((refresh) => !ids?.length || ids.includes(refresh.id))
    .toReversed();
  const { items, next } = autoScalingPage(refreshes, input, 50);
  return { InstanceRefreshes: items.map((refresh) => describe(region, refresh)), ...next };
}

/** Members that have no value yet are absent, not zero: while Pending there is no start time and no percentage. */
function describe(region: Region, refresh: RefreshRecord): InstanceRefresh {
  const { rollback } = refresh;
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: refresh.group,
    Status: refresh.status,
    Preferences: refresh.preferences,
    Strategy: 'Rolling',
    ...(refresh.desired ? { DesiredConfiguration: refresh.desired } : {}),
    ...(refresh.reason === undefined ? {} : { StatusReason: refresh.reason }),
    ...(refresh.startedAt === undefined ? {} : { StartTime: wholeSeconds(refresh.startedAt) }),
    ...(refresh.endedAt === undefined ? {} : { EndTime: wholeSeconds(refresh.endedAt) }),
    ...(refresh.percentage === undefined ? {} : { PercentageComplete: refresh.percentage }),
    ...(refresh.toUpdate === undefined ? {} : { InstancesToUpdate: refresh.toUpdate }),
    ...(refresh.details ? { ProgressDetails: refresh.details } : {}),
    // They appear a few seconds after the status has changed (seen natively).
    ...(rollback && region.now >= rollback.startedAt
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

const wholeSeconds = (time: number) => new Date(Math.floor(time / 1000) * 1000);

function CancelInstanceRefresh(
  input: CancelInstanceRefreshType,
  region: Region,
): CancelInstanceRefreshAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  const refresh = activeRefresh(region, group);
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
  const refresh = activeRefresh(region, group);
  if (!refresh || (refresh.status !== 'InProgress' && refresh.status !== 'Baking')) {
    throw new ServiceError(
      'ActiveInstanceRefreshNotFound',
      `No in progress or baking Instance Refresh found for Auto Scaling group ${group.name}.`,
    );
  }
  if (!refresh.desired || isOnAlias(group.source) || hasParameterImage(region, group.source)) {
    throw new ServiceError(
      'IrreversibleInstanceRefresh',
      `The instance refresh ${refresh.id} of Auto Scaling group ${group.name} cannot be rolled back.`,
    );
  }
  beginRollback(region, group, refresh, 'Rollback triggered due to user request.');
  return { InstanceRefreshId: refresh.id };
}
