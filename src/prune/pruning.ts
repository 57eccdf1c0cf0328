import type { Facts } from './facts.ts';
import type { Plan } from './plan.ts';
import type { Removal } from './removal.ts';
import { describeUnreadable } from './sources.ts';

/** A prune from the plan to the report. */
export interface Pruning {
  application: string;
  region: string;
  dryRun: boolean;
  plan: Plan;
  /** Why the plan must not be carried out. */
  objections: readonly string[];
  /** What was seen of the account, last of all. */
  facts: Facts;
  removal: Removal;
}

/** Everything that makes the step fail although it went on: what could not be read, and what could not be removed. */
export const problemsOf = ({ facts, removal }: Pick<Pruning, 'facts' | 'removal'>): string[] => [
  ...facts.unreadable.map(describeUnreadable),
  ...removal.problems,
];
