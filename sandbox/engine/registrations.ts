import { checkWithClassicAgain, forgetWithClassic, restartWithClassic } from './classic.ts';
import type { InstanceRecord } from './records/ec2.ts';
import { checkTargetsAgain, forgetTargets, restartTargets } from './targets.ts';
import type { Region } from './world.ts';

/** What happens to an instance, told to the load balancers of both generations that it is registered with. */

/** It stops or terminates: checks that had settled begin again. */
export function checkAgain(region: Region, instance: InstanceRecord): void {
  checkTargetsAgain(region, instance);
  checkWithClassicAgain(region, instance.id);
}

/** It runs (again): it starts like a newly registered one. */
export function checkAnew(region: Region, instance: InstanceRecord): void {
  restartTargets(region, instance);
  restartWithClassic(region, instance.id);
}

/** The last trace of a terminated instance is gone. */
export function forgetRegistrations(region: Region, instanceId: string): void {
  forgetTargets(region, instanceId);
  forgetWithClassic(region, instanceId);
}
