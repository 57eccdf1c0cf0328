import type { Context } from '../context.ts';
import type { Deadline } from './deadline.ts';
import type { Facts } from './facts.ts';
import type { Figures } from './figures.ts';
import type { OrphanPlan } from './orphans/plan.ts';
import { imagesToRemove, type Plan, type PlanRules } from './plan.ts';
import type { Removal } from './removal.ts';
import { describeUnreadable } from './sources.ts';
import { nextStep, type RemovalRules, type Step } from './steps.ts';
import type { UnusedTemplate } from './unused-templates.ts';

/** The rules of a prune, for one application. */
export interface PruneRules extends PlanRules, RemovalRules {
  maxDeletions: number;
  maxDeletionPercent: number;
  unusedLaunchTemplates: 'keep' | 'delete';
  /** USD a GiB and month, by Region; for all others under ''. */
  pricePerGibMonth: Readonly<Record<string, number>>;
}

/** The prune of one application in one Region, from the plan to the report. */
export interface Pruning {
  /** The clients are those of the Region, and the signal is that of the deadline. */
  context: Context;
  deadline: Deadline;
  region: string;
  application: string;
  rules: PruneRules;
  dryRun: boolean;
  plan: Plan;
  /** What is done to each image that goes, by its id. */
  steps: ReadonlyMap<string, Step>;
  /** What is left over and goes as well, last of all. */
  orphans: OrphanPlan;
  /** Launch templates of the application that nothing uses. */
  unusedTemplates: readonly UnusedTemplate[];
  figures: Figures;
  /** USD a GiB and month in this Region. */
  price: number;
  /** Why the plan must not be carried out. */
  objections: readonly string[];
  /** What was not looked at, and what to allow so that it is. */
  blindSpots: readonly string[];
  /** What was seen of the account, last of all. */
  facts: Facts;
  removal: Removal;
}

/** Everything that makes the step fail although it went on: what could not be read, and what could not be removed. */
export const problemsOf = ({ facts, removal }: Pick<Pruning, 'facts' | 'removal'>): string[] => [
  ...facts.unreadable.map(describeUnreadable),
  ...removal.problems,
];

export const stepsOf = (plan: Plan, rules: RemovalRules): Map<string, Step> =>
  new Map(imagesToRemove(plan).map((image) => [image.id, nextStep(image, rules)]));
