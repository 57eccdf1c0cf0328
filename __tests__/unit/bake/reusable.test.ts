import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { imageOfContent, imageOfRun } from '../../../src/bake/reusable.ts';
import type { Image } from '../../../src/image.ts';
import { markValue, TAG, unfinishedMark } from '../../../src/tags.ts';

const NOW = Date.parse('2026-11-02T12:00:00Z');
const DAY = 24 * 3600 * 1000;
const RULE = { now: NOW, maxAgeDays: 30, untested: false };

function image(changes: Partial<Image> = {}): Image {
  return {
    id: 'ami-00000000000000001',
    name: 'shop',
    state: 'available',
    created: NOW - DAY,
    architecture: 'x86_64',
    ownerId: '123456789012',
    rootDeviceName: '/dev/xvda',
    tags: {},
    ...changes,
  };
}

const quarantined = (value: string) => ({ tags: { [TAG.quarantined]: value } });

const anyImage = fc
  .record({
    id: fc.stringMatching(/^ami-[0-9a-f]{17}$/),
    state: fc.constantFrom('available', 'pending', 'failed', 'disabled', 'invalid'),
    age: fc.integer({ min: 0, max: 100 }),
    mark: fc.constantFrom(
      undefined,
      'bad',
      unfinishedMark('build', NOW, 'x'),
      unfinishedMark('smoke test', NOW, 'x'),
      markValue(NOW, 'smoke test failed: no answer'),
    ),
  })
  .map(({ id, state, age, mark }) =>
    image({ id, state, created: NOW - age * DAY, ...(mark === undefined ? {} : quarantined(mark)) }),
  );

describe('the image that is reused', () => {
  test('is in use as it is: available or on its way, young enough, and not quarantined', () => {
    fc.assert(
      fc.property(fc.array(anyImage), (images) => {
        const found = imageOfContent(images, RULE);
        if (!found) return;
        expect(['available', 'pending']).toContain(found.state);
        expect(found.tags[TAG.quarantined]).toBeUndefined();
        expect(NOW - found.created).toBeLessThanOrEqual(30 * DAY);
      }),
    );
  });

  test('is there whenever one of them is good, and does not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(anyImage), (images) => {
        const good = images.some(
          ({ state, tags, created }) =>
            state === 'available' && tags[TAG.quarantined] === undefined && NOW - created <= 30 * DAY,
        );
        const found = imageOfContent(images, RULE);
        if (good) expect(found?.state).toBe('available');
        expect(imageOfContent(images.toReversed(), RULE)?.id).toBe(found?.id);
      }),
    );
  });

  test('is the newest that is ready, before a newer one that is not', () => {
    const ready = image({ id: 'ami-00000000000000002', created: NOW - 2 * DAY });
    const old = image({ id: 'ami-00000000000000003', created: NOW - 3 * DAY });
    const pending = image({ state: 'pending' });
    expect(imageOfContent([pending, old, ready], RULE)).toBe(ready);
    expect(imageOfContent([pending], RULE)).toBe(pending);
  });

  test.each([
    ['a broken-off smoke test', unfinishedMark('smoke test', NOW, 'x'), true],
    ['a broken-off build', unfinishedMark('build', NOW, 'x'), false],
    ['a failed smoke test', markValue(NOW, 'smoke test failed: it did not finish in time'), false],
    ['anything else', 'by hand', false],
  ])('with %s in its quarantine counts only for whoever tests it: %s', (_why, mark, expected) => {
    const images = [image(quarantined(mark))];
    expect(imageOfContent(images, RULE)).toBeUndefined();
    expect(imageOfContent(images, { ...RULE, untested: true }) !== undefined).toBe(expected);
    expect(imageOfRun(images, { untested: true }) !== undefined).toBe(expected);
  });

  test('of the same run may be of any age', () => {
    const old = image({ created: NOW - 300 * DAY });
    expect(imageOfContent([old], RULE)).toBeUndefined();
    expect(imageOfRun([old], { untested: false })).toBe(old);
  });
});
