import type { InstanceRecord } from '../engine/records/ec2.ts';
import type { Call } from '../protocol/request.ts';
import { type Effect, type Fault, type FaultRule, fitsCall, mentions, parseFault } from './rule.ts';

interface Waiting {
  rule: FaultRule;
  /** Calls that still pass, and calls that it still hits. */
  pass: number;
  left: number;
  /** The random numbers' state. */
  seed: number;
}

/** The faults that are waiting, in the order in which they were added. */
export class Faults {
  #waiting: Waiting[] = [];
  #onClear = new Set<() => void>();

  /** Throws a `Refusal` for a rule that could never hit. */
  add(fault: Fault): void {
    const rule = parseFault(fault);
    const left = rule.times === 'always' ? Number.POSITIVE_INFINITY : rule.times;
    this.#waiting.push({ rule, pass: rule.after, left, seed: rule.seed });
  }

  /** The rules that still hit, with the number of calls for which they do. */
  list(): FaultRule[] {
    return this.#waiting.map(({ rule, pass, left }) => ({
      ...rule,
      after: pass,
      times: Number.isFinite(left) ? left : 'always',
    }));
  }

  /** Takes all faults away, and lets go of the calls that hang. */
  clear(): void {
    this.#waiting = [];
    for (const release of [...this.#onClear]) release();
  }

  /** The effect on this call, if any; counts the fault down. */
  take(call: Call): Effect | undefined {
    return this.#take((rule) => fitsCall(rule, call));
  }

  /** Whether the launch of this instance finds no capacity; counts the fault down. */
  takeLaunch(instance: InstanceRecord): boolean {
    const effect = this.#take(
      ({ effect: { kind }, resource }) =>
        kind === 'insufficient-capacity' && (resource === undefined || mentions(instance, resource)),
    );
    return effect !== undefined;
  }

  /** Calls back once when the faults are cleared; the function that is returned takes that back. */
  onceCleared(release: () => void): () => void {
    const once = () => {
      this.#onClear.delete(once);
      release();
    };
    this.#onClear.add(once);
    return () => this.#onClear.delete(once);
  }

  #take(fits: (rule: FaultRule) => boolean): Effect | undefined {
    for (const waiting of this.#waiting) {
      if (!fits(waiting.rule)) continue;
      if (waiting.pass > 0) {
        waiting.pass--;
        continue;
      }
      if (draw(waiting) >= waiting.rule.probability) continue;
      waiting.left--;
      this.#waiting = this.#waiting.filter(({ left }) => left > 0);
      return waiting.rule.effect;
    }
    return undefined;
  }
}

/** The next of a row of numbers in [0, 1) that looks random (mulberry32) and is the same for the same seed. */
function draw(waiting: Waiting): number {
  waiting.seed = (waiting.seed + 0x6d2b79f5) | 0;
  let t = Math.imul(waiting.seed ^ (waiting.seed >>> 15), waiting.seed | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
