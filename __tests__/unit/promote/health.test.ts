import type { TargetHealthStateEnum } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, test } from '@jest/globals';
import { HealthHistory, type TargetHealths } from '../../../src/promote/health.ts';

const inService = new Map([['i-new', 0]]);

/** What a history with a grace of 100 s and a warm-up of 60 s says of looks at `seconds`. */
function looks(...states: [number, TargetHealthStateEnum, string?][]) {
  const history = new HealthHistory(100_000);
  return states.map(([seconds, State, Id = 'i-new']) => {
    const healths: TargetHealths = new Map([
      ['web', [{ Target: { Id }, TargetHealth: { State, Reason: 'Target.Timeout' } }]],
    ]);
    return history.add(inService, healths, { now: seconds * 1000, warmupMs: 60_000 });
  });
}

test('an instance that is unhealthy for the grace beyond its warm-up is sick; it is told once', () => {
  const [warming, first, waiting, sick] = looks(
    [30, 'unhealthy'],
    [90, 'unhealthy'],
    [150, 'unhealthy'],
    [190, 'unhealthy'],
  );
  expect(warming).toEqual({ sick: [], news: [] });
  expect(first?.news).toEqual(['the new instance i-new is unhealthy in target group web: Target.Timeout']);
  expect(waiting).toEqual({ sick: [], news: [] });
  expect(sick).toEqual({ sick: ['i-new'], news: [] });
});

test('one that recovers meanwhile begins again', () => {
  const answers = looks([90, 'unhealthy'], [150, 'healthy'], [200, 'unhealthy'], [290, 'unhealthy']);
  expect(answers.map(({ sick }) => sick)).toEqual([[], [], [], []]);
});

test('other states, and instances that were there before, are nobody’s trouble', () => {
  const answers = looks(
    [90, 'draining'],
    [300, 'initial'],
    [400, 'unhealthy', 'i-old'],
    [900, 'unhealthy', 'i-old'],
  );
  expect(answers.every(({ sick, news }) => sick.length + news.length === 0)).toBe(true);
});
