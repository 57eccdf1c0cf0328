import type {
  CreateAccessPointInput,
  CreateAccessPointOutput,
  DeleteAccessPointInput,
  DeleteAccessPointOutput,
  DescribeAccessPointsInput,
  DescribeAccessPointsOutput,
  Listener,
  LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import type { ClassicLoadBalancerRecord } from '../../engine/records/load-balancing.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import { elbPage } from '../elbv2/resources.ts';
import { setTags } from '../elbv2/tags.ts';
import type { Handlers } from '../service.ts';
import { describeHealthCheck, find, instancesOf, tagsKey } from './resources.ts';

export const classicLoadBalancerHandlers: Handlers = {
  CreateLoadBalancer,
  DescribeLoadBalancers,
  DeleteLoadBalancer,
};

function CreateLoadBalancer(input: CreateAccessPointInput, region: Region): CreateAccessPointOutput {
  const name = input.LoadBalancerName ?? '';
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name))
    throw validationError(
      'LoadBalancer name must contain only alphanumeric characters or hyphens, 32 at most, and must not begin or end with a hyphen',
    );
  if (region.state.classicLoadBalancers.has(name))
    throw new ServiceError(
      'DuplicateLoadBalancerName',
      `Load Balancer named ${name} already exists and it is configured with different parameters.`,
    );
  const listeners = (input.Listeners ?? []).map(acceptListener);
  const [first] = listeners;
  if (!first) throw validationError('At least one listener must be specified');
  const subnets = subnetsOf(region, input);
  const vpcId = subnets[0]?.vpcId ?? '';
  const scheme = input.Scheme ?? 'internet-facing';
  const record: ClassicLoadBalancerRecord = {
    name,
    dnsName: `${scheme === 'internal' ? 'internal-' : ''}${name}-1234567890.${region.name}.elb.amazonaws.com`,
    scheme,
    createdAt: region.now,
    vpcId,
    zones: subnets.map((subnet) => subnet.zone),
    subnetIds: subnets.map((subnet) => subnet.id),
    securityGroupIds:
      input.SecurityGroups ??
      [...region.state.securityGroups.values()]
        .filter((group) => group.vpcId === vpcId && group.name === 'default')
        .map((group) => group.id),
    listeners,
    healthCheck: {
      target: `TCP:${first.instancePort}`,
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 10,
      unhealthyThreshold: 2,
    },
    crossZone: false,
    idleTimeoutSeconds: 60,
    draining: { enabled: false, timeoutSeconds: 300 },
    instances: new Map(),
  };
  setTags(region, tagsKey(region, name), input.Tags);
  region.state.classicLoadBalancers.set(name, record);
  return { DNSName: record.dnsName };
}

function acceptListener(listener: Listener): ClassicLoadBalancerRecord['listeners'][number] {
  const protocol = (listener.Protocol ?? '').toUpperCase();
  if (!['HTTP', 'HTTPS', 'TCP', 'SSL'].includes(protocol))
    throw validationError(`Listener protocol '${listener.Protocol}' must be one of HTTP, HTTPS, TCP, SSL`);
  const secure = protocol === 'HTTPS' || protocol === 'SSL';
  if (secure && listener.SSLCertificateId === undefined)
    throw validationError('A certificate must be specified for HTTPS and SSL listeners');
  return {
    protocol,
    port: listener.LoadBalancerPort ?? 0,
    // Without one, that of the front end's layer.
    instanceProtocol:
      listener.InstanceProtocol?.toUpperCase() ?? (protocol.startsWith('HTTP') ? 'HTTP' : 'TCP'),
    instancePort: listener.InstancePort ?? 0,
    ...(listener.SSLCertificateId === undefined ? {} : { certificate: listener.SSLCertificateId }),
  };
}

/** By subnets, or by zones: those stand for their default subnets. */
function subnetsOf(region: Region, { Subnets, AvailabilityZones }: CreateAccessPointInput) {
  const all = [...region.state.subnets.values()];
  if (!Subnets?.length && !AvailabilityZones?.length)
    throw validationError('Either AvailabilityZones or SubnetIds must be specified');
  if (!Subnets?.length) return all.filter((subnet) => AvailabilityZones?.includes(subnet.zone));
  return Subnets.map((id) => {
    const subnet = all.find((candidate) => candidate.id === id);
    if (!subnet) throw new ServiceError('SubnetNotFound', `The subnet ID '${id}' does not exist`);
    return subnet;
  });
}

function DescribeLoadBalancers(input: DescribeAccessPointsInput, region: Region): DescribeAccessPointsOutput {
  const asked = input.LoadBalancerNames?.length
    ? input.LoadBalancerNames.map((name) => find(region, name))
    : [...region.state.classicLoadBalancers.values()];
  const { items, next } = elbPage(asked, input);
  return { LoadBalancerDescriptions: items.map(describe), ...next };
}

/** One that is not there counts as deleted. */
function DeleteLoadBalancer(input: DeleteAccessPointInput, region: Region): DeleteAccessPointOutput {
  const name = input.LoadBalancerName ?? '';
  region.state.classicLoadBalancers.delete(name);
  region.state.arnTags.delete(tagsKey(region, name));
  return {};
}

function describe(record: ClassicLoadBalancerRecord): LoadBalancerDescription {
  return {
    LoadBalancerName: record.name,
    DNSName: record.dnsName,
    CanonicalHostedZoneName: record.dnsName,
    ListenerDescriptions: record.listeners.map((listener) => ({
      Listener: {
        Protocol: listener.protocol,
        LoadBalancerPort: listener.port,
        InstanceProtocol: listener.instanceProtocol,
        InstancePort: listener.instancePort,
        SSLCertificateId: listener.certificate,
      },
      PolicyNames: [],
    })),
    Policies: { AppCookieStickinessPolicies: [], LBCookieStickinessPolicies: [], OtherPolicies: [] },
    BackendServerDescriptions: [],
    AvailabilityZones: record.zones,
    Subnets: record.subnetIds,
    VPCId: record.vpcId,
    Instances: instancesOf(record),
    HealthCheck: describeHealthCheck(record),
    SourceSecurityGroup: { OwnerAlias: ACCOUNT, GroupName: 'default' },
    SecurityGroups: record.securityGroupIds,
    CreatedTime: new Date(record.createdAt),
    Scheme: record.scheme,
  };
}
