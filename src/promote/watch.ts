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
import { TroubleList } from './troubles.ts';

/** How the refresh ended; `timed-out`: it still runs, and the time for it is over. */
export type Watched = Seen & { outcome: RefreshOutcome };
export type TimedOut = Seen & { outcome: 'timed-out' };

interface Seen {
  refresh: InstanceRefresh;
  troubles: TroubleList;
}

/** Troubles that become annotations on the run's page; the log has all of them. */
const MOST_WARNINGS = 3;

/** How long AWS may be unreachable before the watcher gives up, in milliseconds. */
const LONGEST_SILENCE_MS = 15 * 60_000;

/**
 * Watches one refresh until it is over or the deadline (milliseconds since 1970) has passed. Says what changed, not
 * every look; survives errors of single looks. Rejects when the step is cancelled, and when AWS cannot be asked for
 * a quarter of an hour: the refresh goes on then. `troubles` are those of an earlier watch of the same refresh.
 */
export async function watchRefresh(
  context: Context,
  refresh: { group: string; refreshId: string },
  deadline: number,
  troubles = new TroubleList(),
): Promise<Watched | TimedOut> {
  const { aws, clock, log, signal } = context;
  const started = clock.now();
  let warnings = 0;
  let before: Sight | undefined;
  let lastAnswer = started;
  for (;;) {
    try {
      const seen = await describeRefresh(aws, refresh.group, refresh.refreshId);
      lastAnswer = clock.now();
      for (const news of troubles.add(await activitiesSince(context, refresh.group, seen.StartTime))) {
        // The runner shows ten annotations a step; a fleet that keeps failing would use them all up.
        if (warnings++ < MOST_WARNINGS) log.warning(`${refresh.group}: ${news}`);
        else log.info(`${refresh.group}: ${news}`);
      }
      const sight = sightOf(seen);
      const line = lineFor(before, sight);
      if (line !== undefined) log.info(`${clockTime(clock.now())} ${refresh.group}: ${line}`);
      if (!isKnown(seen.Status) && before?.status !== sight.status)
        log.warning(`The status "${seen.Status}" is not known; the refresh is taken for running.`);
      before = sight;
      const meaning = meaningOf(seen.Status);
      if (meaning !== 'active') return { outcome: meaning, refresh: seen, troubles };
      if (clock.now() >= deadline) return { outcome: 'timed-out', refresh: seen, troubles };
    } catch (error) {
      signal.throwIfAborted();
      if (!isTransient(error)) throw error;
      if (clock.now() - lastAnswer > LONGEST_SILENCE_MS) {
        throw new DeploymentError(
          `AWS could not be asked about the instance refresh ${refresh.refreshId} of "${refresh.group}" for 15 minutes: its state is unknown.`,
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

/** The group's scaling activities since the refresh began: they say why an instance did not stay. */
async function activitiesSince(
  { aws }: Context,
  group: string,
  start: Date | undefined,
): Promise<Activity[]> {
  if (!start) return [];
  const { Activities = [] } = await aws.autoScaling.send(
    new DescribeScalingActivitiesCommand({
      AutoScalingGroupName: group,
      Filters: [{ Name: 'StartTimeLowerBound', Values: [start.toISOString()] }],
    }),
  );
  return Activities;
}

export const clockTime = (time: number) => new Date(time).toISOString().slice(11, 19);
