import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { adoptionTags } from '../../../src/bake/adopt.ts';
import { aliasesToDrop, commitAliases, tagsToMakeRoom, withoutMarks } from '../../../src/tags.ts';
import { COMMIT_A, COMMIT_B, inputsOf } from '../../support/harness.ts';

const NOW = Date.parse('2026-11-02T12:00:00Z');
const inputs = inputsOf('bake', { template: 'app.pkr.hcl', tags: 'team=web' });
const job = (commit: string, changes: { branch?: string; version?: string } = { branch: 'main' }) => ({
  inputs,
  identity: { application: 'shop', commit, built: NOW, run: 'https://example.com/1', ...changes },
});
const IMAGE = {
  'immutable-deploy:commit': COMMIT_A,
  'immutable-deploy:branch': 'main',
  'immutable-deploy:run': 'https://example.com/1',
  team: 'web',
};

test('an image knows the commit, branch and run that it was made for', () => {
  expect(adoptionTags(job(COMMIT_A), { tags: IMAGE }, '1', NOW)).toEqual({});
});

test('another run of the same commit is noted, so that it finds the image again', () => {
  const wanted = job(COMMIT_A);
  const other = { ...wanted, identity: { ...wanted.identity, run: 'https://example.com/2' } };
  expect(adoptionTags(other, { tags: IMAGE }, '2', NOW)).toEqual({
    [`immutable-deploy:commit:${COMMIT_A}`]: '2026-11-02T12:00:00.000Z 2 main',
  });
});

test('another commit, and the same commit on another branch, become aliases', () => {
  const value = '2026-11-02T12:00:00.000Z 2';
  expect(adoptionTags(job(COMMIT_B), { tags: IMAGE }, '2', NOW)).toEqual({
    [`immutable-deploy:commit:${COMMIT_B}`]: `${value} main`,
  });
  expect(adoptionTags(job(COMMIT_A, { branch: 'next' }), { tags: IMAGE }, '2', NOW)).toEqual({
    [`immutable-deploy:commit:${COMMIT_A}`]: `${value} next`,
  });
});

test('a git tag becomes the version of an image that has none, and never replaces one', () => {
  const wanted = job(COMMIT_A, { version: 'v2' });
  expect(adoptionTags(wanted, { tags: IMAGE }, '2', NOW)).toMatchObject({ 'immutable-deploy:version': 'v2' });
  const released = { ...IMAGE, 'immutable-deploy:version': 'v1' };
  expect(adoptionTags(wanted, { tags: released }, '2', NOW)).not.toHaveProperty('immutable-deploy:version');
});

test('what is adopted once needs no tags the second time', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9a-f]{40}$/),
      fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      (commit, branch) => {
        const wanted = job(commit, branch === undefined ? {} : { branch });
        const tags = { ...IMAGE, ...adoptionTags(wanted, { tags: IMAGE }, '2', NOW) };
        const again = adoptionTags(wanted, { tags }, '2', NOW + 1);
        // A branch is read back without the blanks at its ends.
        if (branch === undefined || branch.trim() === branch) expect(again).toEqual({});
      },
    ),
  );
});

test('ten aliases at most are on an image, the newest ones, and fifty tags', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 49 }), (count, others) => {
      let tags: Record<string, string> = Object.fromEntries(
        Array.from({ length: others }, (_item, index) => [`tag-${index}`, 'x']),
      );
      for (let number = 0; number < count; number++) {
        const commit = String(number).padStart(40, '0');
        const added = adoptionTags(
          { ...job(commit), inputs: { ...inputs, tags: {} } },
          { tags },
          '2',
          NOW + number,
        );
        const leaving = aliasesToDrop(tags, commit);
        const rest = Object.entries(tags).filter(([key]) => !leaving.includes(key));
        const room = tagsToMakeRoom(Object.fromEntries(rest), added);
        tags = { ...Object.fromEntries(rest.filter(([key]) => !room.includes(key))), ...added };
      }
      const aliases = commitAliases(tags).map(({ commit }) => Number(commit));
      expect(aliases.length).toBeLessThanOrEqual(10);
      expect(Object.keys(tags).length).toBeLessThanOrEqual(50);
      if (count > 0) expect(Math.max(...aliases)).toBe(count - 1);
      expect(Math.min(...aliases, count)).toBe(count - aliases.length);
    }),
    { numRuns: 50 },
  );
});

test('a copy is what the image is, and not what was decided about the image', () => {
  const marks = {
    'immutable-deploy:promoted:production': 'x',
    'immutable-deploy:promoting:dev': 'x',
    'immutable-deploy:rejected:dev': 'x',
    'immutable-deploy:quarantined': 'x',
    'immutable-deploy:keep': 'x',
    'aws:cloudformation:stack-name': 'x',
  };
  const kept = {
    ...IMAGE,
    [`immutable-deploy:commit:${COMMIT_B}`]: 'x',
    'immutable-deploy:smoke-tested': 'x',
  };
  expect(withoutMarks({ ...kept, ...marks })).toEqual(kept);
});
