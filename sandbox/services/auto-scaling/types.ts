import type {
  DescribeAccountLimitsAnswer,
  DescribeTerminationPolicyTypesAnswer,
} from '@aws-sdk/client-auto-scaling';
import type { Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';

/** What Auto Scaling says about itself. */
export const typeHandlers: Handlers = { DescribeTerminationPolicyTypes, DescribeAccountLimits };

const TERMINATION_POLICIES = [
  'AllocationStrategy',
  'ClosestToNextInstanceHour',
  'Default',
  'Lambda',
  'NewestInstance',
  'OldestInstance',
  'OldestLaunchConfiguration',
  'OldestLaunchTemplate',
];

function DescribeTerminationPolicyTypes(): DescribeTerminationPolicyTypesAnswer {
  return { TerminationPolicyTypes: TERMINATION_POLICIES };
}

/** Known policies; the ARN of a function is one too. */
export function checkedTerminationPolicies(policies: readonly string[]): string[] {
  for (const policy of policies) {
    if (TERMINATION_POLICIES.includes(policy) || policy.startsWith('arn:aws:lambda:')) continue;
    throw validationError(
      `[${policy}] is not a valid termination policy. Valid termination policies are: [${TERMINATION_POLICIES.join(', ')}].`,
    );
  }
  return [...policies];
}

/** The default quotas. */
function DescribeAccountLimits(_input: unknown, region: Region): DescribeAccountLimitsAnswer {
  return {
    MaxNumberOfAutoScalingGroups: 500,
    MaxNumberOfLaunchConfigurations: 200,
    NumberOfAutoScalingGroups: region.state.groups.size,
    NumberOfLaunchConfigurations: region.state.launchConfigurations.size,
  };
}
