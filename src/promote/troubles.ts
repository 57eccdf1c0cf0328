import type { Activity } from '@aws-sdk/client-auto-scaling';

/** What went wrong with instances during a refresh. */
export interface Troubles {
  /** Why launches failed (capacity, quota, permissions, the image), each cause once, newest last. */
  launchFailures: readonly string[];
  /** How many launches failed. */
  failedLaunches: number;
  /** Instances that were replaced because they failed their health checks, oldest first. */
  unhealthy: readonly string[];
  /** New instances that the load balancer finds unhealthy for longer than they may be. */
  sick: readonly string[];
}

/** Collects troubles from scaling activities, whichever of them a look returns again. */
export class TroubleList implements Troubles {
  readonly launchFailures: string[] = [];
  readonly unhealthy: string[] = [];
  sick: readonly string[] = [];
  failedLaunches = 0;
  readonly #seen = new Set<string>();

  /** Takes in activities, newest first as AWS gives them; returns a sentence for each trouble that is new. */
  add(activities: readonly Activity[]): string[] {
    const news: string[] = [];
    for (const activity of activities.toReversed()) {
      const key = `${activity.ActivityId} ${activity.StatusCode}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      const sentence = this.#take(activity);
      if (sentence !== undefined) news.push(sentence);
    }
    return news;
  }

  #take({ StatusCode, StatusMessage = '', Description = '', Cause = '' }: Activity): string | undefined {
    if (StatusCode === 'Failed') {
      this.failedLaunches++;
      const cause = StatusMessage || Description;
      if (this.launchFailures.includes(cause)) return undefined;
      this.launchFailures.push(cause);
      return cause;
    }
    const [instanceId] = /i-[0-9a-f]+/.exec(Description) ?? [];
    // "… was taken out of service in response to an ELB system health check failure." (or an EC2 health check)
    if (!/health[ -]check/.test(Cause) || !Description.startsWith('Terminating') || instanceId === undefined)
      return undefined;
    if (this.unhealthy.includes(instanceId)) return undefined;
    this.unhealthy.push(instanceId);
    return `${instanceId} failed its health checks and is replaced. ${Cause.replace(/^At \S+ an instance was taken out of service in response to /, 'Cause: ')}`;
  }
}

/** The troubles in one or two sentences for the result; empty when there were none. */
export function describeTroubles({
  unhealthy,
  launchFailures,
}: Pick<Troubles, 'unhealthy' | 'launchFailures'>): string {
  const ill =
    unhealthy.length === 0
      ? []
      : [
          `${unhealthy.length} new ${unhealthy.length === 1 ? 'instance' : 'instances'} failed the health checks, the last one ${unhealthy.at(-1)}: look at the application's start in its log.`,
        ];
  return [...ill, ...launchFailures.slice(-3)].join(' ');
}
