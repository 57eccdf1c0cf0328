import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  identityTags,
  markKey,
  marksOf,
  markValue,
  readMark,
  tagFilter,
  tagsToMakeRoom,
} from '../../src/tags.ts';

const marks = fc.constantFrom('promoting' as const, 'promoted' as const, 'rejected' as const);

describe('marks', () => {
  test('any environment name makes a key that EC2 takes', () => {
    fc.assert(
      fc.property(marks, fc.string({ minLength: 1, unit: 'binary' }), (mark, environment) => {
        const key = markKey(mark, environment);
        expect(key.length).toBeLessThanOrEqual(127);
        expect(key).toMatch(/^immutable-deploy:[a-z]+:[a-z0-9._-]+$/);
      }),
    );
  });

  test('different environments have different keys; case does not matter', () => {
    expect(markKey('promoted', 'eu/prod')).not.toBe(markKey('promoted', 'eu_prod'));
    expect(markKey('promoted', 'Production')).toBe(markKey('promoted', 'production'));
  });

  test('a value can be read back, and is never longer than a tag', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4102444800000 }), fc.string(), (time, text) => {
        const value = markValue(time, text);
        expect(value.length).toBeLessThanOrEqual(256);
        expect(readMark(value)?.time).toBe(time);
      }),
    );
  });

  test('are found by kind', () => {
    const tags = {
      [markKey('promoted', 'dev')]: markValue(1000, 'run 1'),
      [markKey('rejected', 'dev')]: markValue(2000),
      other: 'x',
    };
    expect(marksOf(tags, 'promoted')).toEqual([{ environment: 'dev', time: 1000, text: 'run 1' }]);
  });

  test('a value without a time is no mark', () => {
    expect(readMark('yes')).toBeUndefined();
    expect(readMark(undefined)).toBeUndefined();
  });
});

test('an image of a branch has no version tag', () => {
  const tags = identityTags({ application: 'o/r', commit: 'c', branch: 'main', built: 0, run: 'url' });
  expect(tags).toEqual({
    'immutable-deploy:application': 'o/r',
    'immutable-deploy:commit': 'c',
    'immutable-deploy:branch': 'main',
    'immutable-deploy:built': '1970-01-01T00:00:00.000Z',
    'immutable-deploy:run': 'url',
  });
});

test('a filter finds the value itself and not what it would match as a pattern', () => {
  expect(tagFilter('k', 'a*b?c\\d')).toEqual({ Name: 'tag:k', Values: ['a\\*b\\?c\\\\d'] });
});

test('where tags are full, the oldest aliases make room, then the oldest marks, and nothing else', () => {
  const aliases = Array.from({ length: 45 }, (_, index) => [
    `immutable-deploy:commit:${String(index).padStart(40, '0')}`,
    `2026-01-${String((index % 28) + 1).padStart(2, '0')}T00:00:00.000Z 7 main`,
  ]);
  const tags = {
    ...Object.fromEntries(aliases),
    'immutable-deploy:commit': 'a'.repeat(40),
    'immutable-deploy:keep': 'yes',
    'immutable-deploy:rejected:dev': '2025-01-01T00:00:00.000Z bad',
    'immutable-deploy:promoted:dev': '2026-02-01T00:00:00.000Z',
    Name: 'shop',
    'aws:cloudformation:stack-name': 'shop',
  };
  const promoted = { 'immutable-deploy:promoted:dev': 'now' };
  expect(tagsToMakeRoom(tags, promoted)).toEqual([]);
  const two = { ...promoted, 'immutable-deploy:promoting:dev': 'now', 'immutable-deploy:version': 'v1' };
  expect(tagsToMakeRoom(tags, two)).toEqual([
    `immutable-deploy:commit:${'0'.repeat(40)}`,
    `immutable-deploy:commit:${'28'.padStart(40, '0')}`,
  ]);
});
