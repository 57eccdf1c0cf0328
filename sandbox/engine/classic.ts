import { afterCheck, checkInstance } from './health-check.ts';
import type { ClassicInstanceRecord, ClassicLoadBalancerRecord } from './records/load-balancing.ts';
import type { Region } from './world.ts';

/** Instances behind Classic load balancers: registration, checks, draining. */

export function registerWithClassic(region: Region, name: string, instanceId: string): void {
  const balancer = region.state.classicLoadBalancers.get(name);
  const known = balancer?.instances.get(instanceId);
  if (!balancer || (known && known.drainsUntil === undefined)) return;
  const record: ClassicInstanceRecord = { instanceId, state: 'registering', streak: 0 };
  balancer.instances.set(instanceId, record);
  planCheck(region, balancer, record);
}

/** Starts draining, or removes at once where that is off. Returns the seconds until the instance is gone. */
export function deregisterFromClassic(region: Region, name: string, instanceId: string): number {
  const balancer = region.state.classicLoadBalancers.get(name);
  const record = balancer?.instances.get(instanceId);
  if (!balancer || !record) return 0;
  if (record.drainsUntil !== undefined) return (record.drainsUntil - region.now) / 1000;
  const { enabled, timeoutSeconds } = balancer.draining;
  // An instance that gets no traffic has nothing to drain (an inference).
  if (!enabled || record.state !== 'in-service') {
    balancer.instances.delete(instanceId);
    return 0;
  }
  delete record.checkAt;
  record.drainsUntil = region.now + timeoutSeconds * 1000;
  region.after(timeoutSeconds, 'classic-drained', timerId(balancer, record));
  return timeoutSeconds;
}

export function isDrainedFromClassic(region: Region, id: string): void {
  const [balancer, record] = fromTimerId(region, id);
  if (record?.drainsUntil !== undefined && record.drainsUntil <= region.now)
    balancer?.instances.delete(record.instanceId);
}

/** One health check. Returns the instance's id when its state changed. */
export function checkWithClassic(region: Region, id: string): string | undefined {
  const [balancer, record] = fromTimerId(region, id);
  if (!balancer || record?.checkAt === undefined || record.checkAt > region.now) return undefined;
  delete record.checkAt;
  const { target, healthyThreshold, unhealthyThreshold } = balancer.healthCheck;
  const instance = region.state.instances.get(record.instanceId);
  // HTTP and HTTPS checks of this generation take no other status.
  const { passed, stable } = checkInstance(region, instance, target.startsWith('HTTP') ? '200' : undefined);
  const before = record.state;
  const healthy = before === 'registering' ? undefined : before === 'in-service';
  const needed = passed ? healthyThreshold : unhealthyThreshold;
  const next = afterCheck({ healthy, streak: record.streak }, passed, needed);
  record.state = next.healthy === undefined ? 'registering' : next.healthy ? 'in-service' : 'out-of-service';
  record.streak = next.streak;
  if (!stable || next.healthy !== passed) planCheck(region, balancer, record);
  return record.state === before ? undefined : record.instanceId;
}

export function checkWithClassicAgain(region: Region, instanceId: string): void {
  for (const [balancer, record] of registrationsOf(region, instanceId)) {
    if (record.drainsUntil === undefined && record.checkAt === undefined) planCheck(region, balancer, record);
  }
}

export function restartWithClassic(region: Region, instanceId: string): void {
  for (const [balancer, record] of registrationsOf(region, instanceId)) {
    if (record.drainsUntil !== undefined) continue;
    Object.assign(record, { state: 'registering', streak: 0 });
    if (record.checkAt === undefined) planCheck(region, balancer, record);
  }
}

export function forgetWithClassic(region: Region, instanceId: string): void {
  for (const balancer of region.state.classicLoadBalancers.values()) balancer.instances.delete(instanceId);
}

/** The instances that any of these load balancers finds failing their checks. */
export function unhealthyWithClassic(region: Region, names: readonly string[]): Set<string> {
  const records = names.flatMap((name) => [
    ...(region.state.classicLoadBalancers.get(name)?.instances.values() ?? []),
  ]);
  const failing = records.filter(
    ({ state, drainsUntil }) => state === 'out-of-service' && drainsUntil === undefined,
  );
  return new Set(failing.map(({ instanceId }) => instanceId));
}

function registrationsOf(
  region: Region,
  instanceId: string,
): [ClassicLoadBalancerRecord, ClassicInstanceRecord][] {
  return [...region.state.classicLoadBalancers.values()].flatMap((balancer) => {
    const record = balancer.instances.get(instanceId);
    return record ? [[balancer, record] satisfies [ClassicLoadBalancerRecord, ClassicInstanceRecord]] : [];
  });
}

function planCheck(region: Region, balancer: ClassicLoadBalancerRecord, record: ClassicInstanceRecord): void {
  const { intervalSeconds } = balancer.healthCheck;
  record.checkAt = region.now + intervalSeconds * 1000;
  region.after(intervalSeconds, 'classic-check', timerId(balancer, record));
}

const timerId = (balancer: ClassicLoadBalancerRecord, record: ClassicInstanceRecord) =>
  `${balancer.name} ${record.instanceId}`;

function fromTimerId(
  region: Region,
  id: string,
): [ClassicLoadBalancerRecord | undefined, ClassicInstanceRecord | undefined] {
  const [name = '', instanceId = ''] = id.split(' ');
  const balancer = region.state.classicLoadBalancers.get(name);
  return [balancer, balancer?.instances.get(instanceId)];
}
