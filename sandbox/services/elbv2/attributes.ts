import type { LoadBalancerRecord, TargetGroupRecord } from '../../engine/records/load-balancing.ts';
import { validationError } from '../../protocol/error.ts';

/** Attributes of load balancers and target groups: what there is, its defaults, and the values that are taken. */

type Attributes = Record<string, string>;

const HEALTHY_TARGETS: Attributes = {
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
};

/** In the order in which AWS lists them. */
const APPLICATION_TARGET_GROUP: Attributes = {
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
  'deregistration_delay.timeout_seconds': '300',
  'stickiness.type': 'lb_cookie',
  'stickiness.lb_cookie.duration_seconds': '86400',
  'slow_start.duration_seconds': '0',
  'stickiness.app_cookie.duration_seconds': '86400',
  'load_balancing.algorithm.type': 'round_robin',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'stickiness.enabled': 'false',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
  'stickiness.app_cookie.cookie_name': '',
  'load_balancing.algorithm.anomaly_mitigation': 'off',
};

export function targetGroupAttributes(group: Pick<TargetGroupRecord, 'protocol' | 'targetType'>): Attributes {
  if (group.protocol === 'HTTP' || group.protocol === 'HTTPS') return { ...APPLICATION_TARGET_GROUP };
  const byAddress = group.targetType === 'ip' && (group.protocol === 'TCP' || group.protocol === 'TLS');
  return {
    'deregistration_delay.timeout_seconds': '300',
    'deregistration_delay.connection_termination.enabled': 'false',
    'stickiness.enabled': 'false',
    'stickiness.type': 'source_ip',
    'preserve_client_ip.enabled': byAddress ? 'false' : 'true',
    'proxy_protocol_v2.enabled': 'false',
    'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
    'target_health_state.unhealthy.connection_termination.enabled': 'true',
    'target_health_state.unhealthy.draining_interval_seconds': '0',
    ...HEALTHY_TARGETS,
  };
}

const LOAD_BALANCER: Attributes = {
  'access_logs.s3.enabled': 'false',
  'access_logs.s3.bucket': '',
  'access_logs.s3.prefix': '',
  'deletion_protection.enabled': 'false',
  'ipv6.deny_all_igw_traffic': 'false',
  'zonal_shift.config.enabled': 'false',
};

export function loadBalancerAttributes(type: LoadBalancerRecord['type']): Attributes {
  if (type === 'network')
    return {
      ...LOAD_BALANCER,
      'load_balancing.cross_zone.enabled': 'false',
      'dns_record.client_routing_policy': 'any_availability_zone',
    };
  return {
    ...LOAD_BALANCER,
    'load_balancing.cross_zone.enabled': 'true',
    'idle_timeout.timeout_seconds': '60',
    'client_keep_alive.seconds': '3600',
    'connection_logs.s3.enabled': 'false',
    'connection_logs.s3.bucket': '',
    'connection_logs.s3.prefix': '',
    'routing.http2.enabled': 'true',
    'routing.http.desync_mitigation_mode': 'defensive',
    'routing.http.drop_invalid_header_fields.enabled': 'false',
    'routing.http.preserve_host_header.enabled': 'false',
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'false',
    'routing.http.xff_client_port.enabled': 'false',
    'routing.http.xff_header_processing.mode': 'append',
    'waf.fail_open.enabled': 'false',
  };
}

/** What the documentation allows: a range (beside single values), or one of some values. Others take any text. */
const ALLOWED: Readonly<Record<string, { from?: number; to?: number; values?: readonly string[] }>> = {
  'deregistration_delay.timeout_seconds': { from: 0, to: 3600 },
  'slow_start.duration_seconds': { from: 30, to: 900, values: ['0'] },
  'stickiness.lb_cookie.duration_seconds': { from: 1, to: 604_800 },
  'stickiness.app_cookie.duration_seconds': { from: 1, to: 604_800 },
  'target_health_state.unhealthy.draining_interval_seconds': { from: 0, to: 360_000 },
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': { from: 1, to: 1000 },
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': {
    from: 1,
    to: 100,
    values: ['off'],
  },
  'target_group_health.dns_failover.minimum_healthy_targets.count': { from: 1, to: 1000, values: ['off'] },
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': {
    from: 1,
    to: 100,
    values: ['off'],
  },
  'load_balancing.algorithm.type': {
    values: ['round_robin', 'least_outstanding_requests', 'weighted_random'],
  },
  'load_balancing.algorithm.anomaly_mitigation': { values: ['on', 'off'] },
  'idle_timeout.timeout_seconds': { from: 1, to: 4000 },
  'client_keep_alive.seconds': { from: 60, to: 604_800 },
};

const BOOLEAN = { values: ['true', 'false'] };

function allowedFor(key: string, present: Attributes) {
  if (key === 'stickiness.type') {
    const application = 'stickiness.lb_cookie.duration_seconds' in present;
    return { values: application ? ['lb_cookie', 'app_cookie'] : ['source_ip'] };
  }
  if (key === 'load_balancing.cross_zone.enabled' && 'deregistration_delay.timeout_seconds' in present)
    return { values: ['true', 'false', 'use_load_balancer_configuration'] };
  return ALLOWED[key] ?? (key.endsWith('.enabled') ? BOOLEAN : undefined);
}

/** The attributes after a change, which is made whole or not at all. */
export function modifiedAttributes(
  kind: 'Load balancer' | 'Target group',
  present: Attributes,
  changes: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Attributes {
  const result = { ...present };
  for (const { Key = '', Value = '' } of changes ?? []) {
    if (!(Key in present)) throw validationError(`${kind} attribute key '${Key}' is not recognized`);
    requireAllowed(Key, Value, present);
    result[Key] = Value;
  }
  return result;
}

function requireAllowed(key: string, value: string, present: Attributes): void {
  const allowed: { from?: number; to?: number; values?: readonly string[] } | undefined = allowedFor(
    key,
    present,
  );
  if (!allowed || allowed.values?.includes(value)) return;
  const { from, to, values = [] } = allowed;
  const inRange =
    from !== undefined &&
    to !== undefined &&
    /^\d+$/.test(value) &&
    from <= Number(value) &&
    Number(value) <= to;
  if (inRange) return;
  const range = from === undefined ? [] : [`between ${from} and ${to} inclusive`];
  const names = values.length === 0 ? [] : [`one of '${values.join(', ')}'`];
  throw validationError(`'${key}' must be ${[...range, ...names].join(' or ')}`);
}

export const attributeList = (attributes: Attributes) =>
  Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
