import type { Comparison } from '../differential.ts';
import { groupRules } from '../rules/groups.ts';
import { leftOutOfLaunchConfigurations } from '../rules/left-out-here.ts';
import { PUBLIC_IMAGE, publicImage, questions } from './common.ts';

const group = { AutoScalingGroupName: 'shop' };

/** Auto Scaling groups from launch templates. */
export const groups: Comparison = {
  topic: 'Auto Scaling groups',
  script: [
    PUBLIC_IMAGE,
    {
      name: 'subnets',
      call: 'ec2 DescribeSubnets',
      scenery: true,
      input: { Filters: [{ Name: 'availability-zone', Values: ['us-east-1a'] }] },
    },
    {
      name: 'template',
      call: 'ec2 CreateLaunchTemplate',
      scenery: true,
      input: {
        LaunchTemplateName: 'shop',
        LaunchTemplateData: { ImageId: publicImage, InstanceType: 't3.micro' },
      },
    },
    {
      name: 'version',
      call: 'ec2 CreateLaunchTemplateVersion',
      scenery: true,
      input: {
        LaunchTemplateName: 'shop',
        LaunchTemplateData: { ImageId: publicImage, InstanceType: 't3.small' },
      },
    },
    {
      name: 'group',
      call: 'autoscaling CreateAutoScalingGroup',
      input: {
        ...group,
        LaunchTemplate: { LaunchTemplateId: '{template.LaunchTemplate.LaunchTemplateId}', Version: '2' },
        MinSize: 0,
        MaxSize: 4,
        DesiredCapacity: 2,
        VPCZoneIdentifier: '{subnets.Subnets.0.SubnetId}',
        HealthCheckGracePeriod: 30,
        TerminationPolicies: ['OldestInstance'],
        Tags: [
          { Key: 'Name', Value: 'shop', PropagateAtLaunch: true },
          { Key: 'team', Value: 'web', PropagateAtLaunch: false },
        ],
      },
    },
    {
      name: 'group of an unknown template',
      call: 'autoscaling CreateAutoScalingGroup',
      input: {
        AutoScalingGroupName: 'other',
        LaunchTemplate: { LaunchTemplateId: 'lt-0123456789abcdef0', Version: '1' },
        MinSize: 0,
        MaxSize: 1,
        VPCZoneIdentifier: '{subnets.Subnets.0.SubnetId}',
      },
    },
    {
      name: 'group of nothing',
      call: 'autoscaling CreateAutoScalingGroup',
      input: { AutoScalingGroupName: 'other', MinSize: 0, MaxSize: 1, AvailabilityZones: ['us-east-1a'] },
    },
    { pause: 300 },
    ...questions('autoscaling DescribeAutoScalingGroups', {
      'a group': { AutoScalingGroupNames: ['shop'] },
      'groups by tag': { Filters: [{ Name: 'tag:team', Values: ['web'] }] },
      'groups by another tag': { Filters: [{ Name: 'tag:team', Values: ['db'] }] },
      'an unknown group': { AutoScalingGroupNames: ['other'] },
    }),
    { name: 'members', call: 'autoscaling DescribeAutoScalingInstances' },
    {
      name: 'instances of the group',
      call: 'ec2 DescribeInstances',
      scenery: true,
      input: { Filters: [{ Name: 'tag:aws:autoscaling:groupName', Values: ['shop'] }] },
    },
    { name: 'tags', call: 'autoscaling DescribeTags' },
    {
      name: 'another tag',
      call: 'autoscaling CreateOrUpdateTags',
      input: {
        Tags: [
          {
            ResourceId: 'shop',
            ResourceType: 'auto-scaling-group',
            Key: 'team',
            Value: 'store',
            PropagateAtLaunch: true,
          },
        ],
      },
    },
    {
      name: 'no such tag',
      call: 'autoscaling DeleteTags',
      input: {
        Tags: [{ ResourceId: 'shop', ResourceType: 'auto-scaling-group', Key: 'Name' }],
      },
    },
    { name: 'tags now', call: 'autoscaling DescribeTags' },

    {
      name: 'grow',
      call: 'autoscaling SetDesiredCapacity',
      input: { ...group, DesiredCapacity: 3 },
    },
    { pause: 300 },
    {
      name: 'grown',
      call: 'autoscaling DescribeAutoScalingGroups',
      input: { AutoScalingGroupNames: ['shop'] },
    },
    {
      name: 'grow too far',
      call: 'autoscaling SetDesiredCapacity',
      input: { ...group, DesiredCapacity: 9 },
    },
    {
      name: 'replace',
      call: 'autoscaling TerminateInstanceInAutoScalingGroup',
      input: {
        InstanceId: '{grown.AutoScalingGroups.0.Instances.0.InstanceId}',
        ShouldDecrementDesiredCapacity: false,
      },
    },
    { pause: 600 },
    {
      name: 'shrink',
      call: 'autoscaling SetDesiredCapacity',
      input: { ...group, DesiredCapacity: 1 },
    },
    { pause: 600 },
    {
      name: 'shrunk',
      call: 'autoscaling DescribeAutoScalingGroups',
      input: { AutoScalingGroupNames: ['shop'] },
    },
    {
      name: 'protect',
      call: 'autoscaling SetInstanceProtection',
      input: {
        ...group,
        InstanceIds: ['{shrunk.AutoScalingGroups.0.Instances.0.InstanceId}'],
        ProtectedFromScaleIn: true,
      },
    },
    {
      name: 'suspend',
      call: 'autoscaling SuspendProcesses',
      input: { ...group, ScalingProcesses: ['Launch', 'AZRebalance'] },
    },
    {
      name: 'resume',
      call: 'autoscaling ResumeProcesses',
      input: { ...group, ScalingProcesses: ['AZRebalance'] },
    },
    {
      name: 'update',
      call: 'autoscaling UpdateAutoScalingGroup',
      input: {
        ...group,
        LaunchTemplate: { LaunchTemplateName: 'shop', Version: '$Latest' },
        HealthCheckType: 'ELB',
        MaxSize: 5,
        DefaultCooldown: 60,
      },
    },
    {
      name: 'updated',
      call: 'autoscaling DescribeAutoScalingGroups',
      input: { AutoScalingGroupNames: ['shop'] },
    },
    {
      name: 'update an unknown group',
      call: 'autoscaling UpdateAutoScalingGroup',
      input: { AutoScalingGroupName: 'other', MaxSize: 5 },
    },
    {
      name: 'hook',
      call: 'autoscaling PutLifecycleHook',
      input: {
        ...group,
        LifecycleHookName: 'warm',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        HeartbeatTimeout: 60,
        DefaultResult: 'CONTINUE',
      },
    },
    { name: 'hooks', call: 'autoscaling DescribeLifecycleHooks', input: group },
    {
      name: 'policy',
      call: 'autoscaling PutScalingPolicy',
      input: {
        ...group,
        PolicyName: 'cpu',
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
          TargetValue: 50,
        },
      },
    },
    { name: 'policies', call: 'autoscaling DescribePolicies', input: group },
    {
      name: 'schedule',
      call: 'autoscaling PutScheduledUpdateGroupAction',
      input: {
        ...group,
        ScheduledActionName: 'night',
        Recurrence: '0 22 * * *',
        MinSize: 0,
        DesiredCapacity: 0,
      },
    },
    { name: 'schedules', call: 'autoscaling DescribeScheduledActions', input: group },
    {
      name: 'warm pool',
      call: 'autoscaling PutWarmPool',
      input: { ...group, MinSize: 0, PoolState: 'Stopped' },
    },
    {
      name: 'collect',
      call: 'autoscaling EnableMetricsCollection',
      input: { ...group, Granularity: '1Minute', Metrics: ['GroupDesiredCapacity'] },
    },
    {
      name: 'detach',
      call: 'autoscaling DetachInstances',
      input: {
        ...group,
        InstanceIds: ['{shrunk.AutoScalingGroups.0.Instances.0.InstanceId}'],
        ShouldDecrementDesiredCapacity: true,
      },
    },
    { pause: 120 },
    {
      name: 'at last',
      call: 'autoscaling DescribeAutoScalingGroups',
      input: { AutoScalingGroupNames: ['shop'] },
    },
    { name: 'delete', call: 'autoscaling DeleteAutoScalingGroup', input: { ...group, ForceDelete: true } },
    { pause: 600 },
    { name: 'no groups', call: 'autoscaling DescribeAutoScalingGroups' },
    { name: 'delete again', call: 'autoscaling DeleteAutoScalingGroup', input: group },

    {
      name: 'configuration',
      call: 'autoscaling CreateLaunchConfiguration',
      input: { LaunchConfigurationName: 'old', ImageId: publicImage, InstanceType: 't3.micro' },
    },
    { name: 'configurations', call: 'autoscaling DescribeLaunchConfigurations' },
    {
      name: 'mixed group',
      call: 'autoscaling CreateAutoScalingGroup',
      input: {
        AutoScalingGroupName: 'mixed',
        MixedInstancesPolicy: {
          LaunchTemplate: {
            LaunchTemplateSpecification: { LaunchTemplateName: 'shop', Version: '2' },
            Overrides: [{ InstanceType: 't3.micro' }, { InstanceType: 't3.small' }],
          },
        },
        MinSize: 0,
        MaxSize: 1,
        VPCZoneIdentifier: '{subnets.Subnets.0.SubnetId}',
      },
    },
    {
      name: 'a mixed group',
      call: 'autoscaling DescribeAutoScalingGroups',
      input: { AutoScalingGroupNames: ['mixed'] },
    },
  ],
  rules: [...groupRules, ...leftOutOfLaunchConfigurations],
};
