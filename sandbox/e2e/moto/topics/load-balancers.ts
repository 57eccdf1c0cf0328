import type { Comparison } from '../differential.ts';
import { leftOutOfBalancers } from '../rules/left-out-here.ts';
import { loadBalancerRules } from '../rules/load-balancers.ts';
import { PUBLIC_IMAGE, publicImage, questions } from './common.ts';

const subnets = ['{subnets.Subnets.0.SubnetId}', '{subnets.Subnets.1.SubnetId}'];
const instance = '{run.Instances.0.InstanceId}';
const loadBalancer = '{lb.LoadBalancers.0.LoadBalancerArn}';
const listener = '{listener.Listeners.0.ListenerArn}';
const blue = '{blue.TargetGroups.0.TargetGroupArn}';
const green = '{green.TargetGroups.0.TargetGroupArn}';
const UNKNOWN_GROUP =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/other/0123456789abcdef';

const weighted = (blueWeight: number, greenWeight: number) => [
  {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: blue, Weight: blueWeight },
        { TargetGroupArn: green, Weight: greenWeight },
      ],
    },
  },
];

/** Target groups, listeners, rules and weights; Classic load balancers. */
export const loadBalancers: Comparison = {
  topic: 'load balancers',
  script: [
    PUBLIC_IMAGE,
    {
      name: 'vpc',
      call: 'ec2 DescribeVpcs',
      scenery: true,
      input: { Filters: [{ Name: 'is-default', Values: ['true'] }] },
    },
    {
      name: 'subnets',
      call: 'ec2 DescribeSubnets',
      scenery: true,
      input: { Filters: [{ Name: 'availability-zone', Values: ['us-east-1a', 'us-east-1b'] }] },
    },
    {
      name: 'run',
      call: 'ec2 RunInstances',
      scenery: true,
      input: { ImageId: publicImage, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
    },
    { pause: 60 },
    {
      name: 'lb',
      call: 'elbv2 CreateLoadBalancer',
      input: { Name: 'shop', Type: 'application', Subnets: subnets, Tags: [{ Key: 'team', Value: 'web' }] },
    },
    {
      name: 'blue',
      call: 'elbv2 CreateTargetGroup',
      input: {
        Name: 'blue',
        Protocol: 'HTTP',
        Port: 8080,
        VpcId: '{vpc.Vpcs.0.VpcId}',
        HealthCheckPath: '/health',
        HealthCheckIntervalSeconds: 10,
      },
    },
    {
      name: 'green',
      call: 'elbv2 CreateTargetGroup',
      input: { Name: 'green', Protocol: 'HTTP', Port: 8080, VpcId: '{vpc.Vpcs.0.VpcId}' },
    },
    {
      name: 'tcp',
      call: 'elbv2 CreateTargetGroup',
      input: { Name: 'tcp', Protocol: 'TCP', Port: 5432, VpcId: '{vpc.Vpcs.0.VpcId}' },
    },
    {
      name: 'listener',
      call: 'elbv2 CreateListener',
      input: {
        LoadBalancerArn: loadBalancer,
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: blue }],
      },
    },
    {
      name: 'listener of the same port',
      call: 'elbv2 CreateListener',
      input: {
        LoadBalancerArn: loadBalancer,
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: blue }],
      },
    },
    {
      name: 'listener of an unknown target group',
      call: 'elbv2 CreateListener',
      input: {
        LoadBalancerArn: loadBalancer,
        Protocol: 'HTTP',
        Port: 81,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: UNKNOWN_GROUP }],
      },
    },
    { pause: 300 },
    ...questions('elbv2 DescribeLoadBalancers', {
      'load balancer by name': { Names: ['shop'] },
      'load balancer by ARN': { LoadBalancerArns: [loadBalancer] },
      'unknown load balancer': { Names: ['other'] },
    }),
    ...questions('elbv2 DescribeTargetGroups', {
      'target group by name': { Names: ['blue'] },
      'target groups of the load balancer': { LoadBalancerArn: loadBalancer },
      'unknown target group': { Names: ['other'] },
    }),
    ...questions('elbv2 DescribeTargetGroupAttributes', {
      'attributes of the target group': { TargetGroupArn: green },
    }),
    {
      name: 'shorter delay',
      call: 'elbv2 ModifyTargetGroupAttributes',
      input: {
        TargetGroupArn: blue,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
      },
    },
    {
      name: 'other health check',
      call: 'elbv2 ModifyTargetGroup',
      input: { TargetGroupArn: blue, HealthCheckPath: '/ready', HealthyThresholdCount: 2 },
    },
    {
      name: 'register',
      call: 'elbv2 RegisterTargets',
      input: { TargetGroupArn: blue, Targets: [{ Id: instance }] },
    },
    {
      name: 'register an unknown instance',
      call: 'elbv2 RegisterTargets',
      input: { TargetGroupArn: blue, Targets: [{ Id: 'i-0123456789abcdef0' }] },
    },
    { pause: 300 },
    ...questions('elbv2 DescribeTargetHealth', {
      'target health': { TargetGroupArn: blue },
      'health of one target': { TargetGroupArn: blue, Targets: [{ Id: instance, Port: 8080 }] },
      'health of an unknown target group': { TargetGroupArn: UNKNOWN_GROUP },
    }),
    {
      name: 'rule',
      call: 'elbv2 CreateRule',
      input: {
        ListenerArn: listener,
        Priority: 10,
        Conditions: [{ Field: 'path-pattern', Values: ['/green/*'] }],
        Actions: [{ Type: 'forward', TargetGroupArn: green }],
      },
    },
    {
      name: 'rule of the same priority',
      call: 'elbv2 CreateRule',
      input: {
        ListenerArn: listener,
        Priority: 10,
        Conditions: [{ Field: 'host-header', Values: ['green.example.com'] }],
        Actions: [{ Type: 'forward', TargetGroupArn: green }],
      },
    },
    { name: 'rules', call: 'elbv2 DescribeRules', input: { ListenerArn: listener } },
    {
      name: 'shift the listener',
      call: 'elbv2 ModifyListener',
      input: { ListenerArn: listener, DefaultActions: weighted(90, 10) },
    },
    { name: 'shifted', call: 'elbv2 DescribeListeners', input: { LoadBalancerArn: loadBalancer } },
    {
      name: 'shift the rule',
      call: 'elbv2 ModifyRule',
      input: { RuleArn: '{rule.Rules.0.RuleArn}', Actions: weighted(0, 100) },
    },
    { name: 'rules after it', call: 'elbv2 DescribeRules', input: { ListenerArn: listener } },
    { name: 'delete a used target group', call: 'elbv2 DeleteTargetGroup', input: { TargetGroupArn: blue } },
    { name: 'tags', call: 'elbv2 DescribeTags', input: { ResourceArns: [loadBalancer] } },
    { name: 'delete the rule', call: 'elbv2 DeleteRule', input: { RuleArn: '{rule.Rules.0.RuleArn}' } },
    { name: 'delete the rule again', call: 'elbv2 DeleteRule', input: { RuleArn: '{rule.Rules.0.RuleArn}' } },
    {
      name: 'deregister',
      call: 'elbv2 DeregisterTargets',
      input: { TargetGroupArn: blue, Targets: [{ Id: instance }] },
    },
    { pause: 600 },
    { name: 'no targets', call: 'elbv2 DescribeTargetHealth', input: { TargetGroupArn: blue } },
    { name: 'delete the listener', call: 'elbv2 DeleteListener', input: { ListenerArn: listener } },
    {
      name: 'delete the load balancer',
      call: 'elbv2 DeleteLoadBalancer',
      input: { LoadBalancerArn: loadBalancer },
    },
    { name: 'delete the target group', call: 'elbv2 DeleteTargetGroup', input: { TargetGroupArn: blue } },
    { name: 'target groups left', call: 'elbv2 DescribeTargetGroups' },

    {
      name: 'classic',
      call: 'elb CreateLoadBalancer',
      input: {
        LoadBalancerName: 'classic',
        Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 }],
        AvailabilityZones: ['us-east-1a'],
      },
    },
    {
      name: 'classic health check',
      call: 'elb ConfigureHealthCheck',
      input: {
        LoadBalancerName: 'classic',
        HealthCheck: {
          Target: 'HTTP:8080/',
          Interval: 10,
          Timeout: 5,
          UnhealthyThreshold: 2,
          HealthyThreshold: 2,
        },
      },
    },
    {
      name: 'classic register',
      call: 'elb RegisterInstancesWithLoadBalancer',
      input: { LoadBalancerName: 'classic', Instances: [{ InstanceId: instance }] },
    },
    { pause: 300 },
    {
      name: 'classic load balancer',
      call: 'elb DescribeLoadBalancers',
      input: { LoadBalancerNames: ['classic'] },
    },
    { name: 'classic health', call: 'elb DescribeInstanceHealth', input: { LoadBalancerName: 'classic' } },
    {
      name: 'classic attributes',
      call: 'elb DescribeLoadBalancerAttributes',
      input: { LoadBalancerName: 'classic' },
    },
    {
      name: 'classic deregister',
      call: 'elb DeregisterInstancesFromLoadBalancer',
      input: { LoadBalancerName: 'classic', Instances: [{ InstanceId: instance }] },
    },
    {
      name: 'unknown classic load balancer',
      call: 'elb DescribeLoadBalancers',
      input: { LoadBalancerNames: ['other'] },
    },
    {
      name: 'delete the classic one',
      call: 'elb DeleteLoadBalancer',
      input: { LoadBalancerName: 'classic' },
    },
  ],
  rules: [...loadBalancerRules, ...leftOutOfBalancers],
};
