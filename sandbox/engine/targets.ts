import type { TargetGroupRecord, TargetRecord } from './state.ts';
import type { Region } from './world.ts';

/** Whether a load balancer sends traffic to the target group: otherwise its targets are `unused`. */
export function isInUse(region: Region, arn: string): boolean {
  return [...region.state.listeners.values()].some((listener) =>
    listener.targetGroups.some((group) => group.arn === arn),
  );
}

export function registerTarget(region: Region, arn: string, instanceId: string, port?: number): void {
  const group = region.state.targetGroups.get(arn);
  if (!group) return;
  const known = group.targets.find((target) => target.instanceId === instanceId);
  if (known && known.state !== 'draining') return;
  group.targets = group.targets.filter((target) => target !== known);
  group.targets.push({ instanceId, port: port ?? group.port, state: 'initial', streak: 0 });
  region.after(group.healthCheck.intervalSeconds, 'target-check', checkId(arn, instanceId));
}

/** Starts draining, or removes at once what gets no traffic. Returns the seconds until the target is gone. */
export function deregisterTarget(region: Region, arn: string, instanceId: string): number {
  const group = region.state.targetGroups.get(arn);
  const target = group?.targets.find((candidate) => candidate.instanceId === instanceId);
  if (!group || !target) return 0;
  const delay = isInUse(region, arn) ? Number(group.attributes['deregistration_delay.timeout_seconds']) : 0;
  if (delay === 0) {
    group.targets = group.targets.filter((candidate) => candidate !== target);
  } else if (target.state !== 'draining') {
    target.state = 'draining';
    region.after(delay, 'target-drained', checkId(arn, instanceId));
  }
  return delay;
}

export function targetIsDrained(region: Region, id: string): void {
  const [arn, instanceId] = fromCheckId(id);
  const group = region.state.targetGroups.get(arn);
  if (!group) return;
  group.targets = group.targets.filter(
    (target) => target.instanceId !== instanceId || target.state !== 'draining',
  );
}

/** One health check of one target, and the next one unless nothing will change by itself. */
export function checkTarget(region: Region, id: string): void {
  const [arn, instanceId] = fromCheckId(id);
  const group = region.state.targetGroups.get(arn);
  const target = group?.targets.find((candidate) => candidate.instanceId === instanceId);
  const instance = region.state.instances.get(instanceId);
  if (!group || !target || target.state === 'draining' || !instance) return;
  const { answers, stable } = region.world.driver.probe(instance, region.now);
  target.streak = applyCheck(group, target, answers);
  const settled = stable && target.state === (answers ? 'healthy' : 'unhealthy');
  if (!settled) region.after(group.healthCheck.intervalSeconds, 'target-check', id);
}

/**
 * Changes the target's state by one check result; returns the new streak. A new target is healthy after one passed
 * check, whatever the threshold (seen natively); afterwards the thresholds count.
 */
function applyCheck(group: TargetGroupRecord, target: TargetRecord, answers: boolean): number {
  const goal = answers ? 'healthy' : 'unhealthy';
  if (target.state === goal) return 0;
  const { healthyThreshold, unhealthyThreshold } = group.healthCheck;
  const firstPass = answers && target.state === 'initial';
  const needed = firstPass ? 1 : answers ? healthyThreshold : unhealthyThreshold;
  if (target.streak + 1 < needed) return target.streak + 1;
  target.state = goal;
  return 0;
}

/** The instances that any of the target groups finds unhealthy. `initial` and `unused` say nothing. */
export function unhealthyTargets(region: Region, arns: readonly string[]): Set<string> {
  const targets = arns.flatMap((arn) => region.state.targetGroups.get(arn)?.targets ?? []);
  return new Set(targets.filter(({ state }) => state === 'unhealthy').map(({ instanceId }) => instanceId));
}

/** The group that an instance's targets belong to has to be looked at after each check. */
export function instanceOfCheck(id: string): string {
  return fromCheckId(id)[1];
}

const checkId = (arn: string, instanceId: string) => `${arn} ${instanceId}`;

function fromCheckId(id: string): [string, string] {
  const [arn = '', instanceId = ''] = id.split(' ');
  return [arn, instanceId];
}
