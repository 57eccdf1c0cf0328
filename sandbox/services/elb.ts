import type {
  ConfigureHealthCheckInput,
  ConfigureHealthCheckOutput,
  CreateAccessPointInput,
  CreateAccessPointOutput,
  DeleteAccessPointInput,
  DeleteAccessPointOutput,
  DeregisterEndPointsInput,
  DeregisterEndPointsOutput,
  DescribeAccessPointsInput,
  DescribeAccessPointsOutput,
  DescribeEndPointStateInput,
  DescribeEndPointStateOutput,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  DescribeTagsInput,
  DescribeTagsOutput,
  HealthCheck,
  Instance,
  InstanceState,
  Listener,
  LoadBalancerAttributes,
  LoadBalancerDescription,
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput,
  RegisterEndPointsInput,
  RegisterEndPointsOutput,
} from '@aws-sdk/client-elastic-load-balancing';
import { deregisterFromClassic, registerWithClassic } from '../engine/classic.ts';
import type { ClassicInstanceRecord, ClassicLoadBalancerRecord } from '../engine/state.ts';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError, validationError } from '../protocol/error.ts';
import { elbPage } from './elbv2/resources.ts';
import { setTags } from './elbv2/tags.ts';
import type { Handlers } from './service.ts';

/** Classic Load Balancers, API version 2012-06-01. */
export const elbHandlers: Handlers = {
  CreateLoadBalancer,
  DescribeLoadBalancers,
  DeleteLoadBalancer,
  ConfigureHealthCheck,
  RegisterInstancesWithLoadBalancer,
  DeregisterInstancesFromLoadBalancer,
  DescribeInstanceHealth,
  DescribeLoadBalancerAttributes,
  ModifyLoadBalancerAttributes,
  DescribeTags,
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

function ConfigureHealthCheck(input: ConfigureHealthCheckInput, region: Region): ConfigureHealthCheckOutput {
  const record = find(region, input.LoadBalancerName);
  const {
    Target = '',
    Interval = 0,
    Timeout = 0,
    HealthyThreshold = 0,
    UnhealthyThreshold = 0,
  } = input.HealthCheck ?? {};
  if (!/^((TCP|SSL):\d+|(HTTP|HTTPS):\d+\/.*)$/.test(Target))
    throw validationError(`HealthCheck Target '${Target}' is not valid`);
  requireRange('HealthCheck interval', Interval, 5, 300);
  requireRange('HealthCheck timeout', Timeout, 2, 60);
  requireRange('HealthCheck healthy threshold', HealthyThreshold, 2, 10);
  requireRange('HealthCheck unhealthy threshold', UnhealthyThreshold, 2, 10);
  if (Timeout >= Interval) throw validationError('HealthCheck timeout must be less than interval');
  record.healthCheck = {
    target: Target,
    intervalSeconds: Interval,
    timeoutSeconds: Timeout,
    healthyThreshold: HealthyThreshold,
    unhealthyThreshold: UnhealthyThreshold,
  };
  return { HealthCheck: describeHealthCheck(record) };
}

function requireRange(what: string, value: number, least: number, most: number): void {
  if (value < least || value > most) throw validationError(`${what} must be between ${least} and ${most}`);
}

function RegisterInstancesWithLoadBalancer(
  input: RegisterEndPointsInput,
  region: Region,
): RegisterEndPointsOutput {
  const record = find(region, input.LoadBalancerName);
  const ids = requireInstances(region, input.Instances);
  for (const id of ids) registerWithClassic(region, record.name, id);
  return { Instances: instancesOf(record) };
}

function DeregisterInstancesFromLoadBalancer(
  input: DeregisterEndPointsInput,
  region: Region,
): DeregisterEndPointsOutput {
  const record = find(region, input.LoadBalancerName);
  const ids = requireInstances(region, input.Instances);
  for (const id of ids) deregisterFromClassic(region, record.name, id);
  return { Instances: instancesOf(record) };
}

function requireInstances(region: Region, instances: readonly Instance[] | undefined): string[] {
  return (instances ?? []).map(({ InstanceId = '' }) => {
    if (!region.state.instances.has(InstanceId))
      throw new ServiceError('InvalidInstance', `Could not find EC2 instance ${InstanceId}.`);
    return InstanceId;
  });
}

function DescribeInstanceHealth(
  input: DescribeEndPointStateInput,
  region: Region,
): DescribeEndPointStateOutput {
  const record = find(region, input.LoadBalancerName);
  const ids = input.Instances?.length
    ? requireInstances(region, input.Instances)
    : [...record.instances.keys()];
  return { InstanceStates: ids.map((id) => stateOf(region, id, record.instances.get(id))) };
}

function stateOf(
  region: Region,
  InstanceId: string,
  record: ClassicInstanceRecord | undefined,
): InstanceState {
  const out = (ReasonCode: string, Description: string) => ({
    InstanceId,
    State: 'OutOfService',
    ReasonCode,
    Description,
  });
  if (!record) return out('Instance', 'Instance is not currently registered with the LoadBalancer.');
  if (record.drainsUntil !== undefined)
    return {
      InstanceId,
      State: 'InService',
      ReasonCode: 'N/A',
      Description: 'Instance deregistration currently in progress.',
    };
  const state = region.state.instances.get(InstanceId)?.state;
  if (state === 'pending' || state === 'stopped' || state === 'terminated')
    return out('Instance', `Instance is in ${state} state.`);
  if (record.state === 'in-service')
    return { InstanceId, State: 'InService', ReasonCode: 'N/A', Description: 'N/A' };
  if (record.state === 'registering') return out('ELB', 'Instance registration is still in progress.');
  // Once it passes again it is on its way back.
  if (record.streak > 0)
    return out(
      'Instance',
      'Instance has not passed the configured HealthyThreshold number of health checks consecutively.',
    );
  return out(
    'Instance',
    'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
  );
}

function DescribeLoadBalancerAttributes(
  input: DescribeLoadBalancerAttributesInput,
  region: Region,
): DescribeLoadBalancerAttributesOutput {
  return { LoadBalancerAttributes: attributesOf(find(region, input.LoadBalancerName)) };
}

function ModifyLoadBalancerAttributes(
  input: ModifyLoadBalancerAttributesInput,
  region: Region,
): ModifyLoadBalancerAttributesOutput {
  const record = find(region, input.LoadBalancerName);
  const { ConnectionDraining, CrossZoneLoadBalancing, ConnectionSettings } =
    input.LoadBalancerAttributes ?? {};
  if (ConnectionDraining) {
    const timeoutSeconds = ConnectionDraining.Timeout ?? record.draining.timeoutSeconds;
    requireRange('ConnectionDraining timeout', timeoutSeconds, 1, 3600);
    record.draining = { enabled: ConnectionDraining.Enabled ?? false, timeoutSeconds };
  }
  if (CrossZoneLoadBalancing) record.crossZone = CrossZoneLoadBalancing.Enabled ?? false;
  if (ConnectionSettings) record.idleTimeoutSeconds = ConnectionSettings.IdleTimeout ?? 60;
  return { LoadBalancerName: record.name, LoadBalancerAttributes: attributesOf(record) };
}

function attributesOf(record: ClassicLoadBalancerRecord): LoadBalancerAttributes {
  const { draining } = record;
  return {
    CrossZoneLoadBalancing: { Enabled: record.crossZone },
    AccessLog: { Enabled: false },
    ConnectionDraining: { Enabled: draining.enabled, Timeout: draining.timeoutSeconds },
    ConnectionSettings: { IdleTimeout: record.idleTimeoutSeconds },
    AdditionalAttributes: [{ Key: 'elb.http.desyncmitigationmode', Value: 'defensive' }],
  };
}

function DescribeTags(input: DescribeTagsInput, region: Region): DescribeTagsOutput {
  const TagDescriptions = (input.LoadBalancerNames ?? []).map((name) => {
    const { name: LoadBalancerName } = find(region, name);
    const tags = region.state.arnTags.get(tagsKey(region, name)) ?? {};
    return { LoadBalancerName, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  });
  return { TagDescriptions };
}

/** Tags are kept by ARN. */
const tagsKey = (region: Region, name: string) =>
  `arn:aws:elasticloadbalancing:${region.name}:${ACCOUNT}:loadbalancer/${name}`;

function find(region: Region, name: string | undefined): ClassicLoadBalancerRecord {
  const record = region.state.classicLoadBalancers.get(name ?? '');
  if (!record)
    throw new ServiceError('LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`);
  return record;
}

const instancesOf = (record: ClassicLoadBalancerRecord) =>
  [...record.instances.values()]
    .filter(({ drainsUntil }) => drainsUntil === undefined)
    .map(({ instanceId }) => ({ InstanceId: instanceId }));

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

function describeHealthCheck({ healthCheck }: ClassicLoadBalancerRecord): HealthCheck {
  return {
    Target: healthCheck.target,
    Interval: healthCheck.intervalSeconds,
    Timeout: healthCheck.timeoutSeconds,
    UnhealthyThreshold: healthCheck.unhealthyThreshold,
    HealthyThreshold: healthCheck.healthyThreshold,
  };
}
