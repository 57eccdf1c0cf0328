import { expect, test } from '@jest/globals';
import { describeTroubles, TroubleList } from '../../../src/promote/troubles.ts';

const activity = (ActivityId: string, more: object) => ({
  ActivityId,
  AutoScalingGroupName: 'web',
  Cause: '',
  StartTime: new Date(0),
  StatusCode: 'Successful' as const,
  Description: '',
  ...more,
});

const ill = activity('1', {
  Description: 'Terminating EC2 instance: i-0bad',
  Cause:
    'At 2026-11-02T09:10:00Z an instance was taken out of service in response to an ELB system health check failure.',
});
const full = (id: string) =>
  activity(id, {
    StatusCode: 'Failed',
    StatusMessage: 'We currently do not have sufficient t3.micro capacity.',
  });
const ordinary = activity('9', {
  Description: 'Terminating EC2 instance: i-0old',
  Cause: 'At 2026-11-02T09:10:00Z an instance was taken out of service in response to an instance refresh.',
});

test('each trouble is told once, however often a look returns it', () => {
  const troubles = new TroubleList();
  expect(troubles.add([full('3'), ordinary, ill])).toEqual([
    'i-0bad failed its health checks and is replaced. Cause: an ELB system health check failure.',
    'We currently do not have sufficient t3.micro capacity.',
  ]);
  expect(troubles.add([full('4'), full('3'), ordinary, ill])).toEqual([]);
  expect(troubles.unhealthy).toEqual(['i-0bad']);
  expect(describeTroubles(troubles)).toBe(
    "1 new instance failed the health checks, the last one i-0bad: look at the application's start in its log. We currently do not have sufficient t3.micro capacity.",
  );
});

test('an ordinary replacement is no trouble', () => {
  const troubles = new TroubleList();
  expect(troubles.add([ordinary])).toEqual([]);
  expect(describeTroubles(troubles)).toBe('');
});
