import { describe, expect, test } from '@jest/globals';
import { type GuardLimits, objectionsTo } from '../../../src/prune/guards.ts';
import type { PrunableImage } from '../../../src/prune/inventory.ts';
import type { Plan } from '../../../src/prune/plan.ts';
import type { ImageDecision, KeepRule } from '../../../src/prune/retention.ts';
import { image, promoted, version } from './builders.ts';

const LIMITS: GuardLimits = {
  application: 'octo/shop',
  region: 'us-east-1',
  maxDeletions: 50,
  maxDeletionPercent: 50,
};

const keep = (each: PrunableImage, rule: KeepRule = 'in-use'): ImageDecision => ({
  image: each,
  decision: 'keep',
  reasons: [{ rule, text: rule }],
});
const remove = (each: PrunableImage): ImageDecision => ({
  image: each,
  decision: 'remove',
  reasons: ['old'],
});

function planOf(kept: number, removed: number): Plan {
  return {
    images: [
      ...Array.from({ length: kept }, (_, index) => keep(image(index))),
      ...Array.from({ length: removed }, (_, index) => remove(image(kept + index))),
    ],
    versions: [],
  };
}

const goingVersion = { version: version(1), decision: 'remove', ours: true, users: [], reasons: [] } as const;

describe('guards', () => {
  test('let an ordinary plan pass', () => {
    expect(objectionsTo(planOf(50, 50), LIMITS)).toEqual([]);
  });

  test('let a plan pass that does nothing, whatever was seen', () => {
    expect(objectionsTo({ images: [], versions: [] }, LIMITS)).toEqual([]);
    const unused = { images: [keep(image(1, { tags: promoted('dev', 3) }), 'newest')], versions: [] };
    expect(objectionsTo(unused, LIMITS)).toEqual([]);
  });

  test('stop more than max-deletions, and name the input', () => {
    const [objection = '', ...others] = objectionsTo(planOf(60, 51), LIMITS);
    expect(objection).toContain('51 images would be removed');
    expect(objection).toContain('raise "max-deletions" to 51');
    expect(others).toEqual([]);
  });

  test('stop more than max-deletion-percent, and name the input', () => {
    const [objection = '', ...others] = objectionsTo(planOf(5, 6), LIMITS);
    expect(objection).toContain('6 of 11 images');
    expect(objection).toContain('raise "max-deletion-percent" to 55');
    expect(others).toEqual([]);
  });

  test('stop when nothing is in use although something was promoted', () => {
    const images = [
      keep(image(1, { tags: promoted('production', 3) }), 'promoted'),
      keep(image(2), 'newest'),
      remove(image(3)),
    ];
    expect(objectionsTo({ images, versions: [] }, LIMITS)).toEqual([
      expect.stringContaining('Nothing in us-east-1 uses any image of octo/shop, although 1 were promoted'),
    ]);
  });

  test('a mark of a promotion or a share is no use', () => {
    const images = [
      keep(image(1, { tags: promoted('production', 3) }), 'promoting'),
      keep(image(2), 'shared'),
      remove(image(3)),
    ];
    expect(objectionsTo({ images, versions: [] }, LIMITS)).toHaveLength(1);
  });

  test('let old images go that were never promoted, in use or not', () => {
    const images = [keep(image(1), 'newest'), remove(image(2))];
    expect(objectionsTo({ images, versions: [] }, LIMITS)).toEqual([]);
  });

  test('stop when versions would go and no image can be seen', () => {
    expect(objectionsTo({ images: [], versions: [goingVersion] }, LIMITS)).toEqual([
      expect.stringContaining('There is no image of octo/shop in us-east-1'),
    ]);
  });
});
