import {
  DescribeAutoScalingGroupsCommand,
  type InstanceRefresh,
  paginateDescribeInstanceRefreshes,
} from '@aws-sdk/client-auto-scaling';
import type { Context } from '../../context.ts';
import { errorCode } from '../../errors.ts';
import { inParallel } from '../../parallel.ts';
import { policyUses } from './groups.ts';
import { specificationUse, type Use } from './use.ts';

/** A refresh that is over still counts for a day: it may be looked into, repeated or undone by hand. */
const RECENT_MS = 24 * 3600 * 1000;

const ENDED: ReadonlySet<string | undefined> = new Set([
  'Successful',
  'Failed',
  'Cancelled',
  'RollbackSuccessful',
  'RollbackFailed',
]);

const CALLS_AT_ONCE = 5;

/**
 * The desired configurations of the active and recent instance refreshes of these groups; one call a group. A group
 * that was deleted since it was listed has none.
 */
export async function readRefreshes(context: Context, groups: readonly string[]): Promise<Use[]> {
  const now = context.clock.now();
  const uses = await inParallel(groups, CALLS_AT_ONCE, async (group) => {
    try {
      return await readRefreshesOf(context, group, now);
    } catch (error) {
      // The code is that of any bad request: only the list of groups tells whether it is gone.
      if (errorCode(error) === 'ValidationError' && !(await exists(context, group))) return [];
      throw error;
    }
  });
  return uses.flat();
}

async function exists({ aws, signal }: Context, group: string): Promise<boolean> {
  const { AutoScalingGroups = [] } = await aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
    { abortSignal: signal },
  );
  return AutoScalingGroups.length > 0;
}

async function readRefreshesOf({ aws, signal }: Context, group: string, now: number): Promise<Use[]> {
  const uses: Use[] = [];
  const pages = paginateDescribeInstanceRefreshes(
    { client: aws.autoScaling, pageSize: 100 },
    { AutoScalingGroupName: group },
    { abortSignal: signal },
  );
  for await (const { InstanceRefreshes: refreshes = [] } of pages) {
    uses.push(...refreshes.filter((refresh) => counts(refresh, now)).flatMap(refreshUses));
    // Active ones come first, then the newest: after one that is long over there are only older ones.
    const last = refreshes.at(-1);
    if (last && !counts(last, now)) break;
  }
  return uses;
}

/** Whether a refresh holds its image: it is active (also in a status that is not known here), or ended lately. */
export function counts(
  refresh: { Status?: string | undefined; StartTime?: Date | undefined; EndTime?: Date | undefined },
  now: number,
): boolean {
  if (!ENDED.has(refresh.Status)) return true;
  // One that was cancelled while it was pending may have no times at all: in doubt it counts.
  const ended = refresh.EndTime ?? refresh.StartTime;
  return ended === undefined || now - ended.getTime() < RECENT_MS;
}

export function refreshUses(refresh: InstanceRefresh): Use[] {
  const holder = `instance refresh ${refresh.InstanceRefreshId} of Auto Scaling group ${refresh.AutoScalingGroupName}`;
  const desired = refresh.DesiredConfiguration;
  return [
    ...specificationUse(holder, desired?.LaunchTemplate),
    ...policyUses(holder, desired?.MixedInstancesPolicy),
  ];
}
