import type { Context } from '../context.ts';

/** One of the things that happen to an image after it was made and tested. */
export interface Step {
  title: string;
  run(): Promise<void>;
}

export interface StepResult {
  title: string;
  state: 'done' | 'failed' | 'not begun';
}

export interface Progress {
  steps: readonly StepResult[];
  /** What made one of them fail; absent when all are done. */
  failure?: unknown;
}

/** Runs steps in their order, and stops at the first that fails: each builds on those before it. */
export async function runSteps({ log, signal }: Context, steps: readonly Step[]): Promise<Progress> {
  const results = steps.map(({ title }): StepResult => ({ title, state: 'not begun' }));
  for (const [index, { title, run }] of steps.entries()) {
    try {
      await log.group(title, run);
      results[index] = { title, state: 'done' };
    } catch (failure) {
      signal.throwIfAborted();
      results[index] = { title, state: 'failed' };
      return { steps: results, failure };
    }
  }
  return { steps: results };
}
