import type {
  CreateListenerInput,
  CreateListenerOutput,
  CreateLoadBalancerInput,
  CreateLoadBalancerOutput,
  CreateTargetGroupInput,
  CreateTargetGroupOutput,
  DescribeListenersInput,
  DescribeListenersOutput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  Listener,
  LoadBalancer,
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupAttributesOutput,
  TargetGroup,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerRecord, LoadBalancerRecord, TargetGroupRecord, TargetRecord } from '../engine/state.ts';
import { isInUse } from '../engine/targets.ts';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError } from '../protocol/error.ts';
import { page } from './pages.ts';
import type { Handlers } from './service.ts';

export const elbv2Handlers: Handlers = {
  CreateLoadBalancer,
  DescribeLoadBalancers,
  CreateListener,
  DescribeListeners,
  CreateTargetGroup,
  DescribeTargetGroups,
  DescribeTargetGroupAttributes,
  ModifyTargetGroupAttributes,
  DescribeTargetHealth,
};

function elbPage<T>(
  items: readonly T[],
  input: { Marker?: string | undefined; PageSize?: number | undefined },
) {
  const { Marker, PageSize, ...query } = input;
  const badToken = (token: string) =>
    new ServiceError('ValidationError', `The marker '${token}' is not valid`);
  const { items: content, nextToken } = page(items, {
    token: Marker,
    size: PageSize,
    otherwise: 400,
    query,
    badToken,
  });
  return { items: content, next: nextToken === undefined ? {} : { NextMarker: nextToken } };
}

const arnOf = (region: Region, resource: string) =>
  `arn:aws:elasticloadbalancing:${region.name}:${ACCOUNT}:${resource}`;

const suffix = (region: Region) => region.world.newId('x').slice(3);

function CreateLoadBalancer(input: CreateLoadBalancerInput, region: Region): CreateLoadBalancerOutput {
  const name = input.Name ?? '';
  const type = input.Type ?? 'application';
  const record: LoadBalancerRecord = {
    arn: arnOf(region, `loadbalancer/${type === 'network' ? 'net' : 'app'}/${name}/${suffix(region)}`),
    name,
    dnsName: `${name}-1234567890.${region.name}.elb.amazonaws.com`,
    type,
    scheme: input.Scheme ?? 'internet-facing',
    createdAt: region.now,
    subnetIds: input.Subnets ?? [],
  };
  if ([...region.state.loadBalancers.values()].some((balancer) => balancer.name === name)) {
    throw new ServiceError(
      'DuplicateLoadBalancerName',
      `A load balancer with the same name '${name}' exists, but with different settings`,
    );
  }
  region.state.loadBalancers.set(record.arn, record);
  return { LoadBalancers: [describeLoadBalancer(region, record)] };
}

function DescribeLoadBalancers(
  input: DescribeLoadBalancersInput,
  region: Region,
): DescribeLoadBalancersOutput {
  for (const arn of input.LoadBalancerArns ?? []) findLoadBalancer(region, arn);
  const asked = [...region.state.loadBalancers.values()].filter(
    (balancer) =>
      (!input.LoadBalancerArns?.length || input.LoadBalancerArns.includes(balancer.arn)) &&
      (!input.Names?.length || input.Names.includes(balancer.name)),
  );
  const { items, next } = elbPage(asked, input);
  return { LoadBalancers: items.map((balancer) => describeLoadBalancer(region, balancer)), ...next };
}

function findLoadBalancer(region: Region, arn: string | undefined): LoadBalancerRecord {
  const balancer = region.state.loadBalancers.get(arn ?? '');
  if (!balancer) throw new ServiceError('LoadBalancerNotFound', 'One or more load balancers not found');
  return balancer;
}

/** A new load balancer is `provisioning` for about a minute and a half. */
const PROVISIONING_MS = 90_000;

function describeLoadBalancer(region: Region, record: LoadBalancerRecord): LoadBalancer {
  const ready = region.now - record.createdAt >= PROVISIONING_MS;
  return {
    LoadBalancerArn: record.arn,
    LoadBalancerName: record.name,
    DNSName: record.dnsName,
    Type: record.type === 'network' ? 'network' : 'application',
    Scheme: record.scheme === 'internal' ? 'internal' : 'internet-facing',
    CreatedTime: new Date(record.createdAt),
    State: { Code: ready ? 'active' : 'provisioning' },
    IpAddressType: 'ipv4',
    AvailabilityZones: record.subnetIds.map((SubnetId) => ({
      SubnetId,
      ZoneName: region.state.subnets.get(SubnetId)?.zone ?? '',
      LoadBalancerAddresses: [],
    })),
  };
}

function CreateListener(input: CreateListenerInput, region: Region): CreateListenerOutput {
  const balancer = findLoadBalancer(region, input.LoadBalancerArn);
  const targetGroups = (input.DefaultActions ?? []).flatMap((action) =>
    action.TargetGroupArn === undefined
      ? (action.ForwardConfig?.TargetGroups ?? []).map((group) => ({
          arn: group.TargetGroupArn ?? '',
          weight: group.Weight ?? 1,
        }))
      : [{ arn: action.TargetGroupArn, weight: 1 }],
  );
  for (const { arn } of targetGroups) findTargetGroup(region, arn);
  const record: ListenerRecord = {
    arn: `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${suffix(region)}`,
    loadBalancerArn: balancer.arn,
    protocol: input.Protocol ?? 'HTTP',
    port: input.Port ?? 80,
    targetGroups,
  };
  region.state.listeners.set(record.arn, record);
  return { Listeners: [describeListener(record)] };
}

function DescribeListeners(input: DescribeListenersInput, region: Region): DescribeListenersOutput {
  const asked = [...region.state.listeners.values()].filter(
    (listener) =>
      (input.LoadBalancerArn === undefined || listener.loadBalancerArn === input.LoadBalancerArn) &&
      (!input.ListenerArns?.length || input.ListenerArns.includes(listener.arn)),
  );
  const { items, next } = elbPage(asked, input);
  return { Listeners: items.map(describeListener), ...next };
}

function describeListener(record: ListenerRecord): Listener {
  const TargetGroups = record.targetGroups.map(({ arn, weight }) => ({
    TargetGroupArn: arn,
    Weight: weight,
  }));
  const [only] = record.targetGroups.length === 1 ? record.targetGroups : [];
  return {
    ListenerArn: record.arn,
    LoadBalancerArn: record.loadBalancerArn,
    Protocol: record.protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
    Port: record.port,
    DefaultActions: [
      {
        Type: 'forward',
        ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } },
        ...(only ? { TargetGroupArn: only.arn } : {}),
      },
    ],
  };
}

const ATTRIBUTE_DEFAULTS: Record<string, string> = {
  'deregistration_delay.timeout_seconds': '300',
  'stickiness.enabled': 'false',
  'stickiness.type': 'lb_cookie',
  'slow_start.duration_seconds': '0',
  'load_balancing.algorithm.type': 'round_robin',
};

function CreateTargetGroup(input: CreateTargetGroupInput, region: Region): CreateTargetGroupOutput {
  const name = input.Name ?? '';
  const settings = {
    protocol: input.Protocol ?? 'HTTP',
    port: input.Port ?? 80,
    vpcId: input.VpcId ?? [...region.state.vpcs.keys()][0] ?? '',
    healthCheck: {
      path: input.HealthCheckPath ?? '/',
      intervalSeconds: input.HealthCheckIntervalSeconds ?? 30,
      timeoutSeconds: input.HealthCheckTimeoutSeconds ?? 5,
      healthyThreshold: input.HealthyThresholdCount ?? 5,
      unhealthyThreshold: input.UnhealthyThresholdCount ?? 2,
    },
  };
  const known = [...region.state.targetGroups.values()].find((group) => group.name === name);
  if (known) {
    const same =
      known.port === settings.port &&
      known.protocol === settings.protocol &&
      JSON.stringify(known.healthCheck) === JSON.stringify(settings.healthCheck);
    if (!same)
      throw new ServiceError(
        'DuplicateTargetGroupName',
        `A target group with the same name '${name}' exists, but with different settings`,
      );
    return { TargetGroups: [describeTargetGroup(region, known)] };
  }
  const arn = arnOf(region, `targetgroup/${name}/${suffix(region)}`);
  const record: TargetGroupRecord = {
    arn,
    name,
    ...settings,
    attributes: { ...ATTRIBUTE_DEFAULTS },
    targets: [],
  };
  region.state.targetGroups.set(arn, record);
  return { TargetGroups: [describeTargetGroup(region, record)] };
}

function DescribeTargetGroups(input: DescribeTargetGroupsInput, region: Region): DescribeTargetGroupsOutput {
  for (const arn of input.TargetGroupArns ?? []) findTargetGroup(region, arn);
  const asked = [...region.state.targetGroups.values()].filter(
    (group) =>
      (!input.TargetGroupArns?.length || input.TargetGroupArns.includes(group.arn)) &&
      (!input.Names?.length || input.Names.includes(group.name)) &&
      (input.LoadBalancerArn === undefined ||
        loadBalancersOf(region, group.arn).includes(input.LoadBalancerArn)),
  );
  const { items, next } = elbPage(asked, input);
  return { TargetGroups: items.map((group) => describeTargetGroup(region, group)), ...next };
}

function findTargetGroup(region: Region, arn: string | undefined): TargetGroupRecord {
  const group = region.state.targetGroups.get(arn ?? '');
  if (!group) throw new ServiceError('TargetGroupNotFound', 'One or more target groups not found');
  return group;
}

function loadBalancersOf(region: Region, targetGroupArn: string): string[] {
  const listeners = [...region.state.listeners.values()].filter((listener) =>
    listener.targetGroups.some((group) => group.arn === targetGroupArn),
  );
  return [...new Set(listeners.map((listener) => listener.loadBalancerArn))];
}

function describeTargetGroup(region: Region, record: TargetGroupRecord): TargetGroup {
  const protocol = record.protocol === 'HTTPS' ? 'HTTPS' : 'HTTP';
  return {
    TargetGroupArn: record.arn,
    TargetGroupName: record.name,
    Protocol: protocol,
    Port: record.port,
    VpcId: record.vpcId,
    HealthCheckProtocol: protocol,
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: record.healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: record.healthCheck.timeoutSeconds,
    HealthyThresholdCount: record.healthCheck.healthyThreshold,
    UnhealthyThresholdCount: record.healthCheck.unhealthyThreshold,
    HealthCheckPath: record.healthCheck.path,
    Matcher: { HttpCode: '200' },
    TargetType: 'instance',
    ProtocolVersion: 'HTTP1',
    IpAddressType: 'ipv4',
    LoadBalancerArns: loadBalancersOf(region, record.arn),
  };
}

function DescribeTargetGroupAttributes(
  input: DescribeTargetGroupAttributesInput,
  region: Region,
): DescribeTargetGroupAttributesOutput {
  return { Attributes: attributesOf(findTargetGroup(region, input.TargetGroupArn)) };
}

function ModifyTargetGroupAttributes(
  input: ModifyTargetGroupAttributesInput,
  region: Region,
): ModifyTargetGroupAttributesOutput {
  const group = findTargetGroup(region, input.TargetGroupArn);
  for (const { Key = '', Value = '' } of input.Attributes ?? []) {
    if (!(Key in ATTRIBUTE_DEFAULTS))
      throw new ServiceError('ValidationError', `Target group attribute key '${Key}' is not recognized`);
    group.attributes[Key] = Value;
  }
  return { Attributes: attributesOf(group) };
}

const attributesOf = (group: TargetGroupRecord) =>
  Object.entries(group.attributes).map(([Key, Value]) => ({ Key, Value }));

function DescribeTargetHealth(input: DescribeTargetHealthInput, region: Region): DescribeTargetHealthOutput {
  const group = findTargetGroup(region, input.TargetGroupArn);
  const inUse = isInUse(region, group.arn);
  const asked = group.targets.filter(
    (target) => !input.Targets?.length || input.Targets.some(({ Id }) => Id === target.instanceId),
  );
  return { TargetHealthDescriptions: asked.map((target) => describeTarget(target, inUse)) };
}

function describeTarget(target: TargetRecord, inUse: boolean): TargetHealthDescription {
  return {
    Target: { Id: target.instanceId, Port: target.port },
    HealthCheckPort: String(target.port),
    TargetHealth: inUse ? HEALTH[target.state] : HEALTH.unused,
    ...(inUse
      ? {
          AdministrativeOverride: {
            State: 'no_override',
            Reason: 'AdministrativeOverride.NoOverride',
            Description: 'No override is currently active on target',
          },
        }
      : {}),
  };
}

const HEALTH = {
  unused: {
    State: 'unused',
    Reason: 'Target.NotInUse',
    Description: 'Target group is not configured to receive traffic from the load balancer',
  },
  initial: {
    State: 'initial',
    Reason: 'Elb.RegistrationInProgress',
    Description: 'Target registration is in progress',
  },
  healthy: { State: 'healthy' },
  unhealthy: { State: 'unhealthy', Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' },
  draining: {
    State: 'draining',
    Reason: 'Target.DeregistrationInProgress',
    Description: 'Target deregistration is in progress',
  },
} as const;
