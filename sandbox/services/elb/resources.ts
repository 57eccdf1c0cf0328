import type { HealthCheck } from '@aws-sdk/client-elastic-load-balancing';
import type { ClassicLoadBalancerRecord } from '../../engine/records/load-balancing.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';

/** What the operations on Classic load balancers share. */

/** Tags are kept by ARN. */
export const tagsKey = (region: Region, name: string) =>
  `arn:aws:elasticloadbalancing:${region.name}:${ACCOUNT}:loadbalancer/${name}`;

export function find(region: Region, name: string | undefined): ClassicLoadBalancerRecord {
  const record = region.state.classicLoadBalancers.get(name ?? '');
  if (!record)
    throw new ServiceError('LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`);
  return record;
}

export const instancesOf = (record: ClassicLoadBalancerRecord) =>
  [...record.instances.values()]
    .filter(({ drainsUntil }) => drainsUntil === undefined)
    .map(({ instanceId }) => ({ InstanceId: instanceId }));

export function requireRange(what: string, value: number, least: number, most: number): void {
  if (value < least || value > most) throw validationError(`${what} must be between ${least} and ${most}`);
}

export function describeHealthCheck({ healthCheck }: ClassicLoadBalancerRecord): HealthCheck {
  return {
    Target: healthCheck.target,
    Interval: healthCheck.intervalSeconds,
    Timeout: healthCheck.timeoutSeconds,
    UnhealthyThreshold: healthCheck.unhealthyThreshold,
    HealthyThreshold: healthCheck.healthyThreshold,
  };
}
