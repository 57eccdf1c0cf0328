import type { InstanceRefresh } from '@aws-sdk/client-auto-scaling';
import type { Region } from '../engine/world.ts';
import { ask } from './ask.ts';

/** What happens to the groups: instance refreshes and scaling activities. */

export interface RefreshView {
  group: string;
  id: string;
  status: string;
  isActive: boolean;
  reason?: string;
  percentage?: number;
  toUpdate?: number;
  startedAt: number;
  endedAt?: number;
  /** Such as `healthy 100–110 %, warm-up 60 s, bake 300 s`. */
  preferences: string;
  /** Percentages at which it waits. */
  checkpoints: number[];
}

const REFRESHES_PER_GROUP = 5;
const RECENT_ACTIVITIES = 15;

const ENDED = new Set(['Successful', 'Failed', 'Cancelled', 'RollbackSuccessful', 'RollbackFailed']);

/** The group's newest refreshes, newest first. */
export function refreshesOf(region: Region, group: string): RefreshView[] {
  const answer = ask(region, 'DescribeInstanceRefreshes', {
    AutoScalingGroupName: group,
    MaxRecords: REFRESHES_PER_GROUP,
  });
  return (answer?.InstanceRefreshes ?? []).map((refresh) => refreshView(group, refresh));
}

function refreshView(group: string, refresh: InstanceRefresh): RefreshView {
  const status = refresh.Status ?? '';
  return {
    group,
    id: refresh.InstanceRefreshId ?? '',
    status,
    isActive: !ENDED.has(status),
    // A pending one has no start yet: it is the newest.
    startedAt: refresh.StartTime?.getTime() ?? Number.MAX_SAFE_INTEGER,
    preferences: preferencesOf(refresh),
    checkpoints: refresh.Preferences?.CheckpointPercentages ?? [],
    ...(refresh.StatusReason === undefined ? {} : { reason: refresh.StatusReason }),
    ...(refresh.PercentageComplete === undefined ? {} : { percentage: refresh.PercentageComplete }),
    ...(refresh.InstancesToUpdate === undefined ? {} : { toUpdate: refresh.InstancesToUpdate }),
    ...(refresh.EndTime === undefined ? {} : { endedAt: refresh.EndTime.getTime() }),
  };
}

function preferencesOf({ Preferences = {} }: InstanceRefresh): string {
  const { MinHealthyPercentage: min, MaxHealthyPercentage: max, InstanceWarmup, BakeTime } = Preferences;
  return [
    min === undefined ? '' : max === undefined ? `healthy at least ${min} %` : `healthy ${min}–${max} %`,
    InstanceWarmup ? `warm-up ${InstanceWarmup} s` : '',
    BakeTime ? `bake ${BakeTime} s` : '',
    Preferences.AutoRollback ? 'automatic rollback' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** The Region's newest scaling activities, newest first. */
export function activitiesOf(region: Region) {
  const answer = ask(region, 'DescribeScalingActivities', { MaxRecords: RECENT_ACTIVITIES });
  return (answer?.Activities ?? []).map((activity) => ({
    id: activity.ActivityId ?? '',
    group: activity.AutoScalingGroupName ?? '',
    at: activity.StartTime?.getTime() ?? 0,
    status: activity.StatusCode ?? '',
    description: activity.Description ?? '',
    cause: activity.StatusMessage ?? activity.Cause ?? '',
  }));
}
