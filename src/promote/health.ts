import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../aws/clients.ts';
import { isAccessDenied } from '../aws/errors.ts';

/** The state of every target of a group of instances, by target group. */
export type TargetHealths = ReadonlyMap<string, readonly TargetHealthDescription[]>;

export async function readTargetHealth(aws: Aws, arns: readonly string[]): Promise<TargetHealths> {
  const answers = arns.map(async (arn) => {
    const { TargetHealthDescriptions = [] } = await aws.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
    );
    return [targetGroupName(arn), TargetHealthDescriptions] as const;
  });
  return new Map(await Promise.all(answers));
}

const DEFAULT_DRAIN_SECONDS = 300;

/**
 * How long targets drain before their instance is terminated, in milliseconds: the longest of the target groups. Only
 * the pace of watching depends on it: without the permission AWS's default is as good.
 */
export async function readDrainMs(aws: Aws, arns: readonly string[]): Promise<number> {
  const delays = arns.map(async (arn) => {
    try {
      const { Attributes = [] } = await aws.elb.send(
        new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }),
      );
      const delay = Attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value;
      return Number(delay ?? DEFAULT_DRAIN_SECONDS);
    } catch (error) {
      if (isAccessDenied(error)) return DEFAULT_DRAIN_SECONDS;
      throw error;
    }
  });
  return Math.max(0, ...(await Promise.all(delays))) * 1000;
}

/** `arn:aws:elasticloadbalancing:…:targetgroup/web/0123456789abcdef` → `web`. */
export const targetGroupName = (arn: string) => arn.split('/')[1] ?? arn;

/**
 * How long new instances have been unhealthy for the load balancer. One that is unhealthy for the grace beyond its
 * warm-up is sick: it will not recover by waiting. Times are milliseconds since 1970.
 */
export class HealthHistory {
  readonly #graceMs: number;
  readonly #unhealthySince = new Map<string, number>();
  readonly #told = new Set<string>();

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** Takes in a look; returns who is sick, and a sentence for each instance that turned unhealthy. */
  add(
    inService: ReadonlyMap<string, number>,
    healths: TargetHealths,
    { now, warmupMs }: { now: number; warmupMs: number },
  ): { sick: string[]; news: string[] } {
    const unhealthy = new Map<string, string>();
    for (const [name, descriptions] of healths) {
      for (const { Target, TargetHealth } of descriptions) {
        if (TargetHealth?.State === 'unhealthy' && Target?.Id !== undefined && inService.has(Target.Id))
          unhealthy.set(
            Target.Id,
            `${name}: ${TargetHealth.Description ?? TargetHealth.Reason ?? 'unhealthy'}`,
          );
      }
    }
    const news: string[] = [];
    const sick: string[] = [];
    for (const [id, why] of unhealthy) {
      const since = this.#unhealthySince.get(id) ?? now;
      this.#unhealthySince.set(id, since);
      // While it warms up, an instance may be unhealthy: that is what the warm-up is for.
      const warmAt = (inService.get(id) ?? now) + warmupMs;
      if (now < warmAt) continue;
      if (!this.#told.has(id)) news.push(`the new instance ${id} is unhealthy in target group ${why}`);
      this.#told.add(id);
      if (now - Math.max(since, warmAt) >= this.#graceMs) sick.push(id);
    }
    for (const id of this.#unhealthySince.keys()) {
      if (unhealthy.has(id)) continue;
      this.#unhealthySince.delete(id);
      this.#told.delete(id);
    }
    return { sick, news };
  }
}
