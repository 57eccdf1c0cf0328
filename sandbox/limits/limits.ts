import type { Call } from '../protocol/request.ts';
import { type Bucket, bucketsOf } from './buckets.ts';

/** Request throttling as a switch, in virtual time. */
export class Limits {
  enabled: boolean;
  /** What was left in each bucket, and when. */
  readonly #levels = new Map<string, { tokens: number; at: number }>();

  constructor(enabled = false) {
    this.enabled = enabled;
  }

  /** Fills every bucket. */
  clear(): void {
    this.#levels.clear();
  }

  /** Takes the tokens for a call; `false`: there are not enough, and none was taken. */
  admit(call: Call, now: number): boolean {
    if (!this.enabled) return true;
    const wanted = bucketsOf(call).map((bucket) => ({ bucket, key: `${call.region} ${bucket.name}` }));
    if (wanted.some(({ bucket, key }) => this.#level(bucket, key, now) < bucket.cost)) return false;
    for (const { bucket, key } of wanted)
      this.#levels.set(key, { tokens: this.#level(bucket, key, now) - bucket.cost, at: now });
    return true;
  }

  #level({ capacity, refill }: Bucket, key: string, now: number): number {
    const left = this.#levels.get(key);
    return left ? Math.min(capacity, left.tokens + ((now - left.at) / 1000) * refill) : capacity;
  }
}
