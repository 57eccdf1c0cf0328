import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decideVersions,
  type VersionDecision,
  type VersionRules,
  versionReferences,
} from '../../../src/prune/decide-versions.ts';
import { type TemplateVersion, versionId } from '../../../src/prune/template-versions.ts';
import { APPLICATION, imageId, version } from './builders.ts';

const RULES: VersionRules = {
  application: APPLICATION,
  keepLaunchTemplateVersions: 2,
  users: new Map(),
  promotions: [],
  launchTemplates: [],
  unreadable: [],
};

const removed = (decisions: readonly VersionDecision[]) =>
  decisions.filter(({ decision }) => decision === 'remove').map(({ version: { number } }) => number);

/** Versions 1 to `count`, all of ours: 1 is the default, the last one the latest. */
const row = (count: number): TemplateVersion[] =>
  Array.from({ length: count }, (_, index) =>
    version(index + 1, { isDefault: index === 0, isLatest: index === count - 1 }),
  );

describe('launch template versions', () => {
  test('keeps $Default, $Latest and the newest of ours', () => {
    const decisions = decideVersions(row(6), RULES);
    expect(removed(decisions)).toEqual([4, 3, 2]);
    expect(decisions.at(-2)?.reasons).toEqual(['nothing uses it, and there are 4 newer ones']);
  });

  test('keeps what is used, and says by whom', () => {
    const users = new Map([['lt-1:3', ['Auto Scaling group web']]]);
    const decisions = decideVersions(row(6), { ...RULES, users });
    expect(removed(decisions)).toEqual([4, 2]);
    expect(decisions.find(({ version: { number } }) => number === 3)?.users).toEqual([
      'Auto Scaling group web',
    ]);
  });

  test('keeps a version that a promotion under way may use again', () => {
    const promotions = [{ imageId: imageId(3), holder: 'promotion under way in production' }];
    expect(removed(decideVersions(row(6), { ...RULES, promotions }))).toEqual([4, 2]);
  });

  test('never removes what somebody else made, or we for another application', () => {
    const versions = row(8).map((each) => {
      if (each.number === 2) return { ...each, description: 'by Terraform' };
      if (each.number === 3) return { ...each, description: `immutable-deploy octo/other ${each.imageId}` };
      // Somebody copied the description to a version with another image.
      if (each.number === 4) return { ...each, imageId: imageId(99) };
      return each;
    });
    expect(removed(decideVersions(versions, RULES))).toEqual([6, 5]);
  });

  test('removes nothing while something that can hold versions cannot be read', () => {
    const decisions = decideVersions(row(6), { ...RULES, unreadable: ['EC2 instances could not be read'] });
    expect(removed(decisions)).toEqual([]);
  });

  test('every template keeps its own newest', () => {
    const other = row(3).map((each) => ({ ...each, templateId: 'lt-2', templateName: 'worker' }));
    expect(removed(decideVersions([...row(4), ...other], RULES))).toEqual([2]);
  });

  test('removing twice finds nothing more, and used, default, latest and foreign ones stay', () => {
    const anyVersions = fc
      .array(fc.record({ foreign: fc.boolean(), used: fc.boolean() }), { minLength: 1, maxLength: 30 })
      .chain((kinds) =>
        fc.tuple(fc.constant(kinds), fc.nat(kinds.length - 1), fc.integer({ min: 2, max: 5 })),
      );
    fc.assert(
      fc.property(anyVersions, ([kinds, defaultIndex, keepLaunchTemplateVersions]) => {
        const versions = kinds.map(({ foreign }, index) =>
          version(index + 1, {
            isDefault: index === defaultIndex,
            isLatest: index === kinds.length - 1,
            ...(foreign ? { description: 'by hand' } : {}),
          }),
        );
        const used = versions.filter((_, index) => kinds[index]?.used);
        const users = new Map(used.map((each) => [versionId(each), ['somebody']]));
        const rules = { ...RULES, users, keepLaunchTemplateVersions };
        const gone = removed(decideVersions(versions, rules));
        const ours = versions.filter((_, index) => !kinds[index]?.foreign).map(({ number }) => number);
        for (const number of gone) {
          expect(ours).toContain(number);
          expect(used.map((each) => each.number)).not.toContain(number);
          expect([defaultIndex + 1, kinds.length]).not.toContain(number);
          expect(ours.slice(-keepLaunchTemplateVersions)).not.toContain(number);
        }
        const left = versions.filter(({ number }) => !gone.includes(number));
        expect(removed(decideVersions(left, rules))).toEqual([]);
      }),
    );
  });
});

test('a version that stays holds its image, its users through it', () => {
  const decisions = decideVersions([version(7, { isDefault: true, isLatest: true })], {
    ...RULES,
    users: new Map([['lt-1:7', ['Auto Scaling group web']]]),
  });
  expect(versionReferences(decisions, () => [])).toEqual([
    { imageId: imageId(7), holder: 'Auto Scaling group web', via: 'launch template lt-1 version 7' },
    {
      imageId: imageId(7),
      holder: 'launch template lt-1 version 7',
      via: '$Default, $Latest, one of the newest 2',
    },
  ]);
});

test('a version without an image holds none', () => {
  const { imageId: _image, ...bare } = version(1, { isDefault: true });
  expect(versionReferences(decideVersions([bare], RULES), () => [])).toEqual([]);
});
