import { describe, expect, test } from '@jest/globals';
import { type GuardLimits, objectionsTo } from '../../../src/prune/guards.ts';
import type { PrunableImage } from '../../../src/prune/inventory.ts';
import { imagesToRemove, type Plan } from '../../../src/prune/plan.ts';
import type { ImageDecision, KeepRule } from '../../../src/prune/retention.ts';
import { DAY, image, NOW, promoted, version } from './builders.ts';

const LIMITS: GuardLimits = {
  application: 'octo/shop',
  region: 'us-east-1',
  maxDeletions: 50,
  maxDeletionPercent: 50,
  clockOffset: 0,
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

const goingVersion = {
  version: version(1),
  decision: 'remove',
  ours: true,
  prunable: true,
  users: [],
  reasons: [],
} as const;

/** What the guards say when all that goes is deleted at once. */
const objections = (plan: Plan, limits: Partial<GuardLimits> = {}) => {
  const steps = new Map(imagesToRemove(plan).map(({ id }) => [id, { kind: 'delete' } as const]));
  return objectionsTo(plan, steps, 0, { ...LIMITS, ...limits });
};

describe('guards', () => {
  test('let an ordinary plan pass', () => {
    expect(objections(planOf(50, 50))).toEqual([]);
  });

  test('let a plan pass that does nothing, whatever was seen', () => {
    expect(objections({ images: [], versions: [] })).toEqual([]);
    const unused = { images: [keep(image(1, { tags: promoted('dev', 3) }), 'newest')], versions: [] };
    expect(objections(unused)).toEqual([]);
  });

  test('stop more than max-deletions, and name the input', () => {
    const [objection = '', ...others] = objections(planOf(60, 51));
    expect(objection).toContain('51 images would be removed');
    expect(objection).toContain('raise "max-deletions" to 51');
    expect(others).toEqual([]);
  });

  test('stop more than max-deletion-percent, and name the input', () => {
    const [objection = '', ...others] = objections(planOf(5, 6));
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
    expect(objections({ images, versions: [] })).toEqual([
      expect.stringContaining('Nothing in us-east-1 uses any image of octo/shop, although 1 were promoted'),
    ]);
  });

  test('a mark of a promotion or a share is no use', () => {
    const images = [
      keep(image(1, { tags: promoted('production', 3) }), 'promoting'),
      keep(image(2), 'shared'),
      remove(image(3)),
    ];
    expect(objections({ images, versions: [] })).toHaveLength(1);
  });

  test('let old images go that were never promoted, in use or not', () => {
    const images = [keep(image(1), 'newest'), remove(image(2))];
    expect(objections({ images, versions: [] })).toEqual([]);
  });

  test('stop when versions would go and no image can be seen', () => {
    expect(objections({ images: [], versions: [goingVersion] })).toEqual([
      expect.stringContaining('There is no image of octo/shop in us-east-1'),
    ]);
  });

  test.each([
    [-40 * DAY, 'is 57600 minutes ahead of AWS'],
    [3_600_000, 'is 60 minutes behind AWS'],
  ])('stop when the clock of the runner is wrong (%d ms)', (clockOffset, text) => {
    expect(objections(planOf(50, 1), { clockOffset })).toEqual([expect.stringContaining(text)]);
  });

  test('count images that are deprecated first, and not those whose days of grace go on', () => {
    const plan = planOf(60, 51);
    const steps = (kind: 'deprecate' | 'wait') =>
      new Map(imagesToRemove(plan).map(({ id }) => [id, kind === 'wait' ? { kind, until: NOW } : { kind }]));
    expect(objectionsTo(plan, steps('deprecate'), 0, LIMITS)).toHaveLength(1);
    expect(objectionsTo(plan, steps('wait'), 0, LIMITS)).toEqual([]);
  });
});
