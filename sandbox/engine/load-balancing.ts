import { deregisterFromClassic, registerWithClassic, unhealthyWithClassic } from './classic.ts';
import type { GroupRecord } from './records/auto-scaling.ts';
import { deregisterTarget, registerTarget, unhealthyTargets } from './targets.ts';
import type { Region } from './world.ts';

/** The one place where a group's instances meet its load balancers. */

/** What instances are registered with: all of a group's, or some of it. */
type LoadBalancers = Pick<GroupRecord, 'targetGroupArns' | 'loadBalancerNames'>;

/** An instance came into service: the group's load balancers begin to check it. */
export function addToLoadBalancers(region: Region, to: LoadBalancers, instanceId: string): void {
  for (const arn of to.targetGroupArns) registerTarget(region, arn, instanceId);
  for (const name of to.loadBalancerNames) registerWithClassic(region, name, instanceId);
}

/** An instance leaves service. Returns the seconds until no load balancer sends it anything. */
export function removeFromLoadBalancers(region: Region, from: LoadBalancers, instanceId: string): number {
  return Math.max(
    0,
    ...from.targetGroupArns.map((arn) => deregisterTarget(region, arn, instanceId)),
    ...from.loadBalancerNames.map((name) => deregisterFromClassic(region, name, instanceId)),
  );
}

/** The instances that any of the group's load balancers finds unhealthy. */
export function failingLoadBalancerChecks(region: Region, group: GroupRecord): Set<string> {
  return new Set([
    ...unhealthyTargets(region, group.targetGroupArns),
    ...unhealthyWithClassic(region, group.loadBalancerNames),
  ]);
}
