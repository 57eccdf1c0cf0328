import {
  type Activity,
  DescribeScalingActivitiesCommand,
  type InstanceRefresh,
} from '@aws-sdk/client-auto-scaling';
import { isTransient } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { DeploymentError, messageOf } from '../errors.ts';
import {
  isKnown,
  lineFor,
  meaningOf,
  pauseSeconds,
  type RefreshOutcome,
  type Sight,
  sightOf,
} from './progress.ts';
import { describeRefresh } from './refresh.ts';

/** How the refresh ended; `timed-out`: it still runs, and the time for it is over. */
export type Watched = Seen & { outcome: RefreshOutcome };
export type TimedOut = Seen & { outcome: 'timed-out' };

interface Seen {
  refresh: InstanceRefresh;
  /** Why launches failed, each cause once, newest last. */
  launchFailures: string[];
}

/** How long AWS may be unreachable before the watcher gives up, in milliseconds. */
const LONGEST_SILENCE_MS = 15 * 60_000;

/**
 * Watches one refresh until it is over or the deadline (milliseconds since 1970) has passed. Says what changed, not
 * every look; survives errors of single looks. Rejects when the step is cancelled, and when AWS cannot be asked for
 * a quarter of an hour: the refresh goes on then.
 */
export async function watchRefresh(
  context: Context,
  refresh: { group: string; refreshId: string },
  deadline: number,
): Promise<Watched | TimedOut> {
  const { aws, clock, log, signal } = context;
  const started = clock.now();
  const failures = new Map<string, string>();
  let before: Sight | undefined;
  let lastAnswer = started;
  for (;;) {
    try {
      const seen = await describeRefresh(aws, refresh.group, refresh.refreshId);
      lastAnswer = clock.now();
      for (const failure of await newLaunchFailures(context, refresh.group, seen, failures))
        log.warning(`${refresh.group}: ${failure}`);
      const sight = sightOf(seen);
      const line = lineFor(before, sight);
      if (line !== undefined) log.info(`${clockTime(clock.now())} ${refresh.group}: ${line}`);
      if (!isKnown(seen.Status) && before?.status !== sight.status)
        log.warning(`The status "${seen.Status}" is not known; the refresh is taken for running.`);
      before = sight;
      const meaning = meaningOf(seen.Status);
      const launchFailures = [...new Set(failures.values())];
      if (meaning !== 'active') return { outcome: meaning, refresh: seen, launchFailures };
      if (clock.now() >= deadline) return { outcome: 'timed-out', refresh: seen, launchFailures };
    } catch (error) {
      signal.throwIfAborted();
      if (!isTransient(error)) throw error;
      if (clock.now() - lastAnswer > LONGEST_SILENCE_MS) {
        throw new DeploymentError(
          `AWS could not be asked about the instance refresh ${refresh.refreshId} of "${refresh.group}" for 15 minutes. Its state is unknown: it may still be running. Look at it in the console, then run this again.`,
          { cause: error },
        );
      }
      log.info(
        `${clockTime(clock.now())} ${refresh.group}: a look failed (${messageOf(error)}); trying again.`,
      );
    }
    await clock.sleep(pauseSeconds(clock.now() - started) * 1000, signal);
  }
}

/** Failed launches since the refresh was started, which are not known yet. They carry the real cause. */
async function newLaunchFailures(
  context: Context,
  group: string,
  refresh: InstanceRefresh,
  known: Map<string, string>,
): Promise<string[]> {
  if (!refresh.StartTime) return [];
  const { Activities = [] } = await context.aws.autoScaling.send(
    new DescribeScalingActivitiesCommand({
      AutoScalingGroupName: group,
      Filters: [
        { Name: 'StartTimeLowerBound', Values: [refresh.StartTime.toISOString()] },
        { Name: 'Status', Values: ['Failed'] },
      ],
    }),
  );
  const fresh = Activities.filter(({ ActivityId = '' }) => !known.has(ActivityId)).toReversed();
  const causes = new Set(known.values());
  for (const activity of fresh) known.set(activity.ActivityId ?? '', causeOf(activity));
  return [...new Set(fresh.map(causeOf))].filter((cause) => !causes.has(cause));
}

const causeOf = (activity: Activity) => activity.StatusMessage ?? activity.Description ?? '';

export const clockTime = (time: number) => new Date(time).toISOString().slice(11, 19);
