import {
  CancelInstanceRefreshCommand,
  DescribeInstanceRefreshesCommand,
  type DesiredConfiguration,
  type InstanceRefresh,
  type RefreshPreferences,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Aws } from '../aws/clients.ts';
import { DeploymentError, errorCode } from '../errors.ts';
import { launchesSame } from './configuration.ts';
import { canRollBack } from './progress.ts';
import { findActiveRefresh } from './target.ts';

/** The configuration that a group is to have: always versions by number, never an alias. */
export interface Desired {
  group: string;
  configuration: DesiredConfiguration;
  /**
   * Present where AWS takes no desired configuration (attribute-based selection): the group itself is then set to the
   * configuration before the refresh, and this is what it is set back to.
   */
  before?: DesiredConfiguration;
}

/** Sets the group itself: only where AWS allows nothing else. */
export async function setConfiguration(
  aws: Aws,
  group: string,
  configuration: DesiredConfiguration,
): Promise<void> {
  await aws.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, ...configuration }),
  );
}

/**
 * Starts a refresh. The call has no client token: when an answer was lost and the SDK repeated it, AWS says that a
 * refresh is in progress. That one is ours if it has our desired configuration and this was not the first attempt;
 * otherwise somebody else started the same, and it is adopted.
 */
export async function startRefresh(
  aws: Aws,
  desired: Desired,
  preferences: RefreshPreferences,
): Promise<{ refreshId: string; adopted: boolean }> {
  try {
    const { InstanceRefreshId = '' } = await aws.autoScaling.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: desired.group,
        ...(desired.before ? {} : { DesiredConfiguration: desired.configuration }),
        Preferences: preferences,
      }),
    );
    return { refreshId: InstanceRefreshId, adopted: false };
  } catch (error) {
    if (errorCode(error) !== 'InstanceRefreshInProgress') throw error;
    const active = await findActiveRefresh(aws, desired.group);
    if (!active || !hasGoal(active, desired)) {
      throw new DeploymentError(
        `Another instance refresh of the group "${desired.group}" was started at the same moment. Run this again when it is over.`,
        { cause: error },
      );
    }
    return { refreshId: active.InstanceRefreshId ?? '', adopted: attemptsOf(error) < 2 };
  }
}

/** Whether a refresh leads to the configuration, as far as its description tells. */
function hasGoal({ DesiredConfiguration }: InstanceRefresh, desired: Desired): boolean {
  if (desired.before) return DesiredConfiguration === undefined;
  return launchesSame(DesiredConfiguration, desired.configuration);
}

function attemptsOf(error: unknown): number {
  const metadata: unknown = Reflect.get(Object(error), '$metadata');
  const attempts: unknown = Reflect.get(Object(metadata), 'attempts');
  return typeof attempts === 'number' ? attempts : 1;
}

export async function describeRefresh(aws: Aws, group: string, refreshId: string): Promise<InstanceRefresh> {
  const request = new DescribeInstanceRefreshesCommand({
    AutoScalingGroupName: group,
    InstanceRefreshIds: [refreshId],
  });
  const { InstanceRefreshes: [refresh] = [] } = await aws.autoScaling
    .send(request)
    .catch((error: unknown) => {
      // The request is right: what is not valid in it can only be a group that is gone.
      if (errorCode(error) === 'ValidationError')
        throw new RefreshGone(`The group "${group}" was deleted while its instances were refreshed.`, {
          cause: error,
        });
      throw error;
    });
  if (refresh) return refresh;
  throw new RefreshGone(`AWS no longer knows the instance refresh ${refreshId} of the group "${group}".`);
}

/** There is nothing to be watched any more. */
export class RefreshGone extends DeploymentError {
  override name = 'RefreshGone';
}

export type Stop = 'rollback' | 'cancel' | 'leave';

/** What stopping did; `nothing-to-do` when our refresh was over already, or another one runs now. */
export type Stopped = 'rolling-back' | 'cancelling' | 'left' | 'nothing-to-do';

/** A refresh that we started, as far as we know it. */
export interface OwnRefresh extends Desired {
  /** When it was about to be started, in milliseconds since 1970. */
  since: number;
  /** Absent when the step ended before AWS's answer arrived. */
  refreshId?: string;
}

/** How far the machine's clock may be ahead of AWS's. */
const CLOCK_SKEW_MS = 60_000;

function isOurs(active: InstanceRefresh, ours: OwnRefresh): boolean {
  if (ours.refreshId !== undefined) return active.InstanceRefreshId === ours.refreshId;
  // Without the id: the same desired configuration, and not started before we were about to. Pending has no start time.
  const startedAt = active.StartTime?.getTime() ?? Number.POSITIVE_INFINITY;
  return hasGoal(active, ours) && startedAt >= ours.since - CLOCK_SKEW_MS;
}

/**
 * Stops our own refresh and nothing else: AWS's calls act on the group, so the active refresh is looked at first.
 * While Pending there is nothing to roll back and it is cancelled.
 */
export async function stopRefresh(aws: Aws, ours: OwnRefresh, how: Stop): Promise<Stopped> {
  if (how === 'leave') return 'left';
  const active = await findActiveRefresh(aws, ours.group);
  if (!active || !isOurs(active, ours)) return 'nothing-to-do';
  if (active.Status === 'RollbackInProgress') return 'rolling-back';
  try {
    if (how === 'rollback' && !ours.before && canRollBack(active.Status)) {
      await aws.autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName: ours.group }));
      return 'rolling-back';
    }
    await aws.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: ours.group }));
    if (how === 'rollback' && ours.before) await setConfiguration(aws, ours.group, ours.before);
    return 'cancelling';
  } catch (error) {
    // It ended between the look and the call.
    if (errorCode(error) === 'ActiveInstanceRefreshNotFound') return 'nothing-to-do';
    throw error;
  }
}
