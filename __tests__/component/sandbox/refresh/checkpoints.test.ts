import { afterEach, expect, test } from '@jest/globals';
import {
  group,
  newest,
  newVersion,
  type RefreshScene,
  roll,
  rollBack,
  startScene,
  timeline,
  versions,
} from './scene.ts';

let scene: RefreshScene;
afterEach(async () => await scene.harness.close());

const count = async (version: string) =>
  (await versions(scene.harness)).filter((line) => line === `InService ${version}`).length;

const ALL_AT_ONCE = { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 };

test('the refresh waits at each percentage, with the new and the old version side by side', async () => {
  scene = await startScene(10);
  await roll(scene, await newVersion(scene), {
    ...ALL_AT_ONCE,
    CheckpointPercentages: [20, 50, 100],
    CheckpointDelay: 1800,
  });
  scene.harness.sandbox.clock.advance(300_000);
  expect(await newest(scene.harness)).toMatchObject({ Status: 'InProgress', PercentageComplete: 20 });
  expect((await newest(scene.harness)).StatusReason).toMatch(/checkpoint delay/);
  expect([await count('1'), await count('2')]).toEqual([8, 2]);
  scene.harness.sandbox.clock.advance(2_000_000);
  expect(await newest(scene.harness)).toMatchObject({ Status: 'InProgress', PercentageComplete: 50 });
  expect([await count('1'), await count('2')]).toEqual([5, 5]);
  const seen = await timeline(scene.harness);
  expect(seen.at(-1)).toBe('Successful 100 0');
  expect(await count('2')).toBe(10);
});

test('a delay longer than an hour is no stall', async () => {
  scene = await startScene(2);
  await roll(scene, await newVersion(scene), {
    ...ALL_AT_ONCE,
    CheckpointPercentages: [50, 100],
    CheckpointDelay: 7200,
  });
  scene.harness.sandbox.clock.advance(7_000_000);
  expect(await newest(scene.harness)).toMatchObject({ Status: 'InProgress', PercentageComplete: 50 });
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
});

test('a percentage of a small group is at least one instance', async () => {
  scene = await startScene(3);
  await roll(scene, await newVersion(scene), {
    ...ALL_AT_ONCE,
    CheckpointPercentages: [1, 100],
    CheckpointDelay: 600,
  });
  scene.harness.sandbox.clock.advance(300_000);
  expect([await count('1'), await count('2')]).toEqual([2, 1]);
});

test('a last checkpoint below 100 % ends the refresh there: successful, with the rest as it was', async () => {
  scene = await startScene(10);
  await roll(scene, await newVersion(scene), {
    ...ALL_AT_ONCE,
    CheckpointPercentages: [30],
    CheckpointDelay: 60,
  });
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 30 7');
  expect([await count('1'), await count('2')]).toEqual([7, 3]);
  expect((await group(scene.harness)).LaunchTemplate?.Version).toBe('2');
});

test('the group heals itself while it waits at a checkpoint', async () => {
  scene = await startScene(4);
  await roll(scene, await newVersion(scene), {
    ...ALL_AT_ONCE,
    CheckpointPercentages: [50, 100],
    CheckpointDelay: 3600,
  });
  scene.harness.sandbox.clock.advance(300_000);
  const { state } = scene.harness.sandbox.world.region('us-east-1');
  const [broken] = state.groups.get('web')?.members ?? [];
  const instance = state.instances.get(broken?.instanceId ?? '');
  if (instance) instance.state = 'stopped';
  scene.harness.sandbox.world.region('us-east-1').after(1, 'instance-stopped', instance?.id ?? '');
  scene.harness.sandbox.clock.advance(600_000);
  expect(await versions(scene.harness)).toHaveLength(4);
  // What is launched meanwhile has the desired configuration.
  expect([await count('1'), await count('2')]).toEqual([1, 3]);
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
});

test('a rollback from a checkpoint takes back what was replaced, without waiting at checkpoints', async () => {
  scene = await startScene(10);
  await roll(scene, await newVersion(scene), {
    ...ALL_AT_ONCE,
    CheckpointPercentages: [20, 100],
    CheckpointDelay: 7200,
  });
  scene.harness.sandbox.clock.advance(300_000);
  await rollBack(scene.harness);
  const begun = scene.harness.sandbox.clock.now();
  expect((await timeline(scene.harness)).at(-1)).toBe('RollbackSuccessful 0 10');
  expect(scene.harness.sandbox.clock.now() - begun).toBeLessThan(600_000);
  expect(await count('1')).toBe(10);
  expect((await newest(scene.harness)).RollbackDetails).toMatchObject({
    PercentageCompleteOnRollback: 20,
    InstancesToUpdateOnRollback: 8,
  });
});
