import { setTimeout as sleepRealTime } from 'node:timers/promises';

/** Where the action takes time from; the sandbox has its own. All times are milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** Resolves after `ms` of this clock's time; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The variable with which a rehearsal on the local AWS makes the action live in the sandbox's time. */
export const CLOCK_VARIABLE = 'IMMUTABLE_DEPLOY_CLOCK';

/**
 * The machine's clock; or, with `IMMUTABLE_DEPLOY_CLOCK=<real ms>,<virtual ms>,<scale>` (printed by
 * `npm run sandbox`), one that stood at `<virtual ms>` when the machine's stood at `<real ms>` and runs
 * `<scale>` times as fast.
 */
export function clockFrom(variable: string | undefined): Clock {
  if (!variable) return scaledClock(0, 0, 1);
  const [real, virtual, scale] = variable.split(',').map(Number);
  if (
    real === undefined ||
    virtual === undefined ||
    scale === undefined ||
    !(scale > 0) ||
    Number.isNaN(real + virtual)
  ) {
    throw new Error(
      `${CLOCK_VARIABLE} must be <real ms>,<virtual ms>,<scale>, as the sandbox prints it; it is "${variable}".`,
    );
  }
  return scaledClock(real, virtual, scale);
}

function scaledClock(real: number, virtual: number, scale: number): Clock {
  return {
    now: () => virtual + (Date.now() - real) * scale,
    sleep: async (ms, signal) => {
      await sleepRealTime(ms / scale, undefined, signal ? { signal } : {});
    },
  };
}
