import type { Context } from '../context.ts';
import { InterruptedError } from '../errors.ts';

/** The step's time: `signal` is the step's own, and aborted as well when `check` finds that the time is used up. */
export interface Deadline {
  signal: AbortSignal;
  /** To be called between two items of work. */
  check(): void;
}

/** A deadline from now on. */
export function deadlineIn(minutes: number, { clock, signal }: Pick<Context, 'clock' | 'signal'>): Deadline {
  const end = clock.now() + minutes * 60_000;
  const over = new AbortController();
  return {
    signal: AbortSignal.any([signal, over.signal]),
    check() {
      if (clock.now() >= end)
        over.abort(new InterruptedError(`The time of "timeout-minutes" (${minutes}) is used up.`));
    },
  };
}
