import type { Rule } from '../compare.ts';

const describeGroups = ['autoscaling DescribeAutoScalingGroups'];
const group = 'AutoScalingGroups[]';

export const groupRules: readonly Rule[] = [
  {
    calls: ['autoscaling CreateAutoScalingGroup'],
    paths: ['error'],
    is: 'other value',
    because: "moto passes EC2's error on; Auto Scaling says ValidationError",
  },
  {
    calls: describeGroups,
    paths: [
      `${group}.AvailabilityZoneDistribution`,
      `${group}.AvailabilityZoneIds`,
      `${group}.CapacityReservationSpecification`,
      `${group}.InstanceLifecyclePolicy`,
      `${group}.Instances[].AvailabilityZoneId`,
      `${group}.TrafficSources`,
      `${group}.WarmPoolSize`,
    ],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer it',
  },
  {
    calls: describeGroups,
    paths: [`${group}.Instances[].LaunchTemplate.Version`],
    is: 'other value',
    because: "moto shows the template's default version, whatever version was launched",
  },
  {
    calls: describeGroups,
    paths: [`${group}.HealthCheckGracePeriod`],
    is: 'other value',
    because: "moto's default is the console's 300; through the API it is 0",
  },
  {
    calls: describeGroups,
    paths: [`${group}.CapacityRebalance`],
    is: 'added by moto',
    because: 'moto answers false; AWS leaves it out where it was never set',
  },
  {
    calls: describeGroups,
    paths: [`${group}.DefaultCooldown`],
    is: 'other value',
    because: 'moto does not update the cooldown',
  },
  {
    calls: describeGroups,
    paths: [`${group}.SuspendedProcesses[].SuspensionReason`],
    is: 'other value',
    because: 'moto gives no reason',
  },
  {
    calls: ['autoscaling DescribeAutoScalingInstances'],
    paths: ['AutoScalingInstances[].AvailabilityZoneId'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer it',
  },
  {
    calls: ['autoscaling DescribeAutoScalingInstances'],
    paths: ['AutoScalingInstances[].HealthStatus'],
    is: 'other value',
    because: 'AWS was seen to write HEALTHY here, and Healthy in the description of the group',
  },
  {
    calls: ['autoscaling DescribeAutoScalingInstances'],
    paths: ['AutoScalingInstances[].LaunchTemplate.Version'],
    is: 'other value',
    because: "moto shows the template's default version, whatever version was launched",
  },
  {
    calls: ['autoscaling SetDesiredCapacity'],
    paths: ['error'],
    is: 'left out by moto',
    because: 'moto lets the desired capacity leave the bounds of the group',
  },
  {
    calls: ['autoscaling TerminateInstanceInAutoScalingGroup'],
    paths: ['Activity.Cause'],
    is: 'other value',
    because: 'prose, with a time that moto writes in a form of its own',
  },
  {
    calls: ['autoscaling DetachInstances'],
    paths: ['Activities[].Cause'],
    is: 'other value',
    because: 'prose, with a time that moto writes in a form of its own',
  },
  {
    calls: ['autoscaling TerminateInstanceInAutoScalingGroup'],
    paths: ['Activity.Details'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer the zone and the subnet',
  },
  {
    calls: ['autoscaling DetachInstances'],
    paths: ['Activities[].Details'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer the zone and the subnet',
  },
  {
    calls: ['autoscaling TerminateInstanceInAutoScalingGroup'],
    paths: ['Activity.EndTime'],
    is: 'added by moto',
    because: 'an activity that has just begun has no end',
  },
  {
    calls: ['autoscaling DetachInstances'],
    paths: ['Activities[].EndTime'],
    is: 'added by moto',
    because: 'an activity that has just begun has no end',
  },
  {
    calls: ['autoscaling DescribeLifecycleHooks'],
    paths: ['LifecycleHooks[].GlobalTimeout'],
    is: 'other value',
    because: 'AWS documents a hundred heartbeats or 48 hours, whichever is less; moto says 48 hours',
  },
  {
    calls: ['autoscaling DescribeLifecycleHooks'],
    paths: ['LifecycleHooks[].NotificationTargetARN', 'LifecycleHooks[].RoleARN'],
    is: 'added by moto',
    because: 'moto answers placeholders',
  },
  {
    calls: ['autoscaling PutScalingPolicy'],
    paths: ['Alarms', 'PolicyARN'],
    is: 'left out by moto',
    because: 'moto answers nothing; AWS documents both members',
  },
  {
    calls: ['autoscaling DescribePolicies'],
    paths: ['ScalingPolicies[].Alarms', 'ScalingPolicies[].Enabled'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer it',
  },
  {
    calls: ['autoscaling DescribePolicies'],
    paths: ['ScalingPolicies[].PolicyARN'],
    is: 'other value',
    because: 'the id in it is known from PutScalingPolicy, where moto answers nothing',
  },
  {
    calls: ['autoscaling DescribePolicies'],
    paths: ['ScalingPolicies[].PredictiveScalingConfiguration'],
    is: 'added by moto',
    because: 'moto answers an empty configuration for a policy of another kind',
  },
  {
    calls: ['autoscaling DescribeScheduledActions'],
    paths: ['ScheduledUpdateGroupActions[].ScheduledActionARN'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS documents it',
  },
  {
    calls: ['autoscaling DescribeLaunchConfigurations'],
    paths: ['LaunchConfigurations[].KeyName', 'LaunchConfigurations[].UserData'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS answers empty texts',
  },
  {
    calls: ['autoscaling DescribeLaunchConfigurations'],
    paths: ['LaunchConfigurations[].AssociatePublicIpAddress'],
    is: 'added by moto',
    because: 'moto answers false; AWS leaves it out where it was not said',
  },
];
