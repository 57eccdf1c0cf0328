import type { InstanceRefresh } from '@aws-sdk/client-auto-scaling';
import { describe, expect, test } from '@jest/globals';
import {
  describeSight,
  expectedRest,
  isNews,
  meaningOf,
  sightOf,
  waitBegun,
} from '../../../src/promote/progress.ts';

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

const sight = (percentage: number | undefined, reason = '') => ({
  status: 'InProgress',
  percentage,
  left: 2,
  reason,
});

describe('a look is news', () => {
  test.each([
    ['the first one', undefined, sight(0), true],
    ['another percentage', sight(0), sight(50), true],
    ['another status', sight(0), { ...sight(0), status: 'Baking' }, true],
    ['fewer instances left', sight(0), { ...sight(0), left: 1 }, true],
    ['another reason', sight(0, 'Waiting for a.'), sight(0, 'Waiting for b.'), true],
    ['only another instance', sight(0, 'i-0abc is warming up.'), sight(0, 'i-0def is warming up.'), false],
    [
      'only a countdown',
      sight(9, 'There are 59 seconds left.'),
      sight(9, 'There are 9 seconds left.'),
      false,
    ],
  ])('%s', (_what, before, now, expected) => expect(isNews(before, now)).toBe(expected));
});

test('a look in one line', () => {
  expect(describeSight(sight(50, 'Waiting.'), 4)).toBe(
    'InProgress, 2 of 4 instances replaced, 50 %. Waiting.',
  );
  // While Pending AWS has not said a percentage: that is not 0 %.
  expect(describeSight(sightOf({ Status: 'Pending' }), 0)).toBe('Pending');
});

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-02T10:00:00Z');

const refresh = (given: Partial<InstanceRefresh>): InstanceRefresh => ({
  Status: 'InProgress',
  StartTime: new Date(NOW - 10 * MINUTE),
  ...given,
});

describe('a known wait', () => {
  const Preferences = { CheckpointPercentages: [20, 50, 100], CheckpointDelay: 600, BakeTime: 300 };

  test('begins with the first look at or beyond a checkpoint, and lasts its delay', () => {
    const now = refresh({ PercentageComplete: 55, Preferences });
    expect(waitBegun(sight(49), now, NOW)).toEqual({
      what: 'at the checkpoint of 50 %',
      until: NOW + 10 * MINUTE,
    });
    expect(waitBegun(sight(50), now, NOW)).toBeUndefined();
  });

  test('ends when AWS says', () => {
    const StatusReason = 'Waiting for bake time to finish before continuing. There are 59 seconds left.';
    const now = refresh({ Status: 'Baking', PercentageComplete: 100, Preferences, StatusReason });
    expect(waitBegun(sight(100), now, NOW)).toEqual({ what: 'for the bake time', until: NOW + 59_000 });
  });

  test('there is none at the last checkpoint, nor on the way back', () => {
    expect(waitBegun(sight(50), refresh({ PercentageComplete: 100, Preferences }), NOW)).toBeUndefined();
    const back = refresh({ Status: 'RollbackInProgress', PercentageComplete: 50, Preferences });
    expect(waitBegun(undefined, back, NOW)).toBeUndefined();
  });
});

describe('the expected rest', () => {
  test('is as long in proportion as what is done took', () => {
    expect(expectedRest(refresh({ PercentageComplete: 25 }), NOW)).toBe(1800);
  });

  test('counts the waits that are still to come, and not those that are over', () => {
    const Preferences = { CheckpointPercentages: [20, 60, 100], CheckpointDelay: 300, BakeTime: 120 };
    // Five minutes of work for 50 %, then one more wait and the bake time.
    expect(expectedRest(refresh({ PercentageComplete: 50, Preferences }), NOW)).toBe(300 + 300 + 120);
  });

  test('is not known at the beginning, nor on the way back', () => {
    expect(expectedRest(refresh({ PercentageComplete: 5 }), NOW)).toBeUndefined();
    expect(expectedRest(refresh({}), NOW)).toBeUndefined();
    expect(
      expectedRest(refresh({ Status: 'RollbackInProgress', PercentageComplete: 50 }), NOW),
    ).toBeUndefined();
  });
});
