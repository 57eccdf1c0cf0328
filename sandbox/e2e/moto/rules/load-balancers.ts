import type { Rule } from '../compare.ts';

const v2 = (...operations: string[]) => operations.map((operation) => `elbv2 ${operation}`);
const onBalancers = v2('CreateLoadBalancer', 'DescribeLoadBalancers');

export const loadBalancerRules: readonly Rule[] = [
  {
    calls: onBalancers,
    paths: [
      'LoadBalancers[].AvailabilityZones[].LoadBalancerAddresses',
      'LoadBalancers[].Scheme',
      'LoadBalancers[].SecurityGroups[]',
    ],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS answers it, with defaults where nothing was said',
  },
  {
    calls: v2('DescribeLoadBalancers'),
    paths: ['LoadBalancers[].EnablePrefixForIpv6SourceNat'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer it',
  },
  {
    calls: onBalancers,
    paths: ['LoadBalancers[].DNSName'],
    is: 'other value',
    because: 'every load balancer has a number of its own',
  },
  {
    calls: v2('CreateListener'),
    paths: ['Listeners[].DefaultActions[].ForwardConfig'],
    is: 'left out by moto',
    because: 'moto gives back what was asked; AWS writes a forward to one target group in both ways',
  },
  {
    calls: v2('CreateRule', 'DescribeRules'),
    paths: ['Rules[].Actions[].ForwardConfig'],
    is: 'left out by moto',
    because: 'moto gives back what was asked; AWS writes a forward to one target group in both ways',
  },
  {
    calls: v2('CreateRule', 'DescribeRules', 'ModifyRule'),
    paths: ['Rules[].Conditions[].PathPatternConfig', 'Rules[].Transforms'],
    is: 'left out by moto',
    because: 'moto gives back what was asked; AWS writes a path pattern in both ways, and transforms always',
  },
  {
    calls: v2('CreateListener', 'ModifyListener', 'DescribeListeners'),
    paths: ['Listeners[].AlpnPolicy', 'Listeners[].SslPolicy'],
    is: 'added by moto',
    because: 'moto answers them for every listener; AWS has them for TLS only',
  },
  {
    calls: v2('CreateListener'),
    paths: ['Listeners[].ListenerArn'],
    is: 'other value',
    because: 'the same request again answers the same listener, as AWS documents; moto makes a second one',
  },
  {
    calls: v2('DescribeListeners'),
    paths: ['Listeners[]'],
    is: 'added by moto',
    because: 'the same request again answers the same listener, as AWS documents; moto makes a second one',
  },
  {
    calls: v2('DescribeRules'),
    paths: ['Rules[].RuleArn'],
    is: 'other value',
    because: "moto's default rule has the ARN of its listener",
  },
  {
    calls: v2('DescribeTargetGroupAttributes', 'ModifyTargetGroupAttributes'),
    paths: ['Attributes[]'],
    is: 'left out by moto',
    because: 'moto knows fewer attributes, and answers a change with the changed ones only',
  },
  {
    calls: v2('DescribeTargetGroupAttributes'),
    paths: ['Attributes[]'],
    is: 'added by moto',
    because: "waf.fail_open.enabled is a load balancer's attribute",
  },
  {
    calls: v2('DescribeTargetGroups', 'ModifyTargetGroup'),
    paths: ['TargetGroups[].LoadBalancerArns[]'],
    is: 'added by moto',
    because: 'moto names a load balancer once for each of its listeners, and goes on after it is deleted',
  },
  {
    calls: v2('RegisterTargets'),
    paths: ['error'],
    is: 'left out by moto',
    because: 'moto registers instances that do not exist',
  },
  {
    calls: v2('DescribeTargetHealth'),
    paths: ['TargetHealthDescriptions[]'],
    is: 'added by moto',
    because: 'moto registers instances that do not exist, and calls them healthy',
  },
  {
    calls: v2('DescribeTargetHealth'),
    paths: ['TargetHealthDescriptions[].AdministrativeOverride'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer it',
  },
  {
    calls: v2('DescribeTargetHealth'),
    paths: ['TargetHealthDescriptions[].HealthCheckPort'],
    is: 'other value',
    because: 'AWS answers the port that is checked, not the setting',
  },
  {
    calls: v2('DeleteRule'),
    paths: ['error'],
    is: 'left out by moto',
    because: 'moto deletes rules that do not exist',
  },
  {
    calls: ['elb CreateLoadBalancer'],
    paths: ['DNSName'],
    is: 'other value',
    because: 'every load balancer has a number of its own',
  },
  {
    calls: ['elb RegisterInstancesWithLoadBalancer'],
    paths: ['Instances[]'],
    is: 'left out by moto',
    because: 'moto answers an empty list; AWS documents the registered instances',
  },
  {
    calls: ['elb DescribeLoadBalancers'],
    paths: ['LoadBalancerDescriptions[].CanonicalHostedZoneName', 'LoadBalancerDescriptions[].DNSName'],
    is: 'other value',
    because: 'every load balancer has a number of its own',
  },
  {
    calls: ['elb DescribeLoadBalancers'],
    paths: ['LoadBalancerDescriptions[].SecurityGroups[]'],
    is: 'other value',
    because: 'moto makes a security group for it; without one AWS takes the default group of the network',
  },
  {
    calls: ['elb DescribeLoadBalancerAttributes'],
    paths: [
      'LoadBalancerAttributes.AdditionalAttributes[]',
      'LoadBalancerAttributes.ConnectionDraining.Timeout',
    ],
    is: 'left out by moto',
    because: 'moto leaves out the defaults that AWS documents',
  },
];
