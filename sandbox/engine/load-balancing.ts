import type { GroupRecord } from './state.ts';
import { deregisterTarget, registerTarget, unhealthyTargets } from './targets.ts';
import type { Region } from './world.ts';

/** The one place where a group's instances meet its load balancers. Classic ones are kept by name only. */

/** What instances are registered with: all of a group's, or some of it. */
type LoadBalancers = Pick<GroupRecord, 'targetGroupArns' | 'loadBalancerNames'>;

/** An instance came into service: the group's load balancers begin to check it. */
export function addToLoadBalancers(region: Region, to: LoadBalancers, instanceId: string): void {
  for (const arn of to.targetGroupArns) registerTarget(region, arn, instanceId);
}

/** An instance leaves service. Returns the seconds until no load balancer sends it anything. */
export function removeFromLoadBalancers(region: Region, from: LoadBalancers, instanceId: string): number {
  return Math.max(0, ...from.targetGroupArns.map((arn) => deregisterTarget(region, arn, instanceId)));
}

/** The instances that any of the group's load balancers finds unhealthy. */
export function failingLoadBalancerChecks(region: Region, group: GroupRecord): Set<string> {
  return unhealthyTargets(region, group.targetGroupArns);
}
