import { expect, test } from '@jest/globals';
import { ActivityList, describeTroubles } from '../../../src/promote/troubles.ts';

const activity = (ActivityId: string, more: object) => ({
  ActivityId,
  AutoScalingGroupName: 'web',
  Cause: '',
  StartTime: new Date(0),
  StatusCode: 'Successful' as const,
  Description: '',
  ...more,
});

const born = activity('0', { Description: 'Launching a new EC2 instance: i-0bad', EndTime: new Date(5000) });
const ill = activity('1', {
  Description: 'Terminating EC2 instance: i-0bad',
  EndTime: new Date(9000),
  Cause:
    'At 2026-11-02T09:10:00Z an instance was taken out of service in response to an ELB system health check failure.',
});
const full = (id: string) =>
  activity(id, {
    StatusCode: 'Failed',
    StatusMessage: 'We currently do not have sufficient t3.micro capacity.',
  });
const ordinary = activity('9', {
  Description: 'Terminating EC2 instance: i-0a1d',
  Cause: 'At 2026-11-02T09:10:00Z an instance was taken out of service in response to an instance refresh.',
});

test('each trouble is told once, however often a look returns it', () => {
  const troubles = new ActivityList();
  expect(troubles.add([full('3'), ordinary, ill, born])).toEqual([
    'i-0bad failed its health checks and is replaced. Cause: an ELB system health check failure.',
    'We currently do not have sufficient t3.micro capacity.',
  ]);
  expect(troubles.add([full('4'), full('3'), ordinary, ill, born])).toEqual([]);
  expect(troubles.unhealthy).toEqual(['i-0bad']);
  expect(describeTroubles(troubles)).toBe(
    "1 new instance failed the health checks, the last one i-0bad: look at the application's start in its log. We currently do not have sufficient t3.micro capacity.",
  );
});

test('an ordinary replacement is no trouble', () => {
  const troubles = new ActivityList();
  expect(troubles.add([ordinary])).toEqual([]);
  expect(describeTroubles(troubles)).toBe('');
});

test('an instance that was there before is not the new image’s fault', () => {
  const troubles = new ActivityList();
  expect(troubles.add([ill])).toEqual([expect.stringContaining('i-0bad, which was there before')]);
  expect(troubles.unhealthy).toEqual([]);
});

test('what a rollback launches is not the new image', () => {
  const troubles = new ActivityList();
  troubles.add([full('3'), ill, born], -1);
  expect(troubles.unhealthy).toEqual([]);
  expect(troubles.failedLaunches).toBe(0);
});

test('it knows who came into service when, and who is on the way out', () => {
  const activities = new ActivityList();
  const leaving = { ...ordinary, StatusCode: 'InProgress' as const, StartTime: new Date(7000) };
  activities.add([leaving, born]);
  expect([...activities.launched]).toEqual([['i-0bad', 5000]]);
  expect([...activities.terminating]).toEqual([['i-0a1d', 7000]]);
  activities.add([{ ...ordinary, EndTime: new Date(9000) }, ill, born]);
  expect(activities.launched.size).toBe(0);
  expect(activities.terminating.size).toBe(0);
});
