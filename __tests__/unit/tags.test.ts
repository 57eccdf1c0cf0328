import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { identityTags, markKey, marksOf, markValue, readMark, tagFilter } from '../../src/tags.ts';

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
