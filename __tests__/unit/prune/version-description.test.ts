import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { imageOfDescription, versionDescription } from '../../../src/version-description.ts';
import { imageId } from './builders.ts';

const anyApplication = fc.string({
  unit: fc.constantFrom('a', 'z', '/', '-', '*'),
  minLength: 1,
  maxLength: 256,
});
const anyImageId = fc.oneof(fc.nat().map(imageId), fc.constant('ami-0123abcd'));

describe('the description of a launch template version', () => {
  test('names application and image', () => {
    const description = versionDescription('octo/shop', imageId(1));
    expect(description).toBe(`immutable-deploy octo/shop ${imageId(1)}`);
    expect(imageOfDescription('octo/shop', description)).toBe(imageId(1));
  });

  test.each([
    ['none', undefined],
    ['by somebody else', 'made by Terraform'],
    ['of another application', versionDescription('octo/shop2', imageId(1))],
    ['with more behind it', `${versionDescription('octo/shop', imageId(1))} (copy)`],
    ['without an image', 'immutable-deploy octo/shop '],
  ])('is not ours: %s', (_what, description) => {
    expect(imageOfDescription('octo/shop', description)).toBeUndefined();
  });

  test('fits into 255 characters and is never read as another image', () => {
    fc.assert(
      fc.property(anyApplication, anyImageId, (application, id) => {
        const description = versionDescription(application, id);
        expect(description.length).toBeLessThanOrEqual(255);
        const whole = `immutable-deploy ${application} ${id}`.length;
        const read = imageOfDescription(application, description);
        if (whole < 255) expect(read).toBe(id);
        else expect([undefined, id]).toContain(read);
      }),
    );
  });
});
