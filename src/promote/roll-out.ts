import { explained, isTransient } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { InterruptedError, messageOf } from '../errors.ts';
import { imageOf } from './configuration.ts';
import { begin, beginReturn, type End } from './course.ts';
import { follow } from './follow.ts';
import type { Plan } from './plan.ts';
import type { GroupResult } from './result.ts';
import { forget, type Promotion, presentConfiguration, type Rolling, rollingOf } from './rolling.ts';
import { start } from './start.ts';

/** Brings the image into one group. Never rejects: whatever happens becomes the group's result. */
export async function rollOut(context: Context, promotion: Promotion, plan: Plan): Promise<GroupResult> {
  const result: GroupResult = {
    group: plan.target.name,
    status: 'already-there',
    launchTemplateId: plan.running.base.launchTemplateId,
    version: plan.running.base.number,
    previousVersion: plan.running.base.number,
    previousImageId: imageOf(plan.running.base) ?? '',
    instances: plan.target.group.Instances?.length ?? 0,
    reason: '',
    imageAtFault: false,
    stages: [],
  };
  if (plan.action.kind === 'nothing') return result;
  return await guarded(context, promotion, result, async () => {
    const rolling = await start(context, promotion, plan, result);
    if (!rolling) {
      const reason = `Not begun: ${promotion.fleet.recall}`;
      return { ...result, status: 'cancelled', reason };
    }
    const end = await follow(context, promotion, rolling, {
      course: begin(context.clock.now()),
      step: 'look',
    });
    return concluded(context, promotion, rolling, end);
  });
}

/** Takes the image out of a group again that had arrived, because another one failed. Never rejects. */
export async function takeBack(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  arrived: GroupResult,
  text: string,
): Promise<GroupResult> {
  return await guarded(context, promotion, arrived, async () => {
    const rolling = rollingOf(context, promotion, plan, arrived, presentConfiguration(plan));
    const end = await follow(context, promotion, rolling, beginReturn(context.clock.now(), text));
    return concluded(context, promotion, rolling, end);
  });
}

function concluded(
  context: Context,
  promotion: Promotion,
  { result, refreshId, timeline }: Rolling,
  end: End,
): GroupResult {
  const { log } = context;
  forget(context, promotion, result.group);
  if (end.status === 'promoted' || end.status === 'partial') {
    log.info(`${result.group}: ${end.instances} instances in service run the image and are healthy.`);
    if (end.reason !== '') log.warning(`${result.group}: ${end.reason}`);
  }
  return { ...result, ...end, refreshId: result.refreshId ?? refreshId, stages: timeline.stages };
}

/** Whatever is thrown becomes the group's result. */
async function guarded(
  context: Context,
  promotion: Promotion,
  result: GroupResult,
  work: () => Promise<GroupResult>,
): Promise<GroupResult> {
  try {
    return await work();
  } catch (error) {
    if (context.signal.aborted || error instanceof InterruptedError) {
      return { ...result, status: 'cancelled', reason: `The step was cancelled. ${whatFollows(promotion)}` };
    }
    // An answer that never came does not say that nothing was started.
    const intended = promotion.cleanUp.refreshes.some(({ group }) => group === result.group);
    const mayRun = intended && isTransient(error);
    forget(context, promotion, result.group);
    const outlook = mayRun
      ? ' The instance refresh may be running: look at it in the console, then run this again.'
      : '';
    return {
      ...result,
      status: mayRun ? 'unknown' : 'failed',
      reason: `${messageOf(explained(error))}${outlook}`,
    };
  }
}

function whatFollows({ inputs }: Promotion): string {
  return inputs.onCancel === 'leave'
    ? 'The instance refresh goes on.'
    : `The post step is asked to stop the instance refresh (on-cancel: ${inputs.onCancel}).`;
}
