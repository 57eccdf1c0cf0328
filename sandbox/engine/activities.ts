import type { ActivityRecord, GroupRecord } from './state.ts';
import type { Region } from './world.ts';

/** What a group did and why, as DescribeScalingActivities tells it. */

export function addActivity(
  region: Region,
  group: GroupRecord,
  text: { description: string; cause: string; details: string },
): ActivityRecord {
  const activity: ActivityRecord = {
    id: region.world.newUuid(),
    group: group.name,
    groupArn: group.arn,
    startedAt: region.now,
    status: 'InProgress',
    progress: 0,
    ...text,
  };
  region.state.activities.push(activity);
  return activity;
}

export function endActivity(
  region: Region,
  activity: ActivityRecord,
  status: ActivityRecord['status'],
  statusMessage?: string,
): void {
  Object.assign(activity, {
    status,
    progress: 100,
    endedAt: region.now,
    ...(statusMessage === undefined ? {} : { statusMessage }),
  });
}

export function activityDetails(region: Region, subnetId: string): string {
  const subnet = region.state.subnets.get(subnetId);
  return JSON.stringify({
    'Availability Zone ID': subnet?.zoneId,
    'Subnet ID': subnetId,
    'Availability Zone': subnet?.zone,
  });
}

/** A time as scaling activities write it: whole seconds. */
export const seconds = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
