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
export type Step = { kind: 'delete' } | { kind: 'deprecate' | 'disable' } | { kind: 'wait'; until: number };

const DAY_MS = 24 * 3600 * 1000;
/** A deprecation that prune asks for begins two minutes later. */
const SOON_MS = 5 * 60_000;

const BROKEN: ReadonlySet<string> = new Set(['failed', 'error', 'invalid']);

/**
 * The next step for an image that is to go. An image that nothing can be launched from goes at once; any other is
 * deprecated or disabled first, when that was asked for, and deleted when it has been so for the days of grace.
 */
export function nextStep(image: PrunableImage, { removal, graceDays, now }: RemovalRules): Step {
  if (removal === 'delete' || BROKEN.has(image.state)) return { kind: 'delete' };
  const since = readMark(image.tags[TAG.removing])?.time;
  // A step that was killed left the mark without the deed, or somebody undid it: the days of grace begin anew.
  if (since === undefined || !isSoftened(image, removal, now)) return { kind: removal };
  const until = since + graceDays * DAY_MS;
  return now >= until ? { kind: 'delete' } : { kind: 'wait', until };
}

/** A disabled image counts as deprecated too: nothing can be launched from it. */
const isSoftened = ({ state, deprecation }: PrunableImage, removal: 'deprecate' | 'disable', now: number) =>
  state === 'disabled' ||
  (removal === 'deprecate' && deprecation !== undefined && deprecation <= now + SOON_MS);

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
