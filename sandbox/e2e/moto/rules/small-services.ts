import type { Rule } from '../compare.ts';

export const smallServiceRules: readonly Rule[] = [
  {
    calls: ['sts GetCallerIdentity'],
    paths: ['Arn', 'UserId'],
    is: 'other value',
    because: 'the callers have different names',
  },
  {
    calls: ['sts AssumeRoleWithWebIdentity'],
    paths: ['AssumedRoleUser.AssumedRoleId', 'PackedPolicySize'],
    is: 'other value',
    because: 'moto answers placeholders',
  },
  {
    calls: ['sts AssumeRoleWithWebIdentity'],
    paths: ['Audience', 'Provider', 'SubjectFromWebIdentityToken'],
    is: 'left out by moto',
    because: 'moto does not read the token; AWS was seen to answer what is in it',
  },
  {
    calls: ['ssm GetParameter'],
    paths: ['Parameter.Selector'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS answers the version or label that was asked for',
  },
  {
    calls: ['cloudwatch DescribeAlarms'],
    paths: ['MetricAlarms[].StateValue'],
    is: 'other value',
    because: 'a new alarm has no data yet; in moto it is OK at once',
  },
];
