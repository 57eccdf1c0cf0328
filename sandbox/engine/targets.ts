import { afterCheck, checkInstance } from './health-check.ts';
import type { InstanceRecord } from './records/ec2.ts';
import type { TargetGroupRecord, TargetRecord } from './records/load-balancing.ts';
import type { Region } from './world.ts';

/** All targets of a group. */
export function targetsOf(group: TargetGroupRecord): TargetRecord[] {
  return [...group.targets.values()].flat();
}

/** Registers an instance, with the group's port unless another one is given. A draining target begins anew. */
export function registerTarget(region: Region, arn: string, instanceId: string, port?: number): void {
  const group = region.state.targetGroups.get(arn);
  if (group) addTarget(region, group, { id: instanceId, port: port ?? group.port });
}

export function addTarget(
  region: Region,
  group: TargetGroupRecord,
  wanted: { id: string; port: number; zone?: string },
): void {
  const known = findTarget(group, wanted.id, wanted.port);
  if (known && known.state !== 'draining') return;
  if (known) removeTarget(group, known);
  const target: TargetRecord = { ...wanted, state: 'initial', streak: 0 };
  group.targets.set(target.id, [...(group.targets.get(target.id) ?? []), target]);
  if (group.inUse) planCheck(region, group, target);
}

/** Starts draining, or removes at once what gets no traffic. Returns the seconds until the target is gone. */
export function deregisterTarget(region: Region, arn: string, instanceId: string, port?: number): number {
  const group = region.state.targetGroups.get(arn);
  const target = group && findTarget(group, instanceId, port ?? group.port);
  if (!target) return 0;
  if (target.drainsUntil !== undefined) return (target.drainsUntil - region.now) / 1000;
  const delay = group.inUse ? Number(group.attributes['deregistration_delay.timeout_seconds']) : 0;
  if (delay === 0) {
    removeTarget(group, target);
    return 0;
  }
  target.state = 'draining';
  target.drainsUntil = region.now + delay * 1000;
  delete target.checkAt;
  region.after(delay, 'target-drained', timerId(group, target));
  return delay;
}

export function targetIsDrained(region: Region, id: string): void {
  const [group, target] = fromTimerId(region, id);
  if (group && target?.drainsUntil !== undefined && target.drainsUntil <= region.now)
    removeTarget(group, target);
}

/** The group's targets are checked from now on, as if they had just been registered. */
export function startTargets(region: Region, group: TargetGroupRecord): void {
  for (const target of targetsOf(group)) beginAnew(region, group, target);
}

/** Nobody sends traffic or checks to the group any more; there is nothing to drain. */
export function stopTargets(group: TargetGroupRecord): void {
  for (const target of targetsOf(group)) {
    if (target.state === 'draining') removeTarget(group, target);
    delete target.checkAt;
  }
}

/** One health check of one target. Returns the target's id when its state changed. */
export function checkTarget(region: Region, id: string): string | undefined {
  const [group, target] = fromTimerId(region, id);
  if (!group || target?.checkAt === undefined || target.checkAt > region.now) return undefined;
  delete target.checkAt;
  const { healthCheck } = group;
  const { passed, failure, stable } = checkInstance(region, instanceOf(region, target), healthCheck.matcher);
  if (failure === undefined) delete target.failure;
  else target.failure = failure;
  const before = target.state;
  const present = { healthy: before === 'initial' ? undefined : before === 'healthy', streak: target.streak };
  // A new target is healthy after one passed check, whatever the threshold (seen natively).
  const needed = !passed
    ? healthCheck.unhealthyThreshold
    : before === 'initial'
      ? 1
      : healthCheck.healthyThreshold;
  const { healthy, streak } = afterCheck(present, passed, needed);
  target.state = healthy === undefined ? 'initial' : healthy ? 'healthy' : 'unhealthy';
  target.streak = streak;
  if (!stable || healthy !== passed) planCheck(region, group, target);
  return target.state === before ? undefined : target.id;
}

/** Something happened to the instance: targets that had settled are checked again. */
export function checkTargetsAgain(region: Region, instance: InstanceRecord): void {
  for (const [group, target] of targetsOfInstance(region, instance)) {
    if (group.inUse && target.state !== 'draining' && target.checkAt === undefined)
      planCheck(region, group, target);
  }
}

/** An instance runs (again): its targets start like new ones (an inference, as far as AWS documents it). */
export function restartTargets(region: Region, instance: InstanceRecord): void {
  for (const [group, target] of targetsOfInstance(region, instance)) {
    if (group.inUse && target.state !== 'draining') beginAnew(region, group, target);
  }
}

/** With the last trace of a terminated instance its targets go as well. */
export function forgetTargets(region: Region, instanceId: string): void {
  for (const group of region.state.targetGroups.values()) group.targets.delete(instanceId);
}

/** The instances that any of the target groups finds unhealthy. `initial` and `unused` say nothing. */
export function unhealthyTargets(region: Region, arns: readonly string[]): Set<string> {
  const groups = arns.flatMap((arn) => region.state.targetGroups.get(arn) ?? []);
  const targets = groups.filter(({ inUse }) => inUse).flatMap(targetsOf);
  return new Set(targets.filter(({ state }) => state === 'unhealthy').map(({ id }) => id));
}

/** The instance behind a target: its own id, or whoever has the address. */
export function instanceOf(region: Region, target: TargetRecord): InstanceRecord | undefined {
  const byId = region.state.instances.get(target.id);
  if (byId || target.zone === undefined) return byId;
  return [...region.state.instances.values()].find(
    (instance) => instance.privateIp === target.id && instance.state !== 'terminated',
  );
}

export function findTarget(group: TargetGroupRecord, id: string, port: number): TargetRecord | undefined {
  return group.targets.get(id)?.find((target) => target.port === port);
}

function targetsOfInstance(region: Region, instance: InstanceRecord): [TargetGroupRecord, TargetRecord][] {
  return [...region.state.targetGroups.values()].flatMap((group) => {
    const targets = group.targets.get(group.targetType === 'ip' ? instance.privateIp : instance.id) ?? [];
    return targets.map((target): [TargetGroupRecord, TargetRecord] => [group, target]);
  });
}

function beginAnew(region: Region, group: TargetGroupRecord, target: TargetRecord): void {
  target.state = 'initial';
  target.streak = 0;
  delete target.failure;
  if (target.checkAt === undefined) planCheck(region, group, target);
}

function planCheck(region: Region, group: TargetGroupRecord, target: TargetRecord): void {
  const { intervalSeconds } = group.healthCheck;
  target.checkAt = region.now + intervalSeconds * 1000;
  region.after(intervalSeconds, 'target-check', timerId(group, target));
}

function removeTarget(group: TargetGroupRecord, target: TargetRecord): void {
  const others = (group.targets.get(target.id) ?? []).filter((candidate) => candidate !== target);
  if (others.length === 0) group.targets.delete(target.id);
  else group.targets.set(target.id, others);
}

const timerId = (group: TargetGroupRecord, target: TargetRecord) =>
  `${group.arn} ${target.id} ${target.port}`;

function fromTimerId(region: Region, id: string): [TargetGroupRecord | undefined, TargetRecord | undefined] {
  const [arn = '', target = '', port = ''] = id.split(' ');
  const group = region.state.targetGroups.get(arn);
  return [group, group && findTarget(group, target, Number(port))];
}
