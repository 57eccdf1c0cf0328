import type {
  ConfigureHealthCheckInput,
  ConfigureHealthCheckOutput,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  DescribeTagsInput,
  DescribeTagsOutput,
  LoadBalancerAttributes,
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing';
import type { ClassicLoadBalancerRecord } from '../../engine/records/load-balancing.ts';
import type { Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { describeHealthCheck, find, requireRange, tagsKey } from './resources.ts';

/** How a Classic load balancer is set: health check, attributes, tags. */
export const classicSettingHandlers: Handlers = {
  ConfigureHealthCheck,
  DescribeLoadBalancerAttributes,
  ModifyLoadBalancerAttributes,
  DescribeTags,
};

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
