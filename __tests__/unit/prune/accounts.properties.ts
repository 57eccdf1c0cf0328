import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Facts } from '../../../src/prune/facts.ts';
import { imagesToRemove, makePlan, type PlanRules, versionsToRemove } from '../../../src/prune/plan.ts';
import { isImageUse, isSnapshotUse, isVersionUse } from '../../../src/prune/references/use.ts';
import { type TemplateVersion, versionId } from '../../../src/prune/template-versions.ts';
import { TAG } from '../../../src/tags.ts';
import { anyFacts, anyRules, anySource, anyUse } from './accounts.ts';
import { APPLICATION, DAY, NOW } from './builders.ts';

function goingOf(facts: Facts, rules: PlanRules) {
  const plan = makePlan(facts, rules);
  return {
    images: new Set(imagesToRemove(plan).map(({ id }) => id)),
    versions: new Set(versionsToRemove(plan).map(versionId)),
  };
}

/** What is left when the plan has been carried out. */
function remaining(facts: Facts, { images, versions }: ReturnType<typeof goingOf>): Facts {
  return {
    ...facts,
    images: facts.images.filter(({ id }) => !images.has(id)),
    versions: facts.versions.filter((version) => !versions.has(versionId(version))),
  };
}

/** The version that a use means, found the long way. */
const isMeant =
  (use: Extract<Facts['uses']['groups'][number], { template: unknown }>) =>
  ({ templateId, templateName, number, isDefault, isLatest }: TemplateVersion) =>
    (use.template.id === templateId || use.template.name === templateName) &&
    (use.version === String(number) ||
      (use.version === '$Default' && isDefault) ||
      (use.version === '$Latest' && isLatest));

/** Everything that has to be there still when the plan has been carried out, as images by id. */
function needed(left: Facts): Set<string> {
  const uses = Object.values(left.uses).flat();
  const names = [
    ...uses.filter(isImageUse).map(({ imageId }) => imageId),
    ...left.versions.flatMap(({ imageId }) => imageId ?? []),
  ];
  return new Set(names.map((name) => left.aliases.get(name) ?? name));
}

/** What must hold for any account, by so many of them. */
export function describeAccounts(numRuns: number): void {
  describe(`any account (${numRuns} of them)`, () => {
    test('what is launched from is there still: instances, groups, refreshes, fleets, parameters, versions', () => {
      fc.assert(
        fc.property(anyFacts, anyRules, (facts, rules) => {
          const going = goingOf(facts, rules);
          const left = remaining(facts, going);
          expect([...needed(left)].filter((id) => going.images.has(id))).toEqual([]);
          for (const use of Object.values(facts.uses).flat().filter(isVersionUse)) {
            const before = facts.versions.filter(isMeant(use));
            expect(left.versions.filter(isMeant(use))).toEqual(before);
          }
          for (const { isDefault, isLatest, ...version } of facts.versions.filter((each) =>
            going.versions.has(versionId(each)),
          ))
            expect({ isDefault, isLatest, id: version.templateId }).toEqual({
              isDefault: false,
              isLatest: false,
              id: version.templateId,
            });
        }),
        { numRuns },
      );
    });

    test('nothing of others goes, and nothing that is young, shared, kept by tag or being promoted', () => {
      fc.assert(
        fc.property(anyFacts, anyRules, (facts, rules) => {
          const { images } = goingOf(facts, rules);
          const shared = new Set(facts.shared.map(({ imageId }) => imageId));
          for (const { id, tags, created, state } of facts.images.filter((each) => images.has(each.id))) {
            expect(tags[TAG.application]).toBe(APPLICATION);
            expect(tags[TAG.keep]).toBeUndefined();
            expect(NOW - created).toBeGreaterThanOrEqual(rules.minAgeDays * DAY);
            expect(shared.has(id)).toBe(false);
            expect(state).not.toBe('pending');
            const mark = Date.parse(tags['immutable-deploy:promoting:dev']?.split(' ')[0] ?? '');
            expect(NOW - mark < 15 * DAY).toBe(false);
          }
        }),
        { numRuns },
      );
    });

    test('no snapshot goes with its image that somebody makes volumes of', () => {
      fc.assert(
        fc.property(anyFacts, anyRules, (facts, rules) => {
          const going = goingOf(facts, rules);
          const left = remaining(facts, going);
          const used = new Set([
            ...Object.values(left.uses)
              .flat()
              .filter(isSnapshotUse)
              .map(({ snapshotId }) => snapshotId),
            ...left.versions.flatMap(({ snapshotIds = [] }) => snapshotIds),
          ]);
          const gone = facts.images.filter(({ id }) => going.images.has(id));
          expect(gone.flatMap(({ snapshots }) => snapshots).filter(({ id }) => used.has(id))).toEqual([]);
        }),
        { numRuns },
      );
    });

    test('the base of an image that stays for itself stays', () => {
      fc.assert(
        fc.property(anyFacts, anyRules, (facts, rules) => {
          const { images } = goingOf(facts, rules);
          const plan = makePlan(facts, rules);
          const isOnlyBase = (id: string) =>
            plan.images.some(
              (each) =>
                each.image.id === id &&
                each.decision === 'keep' &&
                each.reasons.every(({ text }) => text.includes('is built on it')),
            );
          const bases = facts.images
            .filter(({ id, state, tags }) => {
              const counts = tags[TAG.application] !== undefined && state !== 'failed';
              return counts && !images.has(id) && !isOnlyBase(id);
            })
            .flatMap(({ tags }) => tags[TAG.baseImage] ?? []);
          expect(bases.filter((id) => images.has(id))).toEqual([]);
        }),
        { numRuns },
      );
    });

    test('removing twice is the same as once', () => {
      fc.assert(
        fc.property(anyFacts, anyRules, (facts, rules) => {
          const left = remaining(facts, goingOf(facts, rules));
          expect(goingOf(left, rules)).toEqual({ images: new Set(), versions: new Set() });
        }),
        { numRuns },
      );
    });

    test('whatever uses something more, and whatever cannot be read, nothing more goes for it', () => {
      fc.assert(
        fc.property(
          anyFacts,
          anyRules,
          fc.array(anyUse, { maxLength: 3 }),
          fc.array(anySource, { maxLength: 2 }),
          (facts, rules, more, unread) => {
            const without = goingOf(facts, rules);
            const given = [...facts.uses.given, ...more];
            const unreadable = unread.map((source) => ({ source, error: new Error('no') }));
            const withMore = goingOf({ ...facts, unreadable, uses: { ...facts.uses, given } }, rules);
            expect([...withMore.images].filter((id) => !without.images.has(id))).toEqual([]);
            expect([...withMore.versions].filter((id) => !without.versions.has(id))).toEqual([]);
          },
        ),
        { numRuns },
      );
    });

    test('cases are worth something: in many of them images and versions go', () => {
      const sample = fc.sample(fc.tuple(anyFacts, anyRules), 200);
      const going = sample.map(([facts, rules]) => goingOf(facts, rules));
      expect(going.filter(({ images }) => images.size > 0).length).toBeGreaterThan(60);
      expect(going.filter(({ versions }) => versions.size > 0).length).toBeGreaterThan(15);
    });
  });
}
