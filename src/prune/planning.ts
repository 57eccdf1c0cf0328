import type { Context } from '../context.ts';
import { withSecondOpinion, withShares } from './candidates.ts';
import type { Facts } from './facts.ts';
import { objectionsTo } from './guards.ts';
import { relatives } from './lineage.ts';
import { logPlan } from './narrate.ts';
import { imagesToRemove, makePlan, versionsToRemove } from './plan.ts';
import { type PruneRules, type Pruning, stepsOf } from './pruning.ts';
import { nothingRemoved } from './removal.ts';

/** What was seen of the account in a Region, with the clients of the Region. */
export interface SeenRegion {
  context: Context;
  facts: Facts;
}

/** How an application's prune is planned, in whatever Region. */
export interface PlanningRules extends PruneRules {
  pruneShared: boolean;
  dryRun: boolean;
}

/** Plans the prune of one application in all Regions: an image and its copies are decided about together. */
export async function planApplication(seen: readonly SeenRegion[], rules: PlanningRules): Promise<Pruning[]> {
  const drafts: Draft[] = [];
  for (const { context, facts } of seen) drafts.push(await draft(context, facts, rules));
  const holds = relatives(
    drafts.map(({ context, facts }) => ({
      region: context.aws.region,
      images: makePlan(facts, rules).images,
    })),
    rules.application,
  );
  return drafts.map(({ context, facts, blindSpots }) => {
    const { region } = context.aws;
    const more = [...facts.more, ...(holds.get(region) ?? [])];
    return planned(context, { ...facts, more }, blindSpots, rules);
  });
}

interface Draft extends SeenRegion {
  blindSpots: string[];
}

/** What would go by all that is known so far is looked at more closely: one call or a tenth of one for an image. */
async function draft(context: Context, seen: Facts, rules: PlanningRules): Promise<Draft> {
  // Disabling takes an image's shares away for good: one that is shared stays, whether it is used or not.
  const byUsage = rules.pruneShared && rules.removal !== 'disable';
  const shared = await withShares(context, seen, imagesToRemove(makePlan(seen, rules)), byUsage);
  const plan = makePlan(shared, rules);
  const { facts, blindSpots } = await withSecondOpinion(
    context,
    shared,
    imagesToRemove(plan),
    versionsToRemove(plan),
  );
  return { context, facts, blindSpots };
}

function planned(
  context: Context,
  facts: Facts,
  blindSpots: readonly string[],
  rules: PlanningRules,
): Pruning {
  const { region, ec2 } = context.aws;
  const plan = makePlan(facts, rules);
  const steps = stepsOf(plan, rules);
  const objections = objectionsTo(plan, steps, {
    ...rules,
    region,
    clockOffset: ec2.config.systemClockOffset,
  });
  const { application, dryRun } = rules;
  const removal = nothingRemoved();
  const pruning = {
    context,
    region,
    application,
    rules,
    dryRun,
    plan,
    steps,
    objections,
    blindSpots,
    facts,
    removal,
  };
  logPlan(pruning);
  return pruning;
}
