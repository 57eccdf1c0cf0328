import { SetInstanceProtectionCommand } from '@aws-sdk/client-auto-scaling';
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

/** One of three instances is protected from scale-in. */

let scene: RefreshScene;
let protectedId: string;

beforeEach(async () => {
  scene = await startScene(3);
  const [first] = await membersOf(scene.harness);
  protectedId = first?.InstanceId ?? '';
  await protect(true);
});
afterEach(async () => await scene.harness.close());

const protect = async (ProtectedFromScaleIn: boolean) =>
  await scene.harness.aws.autoScaling.send(
    new SetInstanceProtectionCommand({
      AutoScalingGroupName: 'web',
      InstanceIds: [protectedId],
      ProtectedFromScaleIn,
    }),
  );

const ids = async () => (await membersOf(scene.harness)).map((member) => member.InstanceId);

test('Ignore leaves it, and does not count it', async () => {
  await roll(scene, await newVersion(scene), { ScaleInProtectedInstances: 'Ignore' });
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
  expect(await ids()).toContain(protectedId);
  expect((await versions(scene.harness)).toSorted()).toEqual(['InService 1', 'InService 2', 'InService 2']);
});

test('Refresh replaces it like the others', async () => {
  await roll(scene, await newVersion(scene), { ScaleInProtectedInstances: 'Refresh' });
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
  expect(await ids()).not.toContain(protectedId);
});

test.each([{}, { ScaleInProtectedInstances: 'Wait' as const }])(
  'Wait, which is the default (%j), replaces the others and goes on when the protection is gone',
  async (preference) => {
    await roll(scene, await newVersion(scene), preference);
    scene.harness.sandbox.clock.advance(600_000);
    expect(await newest(scene.harness)).toMatchObject({
      Status: 'InProgress',
      PercentageComplete: 66,
      StatusReason: `Waiting for remaining instances to be available. For example: ${protectedId} is protected. Remove instance scale-in protection to continue.`,
    });
    await protect(false);
    expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
    expect(await ids()).not.toContain(protectedId);
  },
);

test('after an hour of waiting the refresh fails, or is rolled back', async () => {
  await roll(scene, await newVersion(scene));
  expect((await timeline(scene.harness)).at(-1)).toBe('Failed 66 1');
  await roll(scene, await newVersion(scene), { AutoRollback: true });
  expect((await timeline(scene.harness)).at(-1)).toMatch(/^RollbackSuccessful 0/);
  expect(await ids()).toContain(protectedId);
});
