import { EnterStandbyCommand, ExitStandbyCommand } from '@aws-sdk/client-auto-scaling';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  membersOf,
  newest,
  newVersion,
  type RefreshScene,
  roll,
  startScene,
  timeline,
  versions,
} from './scene.ts';

/** One of three instances is in Standby, and two are wanted. */

let scene: RefreshScene;
let standbyId: string;

beforeEach(async () => {
  scene = await startScene(3);
  const [first] = await membersOf(scene.harness);
  standbyId = first?.InstanceId ?? '';
  await scene.harness.aws.autoScaling.send(
    new EnterStandbyCommand({
      AutoScalingGroupName: 'web',
      InstanceIds: [standbyId],
      ShouldDecrementDesiredCapacity: true,
    }),
  );
  scene.harness.sandbox.clock.advance(60_000);
});
afterEach(async () => await scene.harness.close());

test('Ignore leaves it, and does not count it', async () => {
  await roll(scene, await newVersion(scene), { StandbyInstances: 'Ignore' });
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
  expect((await versions(scene.harness)).toSorted()).toEqual(['InService 2', 'InService 2', 'Standby 1']);
});

test('Terminate takes it away without a replacement', async () => {
  await roll(scene, await newVersion(scene), { StandbyInstances: 'Terminate' });
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
  expect(await versions(scene.harness)).toEqual(['InService 2', 'InService 2']);
});

test.each([{}, { StandbyInstances: 'Wait' as const }])(
  'Wait, which is the default (%j), replaces the others and goes on when it is back in service',
  async (preference) => {
    await roll(scene, await newVersion(scene), preference);
    scene.harness.sandbox.clock.advance(900_000);
    expect(await newest(scene.harness)).toMatchObject({ Status: 'InProgress', PercentageComplete: 66 });
    expect((await newest(scene.harness)).StatusReason).toContain(`${standbyId} is in Standby`);
    await scene.harness.aws.autoScaling.send(
      new ExitStandbyCommand({ AutoScalingGroupName: 'web', InstanceIds: [standbyId] }),
    );
    expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
    expect(await versions(scene.harness)).toEqual(['InService 2', 'InService 2', 'InService 2']);
  },
);

test('after an hour of waiting the refresh fails', async () => {
  await roll(scene, await newVersion(scene));
  expect((await timeline(scene.harness)).at(-1)).toBe('Failed 66 1');
});
