import { type Contexts, evaluate } from './expressions.ts';
import type { Workflow } from './workflow-files.ts';

export type Outcome = 'success' | 'failure' | 'cancelled';

/** What each job did: it ran with an outcome, or it was skipped. */
export type Run = Record<string, Outcome | 'skipped'>;

/** Runs the jobs in their order as GitHub would: each when its condition holds, with the outcome that it is to have. */
export function runJobs(
  { jobs }: Workflow,
  contexts: Contexts,
  outcomes: Partial<Record<string, Outcome>> = {},
): Run {
  const results: Run = {};
  for (const [id, job] of Object.entries(jobs)) {
    const needs = Object.fromEntries(
      (job.needs ?? []).map((name) => [name, { result: results[name], outputs: {} }]),
    );
    const runs = evaluate(job.if ?? 'true', { ...contexts, needs }) === 'true';
    results[id] = runs ? (outcomes[id] ?? 'success') : 'skipped';
  }
  return results;
}
