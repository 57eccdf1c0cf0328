import { describe, expect, test } from '@jest/globals';
import type { PrunableImage } from '../../../src/prune/inventory.ts';
import { basesOf, relatives } from '../../../src/prune/lineage.ts';
import type { ImageDecision } from '../../../src/prune/retention.ts';
import { TAG } from '../../../src/tags.ts';
import { APPLICATION, image, imageId } from './builders.ts';

const keep = (each: PrunableImage): ImageDecision => ({
  image: each,
  decision: 'keep',
  reasons: [{ rule: 'newest', text: 'new' }],
});
const remove = (each: PrunableImage): ImageDecision => ({
  image: each,
  decision: 'remove',
  reasons: ['old'],
});

const [US, EU, AP] = ['us-east-1', 'eu-west-1', 'ap-south-1'];
const commit = { [TAG.commit]: 'a'.repeat(40) };
const copyOf = (number: number, origin: number, region: string) =>
  image(number, { tags: commit, source: { id: imageId(origin), region } });

describe('copies in other Regions', () => {
  const heldIn = (region: string, regions: Parameters<typeof relatives>[0]) =>
    (relatives(regions, APPLICATION).get(region) ?? []).map(({ imageId: id, holder }) => `${id}: ${holder}`);

  test('the origin of a copy that stays stays, and so does the copy of an origin', () => {
    const origin = image(1, { tags: commit });
    const copy = copyOf(2, 1, US);
    expect(
      heldIn(US, [
        { region: US, images: [remove(origin)] },
        { region: EU, images: [keep(copy)] },
      ]),
    ).toEqual([`${imageId(1)}: ${imageId(2)} in eu-west-1, which stays and is its copy`]);
    expect(
      heldIn(EU, [
        { region: US, images: [keep(origin)] },
        { region: EU, images: [remove(copy)] },
      ]),
    ).toEqual([`${imageId(2)}: ${imageId(1)} in us-east-1, which stays and is its origin`]);
  });

  test('copies of copies, and copies of one origin, are one family', () => {
    const regions = [
      { region: US, images: [remove(image(1, { tags: commit }))] },
      { region: EU, images: [remove(copyOf(2, 1, US))] },
      { region: AP, images: [keep(copyOf(3, 2, EU))] },
    ];
    expect(heldIn(US, regions)).toHaveLength(1);
    expect(heldIn(EU, regions)).toHaveLength(1);
    expect(heldIn(AP, regions)).toEqual([]);
  });

  test('a family of which nothing stays goes, and one image alone is no family', () => {
    const regions = [
      { region: US, images: [remove(image(1, { tags: commit })), keep(image(9))] },
      { region: EU, images: [remove(copyOf(2, 1, US))] },
    ];
    expect(heldIn(US, regions)).toEqual([]);
    expect(heldIn(EU, regions)).toEqual([]);
  });

  test('an image that was built on another one is no copy of it: its commit is another', () => {
    const built = image(2, {
      tags: { [TAG.commit]: 'b'.repeat(40) },
      source: { id: imageId(1), region: US },
    });
    const images = [remove(image(1, { tags: commit })), keep(built)];
    expect(heldIn(US, [{ region: US, images }])).toEqual([]);
  });

  test('the same id in another Region is another image', () => {
    const regions = [
      { region: US, images: [remove(image(1, { tags: commit }))] },
      { region: EU, images: [remove(image(1, { tags: commit })), keep(copyOf(3, 1, EU))] },
    ];
    expect(heldIn(US, regions)).toEqual([]);
    expect(heldIn(EU, regions)).toHaveLength(1);
  });

  test('a circle, which AWS does not make, has an end', () => {
    const [a, b] = [copyOf(1, 2, US), copyOf(2, 1, US)];
    expect(heldIn(US, [{ region: US, images: [remove(a), remove(b)] }])).toEqual([]);
  });
});

describe('bases', () => {
  const onBase = (number: number, base: number, parts: Partial<PrunableImage> = {}) =>
    image(number, { tags: { [TAG.baseImage]: imageId(base) }, ...parts });

  test('hold for images that stay, of any application of ours, and not for those that go or failed', () => {
    const images = [
      onBase(1, 11),
      onBase(2, 12),
      onBase(3, 13, { state: 'failed' }),
      { ...onBase(4, 14), tags: { [TAG.baseImage]: imageId(14), [TAG.application]: 'octo/other' } },
      { ...onBase(5, 15), tags: { [TAG.baseImage]: imageId(15) } },
    ];
    const [stays = image(0), goes = image(0)] = images;
    expect(basesOf(images, [keep(stays), remove(goes)]).map(({ imageId: id }) => id)).toEqual([
      imageId(11),
      imageId(14),
    ]);
  });
});
