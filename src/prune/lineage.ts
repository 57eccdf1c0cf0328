import { TAG } from '../tags.ts';
import { isOfApplication, type PrunableImage } from './inventory.ts';
import { groupedBy } from './lists.ts';
import type { ImageUse, Reference } from './references/use.ts';
import type { ImageDecision } from './retention.ts';

/**
 * What images that stay need of others: their base images, and the origin of a copy that is under way. Only images of
 * ours count: a backup of an instance names its image too, and can be restored without it. An image that stays only
 * as a base does not hold its own base, or the chain would have no end.
 *
 * @param images all images of the Region
 * @param decided the decisions about those of the application
 */
export function basesOf(images: readonly PrunableImage[], decided: readonly ImageDecision[]): Reference[] {
  const going = new Set(decided.flatMap(({ decision, image }) => (decision === 'remove' ? image.id : [])));
  return images
    .filter(
      ({ id, state, tags }) => tags[TAG.application] !== undefined && !going.has(id) && state !== 'failed',
    )
    .flatMap(({ id, state, source, tags }) => [
      ...(tags[TAG.baseImage] === undefined
        ? []
        : [reference(tags[TAG.baseImage] ?? '', id, 'is built on it')]),
      ...(source !== undefined && state === 'pending'
        ? [reference(source.id, id, 'is being copied from it')]
        : []),
    ]);
}

const reference = (imageId: string, id: string, why: string): Reference => ({
  imageId,
  holder: `image ${id}`,
  via: why,
});

/** The images of one Region with what was decided about those of the application. */
export interface DecidedRegion {
  region: string;
  images: readonly ImageDecision[];
}

/**
 * An image and its copies in other Regions go together: what keeps one of them keeps the others. By Region, the
 * references from the ones that stay.
 */
export function relatives(regions: readonly DecidedRegion[], application: string): Map<string, ImageUse[]> {
  const all = regions.flatMap(({ region, images }) => images.map((decided) => ({ region, ...decided })));
  const byPlace = new Map(all.map((member) => [place(member.region, member.image.id), member]));
  const families = groupedBy(all, ({ region, image }) => [rootOf(region, image, byPlace)]);
  const holds = new Map<string, ImageUse[]>(regions.map(({ region }) => [region, []]));
  for (const family of families.values()) {
    const staying = family.find(({ decision }) => decision === 'keep');
    if (!staying || family.length === 1) continue;
    for (const { region, image, decision } of family) {
      if (decision === 'keep' || !isOfApplication(image, application)) continue;
      const holder = `${staying.image.id} in ${staying.region}, which stays and is ${
        image.source?.id === staying.image.id ? 'its origin' : 'its copy'
      }`;
      holds.get(region)?.push({ imageId: image.id, holder });
    }
  }
  return holds;
}

const place = (region: string, id: string) => `${region} ${id}`;

/** The first image of a chain of copies, as far as it is known: a copy has the commit of what it was copied from. */
function rootOf(
  region: string,
  image: PrunableImage,
  byPlace: ReadonlyMap<string, { region: string; image: PrunableImage }>,
): string {
  const seen = new Set<string>();
  let at = { region, image };
  for (;;) {
    const here = place(at.region, at.image.id);
    const { source, tags } = at.image;
    const origin = source && byPlace.get(place(source.region || at.region, source.id));
    if (!origin || seen.has(here) || origin.image.tags[TAG.commit] !== tags[TAG.commit]) return here;
    seen.add(here);
    at = origin;
  }
}
