import { markKey, marksOf } from '../../tags.ts';
import type { PrunableImage } from '../inventory.ts';
import type { ImageUse } from './use.ts';

/** A promotion ends within 14 days, the longest that an instance refresh takes; an older mark was left behind. */
const LONGEST_PROMOTION_MS = 15 * 24 * 3600 * 1000;

/** The images that a promotion is putting somewhere at this moment, by the marks that it sets before anything else. */
export function promotionsUnderWay(images: readonly PrunableImage[], now: number): ImageUse[] {
  return images.flatMap(({ id, tags }) => {
    const marks = marksOf(tags, 'promoting');
    const prefix = markKey('promoting', '');
    const unreadable = Object.keys(tags).filter(
      (key) => key.startsWith(prefix) && !marks.some((mark) => key === `${prefix}${mark.environment}`),
    );
    return [
      ...marks.filter(({ time }) => now - time < LONGEST_PROMOTION_MS).map(({ environment }) => environment),
      // Without a time nobody knows whether it is over.
      ...unreadable.map((key) => key.slice(prefix.length)),
    ].map((environment) => ({ holder: `promotion under way in ${environment}`, imageId: id }));
  });
}
