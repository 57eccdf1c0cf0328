import type { Context, PromotionCleanUp } from '../context.ts';
import { inParallel } from '../parallel.ts';
import { Fleet } from './fleet.ts';
import type { Plan } from './plan.ts';
import { deadlineOf, type Job, type Prepared } from './prepare.ts';
import { type GroupResult, isGood } from './result.ts';
import { rollOut, takeBack } from './roll-out.ts';
import type { Promotion } from './rolling.ts';

/** Rolls the groups out at the same time, in the order of their names; they all arrive, or all go back. */
export async function rollOutAll(
  context: Context,
  job: Job,
  { images, plans }: Prepared,
): Promise<GroupResult[]> {
  const { inputs, application } = job;
  const cleanUp: PromotionCleanUp = {
    mode: 'promote',
    region: context.aws.region,
    onCancel: inputs.onCancel,
    environment: inputs.environment,
    imageId: images.map(({ id }) => id).join(', '),
    refreshes: [],
  };
  const fleet = new Fleet(plans.length, inputs.onFailure, context.signal);
  const autoRollback = job.wanted.AutoRollback ?? true;
  const deadline = deadlineOf(job);
  const promotion: Promotion = { inputs, application, deadline, autoRollback, cleanUp, fleet };
  const ends: Promise<GroupResult>[] = [];
  await inParallel(plans, inputs.maxParallel, async (plan) => {
    const result = await rollOut(context, promotion, plan);
    fleet.settle(result);
    ends.push(untilAllArrived(context, promotion, plan, result));
  });
  const results = await Promise.all(ends);
  return plans.flatMap(({ target }) => results.filter(({ group }) => group === target.name));
}

/** A group that has arrived keeps the image only if the others arrive as well. */
async function untilAllArrived(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  result: GroupResult,
): Promise<GroupResult> {
  const recall = await promotion.fleet.verdict;
  const isOurs = plan.action.kind === 'refresh' || plan.action.kind === 'update-and-refresh';
  if (recall === undefined || !isOurs || !isGood(result)) return result;
  return await takeBack(context, promotion, plan, result, recall);
}
