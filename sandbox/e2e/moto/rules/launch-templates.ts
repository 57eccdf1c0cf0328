import type { Rule } from '../compare.ts';

const callsOnTemplates = {
  'ec2 CreateLaunchTemplate': 'LaunchTemplate',
  'ec2 CreateLaunchTemplateVersion': 'LaunchTemplateVersion',
  'ec2 ModifyLaunchTemplate': 'LaunchTemplate',
  'ec2 DescribeLaunchTemplates': 'LaunchTemplates[]',
  'ec2 DescribeLaunchTemplateVersions': 'LaunchTemplateVersions[]',
};

export const launchTemplateRules: readonly Rule[] = [
  ...Object.entries(callsOnTemplates).flatMap(([call, member]): Rule[] => [
    {
      calls: [call],
      paths: [`${member}.CreatedBy`],
      is: 'other value',
      because: 'everything in moto was made by the root user; AWS names the caller',
    },
    {
      calls: [call],
      paths: [`${member}.Operator`],
      is: 'left out by moto',
      because: 'moto leaves it out; AWS was seen to answer it',
    },
  ]),
  {
    calls: ['ec2 ModifyLaunchTemplate'],
    paths: ['LaunchTemplate.Tags'],
    is: 'added by moto',
    because: 'moto answers the tags here; AWS was seen to leave them out',
  },
  {
    calls: ['ec2 DescribeLaunchTemplates'],
    paths: ['error'],
    is: 'left out by moto',
    because: 'moto answers an empty list for an unknown id; AWS refuses',
  },
  {
    calls: ['ec2 DescribeLaunchTemplates'],
    paths: ['LaunchTemplates'],
    is: 'added by moto',
    because: 'moto answers an empty list for an unknown id; AWS refuses',
  },
  {
    calls: ['ec2 DescribeLaunchTemplateVersions'],
    paths: ['LaunchTemplateVersions[].LaunchTemplateData.TagSpecifications[]'],
    is: 'added by moto',
    because: "moto mixes the template's own tags with those of what it launches",
  },
  {
    calls: ['ec2 DeleteLaunchTemplate'],
    paths: [
      'LaunchTemplate.CreateTime',
      'LaunchTemplate.CreatedBy',
      'LaunchTemplate.LatestVersionNumber',
      'LaunchTemplate.Operator',
    ],
    is: 'left out by moto',
    because: 'moto answers less about a deleted template than AWS was seen to',
  },
  {
    calls: ['ec2 DescribeKeyPairs', 'ec2 DescribeSecurityGroups', 'ec2 DescribeVpcs', 'ec2 DescribeSubnets'],
    paths: ['*[].Tags'],
    is: 'added by moto',
    because: 'moto answers empty lists; AWS leaves out the tags of what has none',
  },
  {
    calls: ['ec2 DescribeVpcs'],
    paths: ['Vpcs[].Ipv6CidrBlockAssociationSet'],
    is: 'added by moto',
    because: 'moto answers empty lists; AWS leaves out what a network does not have',
  },
  {
    calls: ['ec2 DescribeSubnets'],
    paths: ['Subnets[].AvailabilityZoneId'],
    is: 'other value',
    because: 'which zone is which differs from account to account',
  },
  {
    calls: ['ec2 DescribeSubnets'],
    paths: ['Subnets[].AvailableIpAddressCount'],
    is: 'other value',
    because:
      'moto takes an address of a small subnet from the first one; the instance is in another zone here',
  },
  {
    calls: ['ec2 DeleteSecurityGroup'],
    paths: ['GroupId', 'Return'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS documents it as the answer',
  },
  {
    calls: ['ec2 DescribeAvailabilityZones'],
    paths: [
      'AvailabilityZones[].GroupName',
      'AvailabilityZones[].NetworkBorderGroup',
      'AvailabilityZones[].OptInStatus',
    ],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS documents it',
  },
  {
    calls: ['ec2 DescribeAvailabilityZones'],
    paths: ['AvailabilityZones[].ZoneId'],
    is: 'other value',
    because: 'which zone is which differs from account to account',
  },
];
