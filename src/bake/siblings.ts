import { type BuiltImage, imagesByRegion } from '../packer/output.ts';
import { TAG, type Tags, tagValue } from '../tags.ts';

/** Where an image is. */
export interface ImagePlace {
  region: string;
  imageId: string;
}

/** Of one build with several images, for other architectures or Regions, each names all; a single one needs nothing. */
export function siblingsTag(images: readonly BuiltImage[]): Tags {
  if (images.length < 2) return {};
  const places = [...imagesByRegion(images)].map(([region, ids]) => `${region}:${ids}`);
  return { [TAG.images]: tagValue(places.join(' ')) };
}

const PLACE = /^([a-z]{2}[a-z0-9-]+):(ami-[0-9a-f]{8,17}(?:,ami-[0-9a-f]{8,17})*)$/;

/** All images of the build that made this one; `undefined` where the tag cannot be read, or names too many for a tag. */
export function siblingsIn(tags: Tags, own: ImagePlace): readonly ImagePlace[] | undefined {
  const value = tags[TAG.images];
  if (value === undefined) return [own];
  const places = value.split(' ').map((part) => PLACE.exec(part));
  // A value that fills a tag may have been cut.
  if (places.includes(null) || value.length === tagValue(`${value}.`).length) return undefined;
  return places.flatMap((match) => {
    const [, region = '', ids = ''] = match ?? [];
    return ids.split(',').map((imageId) => ({ region, imageId }));
  });
}
