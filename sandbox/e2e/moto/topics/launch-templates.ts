import type { Comparison } from '../differential.ts';
import { runRules } from '../rules/instances.ts';
import { launchTemplateRules } from '../rules/launch-templates.ts';
import { leftOutOfLaunches, leftOutOfNetworks } from '../rules/left-out-here.ts';
import { PUBLIC_IMAGE, publicImage, questions } from './common.ts';

const template = { LaunchTemplateName: 'shop' };

/** Launch templates and their versions; key pairs, security groups and the default network. */
export const launchTemplates: Comparison = {
  topic: 'launch templates and the network',
  script: [
    PUBLIC_IMAGE,
    {
      name: 'template',
      call: 'ec2 CreateLaunchTemplate',
      input: {
        ...template,
        VersionDescription: 'first',
        LaunchTemplateData: {
          ImageId: publicImage,
          InstanceType: 't3.micro',
          UserData: 'IyEvYmluL3NoCg==',
          MetadataOptions: { HttpTokens: 'required' },
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'shop' }] }],
        },
        TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'team', Value: 'web' }] }],
      },
    },
    {
      name: 'name in use',
      call: 'ec2 CreateLaunchTemplate',
      input: { ...template, LaunchTemplateData: { InstanceType: 't3.nano' } },
    },
    {
      name: 'second version',
      call: 'ec2 CreateLaunchTemplateVersion',
      input: {
        ...template,
        VersionDescription: 'second',
        LaunchTemplateData: { ImageId: publicImage, InstanceType: 't3.small' },
      },
    },
    {
      name: 'third version',
      call: 'ec2 CreateLaunchTemplateVersion',
      input: {
        LaunchTemplateId: '{template.LaunchTemplate.LaunchTemplateId}',
        LaunchTemplateData: { InstanceType: 't3.large' },
      },
    },
    {
      name: 'version of an unknown template',
      call: 'ec2 CreateLaunchTemplateVersion',
      input: {
        LaunchTemplateId: 'lt-0123456789abcdef0',
        LaunchTemplateData: { InstanceType: 't3.large' },
      },
    },
    {
      name: 'dry version',
      call: 'ec2 CreateLaunchTemplateVersion',
      input: { ...template, LaunchTemplateData: { InstanceType: 't3.large' }, DryRun: true },
    },
    {
      name: 'second is the default',
      call: 'ec2 ModifyLaunchTemplate',
      input: { ...template, DefaultVersion: '2' },
    },
    ...questions('ec2 DescribeLaunchTemplates', {
      'all templates': {},
      'template by name': { LaunchTemplateNames: ['shop'] },
      'template by id': { LaunchTemplateIds: ['{template.LaunchTemplate.LaunchTemplateId}'] },
      'templates by tag': { Filters: [{ Name: 'tag:team', Values: ['web'] }] },
      'template of an unknown id': { LaunchTemplateIds: ['lt-0123456789abcdef0'] },
      'template of an unknown name': { LaunchTemplateNames: ['other'] },
    }),
    ...questions('ec2 DescribeLaunchTemplateVersions', {
      'all versions': template,
      'versions by number': { ...template, Versions: ['1', '3'] },
      'latest version': { ...template, Versions: ['$Latest'] },
      'default version': { ...template, Versions: ['$Default'] },
      'versions in between': { ...template, MinVersion: '2', MaxVersion: '3' },
      'latest of all templates': { Versions: ['$Latest'] },
      'default of all templates': { Versions: ['$Default'] },
      'versions of an unknown template': { LaunchTemplateId: 'lt-0123456789abcdef0' },
    }),
    {
      name: 'run the default version',
      call: 'ec2 RunInstances',
      input: { LaunchTemplate: template, MinCount: 1, MaxCount: 1 },
    },
    {
      name: 'run an unknown version',
      call: 'ec2 RunInstances',
      input: { LaunchTemplate: { ...template, Version: '42' }, MinCount: 1, MaxCount: 1 },
    },
    { name: 'delete', call: 'ec2 DeleteLaunchTemplate', input: template },
    { name: 'no templates', call: 'ec2 DescribeLaunchTemplates' },

    { name: 'key', call: 'ec2 CreateKeyPair', input: { KeyName: 'builder', KeyType: 'ed25519' } },
    { name: 'key in use', call: 'ec2 CreateKeyPair', input: { KeyName: 'builder' } },
    ...questions('ec2 DescribeKeyPairs', {
      'all keys': {},
      'key by name': { KeyNames: ['builder'] },
      'unknown key': { KeyNames: ['other'] },
    }),
    { name: 'delete the key', call: 'ec2 DeleteKeyPair', input: { KeyName: 'builder' } },
    { name: 'delete an unknown key', call: 'ec2 DeleteKeyPair', input: { KeyName: 'builder' } },

    { name: 'vpc', call: 'ec2 DescribeVpcs', input: { Filters: [{ Name: 'is-default', Values: ['true'] }] } },
    {
      name: 'subnets',
      call: 'ec2 DescribeSubnets',
      input: { Filters: [{ Name: 'availability-zone', Values: ['us-east-1a', 'us-east-1b', 'us-east-1c'] }] },
    },
    {
      name: 'security-group',
      call: 'ec2 CreateSecurityGroup',
      input: { GroupName: 'shop', Description: 'The shop', VpcId: '{vpc.Vpcs.0.VpcId}' },
    },
    {
      name: 'security group in use',
      call: 'ec2 CreateSecurityGroup',
      input: { GroupName: 'shop', Description: 'The shop', VpcId: '{vpc.Vpcs.0.VpcId}' },
    },
    {
      name: 'let in',
      call: 'ec2 AuthorizeSecurityGroupIngress',
      input: {
        GroupId: '{security-group.GroupId}',
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      },
    },
    ...questions('ec2 DescribeSecurityGroups', {
      'security group by id': { GroupIds: ['{security-group.GroupId}'] },
      'security group by name': { Filters: [{ Name: 'group-name', Values: ['shop'] }] },
      'unknown security group': { GroupIds: ['sg-0123456789abcdef0'] },
    }),
    {
      name: 'delete the security group',
      call: 'ec2 DeleteSecurityGroup',
      input: { GroupId: '{security-group.GroupId}' },
    },
    {
      name: 'delete it again',
      call: 'ec2 DeleteSecurityGroup',
      input: { GroupId: '{security-group.GroupId}' },
    },
    ...questions('ec2 DescribeAvailabilityZones', { 'a zone': { ZoneNames: ['us-east-1a'] } }),
    ...questions('ec2 DescribeRegions', { 'a Region': { RegionNames: ['us-east-1'] } }),
  ],
  rules: [...runRules, ...launchTemplateRules, ...leftOutOfLaunches, ...leftOutOfNetworks],
};
