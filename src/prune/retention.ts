import { newestFirst } from '../image.ts';
import { marksOf, TAG } from '../tags.ts';
import type { PrunableImage } from './inventory.ts';
import { groupedBy } from './lists.ts';
import { describeReference, type Reference } from './references/use.ts';

/** Which rule keeps an image. */
export type KeepRule =
  | 'state'
  | 'in-use'
  | 'promoting'
  | 'shared'
  | 'newest'
  | 'promoted'
  | 'young'
  | 'keep-tag'
  | 'protected'
  | 'unreadable';

export interface KeepReason {
  rule: KeepRule;
  /** In words for the report. */
  text: string;
}

/** What happens to an image, with all the reasons for it. */
export type ImageDecision =
  | { image: PrunableImage; decision: 'keep'; reasons: readonly KeepReason[] }
  | { image: PrunableImage; decision: 'remove'; reasons: readonly string[] };

export interface RetentionRules {
  keep: number;
  keepPromoted: number;
  minAgeDays: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** Everything that holds images, apart by the rule that it keeps them under. */
export interface Holders {
  inUse: readonly Reference[];
  promoting: readonly Reference[];
  shared: readonly Reference[];
  /** Why nothing may be removed at all: a source of references could not be read. */
  unreadable: readonly string[];
}

const DAY_MS = 24 * 3600 * 1000;

/** An image that is being made or changed is never touched, and one in a state that is not known here neither. */
const SETTLED: ReadonlySet<string> = new Set(['available', 'disabled', 'failed', 'error', 'invalid']);

/** Nothing can ever be launched from them: they do not count as images of a branch or an environment. */
const BROKEN: ReadonlySet<string> = new Set(['failed', 'error', 'invalid']);

/**
 * Decides for every image of the application whether it stays. Newest first; the same images and holders always give
 * the same decisions, and what is kept is kept again when the rest is gone.
 */
export function decideImages(
  images: readonly PrunableImage[],
  holders: Holders,
  rules: RetentionRules,
): ImageDecision[] {
  const sorted = images.toSorted(newestFirst);
  const byImage = (references: readonly Reference[]) => groupedBy(references, ({ imageId }) => [imageId]);
  const inUse = byImage(holders.inUse);
  const promoting = byImage(holders.promoting);
  const shared = byImage(holders.shared);
  const newest = newestOfBranches(sorted, rules.keep);
  const promoted = lastPromoted(sorted, rules.keepPromoted);
  return sorted.map((image): ImageDecision => {
    const reasons = [
      ...because(
        'in-use',
        references(inUse, image).map((text) => `in use by ${text}`),
      ),
      ...because('promoting', references(promoting, image)),
      ...because('shared', references(shared, image)),
      ...because('state', SETTLED.has(image.state) ? [] : [`its state is ${image.state}`]),
      ...because('newest', newest.get(image.id) ?? []),
      ...because('promoted', promoted.get(image.id) ?? []),
      ...because('young', youth(image, rules)),
      ...because('keep-tag', image.tags[TAG.keep] === undefined ? [] : [`tagged ${TAG.keep}`]),
      ...because('protected', image.deregistrationProtection ? ['protected from deregistration'] : []),
    ];
    if (reasons.length > 0) return { image, decision: 'keep', reasons };
    // Only what could have gone is held back by a source that could not be read.
    if (holders.unreadable.length > 0)
      return { image, decision: 'keep', reasons: because('unreadable', holders.unreadable) };
    return { image, decision: 'remove', reasons: whyRemoved(image, rules) };
  });
}

const because = (rule: KeepRule, texts: readonly string[]): KeepReason[] =>
  texts.map((text) => ({ rule, text }));

/** The references in words; a holder that names the image itself is not told again through a template. */
function references(byImage: ReadonlyMap<string, Reference[]>, { id }: PrunableImage): string[] {
  const told = new Map<string, string>();
  for (const reference of byImage.get(id) ?? []) {
    if (!told.has(reference.holder)) told.set(reference.holder, describeReference(reference));
  }
  return [...told.values()];
}

/**
 * The group that an image is counted in: its branch; the images of git tags have no branch and are one group, so that
 * releases do not push each other's branches out; and so are images without either. A branch's name has no blanks.
 */
function branchGroup({ tags }: PrunableImage): string {
  const branch = tags[TAG.branch];
  if (branch !== undefined) return `branch ${branch}`;
  return tags[TAG.version] === undefined ? 'images without branch' : 'images of git tags';
}

/** Whether an image takes one of the places of its branch or environment: something can be launched from it. */
const takesPlace = ({ state, tags }: PrunableImage) =>
  state === 'available' && tags[TAG.quarantined] === undefined;

/** Of every branch the images that have fewer than `keep` newer ones to choose from. */
function newestOfBranches(sorted: readonly PrunableImage[], keep: number): Map<string, string[]> {
  const entries = sorted.map((image) => ({ image, group: branchGroup(image) }));
  return firstOf(entries, keep, (group) => `one of the newest ${keep} (${group})`);
}

/** Of every environment the images with fewer than `keepPromoted` later promotions to choose from. */
function lastPromoted(sorted: readonly PrunableImage[], keepPromoted: number): Map<string, string[]> {
  const entries = sorted
    .flatMap((image) =>
      marksOf(image.tags, 'promoted').map(({ environment, time }) => ({ image, group: environment, time })),
    )
    .toSorted((a, b) => b.time - a.time);
  return firstOf(
    entries,
    keepPromoted,
    (environment) => `one of the last ${keepPromoted} promoted to ${environment}`,
  );
}

/** The reasons of the entries that come before the places of their groups are taken. */
function firstOf(
  entries: readonly { image: PrunableImage; group: string }[],
  places: number,
  reason: (group: string) => string,
): Map<string, string[]> {
  const reasons = new Map<string, string[]>();
  const taken = new Map<string, number>();
  for (const { image, group } of entries) {
    const before = taken.get(group) ?? 0;
    if (before < places && !BROKEN.has(image.state))
      reasons.set(image.id, [...(reasons.get(image.id) ?? []), reason(group)]);
    if (takesPlace(image)) taken.set(group, before + 1);
  }
  return reasons;
}

const ageInDays = (image: PrunableImage, now: number) => (now - image.created) / DAY_MS;

function youth(image: PrunableImage, { minAgeDays, now }: RetentionRules): string[] {
  const age = ageInDays(image, now);
  if (Number.isNaN(age)) return ['of unknown age'];
  return age < minAgeDays ? [`younger than ${minAgeDays} days`] : [];
}

function whyRemoved(image: PrunableImage, { keep, keepPromoted, now }: RetentionRules): string[] {
  const environments = marksOf(image.tags, 'promoted').map(({ environment }) => environment);
  return [
    'not in use',
    `${Math.floor(ageInDays(image, now))} days old`,
    ...(BROKEN.has(image.state)
      ? [`its state is ${image.state}`]
      : [
          `at least ${keep} newer ones (${branchGroup(image)})`,
          environments.length === 0
            ? 'never promoted'
            : `at least ${keepPromoted} later promotions to ${environments.join(', ')}`,
        ]),
  ];
}
