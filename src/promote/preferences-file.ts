import { readFileSync } from 'node:fs';
import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import * as v from 'valibot';
import { ConfigurationError, messageOf } from '../errors.ts';

/**
 * Preferences from a JSON file in AWS's own shape: the value of `--preferences` of `aws autoscaling
 * start-instance-refresh`, or the whole document of its `--cli-input-json`. Ranges are those of the API
 * (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html).
 */

const percentage = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

const seconds = v.pipe(v.number(), v.integer(), v.minValue(0));
const upToTwoDays = v.pipe(seconds, v.maxValue(172_800));

const preferences = v.strictObject({
  MinHealthyPercentage: v.optional(percentage(0, 100)),
  MaxHealthyPercentage: v.optional(percentage(100, 200)),
  InstanceWarmup: v.optional(seconds),
  CheckpointPercentages: v.optional(v.array(percentage(1, 100))),
  CheckpointDelay: v.optional(upToTwoDays),
  SkipMatching: v.optional(v.boolean()),
  AutoRollback: v.optional(v.boolean()),
  ScaleInProtectedInstances: v.optional(v.picklist(['Refresh', 'Ignore', 'Wait'])),
  StandbyInstances: v.optional(v.picklist(['Terminate', 'Ignore', 'Wait'])),
  AlarmSpecification: v.optional(v.strictObject({ Alarms: v.optional(v.array(v.string())) })),
  BakeTime: v.optional(upToTwoDays),
});

/** The members of a whole request; what is refreshed and to what comes from the other inputs. */
const request = v.strictObject({
  AutoScalingGroupName: v.optional(v.string()),
  Strategy: v.optional(v.literal('Rolling')),
  DesiredConfiguration: v.optional(
    v.custom<undefined>(
      (value) => value === undefined,
      'must not be given: the image decides what the group gets',
    ),
  ),
  Preferences: v.optional(preferences),
});

/** Reads the file; throws one error with everything that is wrong in it. */
export function readPreferencesFile(path: string): RefreshPreferences {
  const content = parsed(path);
  const isRequest =
    typeof content === 'object' &&
    content !== null &&
    Object.keys(content).some((key) => key in request.entries);
  if (!isRequest) return checked(path, v.safeParse(preferences, content));
  return checked(path, v.safeParse(request, content)).Preferences ?? {};
}

function checked<T>(path: string, result: v.SafeParseResult<v.GenericSchema<unknown, T>>): T {
  if (result.success) return result.output;
  throw new ConfigurationError(
    result.issues.map(
      (issue) =>
        `The preferences file ${path}: ${v.getDotPath(issue) ?? 'the content'}: ${issue.message}. See the members of RefreshPreferences in AWS's API reference.`,
    ),
  );
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigurationError([
      `The preferences file ${path} cannot be read as JSON: ${messageOf(error)}. Check the input "preferences-file".`,
    ]);
  }
}
