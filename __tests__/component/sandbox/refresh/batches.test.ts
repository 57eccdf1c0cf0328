import {
  type RefreshPreferences,
  SetInstanceProtectionCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterEach, describe, expect, test } from '@jest/globals';
import { REGION } from '../../../support/harness.ts';
import { membersOf, newest, newVersion, type RefreshScene, roll, start, startScene } from './scene.ts';

let scene: RefreshScene;
afterEach(async () => await scene.harness.close());

/** How many instances were in service at least, and there (but not on their way out) at most, during a refresh. */
async function bounds(): Promise<{ inService: number; members: number }> {
  const seen = { inService: Number.POSITIVE_INFINITY, members: 0 };
  const { clock, world } = scene.harness.sandbox;
  const { groups, refreshes } = world.region(REGION).state;
  for (let look = 0; look < 10_000; look++) {
    const members = groups.get('web')?.members ?? [];
    const count = (state: RegExp) => members.filter((one) => state.test(one.lifecycleState)).length;
    seen.inService = Math.min(seen.inService, count(/^InService$/));
    seen.members = Math.max(seen.members, count(/^(Pending|InService)/));
    if ([...refreshes.values()].at(-1)?.endedAt !== undefined) {
      expect((await newest(scene.harness)).Status).toBe('Successful');
      return seen;
    }
    clock.advance(1000);
  }
  throw new Error('The refresh does not end.');
}

describe('healthy percentages of ten instances', () => {
  test.each<[string, RefreshPreferences, { inService: number; members: number }]>([
    [
      '90 without a maximum: one goes as one comes',
      { MinHealthyPercentage: 90 },
      { inService: 9, members: 10 },
    ],
    [
      '100/110: one more at a time, never one less',
      { MinHealthyPercentage: 100, MaxHealthyPercentage: 110 },
      { inService: 10, members: 11 },
    ],
    [
      '100/200: all at once beside the old ones',
      { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 },
      { inService: 10, members: 20 },
    ],
    ['0: all at once, without any left', { MinHealthyPercentage: 0 }, { inService: 0, members: 10 }],
    [
      '50/100: half of them at a time',
      { MinHealthyPercentage: 50, MaxHealthyPercentage: 100 },
      { inService: 5, members: 10 },
    ],
  ])('%s', async (_what, preferences, expected) => {
    scene = await startScene(10);
    await start(scene.harness, { Preferences: { InstanceWarmup: 0, ...preferences } });
    expect(await bounds()).toEqual(expected);
  });
});

describe('one instance', () => {
  test('with an explicit maximum of 100, the new one is launched first', async () => {
    scene = await startScene(1);
    await start(scene.harness, {
      Preferences: { InstanceWarmup: 0, MinHealthyPercentage: 90, MaxHealthyPercentage: 100 },
    });
    expect(await bounds()).toEqual({ inService: 1, members: 2 });
  });

  test('without a maximum, the old one goes at the same time', async () => {
    scene = await startScene(1);
    await start(scene.harness, { Preferences: { InstanceWarmup: 0, MinHealthyPercentage: 90 } });
    expect(await bounds()).toEqual({ inService: 0, members: 1 });
  });
});

test("without percentages, those of the group's instance maintenance policy count", async () => {
  scene = await startScene(10);
  await scene.harness.aws.autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: 'web',
      InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 120 },
    }),
  );
  await start(scene.harness, { Preferences: { InstanceWarmup: 0 } });
  expect((await newest(scene.harness)).Preferences).toMatchObject({
    MinHealthyPercentage: 100,
    MaxHealthyPercentage: 120,
  });
  expect(await bounds()).toEqual({ inService: 10, members: 12 });
});

describe('skip matching', () => {
  test('leaves instances of the desired version alone', async () => {
    scene = await startScene(3);
    const [protectedMember] = await membersOf(scene.harness);
    const InstanceIds = [protectedMember?.InstanceId ?? ''];
    const protect = (ProtectedFromScaleIn: boolean) =>
      scene.harness.aws.autoScaling.send(
        new SetInstanceProtectionCommand({ AutoScalingGroupName: 'web', InstanceIds, ProtectedFromScaleIn }),
      );
    const version = await newVersion(scene);
    // The first refresh leaves one instance behind, the second one replaces only that.
    await protect(true);
    await roll(scene, version, { ScaleInProtectedInstances: 'Ignore' });
    await bounds();
    await protect(false);
    await roll(scene, version, { SkipMatching: true });
    scene.harness.sandbox.clock.advance(10_000);
    expect((await newest(scene.harness)).InstancesToUpdate).toBe(1);
    await bounds();
    const left = (await membersOf(scene.harness)).map((member) => member.LaunchTemplate?.Version);
    expect(left).toEqual([version, version, version]);
  });

  test('is over at once when all match', async () => {
    scene = await startScene(2);
    await roll(scene, '1', { SkipMatching: true });
    scene.harness.sandbox.clock.advance(10_000);
    expect(await newest(scene.harness)).toMatchObject({ Status: 'Successful', PercentageComplete: 100 });
  });
});
