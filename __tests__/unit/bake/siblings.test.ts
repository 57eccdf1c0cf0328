import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { siblingsIn, siblingsTag } from '../../../src/bake/siblings.ts';

const own = { region: 'us-east-1', imageId: 'ami-00000000000000001' };
const anyImage = fc.record({
  build: fc.constant('amazon-ebs.shop'),
  region: fc.constantFrom('us-east-1', 'eu-west-1', 'us-gov-west-1', 'ap-southeast-2'),
  amiId: fc.stringMatching(/^ami-[0-9a-f]{17}$/),
});
const place = ({ region, amiId }: { region: string; amiId: string }) => `${region} ${amiId}`;

test('all images of a build are read back from each of them, or none where a tag is too short for them', () => {
  fc.assert(
    fc.property(fc.array(anyImage, { minLength: 2, maxLength: 20 }), (images) => {
      const found = siblingsIn(siblingsTag(images), own);
      if (images.length <= 6) expect(found).toBeDefined();
      if (!found) return;
      expect(found.map(({ region, imageId }) => place({ region, amiId: imageId })).toSorted()).toEqual(
        images.map(place).toSorted(),
      );
    }),
  );
});

test('a single image needs no tag and is its own build', () => {
  expect(siblingsTag([{ build: 'amazon-ebs.shop', region: 'us-east-1', amiId: own.imageId }])).toEqual({});
  expect(siblingsIn({}, own)).toEqual([own]);
});

test.each(['', 'ami-00000000000000001', 'us-east-1:ami-00000000000000001 and others'])(
  'what cannot be read is not guessed: "%s"',
  (value) => {
    expect(siblingsIn({ 'immutable-deploy:images': value }, own)).toBeUndefined();
  },
);
