import type {
  DeletePolicyType,
  DescribePoliciesType,
  ExecutePolicyType,
  PoliciesType,
  PolicyARNType,
  PutScalingPolicyType,
  ScalingPolicy,
} from '@aws-sdk/client-auto-scaling';
import { seconds } from '../../engine/activities.ts';
import { REACTION_SECONDS, wakeGroup } from '../../engine/members.ts';
import type { GroupRecord, ScalingPolicyRecord } from '../../engine/records/auto-scaling.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { autoScalingPage, checkedEnum, findGroup } from './requests.ts';

/** Scaling policies: kept and returned, and carried out when a user asks for it. No metric sets one off. */
export const scalingPolicyHandlers: Handlers = {
  PutScalingPolicy,
  DescribePolicies,
  DeletePolicy,
  ExecutePolicy,
};

const TYPES = ['SimpleScaling', 'StepScaling', 'TargetTrackingScaling', 'PredictiveScaling'];

function PutScalingPolicy(input: PutScalingPolicyType, region: Region): PolicyARNType {
  const group = findGroup(region, input.AutoScalingGroupName);
  const PolicyName = input.PolicyName ?? '';
  checkedEnum(input.PolicyType ?? 'SimpleScaling', 'policyType', TYPES);
  const known = group.scalingPolicies.find(({ policy }) => policy.PolicyName === PolicyName);
  const record: ScalingPolicyRecord = {
    arn:
      known?.arn ??
      `arn:aws:autoscaling:${region.name}:${ACCOUNT}:scalingPolicy:${region.world.newUuid()}:autoScalingGroupName/${group.name}:policyName/${PolicyName}`,
    policy: { ...input, PolicyName },
  };
  group.scalingPolicies = known
    ? group.scalingPolicies.map((other) => (other === known ? record : other))
    : [...group.scalingPolicies, record];
  return { PolicyARN: record.arn, Alarms: [] };
}

function DescribePolicies(input: DescribePoliciesType, region: Region): PoliciesType {
  const groups =
    input.AutoScalingGroupName === undefined
      ? [...region.state.groups.values()]
      : [findGroup(region, input.AutoScalingGroupName)];
  const policies = groups
    .flatMap((group) => group.scalingPolicies)
    .filter(
      ({ arn, policy }) =>
        (!input.PolicyNames?.length ||
          input.PolicyNames.includes(policy.PolicyName) ||
          input.PolicyNames.includes(arn)) &&
        (!input.PolicyTypes?.length || input.PolicyTypes.includes(policy.PolicyType ?? 'SimpleScaling')),
    )
    .map(describe);
  const { items, next } = autoScalingPage(policies, input, 50);
  return { ScalingPolicies: items, ...next };
}

/** Alarms are attached by the services that watch metrics: there are none here. */
function describe({ arn, policy }: ScalingPolicyRecord): ScalingPolicy {
  return {
    ...policy,
    PolicyARN: arn,
    PolicyType: policy.PolicyType ?? 'SimpleScaling',
    StepAdjustments: policy.StepAdjustments ?? [],
    Alarms: [],
    Enabled: policy.Enabled ?? true,
  };
}

function DeletePolicy(input: DeletePolicyType, region: Region): undefined {
  const { group, record } = findPolicy(region, input);
  group.scalingPolicies = group.scalingPolicies.filter((other) => other !== record);
}

/** A policy by its name in a group, or by its ARN alone. */
function findPolicy(
  region: Region,
  input: { AutoScalingGroupName?: string | undefined; PolicyName: string | undefined },
): { group: GroupRecord; record: ScalingPolicyRecord } {
  const groups =
    input.AutoScalingGroupName === undefined
      ? [...region.state.groups.values()]
      : [findGroup(region, input.AutoScalingGroupName)];
  for (const group of groups) {
    const record = group.scalingPolicies.find(
      ({ arn, policy }) => policy.PolicyName === input.PolicyName || arn === input.PolicyName,
    );
    if (record) return { group, record };
  }
  throw validationError(`Policy ${input.PolicyName} not found`);
}

function ExecutePolicy(input: ExecutePolicyType, region: Region): undefined {
  const { group, record } = findPolicy(region, input);
  const adjustment = adjustmentOf(record, input);
  if (adjustment === undefined) {
    // Target tracking and predictive policies cannot be carried out by hand; the text is an inference.
    throw validationError(`Policy ${record.policy.PolicyName} cannot be executed.`);
  }
  const wanted = capacityAfter(group.desiredCapacity, record.policy, adjustment);
  const desired = Math.min(Math.max(wanted, group.minSize), group.maxSize);
  if (desired === group.desiredCapacity) return;
  group.capacityCause = `At ${seconds(region.now)} a user request executed policy ${record.policy.PolicyName} changing the desired capacity from ${group.desiredCapacity} to ${desired}.`;
  group.desiredCapacity = desired;
  wakeGroup(region, group, REACTION_SECONDS);
}

/** A step policy adjusts by the step in which the metric lies, counted from the threshold that was breached. */
function adjustmentOf({ policy }: ScalingPolicyRecord, input: ExecutePolicyType): number | undefined {
  if (policy.PolicyType !== 'StepScaling') return policy.ScalingAdjustment;
  const beyond = (input.MetricValue ?? 0) - (input.BreachThreshold ?? 0);
  return policy.StepAdjustments?.find(
    ({ MetricIntervalLowerBound, MetricIntervalUpperBound }) =>
      beyond >= (MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY) &&
      beyond < (MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY),
  )?.ScalingAdjustment;
}

/** Percentages are rounded away from zero below one instance, else towards it (guide "Scaling adjustment types"). */
function capacityAfter(capacity: number, policy: PutScalingPolicyType, adjustment: number): number {
  if (policy.AdjustmentType === 'ExactCapacity') return adjustment;
  if (policy.AdjustmentType !== 'PercentChangeInCapacity') return capacity + adjustment;
  const exact = (capacity * adjustment) / 100;
  const rounded = Math.abs(exact) < 1 ? Math.ceil(Math.abs(exact)) : Math.floor(Math.abs(exact));
  return capacity + Math.sign(exact) * Math.max(rounded, policy.MinAdjustmentMagnitude ?? 0);
}
