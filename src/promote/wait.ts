import type { Aws } from '../aws/clients.ts';
import { isTransient } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { DeploymentError } from '../errors.ts';
import { pauseMs } from './pace.ts';
import type { Plan } from './plan.ts';
import { findActiveRefresh } from './target.ts';

/** While AWS does not answer, it may be. */
async function isUnderWay(aws: Aws, group: string, refreshId: string): Promise<boolean> {
  try {
    return (await findActiveRefresh(aws, group))?.InstanceRefreshId === refreshId;
  } catch (error) {
    if (isTransient(error)) return true;
    throw error;
  }
}

/**
 * Waits until the refreshes of others are over. Whatever they did, everything is looked at again afterwards: they may
 * have brought a newer image.
 */
export async function waitForOthers(
  { aws, clock, log, signal }: Context,
  plans: readonly Plan[],
  deadline: number,
): Promise<void> {
  const since = clock.now();
  for (const { target, action } of plans) {
    if (action.kind !== 'busy') continue;
    log.info(`${target.name}: waiting for the instance refresh ${action.refreshId} (${action.status}).`);
    while (await isUnderWay(aws, target.name, action.refreshId)) {
      if (clock.now() >= deadline) {
        throw new DeploymentError(
          `The instance refresh ${action.refreshId} of the group "${target.name}" was still under way when timeout-minutes was over. Nothing was changed.`,
        );
      }
      await clock.sleep(pauseMs(clock.now(), { since, isLast: false, failures: 0 }), signal);
    }
    log.info(`${target.name}: it is over.`);
  }
}
