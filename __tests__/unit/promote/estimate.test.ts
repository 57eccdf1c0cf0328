import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { expect, test } from '@jest/globals';
import { estimatedSeconds, isPartial, timeReport } from '../../../src/promote/estimate.ts';

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

test('time that cannot be enough is a problem, time that is probably not enough a warning', () => {
  const instance = { InstanceId: 'i-1', AvailabilityZone: 'a', ProtectedFromScaleIn: false };
  const Instances = Array.from({ length: 4 }, () => ({
    ...instance,
    LifecycleState: 'InService' as const,
    HealthStatus: 'Healthy',
  }));
  const group = { AutoScalingGroupName: 'web', Instances } as unknown as AutoScalingGroup;
  const one = { MinHealthyPercentage: 100, MaxHealthyPercentage: 100, InstanceWarmup: 300 };
  expect(timeReport(group, one, 60)).toEqual({ problems: [], warnings: [] });
  expect(timeReport(group, one, 21).warnings).toEqual([
    expect.stringMatching(/will probably take 24 minutes or more, but "timeout-minutes" is 21/),
  ]);
  expect(timeReport(group, one, 19).problems).toEqual([
    expect.stringMatching(/takes 20 minutes for its warm-ups.* alone, but "timeout-minutes" is 19/),
  ]);
});
