import type {
  ActivitiesType,
  AutoScalingGroupsType,
  DescribeInstanceRefreshesAnswer,
} from '@aws-sdk/client-auto-scaling';
import type { DescribeAlarmsOutput } from '@aws-sdk/client-cloudwatch';
import type { DescribeTargetHealthOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Region } from '../engine/world.ts';
import { ServiceError } from '../protocol/error.ts';
import { callDirectly } from '../services/direct.ts';

/** What the page asks the services: it shows what any client would be told, and knows nothing of their records. */
interface Answers {
  DescribeAutoScalingGroups: AutoScalingGroupsType;
  DescribeInstanceRefreshes: DescribeInstanceRefreshesAnswer;
  DescribeScalingActivities: ActivitiesType;
  DescribeTargetHealth: DescribeTargetHealthOutput;
  DescribeAlarms: DescribeAlarmsOutput;
}

/** The operation's answer, without a request that would be counted, logged or hit by faults; refused: `undefined`. */
export function ask<O extends keyof Answers>(
  region: Region,
  operation: O,
  input: object,
): Answers[O] | undefined {
  try {
    // Handlers answer in the SDK's shape of their operation.
    return callDirectly(region, operation, input) as Answers[O];
  } catch (error) {
    // A group or target group that is gone while others still name it.
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/** Every page of a list that goes on with NextToken. */
export function askAll<O extends 'DescribeAutoScalingGroups' | 'DescribeAlarms'>(
  region: Region,
  operation: O,
): Answers[O][] {
  const pages: Answers[O][] = [];
  let token: string | undefined;
  do {
    const answer = ask(region, operation, {
      MaxRecords: 100,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    if (answer) pages.push(answer);
    token = answer?.NextToken;
  } while (token !== undefined);
  return pages;
}
