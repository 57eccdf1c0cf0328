import type { ActivityRecord, GroupRecord, MemberRecord } from './records/auto-scaling.ts';
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

/** Ends an activity. A status message is repeated at the end of the description. */
export function endActivity(
  region: Region,
  activity: ActivityRecord,
  status: ActivityRecord['status'],
  statusMessage?: string,
): void {
  Object.assign(activity, {
    status,
    progress: 100,
    // Ends are told in whole seconds, starts in milliseconds.
    endedAt: Math.floor(region.now / 1000) * 1000,
  });
  if (statusMessage === undefined) return;
  activity.statusMessage = statusMessage;
  activity.description += `.  Status Reason: ${statusMessage}`;
}

/** What a member is going through at the moment, or went through last. */
export function activityOf(region: Region, member: MemberRecord): ActivityRecord | undefined {
  return region.state.activities.findLast((activity) => activity.id === member.activityId);
}

/** Ends the member's activity unless that is over already. */
export function endActivityOf(
  region: Region,
  member: MemberRecord,
  status: ActivityRecord['status'],
  statusMessage?: string,
): void {
  const activity = activityOf(region, member);
  if (activity?.endedAt === undefined && activity) endActivity(region, activity, status, statusMessage);
}

/** `Details` of an activity: a JSON text with the keys in AWS's order. */
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
