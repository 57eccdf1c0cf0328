import { describe, expect, test } from '@jest/globals';
import type { Facts } from '../../../src/prune/facts.ts';
import {
  decideImagesNow,
  imagesToRemove,
  makePlan,
  type PlanRules,
  versionsToRemove,
} from '../../../src/prune/plan.ts';
import { SOURCES } from '../../../src/prune/sources.ts';
import { versionId, withCurrent } from '../../../src/prune/template-versions.ts';
import { APPLICATION, facts, image, imageId, NOW, promoting, version } from './builders.ts';

const RULES: PlanRules = {
  application: APPLICATION,
  keep: 0,
  keepPromoted: 1,
  minAgeDays: 35,
  keepLaunchTemplateVersions: 2,
  launchTemplates: [],
  groupBy: ['branch'],
  staleDays: 10_000,
  now: NOW,
};

const going = (seen: Facts) => imagesToRemove(makePlan(seen, RULES)).map(({ id }) => id);

const VERSIONS = [1, 2, 3, 4, 5].map((number) =>
  version(number, { isDefault: number === 5, isLatest: number === 5 }),
);
const IMAGES = [1, 2, 3, 4, 5].map((number) => image(number, { daysOld: 200 - number }));

describe('versions and their images', () => {
  test('an image that only a version holds that goes is free, oldest first', () => {
    const seen = facts({ images: IMAGES, versions: VERSIONS });
    expect(versionsToRemove(makePlan(seen, RULES)).map(versionId)).toEqual(['lt-1:3', 'lt-1:2', 'lt-1:1']);
    expect(going(seen)).toEqual([imageId(1), imageId(2), imageId(3)]);
  });

  test('it is not free while the version is still there after all', () => {
    const left = VERSIONS.filter(({ number }) => number !== 1 && number !== 2);
    const images = decideImagesNow(facts({ images: IMAGES, versions: left }), RULES);
    expect(imagesToRemove({ images }).map(({ id }) => id)).toEqual([imageId(1), imageId(2)]);
  });

  test.each([
    ['a number', { id: 'lt-1' }, '2', 2],
    ['$Default by name', { name: 'web' }, '$Default', 5],
    ['$Latest', { id: 'lt-1', name: 'web' }, '$Latest', 5],
  ])('a group on %s holds that version and its image', (_what, template, name, number) => {
    const groups = [{ holder: 'Auto Scaling group web', template, version: name }];
    const plan = makePlan(facts({ images: IMAGES, versions: VERSIONS, uses: { groups } }), RULES);
    const kept = plan.images.find(({ image: { id } }) => id === imageId(number));
    expect(kept).toMatchObject({
      decision: 'keep',
      reasons: expect.arrayContaining([
        { rule: 'in-use', text: `in use by Auto Scaling group web (launch template lt-1 version ${number})` },
      ]),
    });
  });

  test('a version of another template with the same number is not held', () => {
    const groups = [{ holder: 'Auto Scaling group web', template: { id: 'lt-2' }, version: '2' }];
    expect(going(facts({ images: IMAGES, versions: VERSIONS, uses: { groups } }))).toContain(imageId(2));
  });
});

describe('images that SSM parameters name', () => {
  const parameters = [{ holder: 'SSM parameter /shop', imageId: 'resolve:ssm:/shop' }];

  test('a parameter holds the image that it names now', () => {
    const aliases = new Map([['resolve:ssm:/shop', imageId(2)]]);
    const seen = facts({ images: IMAGES.slice(0, 3), uses: { parameters }, aliases });
    expect(going(seen)).toEqual([imageId(1), imageId(3)]);
  });

  test('a version that stays holds the image that its parameter names', () => {
    const versions = [
      version(9, { isDefault: true, imageId: 'resolve:ssm:/shop:3', description: 'by hand' }),
    ];
    const aliases = new Map([['resolve:ssm:/shop:3', imageId(1)]]);
    expect(going(facts({ images: IMAGES.slice(0, 2), versions, aliases }))).toEqual([imageId(2)]);
  });

  test('a parameter that does not exist holds nothing', () => {
    expect(going(facts({ images: IMAGES.slice(0, 1), uses: { parameters } }))).toEqual([imageId(1)]);
  });
});

test('a promotion under way holds its image and the versions that it may use again', () => {
  const images = IMAGES.map((each) =>
    each.id === imageId(2) ? { ...each, tags: { ...each.tags, ...promoting('production', 14) } } : each,
  );
  const seen = facts({ images, versions: VERSIONS });
  expect(going(seen)).toEqual([imageId(1), imageId(3)]);
  expect(versionsToRemove(makePlan(seen, RULES)).map(versionId)).toEqual(['lt-1:3', 'lt-1:1']);
});

describe('a source that could not be read', () => {
  const unread = (source: keyof typeof SOURCES) =>
    facts({
      images: IMAGES,
      versions: VERSIONS,
      unreadable: [{ source: SOURCES[source], error: new Error('no') }],
    });

  test.each(['instances', 'groups', 'refreshes', 'launchTemplates'] as const)(
    '%s: neither images nor versions go',
    (source) => {
      const plan = makePlan(unread(source), RULES);
      expect([imagesToRemove(plan), versionsToRemove(plan)]).toEqual([[], []]);
    },
  );

  test.each(['launchConfigurations', 'parameters', 'aliases'] as const)(
    '%s: no images go; versions, which it cannot hold, do',
    (source) => {
      const plan = makePlan(unread(source), RULES);
      expect(imagesToRemove(plan)).toEqual([]);
      expect(versionsToRemove(plan)).toHaveLength(3);
    },
  );

  test('launch permissions: the others go', () => {
    expect(imagesToRemove(makePlan(unread('launchPermissions'), RULES))).toHaveLength(3);
  });
});

test('a version that was $Default and $Latest at the first look is a number at the second', () => {
  const newest = version(6, { isLatest: true });
  const seen = withCurrent(VERSIONS, [newest, version(4, { isDefault: true })]);
  expect(seen.filter(({ isLatest }) => isLatest)).toEqual([newest]);
  expect(seen.filter(({ isDefault }) => isDefault).map(({ number }) => number)).toEqual([4]);
  expect(seen).toHaveLength(6);
});
