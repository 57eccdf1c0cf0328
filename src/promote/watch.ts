import {
  type Activity,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  type InstanceRefresh,
} from '@aws-sdk/client-auto-scaling';
import type { Context } from '../context.ts';
import { duration } from '../report.ts';
import { HealthHistory, readDrainMs, readTargetHealth } from './health.ts';
import { type Outlook, pauseMs } from './pace.ts';
import { suspendedProcesses } from './preflight.ts';
import {
  describeSight,
  expectedRest,
  isKnown,
  isNews,
  isTurning,
  type KnownWait,
  meaningOf,
  type Sight,
  sightOf,
  waitBegun,
} from './progress.ts';
import { describeRefresh } from './refresh.ts';
import { ActivityList, type Troubles } from './troubles.ts';

/** A refresh to be watched, and what its group is like. */
export interface Watched {
  group: string;
  refreshId: string;
  targetGroupArns: readonly string[];
  /** How long a new instance may stay unhealthy for the load balancer after its warm-up. Seconds. */
  unhealthyGrace: number;
}

/** Troubles that become annotations on the run's page; the log has all of them. */
const MOST_WARNINGS = 3;

/** The causes of what happens are looked for at most, and at least, this often while a refresh runs. */
const DETAILS_MS = { least: 60_000, most: 120_000 };

/** Without any progress for so long, the group is asked whether somebody suspended its processes. */
const STANDSTILL_MS = 5 * 60_000;

/**
 * Watches one refresh, look by look. Says what changed, not every look; remembers what went wrong. It decides nothing.
 * Times are milliseconds since 1970.
 */
export class RefreshWatch {
  readonly #context: Context;
  readonly #watched: Watched;
  readonly #activities = new ActivityList();
  readonly #health: HealthHistory;
  readonly #since: number;
  #before: Sight | undefined;
  #wait: KnownWait | undefined;
  /** The most instances that were seen to be replaced. */
  #total = 0;
  #warmupMs = 0;
  /** How long targets drain; read when it matters for the first time. */
  #drainMs: number | undefined;
  #lookedAt: number | undefined;
  #detailsAt = 0;
  #changedAt: number;
  #failures = 0;
  #warnings = 0;
  #suspended = '';

  constructor(context: Context, watched: Watched) {
    this.#context = context;
    this.#watched = watched;
    this.#since = context.clock.now();
    this.#changedAt = this.#since;
    this.#health = new HealthHistory(watched.unhealthyGrace * 1000);
  }

  /** Waits as long as is right, then looks. Rejects when a look gets no answer; it can be called again then. */
  async next(signal: AbortSignal): Promise<{ at: number; sight: Sight; troubles: Troubles }> {
    const { clock } = this.#context;
    if (this.#lookedAt !== undefined) await clock.sleep(pauseMs(clock.now(), this.#outlook()), signal);
    this.#lookedAt = clock.now();
    try {
      const result = await this.#look();
      this.#failures = 0;
      return result;
    } catch (error) {
      this.#failures++;
      throw error;
    }
  }

  async #look() {
    const { aws, clock } = this.#context;
    const { group, refreshId } = this.#watched;
    const refresh = await describeRefresh(aws, group, refreshId);
    const now = clock.now();
    const sight = sightOf(refresh);
    const news = isNews(this.#before, sight);
    if (news) this.#changedAt = now;
    this.#warmupMs = (refresh.Preferences?.InstanceWarmup ?? 0) * 1000;
    if (this.#needsDetails(sight, news, now)) await this.#readDetails(refresh, now);
    this.#tell(refresh, sight, news, now);
    this.#before = sight;
    return { at: now, sight, troubles: this.#activities };
  }

  #outlook(): Outlook {
    const isLast = this.#before?.status === 'Baking' || this.#before?.left === 0;
    const due = isLast || this.#wait ? this.#due() : undefined;
    return { since: this.#since, isLast, failures: this.#failures, ...(due === undefined ? {} : { due }) };
  }

  /** When the last instance is warm and the last one that leaves has drained; or when a known wait is over. */
  #due(): number | undefined {
    const { launched, terminating } = this.#activities;
    const times = [
      ...[...launched.values()].map((at) => at + this.#warmupMs),
      ...[...terminating.values()].map((at) => at + (this.#drainMs ?? 0)),
      ...(this.#wait ? [this.#wait.until] : []),
    ];
    return times.length === 0 ? undefined : Math.max(...times);
  }

  #needsDetails({ status, left }: Sight, news: boolean, now: number): boolean {
    if (status === 'Pending') return false;
    if (meaningOf(status) !== 'active' || (news && left === 0)) return true;
    return now - this.#detailsAt >= (news ? DETAILS_MS.least : DETAILS_MS.most);
  }

  async #readDetails(refresh: InstanceRefresh, now: number): Promise<void> {
    const { aws, log } = this.#context;
    const { group, targetGroupArns } = this.#watched;
    this.#detailsAt = now;
    const turnedAt = refresh.RollbackDetails?.RollbackStartTime?.getTime();
    for (const news of this.#activities.add(await this.#activitiesSince(refresh.StartTime), turnedAt)) {
      // The runner shows ten annotations a step; a fleet that keeps failing would use them all up.
      if (this.#warnings++ < MOST_WARNINGS) log.warning(`${group}: ${news}`);
      else log.info(`${group}: ${news}`);
    }
    if (this.#activities.terminating.size > 0 && refresh.InstancesToUpdate === 0)
      this.#drainMs ??= await readDrainMs(aws, targetGroupArns);
    if (refresh.Status !== 'InProgress' && refresh.Status !== 'Baking') return;
    if (targetGroupArns.length > 0 && this.#activities.launched.size > 0) {
      const health = await readTargetHealth(aws, targetGroupArns);
      const seen = this.#health.add(this.#activities.launched, health, { now, warmupMs: this.#warmupMs });
      this.#activities.sick = seen.sick;
      for (const news of seen.news) log.info(`${clockTime(now)} ${group}: ${news}`);
    }
    const isExpected = this.#wait !== undefined && now <= this.#wait.until;
    if (!isExpected && now - this.#changedAt >= STANDSTILL_MS) await this.#lookForSuspended();
  }

  /** The group's scaling activities since the refresh began: they say why an instance did not stay. */
  async #activitiesSince(start: Date | undefined): Promise<Activity[]> {
    const { aws } = this.#context;
    const activities: Activity[] = [];
    if (!start) return activities;
    let NextToken: string | undefined;
    do {
      const page = await aws.autoScaling.send(
        new DescribeScalingActivitiesCommand({
          AutoScalingGroupName: this.#watched.group,
          Filters: [{ Name: 'StartTimeLowerBound', Values: [start.toISOString()] }],
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      const { Activities = [] } = page;
      activities.push(...Activities);
      // They come newest first: what follows a page that is known is known as well.
      NextToken = Activities.every((activity) => this.#activities.knows(activity))
        ? undefined
        : page.NextToken;
    } while (NextToken !== undefined);
    return activities;
  }

  async #lookForSuspended(): Promise<void> {
    const { aws, log } = this.#context;
    const { AutoScalingGroups: [group] = [] } = await aws.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [this.#watched.group] }),
    );
    const suspended = group ? suspendedProcesses(group).join(', ') : '';
    if (suspended !== '' && suspended !== this.#suspended)
      log.warning(
        `${this.#watched.group}: somebody suspended ${suspended}: the refresh cannot go on until ${suspended.includes(',') ? 'they are' : 'it is'} resumed.`,
      );
    this.#suspended = suspended;
  }

  #tell(refresh: InstanceRefresh, sight: Sight, news: boolean, now: number): void {
    const { log } = this.#context;
    const prefix = `${clockTime(now)} ${this.#watched.group}:`;
    if (!isTurning(sight.status)) this.#total = Math.max(this.#total, sight.left ?? 0);
    if (news) {
      const started = refresh.StartTime?.getTime();
      const elapsed = started === undefined ? '' : ` ${duration((now - started) / 1000)} so far`;
      const rest = expectedRest(refresh, now);
      const outlook = rest === undefined ? '' : `, about ${duration(rest)} to go`;
      const times = elapsed === '' ? '' : ` (${elapsed.trim()}${outlook})`;
      log.info(`${prefix} ${describeSight(sight, this.#total)}${times}`);
    }
    if (!isKnown(refresh.Status) && this.#before?.status !== sight.status)
      log.warning(`The status "${refresh.Status}" is not known; the refresh is taken for running.`);
    const wait = waitBegun(this.#before, refresh, now);
    if (wait) {
      this.#wait = wait;
      log.info(`${prefix} waiting until ${clockTime(wait.until).slice(0, 5)} ${wait.what}.`);
    } else if (this.#wait && now > this.#wait.until && news) {
      this.#wait = undefined;
    }
  }
}

/** `14:05:09`, in UTC like the runner's own timestamps. */
export const clockTime = (time: number) => new Date(time).toISOString().slice(11, 19);
