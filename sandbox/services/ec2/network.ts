import type {
  DescribeAccountAttributesResult,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
} from '@aws-sdk/client-ec2';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { byIds, checkPages, ec2Page, filtered, tagList } from './query.ts';

/** The surroundings that instances live in: a default VPC with three subnets, which nobody can change. */
export const networkHandlers: Handlers = {
  DescribeRegions,
  DescribeAvailabilityZones,
  DescribeVpcs,
  DescribeSubnets,
  DescribeAccountAttributes,
};

const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-southeast-2'];

function DescribeRegions(input: DescribeRegionsRequest, region: Region): DescribeRegionsResult {
  const unknown = input.RegionNames?.find((name) => !REGIONS.includes(name));
  if (unknown !== undefined)
    throw new ServiceError('InvalidParameterValue', `Invalid region names: [${unknown}]`);
  const asked = REGIONS.filter((name) => !input.RegionNames?.length || input.RegionNames.includes(name));
  const names = filtered(region, asked, input.Filters, {
    endpoint: (name) => `ec2.${name}.amazonaws.com`,
    'opt-in-status': () => 'opt-in-not-required',
    'region-name': (name) => name,
  });
  return {
    Regions: names.map((name) => ({
      RegionName: name,
      Endpoint: `ec2.${name}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    })),
  };
}

function DescribeAvailabilityZones(
  input: DescribeAvailabilityZonesRequest,
  region: Region,
): DescribeAvailabilityZonesResult {
  const asked = [...region.state.subnets.values()].filter(
    ({ zone, zoneId }) =>
      (!input.ZoneNames?.length || input.ZoneNames.includes(zone)) &&
      (!input.ZoneIds?.length || input.ZoneIds.includes(zoneId)),
  );
  const zones = filtered(region, asked, input.Filters, {
    'region-name': () => region.name,
    state: () => 'available',
    'zone-id': ({ zoneId }) => zoneId,
    'zone-name': ({ zone }) => zone,
    'zone-type': () => 'availability-zone',
  });
  return {
    AvailabilityZones: zones.map((subnet) => ({
      ZoneName: subnet.zone,
      ZoneId: subnet.zoneId,
      RegionName: region.name,
      GroupName: region.name,
      NetworkBorderGroup: region.name,
      State: 'available',
      OptInStatus: 'opt-in-not-required',
      ZoneType: 'availability-zone',
      Messages: [],
    })),
  };
}

/** What tells a client that there is a default VPC. */
function DescribeAccountAttributes(_input: unknown, region: Region): DescribeAccountAttributesResult {
  const attribute = (AttributeName: string, value: string) => ({
    AttributeName,
    AttributeValues: [{ AttributeValue: value }],
  });
  return {
    AccountAttributes: [
      attribute('supported-platforms', 'VPC'),
      attribute('default-vpc', [...region.state.vpcs.keys()][0] ?? 'none'),
    ],
  };
}

function DescribeVpcs(input: DescribeVpcsRequest, region: Region): DescribeVpcsResult {
  checkPages(input.VpcIds, input.MaxResults, 'vpcIdsSet');
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
  checkPages(input.SubnetIds, input.MaxResults, 'subnetIdsSet');
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
