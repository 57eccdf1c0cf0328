import type { InstanceRecord } from './records/ec2.ts';
import type { CheckFailure } from './records/load-balancing.ts';
import type { Region } from './world.ts';

/** How many results in a row change the state of something that is in use. */
export interface Thresholds {
  healthyThreshold: number;
  unhealthyThreshold: number;
}

export interface CheckResult {
  passed: boolean;
  failure?: CheckFailure;
  /** The same check will have the same result until something happens to the instance. */
  stable: boolean;
}

/** One health check of an instance. Without a matcher (TCP) any answer will do. */
export function checkInstance(
  region: Region,
  instance: InstanceRecord | undefined,
  matcher: string | undefined,
): CheckResult {
  // Nobody has the address.
  if (!instance) return { passed: false, failure: 'timeout', stable: true };
  const { answers, stable, refused, status = 200 } = region.world.driver.probe(instance, region.now);
  if (!answers) return { passed: false, failure: refused ? 'refused' : 'timeout', stable };
  if (matcher !== undefined && !matches(matcher, status)) return { passed: false, failure: status, stable };
  return { passed: true, stable };
}

/** Whether a status is one of `200`, `200,302` or `200-399`. */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [from = '', to = from] = part.split('-');
    return Number(from) <= status && status <= Number(to);
  });
}

/** What a series of equal results makes of a state: the next state, and the checks in a row that speak against it. */
export function afterCheck(
  present: { healthy: boolean | undefined; streak: number },
  passed: boolean,
  needed: number,
): { healthy: boolean | undefined; streak: number } {
  if (present.healthy === passed) return { healthy: passed, streak: 0 };
  const streak = present.streak + 1;
  return streak < needed ? { healthy: present.healthy, streak } : { healthy: passed, streak: 0 };
}
