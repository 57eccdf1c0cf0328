import type { Aws } from '../aws/clients.ts';
import { explained } from '../aws/errors.ts';
import type { PromotionCleanUp } from '../context.ts';
import { messageOf } from '../errors.ts';
import { type Stopped, stopRefresh } from './refresh.ts';

/** Stops what a promotion that did not come to its end had started, group by group; returns a sentence for each. */
export async function stopPromotion(aws: Aws, work: PromotionCleanUp): Promise<string[]> {
  return await Promise.all(
    work.refreshes.map(async (ours) => {
      try {
        return sentence(work, ours.group, await stopRefresh(aws, ours, work.onCancel));
      } catch (error) {
        return `${ours.group}: the instance refresh to ${work.imageId} could not be stopped and may go on: ${messageOf(explained(error))}`;
      }
    }),
  );
}

function sentence(
  { imageId, environment, onCancel }: PromotionCleanUp,
  group: string,
  stopped: Stopped,
): string {
  const what = `the instance refresh to ${imageId} (${environment})`;
  switch (stopped) {
    case 'rolling-back':
      return `${group}: ${what} is being rolled back by AWS. Look at the group's instance refreshes for its end.`;
    case 'cancelling':
      return `${group}: ${what} is being cancelled. Instances that were replaced already stay.`;
    case 'left':
      return `${group}: ${what} goes on (on-cancel: ${onCancel}).`;
    case 'nothing-to-do':
      return `${group}: ${what} was over already, or another one runs now: nothing was stopped.`;
  }
}
