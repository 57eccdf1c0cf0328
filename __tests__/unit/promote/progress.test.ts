import { describe, expect, test } from '@jest/globals';
import { lineFor, meaningOf, pauseSeconds, sightOf } from '../../../src/promote/progress.ts';

describe('what a status means', () => {
  test.each([
    ['Successful', 'successful'],
    ['RollbackSuccessful', 'rolled-back'],
    ['RollbackFailed', 'rollback-failed'],
    ['Cancelled', 'cancelled'],
    ['Failed', 'failed'],
    ['Baking', 'active'],
    ['SomethingNew', 'active'],
  ])('%s is %s', (status, meaning) => expect(meaningOf(status)).toBe(meaning));
});

describe('lines in the log', () => {
  const sight = (percentage: number | undefined, reason = '') => ({
    status: 'InProgress',
    percentage,
    left: 2,
    reason,
  });

  test('come when something changed', () => {
    expect(lineFor(undefined, sight(0))).toBe('InProgress, 0 %, 2 instances to go');
    expect(lineFor(sight(0), sight(50))).toContain('50 %');
    expect(lineFor(sight(0), { ...sight(0), status: 'Baking' })).toContain('Baking');
  });

  test('do not come when only an instance id or a countdown differs', () => {
    expect(
      lineFor(sight(0, 'For example: i-0abc is warming up.'), sight(0, 'For example: i-0def is warming up.')),
    ).toBeUndefined();
    expect(
      lineFor(sight(9, 'There are 59 seconds left.'), sight(9, 'There are 44 seconds left.')),
    ).toBeUndefined();
  });

  test('do not claim 0 % while AWS has not said a percentage', () => {
    expect(lineFor(undefined, sightOf({ Status: 'Pending' }))).toBe('Pending');
  });
});

test('looks are frequent at first and rarer in a long rollout', () => {
  expect([0, 59_999, 60_000, 1_799_999, 1_800_000].map(pauseSeconds)).toEqual([5, 5, 15, 15, 30]);
});
