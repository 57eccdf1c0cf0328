import type { Image } from '../image.ts';
import { newestFirst } from '../image.ts';
import { isUnfinished, TAG } from '../tags.ts';

/** What a bake may take instead of building: the rule, without a look at AWS. */
export interface ReuseRule {
  /**
   * Whether an image counts whose smoke test nobody saw the end of: this bake tests it, and no other one is at it.
   */
  untested: boolean;
  /** Milliseconds since 1970. */
  now: number;
  maxAgeDays: number;
}

const DAY = 24 * 3600 * 1000;

/** The image that this very run made or reused, in an earlier attempt; its age does not matter. */
export function imageOfRun<T extends Image>(
  images: readonly T[],
  rule: Pick<ReuseRule, 'untested'>,
): T | undefined {
  return best(images.filter((image) => isGood(image, rule)));
}

/** The newest image of the same content that is neither too old nor bad. One that is ready beats a newer pending one. */
export function imageOfContent<T extends Image>(images: readonly T[], rule: ReuseRule): T | undefined {
  const oldest = rule.now - rule.maxAgeDays * DAY;
  return best(images.filter((image) => isGood(image, rule) && image.created >= oldest));
}

/** Neither gone nor bad: an image that a bake may return. */
export function isGood({ state, tags }: Image, { untested }: Pick<ReuseRule, 'untested'>): boolean {
  if (state !== 'available' && state !== 'pending') return false;
  const quarantined = tags[TAG.quarantined];
  return quarantined === undefined || (untested && isUnfinished(quarantined, 'smoke test'));
}

function best<T extends Image>(images: readonly T[]): T | undefined {
  const byAge = images.toSorted(newestFirst);
  return byAge.find(({ state }) => state === 'available') ?? byAge[0];
}
