import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { startTargets, stopTargets } from './targets.ts';
import type { Region } from './world.ts';

/** Seconds for which a deleted load balancer still holds its target groups (seen, without a measure). */
const HELD_SECONDS = 5;

/** The target groups that actions forward to. */
export function forwardedTo(actions: readonly Action[]): string[] {
  return actions.flatMap(
    (action) => action.ForwardConfig?.TargetGroups?.map(({ TargetGroupArn = '' }) => TargetGroupArn) ?? [],
  );
}

/** The target groups of each load balancer: those of its listeners' default actions and of their rules. */
export function targetGroupsByBalancer(region: Region): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>();
  const add = (balancer: string, actions: readonly Action[]) => {
    const known = result.get(balancer) ?? new Set();
    for (const arn of forwardedTo(actions)) known.add(arn);
    result.set(balancer, known);
  };
  for (const { loadBalancerArn, defaultActions } of region.state.listeners.values())
    add(loadBalancerArn, defaultActions);
  for (const { listenerArn, actions } of region.state.rules.values())
    add(region.state.listeners.get(listenerArn)?.loadBalancerArn ?? '', actions);
  return result;
}

export function loadBalancersOf(region: Region, targetGroupArn: string): string[] {
  return [...targetGroupsByBalancer(region)]
    .filter(([, targetGroups]) => targetGroups.has(targetGroupArn))
    .map(([balancer]) => balancer);
}

/** After every change of listeners and rules: target groups begin or cease to get traffic. */
export function trafficChanged(region: Region): void {
  const used = new Set([...targetGroupsByBalancer(region).values()].flatMap((arns) => [...arns]));
  for (const group of region.state.targetGroups.values()) {
    const inUse = used.has(group.arn);
    if (inUse === group.inUse) continue;
    group.inUse = inUse;
    if (inUse) startTargets(region, group);
    else stopTargets(group);
  }
}

/** A load balancer goes with its listeners and rules; its target groups are free a little later. */
export function removeLoadBalancer(region: Region, arn: string): void {
  const { state } = region;
  for (const targetGroupArn of targetGroupsByBalancer(region).get(arn) ?? []) {
    const group = state.targetGroups.get(targetGroupArn);
    if (group) group.heldUntil = region.now + HELD_SECONDS * 1000;
  }
  for (const listener of state.listeners.values()) {
    if (listener.loadBalancerArn === arn) dropListener(region, listener.arn);
  }
  state.loadBalancers.delete(arn);
  state.arnTags.delete(arn);
  trafficChanged(region);
}

export function removeListener(region: Region, arn: string): void {
  dropListener(region, arn);
  trafficChanged(region);
}

function dropListener(region: Region, arn: string): void {
  for (const rule of region.state.rules.values()) {
    if (rule.listenerArn === arn) {
      region.state.rules.delete(rule.arn);
      region.state.arnTags.delete(rule.arn);
    }
  }
  region.state.listeners.delete(arn);
  region.state.arnTags.delete(arn);
}
