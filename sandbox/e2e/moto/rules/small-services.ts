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
    calls: ['ssm DescribeParameters'],
    paths: ['Parameters[].ARN', 'Parameters[].Policies'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS documents it',
  },
  {
    calls: ['ssm GetParameterHistory'],
    paths: ['Parameters[].Policies'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS documents it',
  },
  {
    calls: ['ssm DescribeParameters'],
    paths: ['Parameters[].LastModifiedUser'],
    is: 'other value',
    because: 'moto knows no users',
  },
  {
    calls: ['sns Publish'],
    paths: ['error'],
    is: 'left out by moto',
    because: 'moto accepts an empty message',
  },
  {
    calls: ['sns Publish'],
    paths: ['MessageId'],
    is: 'added by moto',
    because: 'moto accepts an empty message',
  },
  {
    calls: ['cloudwatch DescribeAlarms'],
    paths: ['MetricAlarms[].StateTransitionedTimestamp'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS documents it',
  },
  {
    calls: ['cloudwatch DescribeAlarms'],
    paths: ['MetricAlarms[].Metrics', 'MetricAlarms[].StateReasonData'],
    is: 'added by moto',
    because:
      'moto answers empty values; AWS leaves out what an alarm of one metric, without any data, does not have',
  },
  {
    calls: ['cloudwatch DescribeAlarms'],
    paths: ['MetricAlarms[].StateValue'],
    is: 'other value',
    because: 'a new alarm has no data yet; in moto it is OK at once',
  },
];
