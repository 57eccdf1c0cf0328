import type { Activity } from '@aws-sdk/client-auto-scaling';

/** What went wrong with instances during a refresh. */
export interface Troubles {
  /** Why launches failed (capacity, quota, permissions, the image), each cause once, newest last. */
  launchFailures: readonly string[];
  /** How many launches failed. */
  failedLaunches: number;
  /** New instances that were replaced because they failed their health checks, oldest first. */
  unhealthy: readonly string[];
  /** New instances that the load balancer finds unhealthy for longer than they may be. */
  sick: readonly string[];
}

/**
 * What the group's scaling activities tell of a refresh, whichever of them a look returns again: what went wrong with
 * new instances, which ones there are, and what is still under way.
 */
export class ActivityList implements Troubles {
  readonly launchFailures: string[] = [];
  readonly unhealthy: string[] = [];
  sick: readonly string[] = [];
  failedLaunches = 0;
  /** When each new instance came into service; milliseconds since 1970. */
  readonly launched = new Map<string, number>();
  /** When the termination of each instance began that is not over. */
  readonly terminating = new Map<string, number>();
  readonly #new = new Set<string>();
  readonly #seen = new Set<string>();

  /** Whether an activity was taken in before, in the state that it has now. */
  knows(activity: Activity): boolean {
    return this.#seen.has(keyOf(activity));
  }

  /**
   * Takes in activities, newest first as AWS gives them; returns a sentence for each trouble that is new. Launches
   * after `until` (milliseconds since 1970) are those of a rollback, and not of the new image.
   */
  add(activities: readonly Activity[], until = Number.POSITIVE_INFINITY): string[] {
    const news: string[] = [];
    for (const activity of activities.toReversed()) {
      if (this.knows(activity)) continue;
      this.#seen.add(keyOf(activity));
      const sentence = this.#take(activity, (activity.StartTime?.getTime() ?? 0) < until);
      if (sentence !== undefined) news.push(sentence);
    }
    return news;
  }

  #take(activity: Activity, isForward: boolean): string | undefined {
    const { StatusCode, Description = '' } = activity;
    const [instanceId] = /i-[0-9a-f]+/.exec(Description) ?? [];
    if (Description.startsWith('Terminating') && instanceId !== undefined)
      return this.#takeTermination(instanceId, activity);
    if (StatusCode === 'Failed') return isForward ? this.#takeFailure(activity) : undefined;
    if (isForward && Description.startsWith('Launching') && instanceId !== undefined) {
      this.#new.add(instanceId);
      // An instance of the warm pool takes no traffic, and nobody waits for its warm-up.
      if (StatusCode === 'Successful' && !/warm pool/.test(Description))
        this.launched.set(instanceId, activity.EndTime?.getTime() ?? 0);
    }
    return undefined;
  }

  #takeFailure({ StatusMessage, Description = '' }: Activity): string | undefined {
    this.failedLaunches++;
    const cause = StatusMessage || Description;
    if (this.launchFailures.includes(cause)) return undefined;
    this.launchFailures.push(cause);
    return cause;
  }

  #takeTermination(instanceId: string, { EndTime, StartTime, Cause = '' }: Activity): string | undefined {
    this.launched.delete(instanceId);
    if (EndTime) this.terminating.delete(instanceId);
    else this.terminating.set(instanceId, StartTime?.getTime() ?? 0);
    // "… was taken out of service in response to an ELB system health check failure." (or an EC2 health check)
    if (!/health[ -]check/.test(Cause) || this.unhealthy.includes(instanceId)) return undefined;
    const why = Cause.replace(/^At \S+ an instance was taken out of service in response to /, 'Cause: ');
    if (!this.#new.has(instanceId))
      return `${instanceId}, which was there before, failed its health checks and is replaced. ${why}`;
    this.unhealthy.push(instanceId);
    return `${instanceId} failed its health checks and is replaced. ${why}`;
  }
}

const keyOf = ({ ActivityId, StatusCode }: Activity) => `${ActivityId} ${StatusCode}`;

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
