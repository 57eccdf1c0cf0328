import type { Rule } from '../compare.ts';

/**
 * What AWS documents, moto has, and the local AWS leaves out, since it has no networks behind it and nothing asks for
 * it. Whoever adds such a member here finds its rule stale.
 */
const leftOut = (call: string, ...paths: string[]): Rule => ({
  calls: [call],
  paths,
  is: 'added by moto',
  because:
    'the local AWS leaves it out, though AWS documents it: no packets flow here, and nobody asks for it',
});

export const leftOutOfLaunches: readonly Rule[] = [
  leftOut(
    'ec2 RunInstances',
    'Instances[].NetworkInterfaces[].MacAddress',
    'Instances[].NetworkInterfaces[].PrivateDnsName',
  ),
];

const described = 'Reservations[].Instances[]';

export const leftOutOfInstances: readonly Rule[] = [
  leftOut(
    'ec2 DescribeInstances',
    `${described}.NetworkInterfaces[].Association`,
    `${described}.NetworkInterfaces[].MacAddress`,
    `${described}.NetworkInterfaces[].PrivateDnsName`,
    `${described}.NetworkInterfaces[].PrivateIpAddresses[].Association`,
    `${described}.PublicIpAddress`,
  ),
  {
    calls: ['ec2 DescribeInstances'],
    paths: [`${described}.PublicDnsName`],
    is: 'other value',
    because: 'instances of the local AWS have no public addresses',
  },
];

export const leftOutOfNetworks: readonly Rule[] = [
  leftOut(
    'ec2 DescribeVpcs',
    'Vpcs[].CidrBlockAssociationSet',
    'Vpcs[].DhcpOptionsId',
    'Vpcs[].InstanceTenancy',
  ),
  leftOut(
    'ec2 DescribeSubnets',
    'Subnets[].AssignIpv6AddressOnCreation',
    'Subnets[].Ipv6CidrBlockAssociationSet',
    'Subnets[].Ipv6Native',
    'Subnets[].PrivateDnsNameOptionsOnLaunch',
    'Subnets[].SubnetArn',
  ),
  leftOut('ec2 AuthorizeSecurityGroupIngress', 'SecurityGroupRules'),
];

export const leftOutOfBalancers: readonly Rule[] = [
  leftOut('elbv2 CreateLoadBalancer', 'LoadBalancers[].CanonicalHostedZoneId'),
  leftOut('elbv2 DescribeLoadBalancers', 'LoadBalancers[].CanonicalHostedZoneId'),
];

export const leftOutOfParameters: readonly Rule[] = [
  leftOut('ssm GetParameterHistory', 'Parameters[].LastModifiedUser'),
];

export const leftOutOfLaunchConfigurations: readonly Rule[] = [
  leftOut(
    'autoscaling DescribeLaunchConfigurations',
    'LaunchConfigurations[].EbsOptimized',
    'LaunchConfigurations[].InstanceMonitoring',
  ),
];
