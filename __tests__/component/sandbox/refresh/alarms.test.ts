import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { REGION } from '../../../support/harness.ts';
import {
  newest,
  newVersion,
  type RefreshScene,
  roll,
  startScene,
  timeline,
  untilStatus,
  versions,
} from './scene.ts';

let scene: RefreshScene;
let cloudWatch: CloudWatchClient;
beforeEach(async () => {
  scene = await startScene(2);
  cloudWatch = new CloudWatchClient({
    region: REGION,
    endpoint: scene.harness.sandbox.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      MetricName: 'HTTPCode_Target_5XX_Count',
      Namespace: 'AWS/ApplicationELB',
      Period: 60,
      Statistic: 'Sum',
      Threshold: 10,
    }),
  );
  await alarm('OK');
});
afterEach(async () => {
  cloudWatch.destroy();
  await scene.harness.close();
});

const alarm = async (StateValue: StateValue) =>
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue, StateReason: 'a test' }));

const WATCHED = { AlarmSpecification: { Alarms: ['errors'] } };

test('alarms that are OK let a refresh pass, and are echoed', async () => {
  await roll(scene, await newVersion(scene), WATCHED);
  expect((await newest(scene.harness)).Preferences?.AlarmSpecification).toEqual({ Alarms: ['errors'] });
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
});

test.each<StateValue>(['ALARM', 'INSUFFICIENT_DATA'])('a refresh does not start in %s', async (state) => {
  const version = await newVersion(scene);
  await alarm(state);
  await expect(roll(scene, version, WATCHED)).rejects.toThrow(`errors is in the ${state} state`);
  await expect(newest(scene.harness)).rejects.toThrow('There is no refresh.');
});

test('an alarm without data holds the replacement up until it is OK again', async () => {
  await roll(scene, await newVersion(scene), WATCHED);
  await alarm('INSUFFICIENT_DATA');
  scene.harness.sandbox.clock.advance(600_000);
  expect(await newest(scene.harness)).toMatchObject({ Status: 'InProgress', PercentageComplete: 0 });
  expect(await versions(scene.harness)).toEqual(['InService 1', 'InService 1']);
  await alarm('OK');
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
});

test('an alarm that goes off fails the refresh; the fleet stays mixed', async () => {
  await roll(scene, await newVersion(scene), WATCHED);
  scene.harness.sandbox.clock.advance(120_000);
  await alarm('ALARM');
  expect((await timeline(scene.harness)).at(-1)).toMatch(/^Failed/);
  expect((await newest(scene.harness)).StatusReason).toContain('errors');
  scene.harness.sandbox.clock.advance(120_000);
  expect((await versions(scene.harness)).toSorted()).toEqual(['InService 1', 'InService 2']);
});

test('with auto-rollback it rolls back, and the rollback minds no alarms', async () => {
  await roll(scene, await newVersion(scene), { ...WATCHED, AutoRollback: true });
  scene.harness.sandbox.clock.advance(120_000);
  await alarm('ALARM');
  expect((await timeline(scene.harness)).at(-1)).toBe('RollbackSuccessful 0 2');
  expect(await versions(scene.harness)).toEqual(['InService 1', 'InService 1']);
});

test('alarms count while it bakes, too', async () => {
  await roll(scene, await newVersion(scene), { ...WATCHED, AutoRollback: true, BakeTime: 600 });
  await untilStatus(scene.harness, 'Baking');
  await alarm('ALARM');
  expect((await timeline(scene.harness)).at(-1)).toBe('RollbackSuccessful 0 2');
});
