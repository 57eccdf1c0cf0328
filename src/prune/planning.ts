import type { Context } from '../context.ts';
import { withSecondOpinion, withShares } from './candidates.ts';
import type { Deadline } from './deadline.ts';
import type { Facts } from './facts.ts';
import { figuresOf, priceIn } from './figures.ts';
import { objectionsTo } from './guards.ts';
import { relatives } from './lineage.ts';
import { logPlan } from './narrate.ts';
import { NO_ORPHANS, type OrphanPlan, planOrphans, withoutShared } from './orphans/plan.ts';
import type { FoundOrphans } from './orphans/read.ts';
import { imagesToRemove, makePlan, type Plan, versionsToRemove } from './plan.ts';
import { type PruneRules, type Pruning, stepsOf } from './pruning.ts';
import { nothingRemoved } from './removal.ts';
import { unusedTemplates } from './unused-templates.ts';

/** What was seen of the account in a Region, with the clients of the Region. */
export interface SeenRegion {
  context: Context;
  deadline: Deadline;
  facts: Facts;
  /** What may be left over; `undefined`: it was not looked for. */
  orphans: FoundOrphans | undefined;
}

/** How an application's prune is planned, in whatever Region. */
export interface PlanningRules extends PruneRules {
  pruneShared: boolean;
  dryRun: boolean;
}

/** Plans the prune of one application in all Regions: an image and its copies are decided about together. */
export async function planApplication(seen: readonly SeenRegion[], rules: PlanningRules): Promise<Pruning[]> {
  const drafts: Draft[] = [];
  for (const region of seen) drafts.push(await draft(region, rules));
  const regions = drafts.map(({ context, plan }) => ({ region: context.aws.region, images: plan.images }));
  const holds = relatives(regions, rules.application);
  return drafts.map((each) => {
    const added = holds.get(each.context.aws.region) ?? [];
    if (added.length === 0) return planned(each, rules);
    const facts = { ...each.facts, more: [...each.facts.more, ...added] };
    return planned({ ...each, facts, plan: makePlan(facts, rules) }, rules);
  });
}

interface Draft extends Omit<SeenRegion, 'orphans'> {
  orphans: OrphanPlan;
  /** What follows from the facts; in a large account it is not made more often than they change. */
  plan: Plan;
  blindSpots: string[];
  /** Why this plan must not be carried out, whatever else is found. */
  objections: string[];
}

/** So many images are looked at one by one in any case: a plan that is too large to be carried out is shown quickly. */
const MOST_LOOKS = 1000;

const NO_REPORTS = 'usage reports of shared images (they are made without dry-run only)';

/** What would go by all that is known so far is looked at more closely: one call or a tenth of one for an image. */
async function draft(region: SeenRegion, rules: PlanningRules): Promise<Draft> {
  const { context, deadline } = region;
  const { orphans, facts: seen } = await draftOrphans(region, rules);
  const first = makePlan(seen, rules);
  const count = changesOf(first, rules);
  if (count > rules.maxDeletions && count > MOST_LOOKS) {
    const why = `With whom these ${count} images are shared was not looked at, because they are more than "max-deletions" allows (${rules.maxDeletions}).`;
    return { context, deadline, orphans, facts: seen, plan: first, blindSpots: [], objections: [why] };
  }
  // Disabling takes an image's shares away for good: one that is shared stays, whether it is used or not.
  const asked = rules.pruneShared && rules.removal !== 'disable';
  // A report is made for the answer, and a dry run makes nothing.
  const byUsage = asked && !rules.dryRun;
  const shared = await withShares(context, seen, imagesToRemove(first), byUsage);
  const second = shared === seen ? first : makePlan(shared, rules);
  const { facts, blindSpots } = await withSecondOpinion(
    context,
    shared,
    imagesToRemove(second),
    versionsToRemove(second),
  );
  const plan = facts === shared ? second : makePlan(facts, rules);
  const unasked = asked && rules.dryRun && facts.shared.length > 0 ? [NO_REPORTS] : [];
  return {
    context,
    deadline,
    orphans,
    facts,
    plan,
    blindSpots: [...blindSpots, ...unasked],
    objections: [],
  };
}

async function draftOrphans(
  { context, facts, orphans }: SeenRegion,
  { application, now, maxDeletions }: PlanningRules,
): Promise<{ orphans: OrphanPlan; facts: Facts }> {
  if (orphans === undefined) return { orphans: NO_ORPHANS, facts };
  const plan = planOrphans(application, orphans, facts, now);
  // More than that are stopped anyway.
  if (plan.orphans.length > Math.max(maxDeletions, MOST_LOOKS)) return { orphans: plan, facts };
  const unreadable = [...facts.unreadable];
  return { orphans: await withoutShared(context, plan, unreadable), facts: { ...facts, unreadable } };
}

/** How many images would be changed now. */
const changesOf = (plan: Plan, rules: PlanningRules) =>
  [...stepsOf(plan, rules).values()].filter(({ kind }) => kind !== 'wait').length;

function planned({ objections: before, ...region }: Draft, rules: PlanningRules): Pruning {
  const { context, facts, plan } = region;
  const { region: name, ec2 } = context.aws;
  const steps = stepsOf(plan, rules);
  const limits = { ...rules, region: name, clockOffset: ec2.config.systemClockOffset };
  const leftovers = region.orphans.orphans.length;
  const objections = [...objectionsTo(plan, steps, leftovers, limits), ...before];
  const { application, dryRun } = rules;
  const price = priceIn(name, rules.pricePerGibMonth);
  const figures = figuresOf(plan, facts, rules, price);
  const removal = nothingRemoved();
  const pruning = {
    ...region,
    region: name,
    application,
    rules,
    dryRun,
    steps,
    objections,
    unusedTemplates: unusedTemplates(plan, facts, rules),
    figures,
    price,
    removal,
  };
  logPlan(pruning);
  return pruning;
}
