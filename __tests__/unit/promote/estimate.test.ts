import { expect, test } from '@jest/globals';
import { estimatedSeconds, isPartial } from '../../../src/promote/estimate.ts';

// 60 seconds a launch and 40 of warm-up: 100 a batch.
const WARMUP = { InstanceWarmup: 40 };

test.each([
  ['an empty group', { MinHealthyPercentage: 100 }, 0, 0],
  ['one at a time', { MinHealthyPercentage: 100, MaxHealthyPercentage: 100 }, 4, 400],
  ['half as many again at once', { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 }, 4, 200],
  ['ten per cent missing, AWS’s default', {}, 20, 1000],
  ['all at once', { MinHealthyPercentage: 0 }, 50, 100],
  [
    'with checkpoints',
    { MinHealthyPercentage: 0, CheckpointPercentages: [50, 100], CheckpointDelay: 600 },
    4,
    700,
  ],
  ['half of the group only', { MinHealthyPercentage: 100, CheckpointPercentages: [50] }, 4, 200],
  ['with a bake time', { MinHealthyPercentage: 0, BakeTime: 300 }, 4, 400],
])('%s', (_what, preferences, instances, expected) => {
  expect(estimatedSeconds({ ...WARMUP, ...preferences }, { instances })).toBe(expected);
});

test("a group's maintenance policy counts where the refresh says nothing", () => {
  const policy = { min: 100, max: 200 };
  expect(estimatedSeconds(WARMUP, { instances: 10, policy })).toBe(100);
  expect(estimatedSeconds({ ...WARMUP, MinHealthyPercentage: 90 }, { instances: 10, policy })).toBe(100);
});

test('a last checkpoint below 100 % leaves old instances', () => {
  expect(isPartial({})).toBe(false);
  expect(isPartial({ CheckpointPercentages: [50, 100] })).toBe(false);
  expect(isPartial({ CheckpointPercentages: [50] })).toBe(true);
});
