import type {
  CreateLoadBalancerInput,
  CreateLoadBalancerOutput,
  DeleteLoadBalancerInput,
  DeleteLoadBalancerOutput,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  LoadBalancer,
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancerRecord } from '../../engine/records/load-balancing.ts';
import { removeLoadBalancer } from '../../engine/traffic.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { attributeList, loadBalancerAttributes, modifiedAttributes } from './attributes.ts';
import { elbPage, findLoadBalancer, newArn, requireArn, requireName } from './resources.ts';
import { setTags } from './tags.ts';

export const loadBalancerHandlers: Handlers = {
  CreateLoadBalancer,
  DescribeLoadBalancers,
  DeleteLoadBalancer,
  DescribeLoadBalancerAttributes,
  ModifyLoadBalancerAttributes,
};

function CreateLoadBalancer(input: CreateLoadBalancerInput, region: Region): CreateLoadBalancerOutput {
  const name = input.Name ?? '';
  requireName(name, 'Load balancer');
  const type = input.Type ?? 'application';
  if (type !== 'application' && type !== 'network')
    throw validationError(`Load balancers of the type '${type}' are not simulated`);
  const subnetIds =
    input.Subnets ?? (input.SubnetMappings ?? []).flatMap((mapping) => mapping.SubnetId ?? []);
  const vpcId = requireSubnets(region, type, subnetIds);
  const settings = {
    type,
    scheme: input.Scheme ?? 'internet-facing',
    vpcId,
    subnetIds,
    securityGroupIds: input.SecurityGroups ?? (type === 'application' ? defaultGroup(region, vpcId) : []),
  };
  const known = [...region.state.loadBalancers.values()].find((balancer) => balancer.name === name);
  if (known) {
    // The same call again is answered with the same load balancer.
    if (!isLike(known, settings))
      throw new ServiceError(
        'DuplicateLoadBalancerName',
        `A load balancer with the same name '${name}' exists, but with different settings`,
      );
    return { LoadBalancers: [describeLoadBalancer(region, known)] };
  }
  const arn = newArn(region, `loadbalancer/${type === 'network' ? 'net' : 'app'}/${name}`);
  setTags(region, arn, input.Tags);
  const prefix = settings.scheme === 'internal' ? 'internal-' : '';
  const record: LoadBalancerRecord = {
    arn,
    name,
    dnsName:
      type === 'network'
        ? `${name}-${arn.slice(-16)}.elb.${region.name}.amazonaws.com`
        : `${prefix}${name}-${Number.parseInt(arn.slice(-8), 16)}.${region.name}.elb.amazonaws.com`,
    createdAt: region.now,
    attributes: loadBalancerAttributes(type),
    ...settings,
  };
  region.state.loadBalancers.set(arn, record);
  return { LoadBalancers: [describeLoadBalancer(region, record)] };
}

/** All in one VPC and each in another zone; an application load balancer needs two. */
function requireSubnets(region: Region, type: string, ids: readonly string[]): string {
  const subnets = ids.map((id) => {
    const subnet = region.state.subnets.get(id);
    if (!subnet) throw new ServiceError('SubnetNotFound', `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  const [first] = subnets;
  const zones = new Set(subnets.map((subnet) => subnet.zone));
  if (type === 'application' && zones.size < 2)
    throw validationError('At least two subnets in two different Availability Zones must be specified');
  if (!first) throw validationError('At least one subnet must be specified');
  if (zones.size < subnets.length)
    throw new ServiceError(
      'InvalidConfigurationRequest',
      'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
    );
  if (subnets.some((subnet) => subnet.vpcId !== first.vpcId))
    throw new ServiceError('InvalidConfigurationRequest', 'All subnets must belong to the same VPC');
  return first.vpcId;
}

const defaultGroup = (region: Region, vpcId: string) =>
  [...region.state.securityGroups.values()]
    .filter((group) => group.vpcId === vpcId && group.name === 'default')
    .map((group) => group.id);

function isLike(record: LoadBalancerRecord, settings: Partial<LoadBalancerRecord>): boolean {
  const { type, scheme, vpcId, subnetIds, securityGroupIds } = record;
  const asSets = (value: object) =>
    JSON.stringify(value, (_key, item: unknown) => (Array.isArray(item) ? item.toSorted() : item));
  return asSets({ type, scheme, vpcId, subnetIds, securityGroupIds }) === asSets(settings);
}

function DescribeLoadBalancers(
  input: DescribeLoadBalancersInput,
  region: Region,
): DescribeLoadBalancersOutput {
  const all = [...region.state.loadBalancers.values()];
  for (const arn of input.LoadBalancerArns ?? []) findLoadBalancer(region, arn);
  const unknown = input.Names?.find((name) => !all.some((balancer) => balancer.name === name));
  if (unknown !== undefined)
    throw new ServiceError('LoadBalancerNotFound', `Load balancers '[${unknown}]' not found`);
  const asked = all.filter(
    (balancer) =>
      (!input.LoadBalancerArns?.length || input.LoadBalancerArns.includes(balancer.arn)) &&
      (!input.Names?.length || input.Names.includes(balancer.name)),
  );
  const { items, next } = elbPage(asked, input);
  const LoadBalancers = items.map((balancer) => ({
    ...describeLoadBalancer(region, balancer),
    EnablePrefixForIpv6SourceNat: 'off' as const,
  }));
  return { LoadBalancers, ...next };
}

/** One that is not there counts as deleted. */
function DeleteLoadBalancer(input: DeleteLoadBalancerInput, region: Region): DeleteLoadBalancerOutput {
  requireArn(input.LoadBalancerArn, 'load balancer', 'loadbalancer/');
  const record = region.state.loadBalancers.get(input.LoadBalancerArn ?? '');
  if (!record) return {};
  if (record.attributes['deletion_protection.enabled'] === 'true')
    throw new ServiceError(
      'OperationNotPermitted',
      `Load balancer '${record.arn}' cannot be deleted because deletion protection is enabled`,
    );
  removeLoadBalancer(region, record.arn);
  return {};
}

function DescribeLoadBalancerAttributes(
  input: DescribeLoadBalancerAttributesInput,
  region: Region,
): DescribeLoadBalancerAttributesOutput {
  return { Attributes: attributeList(findLoadBalancer(region, input.LoadBalancerArn).attributes) };
}

function ModifyLoadBalancerAttributes(
  input: ModifyLoadBalancerAttributesInput,
  region: Region,
): ModifyLoadBalancerAttributesOutput {
  const record = findLoadBalancer(region, input.LoadBalancerArn);
  record.attributes = modifiedAttributes('Load balancer', record.attributes, input.Attributes);
  return { Attributes: attributeList(record.attributes) };
}

/** A new load balancer is `provisioning` for about a minute and a half. */
const PROVISIONING_MS = 90_000;

function describeLoadBalancer(region: Region, record: LoadBalancerRecord): LoadBalancer {
  const ready = region.now - record.createdAt >= PROVISIONING_MS;
  return {
    LoadBalancerArn: record.arn,
    LoadBalancerName: record.name,
    DNSName: record.dnsName,
    Type: record.type,
    Scheme: record.scheme,
    VpcId: record.vpcId,
    CreatedTime: new Date(record.createdAt),
    State: { Code: ready ? 'active' : 'provisioning' },
    IpAddressType: 'ipv4',
    // Not in the order of the subnets that were given.
    AvailabilityZones: record.subnetIds.toReversed().map((SubnetId) => ({
      SubnetId,
      ZoneName: region.state.subnets.get(SubnetId)?.zone ?? '',
      LoadBalancerAddresses: [],
    })),
    ...(record.securityGroupIds.length === 0 ? {} : { SecurityGroups: record.securityGroupIds }),
  };
}
