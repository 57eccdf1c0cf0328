import { generateKeyPairSync } from 'node:crypto';
import type {
  CreateKeyPairRequest,
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteKeyPairRequest,
  DeleteKeyPairResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeAvailabilityZonesResult,
  DescribeKeyPairsRequest,
  DescribeKeyPairsResult,
  DescribeRegionsResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  KeyPair,
} from '@aws-sdk/client-ec2';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { byIds, ec2Page, filtered, requestedTags, tagList } from './query.ts';

/** The surroundings that a builder instance needs: network, security groups, key pairs. */
export const networkHandlers: Handlers = {
  DescribeRegions,
  DescribeAvailabilityZones,
  DescribeVpcs,
  DescribeSubnets,
  DescribeSecurityGroups,
  CreateSecurityGroup,
  DeleteSecurityGroup,
  AuthorizeSecurityGroupIngress: () => ({ Return: true }),
  CreateKeyPair,
  DescribeKeyPairs,
  DeleteKeyPair,
};

const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-southeast-2'];

function DescribeRegions(): DescribeRegionsResult {
  return {
    Regions: REGIONS.map((name) => ({
      RegionName: name,
      Endpoint: `ec2.${name}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    })),
  };
}

function DescribeAvailabilityZones(_input: unknown, region: Region): DescribeAvailabilityZonesResult {
  return {
    AvailabilityZones: [...region.state.subnets.values()].map((subnet) => ({
      ZoneName: subnet.zone,
      ZoneId: subnet.zoneId,
      RegionName: region.name,
      State: 'available',
    })),
  };
}

function DescribeVpcs(input: DescribeVpcsRequest, region: Region): DescribeVpcsResult {
  const vpcs = byIds(
    region.state.vpcs,
    input.VpcIds,
    (id) => new ServiceError('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`),
  );
  const known = {
    'is-default': () => true,
    isDefault: () => true,
    'vpc-id': (vpc: { id: string }) => vpc.id,
  };
  const { items, next } = ec2Page(
    filtered(region, vpcs, input.Filters, known, (vpc) => vpc.id),
    input,
  );
  return {
    Vpcs: items.map((vpc) => ({
      VpcId: vpc.id,
      CidrBlock: vpc.cidr,
      IsDefault: true,
      State: 'available',
      OwnerId: ACCOUNT,
      ...tagList(region, vpc.id),
    })),
    ...next,
  };
}

function DescribeSubnets(input: DescribeSubnetsRequest, region: Region): DescribeSubnetsResult {
  const subnets = byIds(
    region.state.subnets,
    input.SubnetIds,
    (id) => new ServiceError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`),
  );
  const matching = filtered(
    region,
    subnets,
    input.Filters,
    {
      'availability-zone': (subnet) => subnet.zone,
      availabilityZone: (subnet) => subnet.zone,
      'default-for-az': () => true,
      'subnet-id': (subnet) => subnet.id,
      'vpc-id': (subnet) => subnet.vpcId,
    },
    (subnet) => subnet.id,
  );
  const { items, next } = ec2Page(matching, input);
  return {
    Subnets: items.map((subnet) => ({
      SubnetId: subnet.id,
      VpcId: subnet.vpcId,
      AvailabilityZone: subnet.zone,
      AvailabilityZoneId: subnet.zoneId,
      CidrBlock: subnet.cidr,
      AvailableIpAddressCount: 4091,
      DefaultForAz: true,
      MapPublicIpOnLaunch: true,
      State: 'available',
      OwnerId: ACCOUNT,
      ...tagList(region, subnet.id),
    })),
    ...next,
  };
}

const groupNotFound = (id: string) =>
  new ServiceError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);

function DescribeSecurityGroups(
  input: DescribeSecurityGroupsRequest,
  region: Region,
): DescribeSecurityGroupsResult {
  const groups = byIds(region.state.securityGroups, input.GroupIds, groupNotFound);
  const matching = filtered(
    region,
    groups,
    input.Filters,
    {
      'group-id': (group) => group.id,
      'group-name': (group) => group.name,
      'vpc-id': (group) => group.vpcId,
    },
    (group) => group.id,
  );
  const { items, next } = ec2Page(matching, input);
  return {
    SecurityGroups: items.map((group) => ({
      GroupId: group.id,
      GroupName: group.name,
      Description: group.description,
      VpcId: group.vpcId,
      OwnerId: ACCOUNT,
      IpPermissions: [],
      IpPermissionsEgress: [],
      ...tagList(region, group.id),
    })),
    ...next,
  };
}

function CreateSecurityGroup(input: CreateSecurityGroupRequest, region: Region): CreateSecurityGroupResult {
  const { state, world } = region;
  const vpcId = input.VpcId ?? [...state.vpcs.keys()][0] ?? '';
  const name = input.GroupName ?? '';
  if ([...state.securityGroups.values()].some((group) => group.name === name && group.vpcId === vpcId)) {
    throw new ServiceError(
      'InvalidGroup.Duplicate',
      `The security group '${name}' already exists for VPC '${vpcId}'`,
    );
  }
  const id = world.newId('sg');
  state.securityGroups.set(id, { id, name, description: input.Description ?? '', vpcId });
  const tags = requestedTags(input.TagSpecifications, 'security-group');
  if (Object.keys(tags).length > 0) state.tags.set(id, tags);
  return {
    GroupId: id,
    SecurityGroupArn: `arn:aws:ec2:${region.name}:${ACCOUNT}:security-group/${id}`,
    ...tagList(region, id),
  };
}

function DeleteSecurityGroup(input: DeleteSecurityGroupRequest, region: Region): DeleteSecurityGroupResult {
  const id =
    input.GroupId ??
    [...region.state.securityGroups.values()].find((group) => group.name === input.GroupName)?.id ??
    '';
  if (!region.state.securityGroups.has(id)) throw groupNotFound(input.GroupId ?? input.GroupName ?? '');
  const inUse = [...region.state.instances.values()].some(
    (instance) => instance.state !== 'terminated' && instance.securityGroupIds.includes(id),
  );
  if (inUse) throw new ServiceError('DependencyViolation', `resource ${id} has a dependent object`);
  region.state.securityGroups.delete(id);
  region.state.tags.delete(id);
  return { Return: true, GroupId: id };
}

function CreateKeyPair(input: CreateKeyPairRequest, region: Region): KeyPair {
  const name = input.KeyName ?? '';
  if ([...region.state.keyPairs.values()].some((pair) => pair.name === name)) {
    throw new ServiceError('InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`);
  }
  const id = region.world.newId('key');
  region.state.keyPairs.set(id, { id, name, createdAt: region.now });
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return {
    KeyName: name,
    KeyPairId: id,
    KeyMaterial: privateKey,
    KeyFingerprint: '00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00',
  };
}

function DescribeKeyPairs(input: DescribeKeyPairsRequest, region: Region): DescribeKeyPairsResult {
  const all = [...region.state.keyPairs.values()];
  for (const name of input.KeyNames ?? []) {
    if (!all.some((pair) => pair.name === name))
      throw new ServiceError('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
  }
  const asked = all.filter((pair) => !input.KeyNames?.length || input.KeyNames.includes(pair.name));
  const known = {
    'key-name': (pair: { name: string }) => pair.name,
    'key-pair-id': (pair: { id: string }) => pair.id,
  };
  const matching = filtered(region, asked, input.Filters, known, (pair) => pair.id);
  return {
    KeyPairs: matching.map((pair) => ({
      KeyName: pair.name,
      KeyPairId: pair.id,
      CreateTime: new Date(pair.createdAt),
      ...tagList(region, pair.id),
    })),
  };
}

/** Deleting a key pair that is not there succeeds, as in EC2. */
function DeleteKeyPair(input: DeleteKeyPairRequest, region: Region): DeleteKeyPairResult {
  const pair = [...region.state.keyPairs.values()].find(
    (candidate) => candidate.name === input.KeyName || candidate.id === input.KeyPairId,
  );
  if (!pair) return { Return: true };
  region.state.keyPairs.delete(pair.id);
  region.state.tags.delete(pair.id);
  return { Return: true, KeyPairId: pair.id };
}
