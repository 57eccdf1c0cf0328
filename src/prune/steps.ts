import { readMark, TAG } from '../tags.ts';
import type { PrunableImage } from './inventory.ts';

/** The way in which images go. */
export interface RemovalRules {
  removal: 'delete' | 'deprecate' | 'disable';
  /** Between deprecating or disabling an image and deleting it. */
  graceDays: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** What is done to an image that has to go. */
export type Step =
  | { kind: 'delete' }
  /** `since` is set when it was begun before and has to be completed; milliseconds since 1970. */
  | { kind: 'deprecate' | 'disable'; since?: number }
  | { kind: 'wait'; until: number };

const DAY_MS = 24 * 3600 * 1000;

/**
 * The next step for an image that is to go. An image that nothing can be launched from goes at once; any other is
 * deprecated or disabled first, when that was asked for, and deleted when it has been so for the days of grace.
 */
export function nextStep(image: PrunableImage, { removal, graceDays, now }: RemovalRules): Step {
  if (removal === 'delete' || ['failed', 'error', 'invalid'].includes(image.state)) return { kind: 'delete' };
  const since = readMark(image.tags[TAG.removing])?.time;
  if (since === undefined) return { kind: removal };
  const until = since + graceDays * DAY_MS;
  if (now >= until) return { kind: 'delete' };
  // A step that was killed may have left the mark without the deed.
  const done = removal === 'disable' ? image.state === 'disabled' : image.deprecation !== undefined;
  return done || image.state === 'disabled' ? { kind: 'wait', until } : { kind: removal, since };
}

/** An image that stays and was deprecated or disabled by prune: that is undone. */
export const isToRestore = ({ tags }: PrunableImage) => tags[TAG.removing] !== undefined;

/** What the mark of an image says: the deprecation that it had before, when it had one. */
export function formerDeprecation({ tags }: PrunableImage): number | undefined {
  const text = readMark(tags[TAG.removing])?.text ?? '';
  const time = Date.parse(text.split(' ')[1] ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** What is added to the reasons in lists; nothing for an image that is deleted now. */
export function describeStep(step: Step | undefined): string {
  switch (step?.kind) {
    case undefined:
    case 'delete':
      return '';
    case 'wait':
      return `; to be deleted from ${new Date(step.until).toISOString().slice(0, 10)} on`;
    case 'deprecate':
    case 'disable':
      return `; to be ${step.kind}d first`;
  }
}
