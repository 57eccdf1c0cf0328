import type { GroupResult, GroupStatus } from './result.ts';

/** Ends after which the other groups go back: the group does not have the image, and that is known. */
const FAILURES: readonly GroupStatus[] = ['rolled-back', 'failed', 'cancelled'];

/** The groups of one promotion: they arrive together, or one that fails calls all of them back. */
export class Fleet {
  readonly #recall = new AbortController();
  /** Aborted by a recall and by a cancel, so that no group waits any longer. */
  readonly signal: AbortSignal;
  readonly #onFailure: 'rollback' | 'leave';
  readonly #cancel: AbortSignal;
  readonly #verdict: Promise<string | undefined>;
  #decide: (recall: string | undefined) => void = () => {};
  #missing: number;
  /** Why all groups are to go back; `undefined` as long as none has failed. */
  recall: string | undefined;

  /** @param cancel aborted when the runner cancels the step */
  constructor(groups: number, onFailure: 'rollback' | 'leave', cancel: AbortSignal) {
    this.#cancel = cancel;
    this.signal = AbortSignal.any([cancel, this.#recall.signal]);
    this.#missing = groups;
    this.#onFailure = onFailure;
    this.#verdict = new Promise((resolve) => {
      this.#decide = resolve;
    });
  }

  /** Takes in how a group ended. */
  settle({ group, status }: GroupResult): void {
    this.#missing--;
    // A cancelled step starts nothing any more, and does not watch a way back.
    const goBack = this.#onFailure === 'rollback' && !this.#cancel.aborted;
    if (FAILURES.includes(status) && goBack && this.recall === undefined) {
      this.recall = `The group "${group}" did not get the image, so all groups go back.`;
      this.#decide(this.recall);
      this.#recall.abort();
    }
    if (this.#missing === 0) this.#decide(undefined);
  }

  /** Resolves when every group has arrived (with nothing), or one has failed (with the reason to go back). */
  get verdict(): Promise<string | undefined> {
    return this.#verdict;
  }
}
