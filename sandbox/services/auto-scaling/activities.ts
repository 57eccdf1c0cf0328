import type { Activity, DescribeScalingActivitiesType, Filter } from '@aws-sdk/client-auto-scaling';
import type { ActivityRecord } from '../../engine/records/auto-scaling.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { autoScalingPage } from './requests.ts';

export const activityHandlers: Handlers = { DescribeScalingActivities };

/** The SDK's own list of status codes lacks one that AWS answers. */
type DescribedActivity = Omit<Activity, 'StatusCode'> & { StatusCode: ActivityRecord['status'] };

/** An activity as the answers of Terminate, Detach and Standby calls show it. */
export function describeActivity(activity: ActivityRecord): DescribedActivity {
  return {
    ActivityId: activity.id,
    AutoScalingGroupName: activity.group,
    Description: activity.description,
    Cause: activity.cause,
    StartTime: new Date(activity.startedAt),
    StatusCode: activity.status,
    Progress: activity.progress,
    Details: activity.details,
    ...(activity.endedAt === undefined ? {} : { EndTime: new Date(activity.endedAt) }),
    ...(activity.statusMessage === undefined ? {} : { StatusMessage: activity.statusMessage }),
  };
}

function DescribeScalingActivities(input: DescribeScalingActivitiesType, region: Region) {
  const name = input.AutoScalingGroupName;
  if (name !== undefined && !region.state.groups.has(name) && !input.IncludeDeletedGroups) {
    throw validationError(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);
  }
  const from = timeBound(input.Filters, 'StartTimeLowerBound') ?? Number.NEGATIVE_INFINITY;
  const until = timeBound(input.Filters, 'StartTimeUpperBound') ?? Number.POSITIVE_INFINITY;
  const statuses = input.Filters?.find((filter) => filter.Name === 'Status')?.Values;
  if (statuses && name === undefined) {
    throw validationError(
      'The Status filter requires an Auto Scaling group name. Add the AutoScalingGroupName parameter and try again.',
    );
  }
  const isCurrent = ({ group, groupArn }: ActivityRecord) => region.state.groups.get(group)?.arn === groupArn;
  const matching = region.state.activities
    .filter(
      (activity) =>
        (name === undefined || activity.group === name) &&
        (input.IncludeDeletedGroups === true || isCurrent(activity)) &&
        (!input.ActivityIds?.length || input.ActivityIds.includes(activity.id)) &&
        activity.startedAt >= from &&
        activity.startedAt <= until &&
        (!statuses || statuses.includes(activity.status)),
    )
    .toReversed();
  const { items, next } = autoScalingPage(matching, input, 100);
  return {
    Activities: items.map((activity) => ({
      ...describeActivity(activity),
      AutoScalingGroupState: isCurrent(activity) ? 'InService' : 'Deleted',
      AutoScalingGroupARN: activity.groupArn,
    })),
    ...next,
  };
}

function timeBound(filters: readonly Filter[] | undefined, name: string): number | undefined {
  const named = filters?.filter((filter) => filter.Name === name) ?? [];
  if (named.length === 0) return undefined;
  const [value, ...others] = named.flatMap((filter) => filter.Values ?? []);
  if (value === undefined) {
    // An internal error of AWS itself (seen natively).
    throw new ServiceError(
      'InternalFailure',
      'The service has encountered an internal error. We apologize for the inconvenience.',
      500,
    );
  }
  if (others.length > 0) {
    throw validationError(
      `The filter configuration isn't valid. Multiple values for ${name} aren't supported. Specify a single timestamp value.`,
    );
  }
  const time = parseTimestamp(value);
  if (time !== undefined) return time;
  throw validationError("The filter configuration isn't valid. The specified timestamp isn't valid.");
}

const TIMESTAMP =
  /^(\d{4}-\d\d-\d\d)T(\d\d):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):([0-5]\d))$/i;

/** A time in the extended ISO format with its zone, cut to milliseconds; 24:00:00 is the end of a day. */
function parseTimestamp(text: string): number | undefined {
  const match = TIMESTAMP.exec(text);
  if (!match) return undefined;
  const [, date = '', hours = '', minutes = '', seconds = '00', fraction = '', sign, zoneHours, zoneMinutes] =
    match;
  const day = Date.parse(`${date}T00:00:00Z`);
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) return undefined;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const ofDay = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + milliseconds;
  const offset = (Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * 60_000;
  if (ofDay > 24 * 3_600_000 || offset > 18 * 3_600_000) return undefined;
  return day + ofDay - (sign === '-' ? -offset : offset);
}
