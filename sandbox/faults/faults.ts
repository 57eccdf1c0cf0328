/** Something that goes wrong on purpose with the next calls that fit. */
export interface Fault {
  /** Operation name, or `*` for every operation. */
  operation: string;
  /** How many calls it hits; then it is gone. */
  times: number;
  /** Calls that pass before it begins. */
  after?: number;
  effect:
    | { kind: 'error'; code: string; message: string; status: number }
    /** The connection breaks: before the call did anything, or after it was carried out and before the answer. */
    | { kind: 'reset'; when: 'before' | 'after' };
}

/** The faults that are waiting, in the order in which they were added. */
export class Faults {
  #waiting: Fault[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ ...fault });
  }

  list(): readonly Fault[] {
    return this.#waiting;
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The effect on a call of this operation, if any; counts the fault down. */
  take(operation: string): Fault['effect'] | undefined {
    for (const fault of this.#waiting) {
      if (fault.operation !== operation && fault.operation !== '*') continue;
      if (fault.after !== undefined && fault.after > 0) {
        fault.after--;
        continue;
      }
      fault.times--;
      this.#waiting = this.#waiting.filter((candidate) => candidate.times > 0);
      return fault.effect;
    }
    return undefined;
  }
}
