import { describe, expect, test } from '@jest/globals';
import { figuresOf, priceIn, sizeOf } from '../../../src/prune/figures.ts';
import { makePlan } from '../../../src/prune/plan.ts';
import { TAG } from '../../../src/tags.ts';
import { APPLICATION, facts, image, imageId, NOW, promoting } from './builders.ts';

const RULES = {
  application: APPLICATION,
  keep: 2,
  keepPromoted: 1,
  minAgeDays: 35,
  keepLaunchTemplateVersions: 2,
  launchTemplates: [],
  groupBy: ['branch'],
  staleDays: 90,
  now: NOW,
};

describe('sizes', () => {
  test('a snapshot that two images have counts once', () => {
    const snapshots = [{ id: 'snap-1', gib: 8 }];
    expect(sizeOf([image(1, { snapshots }), image(2, { snapshots })], 0.05)).toEqual({
      images: 2,
      snapshots: 1,
      gib: 8,
      monthlyCost: 0.4,
    });
  });

  test.each([
    ['nothing is given', {}, 0.05],
    ['one price is given for all', { '': 0.06 }, 0.06],
    ['the Region has its own', { '': 0.06, 'sa-east-1': 0.068 }, 0.068],
    ['another Region has its own', { 'eu-west-1': 0.07 }, 0.05],
  ])('the price when %s', (_what, given, price) => {
    expect(priceIn('sa-east-1', given)).toBe(price);
  });

  test('the biggest groups come first, at most ten', () => {
    const images = Array.from({ length: 66 }, (_, number) => {
      // Branch 0 has one image, branch 10 has eleven.
      const branch = Math.floor((Math.sqrt(8 * number + 1) - 1) / 2);
      return image(number, { tags: { [TAG.branch]: `b${branch}` } });
    });
    const seen = facts({ images });
    const { groups } = figuresOf(makePlan(seen, RULES), seen, RULES, 0.05);
    expect(groups).toHaveLength(10);
    expect(groups[0]).toEqual({
      group: 'branch b10',
      images: 11,
      snapshots: 11,
      gib: 88,
      monthlyCost: 4.4,
    });
    expect(groups.at(-1)?.group).toBe('branch b1');
  });
});

describe('what goes next', () => {
  const next = (images: Parameters<typeof makePlan>[0]['images'], parts = {}) => {
    const seen = facts({ images, ...parts });
    return figuresOf(makePlan(seen, RULES), seen, RULES, 0.05).next;
  };

  test('images that become old enough within 30 days, and not those that go now', () => {
    const images = [4, 10, 15, 20, 100].map((daysOld, number) => image(number, { daysOld }));
    expect(next(images)).toEqual([imageId(3), imageId(2)]);
  });

  test('the images of a branch that becomes stale', () => {
    expect(next([image(1, { daysOld: 70 }), image(2, { daysOld: 71 })])).toEqual([imageId(2), imageId(1)]);
  });

  test('an image that only a forgotten promotion holds, and none that is in use', () => {
    const images = [40, 41, 42, 43].map((daysOld, number) =>
      image(number, { daysOld, tags: number === 3 ? promoting('dev', 1) : {} }),
    );
    const instances = [{ holder: 'instance i-1', imageId: imageId(2) }];
    expect(next(images, { uses: { instances } })).toEqual([imageId(3)]);
  });
});
