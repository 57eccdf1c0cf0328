import { DescribeInstanceRefreshesCommand, StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addGroup, addImage } from '../../../../sandbox/scene.ts';
import { REGION, startHarness } from '../../../support/harness.ts';
import {
  causes,
  group,
  newest,
  newVersion,
  type RefreshScene,
  roll,
  setDesired,
  start,
  startScene,
  timeline,
  versions,
} from './scene.ts';

let scene: RefreshScene;
beforeEach(async () => {
  scene = await startScene(1);
});
afterEach(async () => await scene.harness.close());

test('one instance at 100/100 goes through 0, 25, 50 and 100 %', async () => {
  await roll(scene, await newVersion(scene));
  expect(await timeline(scene.harness)).toEqual([
    'Pending - -',
    'InProgress 0 1',
    'InProgress 25 1',
    'InProgress 50 1',
    'InProgress 100 0',
    'Successful 100 0',
  ]);
});

test('the replacement is launched before the old instance is terminated', async () => {
  await roll(scene, await newVersion(scene));
  scene.harness.sandbox.clock.advance(14_000);
  expect(await versions(scene.harness)).toEqual(['InService 1', 'Pending 2']);
  await timeline(scene.harness);
  expect(await versions(scene.harness)).toEqual(['InService 2']);
});

test("the group's version stays old until the refresh is successful", async () => {
  await roll(scene, await newVersion(scene));
  scene.harness.sandbox.clock.advance(60_000);
  expect((await newest(scene.harness)).Status).toBe('InProgress');
  expect((await group(scene.harness)).LaunchTemplate?.Version).toBe('1');
  await timeline(scene.harness);
  expect((await group(scene.harness)).LaunchTemplate?.Version).toBe('2');
});

test('a refresh without desired configuration launches what the group has saved', async () => {
  await start(scene.harness, {});
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
  expect(await versions(scene.harness)).toEqual(['InService 1']);
  expect(await causes(scene.harness)).toContain(
    'an instance was launched in response to an instance refresh.',
  );
});

test('bakes when a bake time is given', async () => {
  await roll(scene, await newVersion(scene), { BakeTime: 60 });
  expect((await timeline(scene.harness)).slice(-2)).toEqual(['Baking 100 0', 'Successful 100 0']);
});

test('an empty group is over at once', async () => {
  await setDesired(scene.harness, 0);
  scene.harness.sandbox.clock.advance(200_000);
  await roll(scene, await newVersion(scene), { BakeTime: 600 });
  expect(await timeline(scene.harness)).toEqual(['Pending - -', 'Successful 100 0']);
  const { StartTime, EndTime } = await newest(scene.harness);
  expect(StartTime).toEqual(EndTime);
  expect((await group(scene.harness)).LaunchTemplate?.Version).toBe('2');
});

test('waits for the warm-up, however long, without calling that a stall', async () => {
  await roll(scene, await newVersion(scene), { InstanceWarmup: 7200 });
  scene.harness.sandbox.clock.advance(7_100_000);
  const refresh = await newest(scene.harness);
  expect(refresh.PercentageComplete).toBe(25);
  expect(refresh.StatusReason).toMatch(
    /^Waiting for instances to warm up before continuing\. For example: i-\w+ is warming up\.$/,
  );
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
});

test('a scale-out during a refresh launches the desired configuration, as capacity', async () => {
  await roll(scene, await newVersion(scene), { InstanceWarmup: 300, MaxHealthyPercentage: 200 });
  scene.harness.sandbox.clock.advance(60_000);
  await setDesired(scene.harness, 2);
  scene.harness.sandbox.clock.advance(30_000);
  expect((await versions(scene.harness)).filter((line) => line.endsWith('2'))).toHaveLength(2);
  expect((await causes(scene.harness))[0]).toMatch(
    /^a user request explicitly set group desired capacity changing the desired capacity from 1 to 2\. {2}an instance was started in response to a difference between desired and actual capacity/,
  );
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
  expect(await versions(scene.harness)).toEqual(['InService 2', 'InService 2']);
});

test('refreshes are described newest first, in pages, for six weeks', async () => {
  const ids: string[] = [];
  for (let number = 0; number < 3; number++) {
    ids.push(await start(scene.harness, {}));
    await timeline(scene.harness);
  }
  const describe = async (more: object = {}) =>
    await scene.harness.aws.autoScaling.send(
      new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'web', ...more }),
    );
  const listed = async (more: object = {}) =>
    (await describe(more)).InstanceRefreshes?.map((refresh) => refresh.InstanceRefreshId);
  expect(await listed()).toEqual(ids.toReversed());
  const first = await describe({ MaxRecords: 2 });
  expect(first.InstanceRefreshes).toHaveLength(2);
  expect(await listed({ MaxRecords: 2, NextToken: first.NextToken })).toEqual([ids[0]]);
  expect(await listed({ InstanceRefreshIds: [ids[1]] })).toEqual([ids[1]]);
  scene.harness.sandbox.clock.advance(42 * 24 * 3_600_000);
  expect(await listed()).toEqual([]);
});

test('the same script gives the same timeline every time', async () => {
  const run = async () => {
    const harness = await startHarness();
    try {
      const imageId = await addImage(harness.sandbox, harness.aws, 'old');
      await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId, size: 3 });
      await harness.aws.autoScaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: 'web' }));
      harness.sandbox.clock.advance(3_600_000);
      const { instances, refreshes, activities } = harness.sandbox.world.region(REGION).state;
      return JSON.stringify([[...instances], [...refreshes], activities]);
    } finally {
      await harness.close();
    }
  };
  expect(await run()).toEqual(await run());
});
