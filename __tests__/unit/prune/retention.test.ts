import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newestFirst } from '../../../src/image.ts';
import type { PrunableImage } from '../../../src/prune/inventory.ts';
import {
  decideImages,
  type Holders,
  type ImageDecision,
  type RetentionRules,
} from '../../../src/prune/retention.ts';
import { marksOf, markValue, TAG, unfinishedMark } from '../../../src/tags.ts';
import { anyImages, DAY, image, imageId, NOW, promoted } from './builders.ts';

const RULES: RetentionRules = {
  keep: 2,
  keepPromoted: 1,
  minAgeDays: 35,
  groupBy: ['branch'],
  staleDays: 10_000,
  now: NOW,
};
const NOBODY: Holders = { inUse: [], promoting: [], building: [], shared: [], unreadable: [] };

function decide(
  images: readonly PrunableImage[],
  holders: Partial<Holders> = {},
  rules: Partial<RetentionRules> = {},
) {
  return decideImages(images, { ...NOBODY, ...holders }, { ...RULES, ...rules });
}

const removed = (decisions: readonly ImageDecision[]) =>
  decisions.filter(({ decision }) => decision === 'remove').map(({ image: { id } }) => id);

function reasonsOf(decisions: readonly ImageDecision[], number: number): string[] {
  const found = decisions.find(({ image: { id } }) => id === imageId(number));
  return (found?.reasons ?? []).map((reason) => (typeof reason === 'string' ? reason : reason.text));
}

/** Images 1 (newest) to `count` of one branch, all old enough to go. */
const row = (count: number) =>
  Array.from({ length: count }, (_, index) => image(index + 1, { daysOld: 100 + index }));

describe('what stays', () => {
  test('keeps the newest images of a branch and says of the others why they go', () => {
    const decisions = decide(row(4));
    expect(removed(decisions)).toEqual([imageId(3), imageId(4)]);
    expect(reasonsOf(decisions, 2)).toEqual(['one of the newest 2 (branch main)']);
    expect(reasonsOf(decisions, 4)).toEqual([
      'not in use',
      '103 days old',
      'at least 2 newer ones (branch main)',
      'never promoted',
    ]);
  });

  test('counts every branch by itself, and releases and images without branch as groups of their own', () => {
    const tags = (number: number) =>
      number % 3 === 0 ? { [TAG.branch]: 'next' } : number % 3 === 1 ? { [TAG.version]: `v${number}` } : {};
    const images = row(9).map((each, index) => ({ ...each, tags: tags(index) }));
    const decisions = decide(images);
    expect(removed(decisions)).toEqual([imageId(7), imageId(8), imageId(9)]);
    expect(reasonsOf(decisions, 1)).toEqual(['one of the newest 2 (branch next)']);
    expect(reasonsOf(decisions, 2)).toEqual(['one of the newest 2 (images of git tags)']);
    expect(reasonsOf(decisions, 3)).toEqual(['one of the newest 2 (images without branch)']);
  });

  test('keeps the last promoted images of every environment, by the time of their promotion', () => {
    const images = row(6);
    const tagged = images.map((each, index) =>
      index === 4
        ? { ...each, tags: { ...each.tags, ...promoted('dev', 3), ...promoted('production', 90) } }
        : index === 5
          ? { ...each, tags: { ...each.tags, ...promoted('production', 2) } }
          : each,
    );
    const decisions = decide(tagged);
    expect(removed(decisions)).toEqual([imageId(3), imageId(4)]);
    expect(reasonsOf(decisions, 5)).toEqual(['one of the last 1 promoted to dev']);
    expect(reasonsOf(decisions, 6)).toEqual(['one of the last 1 promoted to production']);
  });

  test('keeps what is younger than the minimum age', () => {
    const decisions = decide([image(1, { daysOld: 34.9 }), image(2, { daysOld: 35 })], {}, { keep: 0 });
    expect(removed(decisions)).toEqual([imageId(2)]);
    expect(reasonsOf(decisions, 1)).toEqual(['younger than 35 days']);
  });

  test('keeps an old image that a commit used again lately: its run may still wait for an approval', () => {
    const reused = (daysAgo: number) => ({
      [`immutable-deploy:commit:${'e'.repeat(40)}`]: markValue(NOW - daysAgo * DAY, '77 next'),
    });
    const images = [image(1, { tags: reused(34) }), image(2, { tags: reused(36) })];
    const decisions = decide(images, {}, { keep: 0 });
    expect(removed(decisions)).toEqual([imageId(2)]);
    expect(reasonsOf(decisions, 1)).toEqual(['used again by a commit less than 35 days ago']);
  });

  test('keeps what a bake may still be working on, however young images may go', () => {
    const unfinished = { [TAG.quarantined]: unfinishedMark('smoke test', NOW, 'run 1') };
    const failed = { [TAG.quarantined]: markValue(NOW, 'the smoke test failed') };
    const images = [
      image(1, { daysOld: 0.9, tags: unfinished }),
      image(2, { daysOld: 1.1, tags: unfinished }),
      image(3, { daysOld: 0.9, tags: failed }),
    ];
    const decisions = decide(images, {}, { keep: 0, minAgeDays: 0 });
    expect(removed(decisions)).toEqual([imageId(3), imageId(2)]);
    expect(reasonsOf(decisions, 1)).toEqual(['its bake may not be over']);
  });

  test('keeps an image whose age is not known', () => {
    expect(removed(decide([image(1, { created: Number.NaN })], {}, { keep: 0 }))).toEqual([]);
  });

  test.each(['pending', 'transient', 'something-new'])('never touches an image in the state %s', (state) => {
    const decisions = decide([...row(2), image(9, { daysOld: 300, state })]);
    expect(reasonsOf(decisions, 9)).toEqual([`its state is ${state}`]);
  });

  test('keeps what is tagged to be kept, protected, shared, being promoted or in use, with every reason', () => {
    const special = image(9, { daysOld: 300, tags: { [TAG.keep]: '' }, deregistrationProtection: true });
    const decisions = decide([...row(2), special], {
      inUse: [
        { imageId: special.id, holder: 'instance i-1' },
        { imageId: special.id, holder: 'instance i-1', via: 'launch template lt-1 version 7' },
        { imageId: special.id, holder: 'Auto Scaling group web', via: 'launch template lt-1 version 7' },
      ],
      promoting: [{ imageId: special.id, holder: 'promotion under way in production' }],
      shared: [{ imageId: special.id, holder: 'shared with account 111122223333' }],
    });
    expect(reasonsOf(decisions, 9)).toEqual([
      'in use by instance i-1',
      'in use by Auto Scaling group web (launch template lt-1 version 7)',
      'promotion under way in production',
      'shared with account 111122223333',
      'tagged immutable-deploy:keep',
      'protected from deregistration',
    ]);
  });

  test('a source that could not be read holds back only what would have gone', () => {
    const decisions = decide(row(4), { unreadable: ['EC2 instances could not be read'] });
    expect(removed(decisions)).toEqual([]);
    expect(reasonsOf(decisions, 1)).toEqual(['one of the newest 2 (branch main)']);
    expect(reasonsOf(decisions, 4)).toEqual(['EC2 instances could not be read']);
  });
});

describe('which images take a place', () => {
  test('failed images neither take a place nor get one', () => {
    const [first, ...others] = row(4);
    const decisions = decide([image(1, { ...first, state: 'failed' }), ...others]);
    expect(removed(decisions)).toEqual([imageId(1), imageId(4)]);
    expect(reasonsOf(decisions, 1)).toEqual(['not in use', '100 days old', 'its state is failed']);
  });

  test('disabled images get a place but take none: good ones are not pushed out by them', () => {
    const decisions = decide([image(1, { daysOld: 50, state: 'disabled' }), ...row(5).slice(1)]);
    expect(removed(decisions)).toEqual([imageId(4), imageId(5)]);
  });

  test('quarantined images neither take a place nor get one, however new or often promoted', () => {
    const tags = { [TAG.quarantined]: 'smoke test', ...promoted('production', 1) };
    const decisions = decide([image(1, { daysOld: 50, tags }), ...row(5).slice(1)]);
    expect(removed(decisions)).toEqual([imageId(1), imageId(4), imageId(5)]);
    expect(reasonsOf(decisions, 1)).toEqual(['not in use', '50 days old', 'quarantined: smoke test']);
    const inUse = [{ imageId: imageId(1), holder: 'instance i-1' }];
    expect(removed(decide([image(1, { tags })], { inUse }))).toEqual([]);
  });
});

describe('for any images', () => {
  const anyCase = fc.record({
    images: anyImages,
    used: fc.array(fc.nat(60), { maxLength: 10 }),
    keep: fc.integer({ min: 2, max: 6 }),
    keepPromoted: fc.integer({ min: 1, max: 4 }),
    minAgeDays: fc.nat(90),
  });
  const holdersOf = (used: readonly number[]) => ({
    inUse: used.map((number) => ({ imageId: imageId(number), holder: `instance i-${number}` })),
  });

  test('nothing goes that is in use, tagged, protected, young, unsettled, newest of its branch or last promoted', () => {
    fc.assert(
      fc.property(anyCase, ({ images, used, ...rules }) => {
        const gone = new Set(removed(decide(images, holdersOf(used), rules)));
        const launchable = images
          .filter(({ state, tags }) => state !== 'failed' && tags[TAG.quarantined] === undefined)
          .toSorted(newestFirst);
        const isGone = ({ id }: PrunableImage) => gone.has(id);
        expect(used.filter((number) => gone.has(imageId(number)))).toEqual([]);
        for (const each of images.filter(isGone)) {
          expect(each.tags[TAG.keep]).toBeUndefined();
          expect(each.deregistrationProtection).toBe(false);
          expect(['available', 'failed', 'disabled']).toContain(each.state);
          expect(NOW - each.created).toBeGreaterThanOrEqual(rules.minAgeDays * 24 * 3600 * 1000);
        }
        for (const branch of ['main', 'next']) {
          const newest = launchable.filter(({ tags }) => tags[TAG.branch] === branch).slice(0, rules.keep);
          expect(newest.filter(isGone)).toEqual([]);
        }
        for (const environment of ['dev', 'production']) {
          const timeOf = ({ tags }: PrunableImage) =>
            marksOf(tags, 'promoted').find((mark) => mark.environment === environment)?.time ?? 0;
          const last = launchable
            .filter((each) => timeOf(each) > 0)
            .toSorted((a, b) => timeOf(b) - timeOf(a))
            .slice(0, rules.keepPromoted);
          expect(last.filter(isGone)).toEqual([]);
        }
      }),
    );
  });

  test('what else is old goes: nothing stays without a reason', () => {
    fc.assert(
      fc.property(anyCase, ({ images, used, ...rules }) => {
        for (const { reasons } of decide(images, holdersOf(used), rules)) expect(reasons).not.toEqual([]);
      }),
    );
  });

  test('removing twice finds nothing more', () => {
    fc.assert(
      fc.property(anyCase, ({ images, used, ...rules }) => {
        const gone = new Set(removed(decide(images, holdersOf(used), rules)));
        const left = images.filter(({ id }) => !gone.has(id));
        expect(removed(decide(left, holdersOf(used), rules))).toEqual([]);
      }),
    );
  });

  test('the order in which AWS lists them does not matter', () => {
    fc.assert(
      fc.property(anyCase, ({ images, used, ...rules }) => {
        const there = decide(images, holdersOf(used), rules);
        expect(decide(images.toReversed(), holdersOf(used), rules)).toEqual(there);
      }),
    );
  });
});
