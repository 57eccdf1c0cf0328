import { newestFirst } from '../image.ts';
import { isUnfinished, marksOf, TAG } from '../tags.ts';
import { type GroupRules, groupsOf, lastBaked, newestOfGroups, placesOf } from './groups.ts';
import type { PrunableImage } from './inventory.ts';
import { groupedBy, shortList } from './lists.ts';
import { describeReference, type Reference } from './references/use.ts';

/** Which rule keeps an image. */
export type KeepRule =
  | 'state'
  | 'in-use'
  | 'promoting'
  | 'building'
  | 'shared'
  | 'newest'
  | 'promoted'
  | 'young'
  | 'keep-tag'
  | 'protected'
  | 'managed'
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

export interface RetentionRules extends GroupRules {
  keepPromoted: number;
  minAgeDays: number;
}

/** Everything that holds images, apart by the rule that it keeps them under. */
export interface Holders {
  inUse: readonly Reference[];
  promoting: readonly Reference[];
  /** Builds that are not over. */
  building: readonly Reference[];
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
  const building = byImage(holders.building);
  const shared = byImage(holders.shared);
  const usable = sorted.filter(canBeLaunched);
  const newest = newestOfGroups(usable, rules);
  const promoted = lastPromoted(usable, rules.keepPromoted);
  return sorted.map((image): ImageDecision => {
    const reasons = [
      ...because(
        'in-use',
        references(inUse, image).map((text) => `in use by ${text}`),
      ),
      ...because('promoting', references(promoting, image)),
      ...because('building', [...references(building, image), ...unfinished(image, rules.now)]),
      ...because('shared', references(shared, image)),
      ...because('state', SETTLED.has(image.state) ? [] : [`its state is ${image.state}`]),
      ...because(
        'newest',
        (newest.kept.get(image.id) ?? []).map((group) => `one of the newest ${rules.keep} (${group})`),
      ),
      ...because('promoted', promoted.get(image.id) ?? []),
      ...because('young', youth(image, rules)),
      ...because('keep-tag', image.tags[TAG.keep] === undefined ? [] : [`tagged ${TAG.keep}`]),
      ...because('protected', image.deregistrationProtection ? ['protected from deregistration'] : []),
      ...because('managed', managers(image)),
    ];
    if (reasons.length > 0) return { image, decision: 'keep', reasons };
    // Only what could have gone is held back by a source that could not be read.
    if (holders.unreadable.length > 0)
      return { image, decision: 'keep', reasons: because('unreadable', holders.unreadable) };
    return { image, decision: 'remove', reasons: whyRemoved(image, rules, newest.stale) };
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

/** Something can be launched from it; an image that was found bad takes nobody's place and has none of its own. */
const canBeLaunched = ({ state, tags }: PrunableImage) =>
  !BROKEN.has(state) && tags[TAG.quarantined] === undefined;

/** Of every environment the images with fewer than `keepPromoted` later promotions to choose from. */
function lastPromoted(usable: readonly PrunableImage[], keepPromoted: number): Map<string, string[]> {
  const entries = usable
    .flatMap((image) =>
      marksOf(image.tags, 'promoted').map(({ environment, time }) => ({ image, group: environment, time })),
    )
    .toSorted((a, b) => b.time - a.time);
  return new Map(
    [...placesOf(entries, keepPromoted)].map(([id, environments]) => [
      id,
      environments.map((environment) => `one of the last ${keepPromoted} promoted to ${environment}`),
    ]),
  );
}

const ageInDays = (image: PrunableImage, now: number) => (now - image.created) / DAY_MS;

/** An image that a commit used again is as young as that commit's run, which may still wait for an approval. */
function youth(image: PrunableImage, { minAgeDays, now }: RetentionRules): string[] {
  const age = ageInDays(image, now);
  if (Number.isNaN(age)) return ['of unknown age'];
  if (age < minAgeDays) return [`younger than ${minAgeDays} days`];
  const reused = (now - lastBaked(image)) / DAY_MS;
  return reused < minAgeDays ? [`used again by a commit less than ${minAgeDays} days ago`] : [];
}

/** A bake ends within a day (`timeout-minutes`), and quarantines what it makes until then. */
const LONGEST_BAKE_DAYS = 1;

function unfinished(image: PrunableImage, now: number): string[] {
  const quarantine = image.tags[TAG.quarantined] ?? '';
  const isPending = isUnfinished(quarantine, 'build') || isUnfinished(quarantine, 'smoke test');
  return isPending && ageInDays(image, now) < LONGEST_BAKE_DAYS ? ['its bake may not be over'] : [];
}

/** Other services that made an image remove it themselves, by rules of their own. */
function managers({ tags }: PrunableImage): string[] {
  const keys = Object.keys(tags);
  return [
    ...(keys.some((key) => key.startsWith('aws:backup:')) ? ['managed by AWS Backup'] : []),
    ...(keys.some((key) => key.startsWith('aws:dlm:') || key.startsWith('dlm:'))
      ? ['managed by Data Lifecycle Manager']
      : []),
    ...(tags.Ec2ImageBuilderArn !== undefined || tags.CreatedBy === 'EC2 Image Builder'
      ? ['managed by EC2 Image Builder']
      : []),
  ];
}

function whyRemoved(
  image: PrunableImage,
  { keep, keepPromoted, staleDays, now, groupBy }: RetentionRules,
  stale: ReadonlySet<string>,
): string[] {
  const environments = marksOf(image.tags, 'promoted').map(({ environment }) => environment);
  const general = ['not in use', `${Math.floor(ageInDays(image, now))} days old`];
  if (BROKEN.has(image.state)) return [...general, `its state is ${image.state}`];
  const quarantine = image.tags[TAG.quarantined];
  if (quarantine !== undefined) return [...general, `quarantined: ${quarantine}`];
  const groups = groupsOf(image, groupBy).map(({ group }) =>
    stale.has(group) ? `no bake for ${staleDays} days (${group})` : `at least ${keep} newer ones (${group})`,
  );
  return [
    ...general,
    shortList(groups, 3),
    environments.length === 0
      ? 'never promoted'
      : `at least ${keepPromoted} later promotions to ${environments.join(', ')}`,
  ];
}
