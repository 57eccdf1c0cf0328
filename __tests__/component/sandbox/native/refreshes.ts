import {
  CancelInstanceRefreshCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
  type InstanceRefresh,
  type RefreshPreferences,
  RollbackInstanceRefreshCommand,
  SetInstanceProtectionCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';
import { addGroup, publicImage } from '../../../../sandbox/scene.ts';
import { type Harness, REGION } from '../../../support/harness.ts';
import { membersOf, newest as newestOf, start, untilPercentage, untilStatus } from '../refresh/scene.ts';
import {
  type Check,
  expectAbsent,
  expectError,
  expectMembers,
  expectPresent,
  type Fact,
  type FactTable,
} from './fact.ts';

/** A group `web` of one instance with a second version of its template, and what a check does with it. */
interface Scene {
  harness: Harness;
  templateId: string;
  old: string;
}

const one =
  (check: (scene: Scene, fact: Fact) => Promise<void>): Check =>
  async (harness, fact) => {
    const imageId = publicImage(harness.sandbox, REGION);
    const { launchTemplateId } = await addGroup(harness.sandbox, harness.aws, {
      name: 'web',
      imageId,
      size: 1,
    });
    await harness.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: launchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 't3.small' },
      }),
    );
    const [member] = await membersOf(harness);
    await check({ harness, templateId: launchTemplateId, old: member?.InstanceId ?? '' }, fact);
  };

const newest = ({ harness }: Scene) => newestOf(harness);

const ROLLING: RefreshPreferences = {
  MinHealthyPercentage: 100,
  MaxHealthyPercentage: 100,
  InstanceWarmup: 0,
};

/** Starts the refresh that the facts about one instance describe. */
async function roll({ harness, templateId }: Scene, preferences: RefreshPreferences = {}): Promise<string> {
  return await start(harness, {
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: templateId, Version: '2' } },
    Preferences: { ...ROLLING, ...preferences },
  });
}

/** The refresh's answer when it has come to a percentage. */
const at = ({ harness }: Scene, percentage: number) => untilPercentage(harness, percentage);

/** A refresh that bakes, and is rolled back then. */
async function rollBack(scene: Scene): Promise<void> {
  await roll(scene, { BakeTime: 60 });
  await untilStatus(scene.harness, 'Baking');
  await scene.harness.aws.autoScaling.send(
    new RollbackInstanceRefreshCommand({ AutoScalingGroupName: 'web' }),
  );
}

async function protectedScene(scene: Scene): Promise<InstanceRefresh> {
  await scene.harness.aws.autoScaling.send(
    new SetInstanceProtectionCommand({
      AutoScalingGroupName: 'web',
      InstanceIds: [scene.old],
      ProtectedFromScaleIn: true,
    }),
  );
  await start(scene.harness, {});
  scene.harness.sandbox.clock.advance(15_000);
  return await newest(scene);
}

async function cancel(scene: Scene): Promise<void> {
  await protectedScene(scene);
  await scene.harness.aws.autoScaling.send(
    new CancelInstanceRefreshCommand({ AutoScalingGroupName: 'web', WaitForTransitioningInstances: false }),
  );
}

const refused = (preferences: RefreshPreferences) =>
  new StartInstanceRefreshCommand({ AutoScalingGroupName: 'web', Preferences: preferences });

export const refreshFacts: FactTable = {
  checks: {
    'asg-001': one(async (scene, fact) => {
      const answer = await scene.harness.aws.autoScaling.send(
        new StartInstanceRefreshCommand({ AutoScalingGroupName: 'web' }),
      );
      expectPresent(answer, fact.response?.fields_present);
      expect(answer.InstanceRefreshId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }),
    'asg-002': one(async (scene, fact) => {
      await roll(scene);
      await expectError(roll(scene), fact);
    }),
    'asg-003': one(async ({ harness }, fact) => {
      await expectError(
        harness.aws.autoScaling.send(
          new StartInstanceRefreshCommand({
            AutoScalingGroupName: 'web',
            Strategy: 'ReplaceRootVolume',
          }),
        ),
        fact,
      );
    }),
    'asg-004': one(async ({ harness }) => {
      for (const preferences of [
        { AutoRollback: true },
        { CheckpointPercentages: [40, 20] },
        { MinHealthyPercentage: 0, MaxHealthyPercentage: 200 },
      ]) {
        await expect(harness.aws.autoScaling.send(refused(preferences))).rejects.toThrow();
      }
      const { InstanceRefreshes } = await harness.aws.autoScaling.send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'web' }),
      );
      expect(InstanceRefreshes).toEqual([]);
    }),
    'asg-005': one(async ({ harness }, fact) => {
      const answer = await harness.aws.autoScaling.send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'web' }),
      );
      expectMembers(answer, fact.response);
    }),
    'asg-006': one(async (scene, fact) => {
      await start(scene.harness, {});
      const refresh = await newest(scene);
      expectPresent(refresh, fact.response?.fields_present);
      expectAbsent(refresh, fact.response?.fields_absent);
      expectMembers(refresh, { Status: fact.response?.Status, Strategy: fact.response?.Strategy });
      scene.harness.sandbox.clock.advance(5000);
      expect((await newest(scene)).Status).toBe('Pending');
      scene.harness.sandbox.clock.advance(5000);
      expect((await newest(scene)).Status).toBe('InProgress');
    }),
    'asg-007': one(async (scene, fact) => {
      await scene.harness.aws.autoScaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', DefaultInstanceWarmup: 0 }),
      );
      await start(scene.harness, {});
      const { Preferences = {} } = await newest(scene);
      expect(Preferences).toEqual(fact.response?.Preferences);
      expectAbsent(Preferences, fact.response?.Preferences_absent);
    }),
    'asg-008': one(async (scene, fact) => {
      await roll(scene, fact.request.Preferences ?? {});
      expect((await newest(scene)).Preferences).toEqual(fact.response?.Preferences);
    }),
    'asg-009': one(async (scene, fact) => {
      await roll(scene);
      const values = { name: 'web', 'lt-EXAMPLE': scene.templateId };
      const expected = JSON.parse(JSON.stringify(fact.response).replaceAll('lt-EXAMPLE', scene.templateId));
      expectMembers(await newest(scene), expected, values);
      await scene.harness.sandbox.clock.advance(90_000);
      expectMembers(await newest(scene), expected, values);
    }),
    'asg-010': one(async (scene, fact) => {
      const called = scene.harness.sandbox.clock.now();
      await roll(scene);
      await untilStatus(scene.harness, 'InProgress');
      const refresh = await newest(scene);
      const { fields_absent, ...members } = fact.response ?? {};
      expectMembers(refresh, members);
      expectAbsent(refresh, fields_absent);
      expect((refresh.StartTime?.getTime() ?? 0) - called).toBeGreaterThanOrEqual(5000);
    }),
    'asg-011': one(async (scene, fact) => {
      await roll(scene);
      await at(scene, 25);
      scene.harness.sandbox.clock.advance(20_000);
      expectMembers(await newest(scene), fact.response, { 'old instance id': scene.old });
    }),
    'asg-012': one(async (scene, fact) => {
      await roll(scene);
      expectMembers(await at(scene, 50), fact.response, { 'old instance id': scene.old });
    }),
    'asg-013': one(async (scene, fact) => {
      await roll(scene);
      expectMembers(await at(scene, 100), fact.response, { 'old instance id': scene.old });
    }),
    'asg-014': one(async (scene, fact) => {
      await roll(scene, { BakeTime: 60 });
      const refresh = await untilStatus(scene.harness, 'Baking');
      const { fields_absent, StatusReason, ...members } = fact.response ?? {};
      expectMembers(refresh, members);
      expectAbsent(refresh, fields_absent);
      const words = String(StatusReason).replace('59', '\\d+').replaceAll('.', '\\.');
      expect(refresh.StatusReason).toMatch(new RegExp(`^${words}$`));
      const left = Number(/\d+/.exec(refresh.StatusReason ?? ''));
      scene.harness.sandbox.clock.advance(10_000);
      expect(Number(/\d+/.exec((await newest(scene)).StatusReason ?? ''))).toBe(left - 10);
    }),
    'asg-015': one(async (scene, fact) => {
      await roll(scene);
      await untilStatus(scene.harness, 'Successful');
      const [member] = await membersOf(scene.harness);
      const { Activities } = await scene.harness.aws.autoScaling.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'web' }),
      );
      const values = { old: scene.old, new: member?.InstanceId ?? '' };
      expectMembers(Activities?.slice(0, 2), fact.response?.Activities_newest_first, values);
      const [left, launched] = Activities ?? [];
      const stay = (left?.StartTime?.getTime() ?? 0) - (launched?.EndTime?.getTime() ?? 0);
      // Some seventy seconds natively, even with a warm-up of 0.
      expect(stay).toBeGreaterThanOrEqual(60_000);
      expect(stay).toBeLessThanOrEqual(80_000);
    }),
    'asg-016': one(async (scene, fact) => {
      await roll(scene);
      const answer = await scene.harness.aws.autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName: 'web',
          LaunchTemplate: { LaunchTemplateId: scene.templateId, Version: '1' },
        }),
      );
      expect(answer.$metadata.httpStatusCode).toBe(fact.status);
    }),
    'asg-017': one(async (scene) => {
      const id = await roll(scene, { BakeTime: 60 });
      await untilStatus(scene.harness, 'Baking');
      const answer = await scene.harness.aws.autoScaling.send(
        new RollbackInstanceRefreshCommand({ AutoScalingGroupName: 'web' }),
      );
      expect(answer.InstanceRefreshId).toBe(id);
    }),
    'asg-018': one(async (scene, fact) => {
      await rollBack(scene);
      const refresh = await newest(scene);
      const { fields_absent, ...members } = fact.response ?? {};
      expectMembers(refresh, members);
      expectAbsent(refresh, fields_absent);
      expect(refresh.Preferences?.BakeTime).toBe(60);
    }),
    'asg-019': one(async (scene, fact) => {
      await rollBack(scene);
      scene.harness.sandbox.clock.advance(5000);
      expectMembers(await newest(scene), fact.response);
    }),
    'asg-020': one(async (scene, fact) => {
      await rollBack(scene);
      expectMembers(await at(scene, 50), fact.response);
    }),
    'asg-021': one(async (scene, fact) => {
      await rollBack(scene);
      expectMembers(await at(scene, 0), fact.response);
    }),
    'asg-022': one(async (scene, fact) => {
      await rollBack(scene);
      const refresh = await untilStatus(scene.harness, 'RollbackSuccessful');
      const { fields_absent, fields_present, ...members } = fact.response ?? {};
      expectMembers(refresh, members);
      expectPresent(refresh, fields_present);
      expectAbsent(refresh, fields_absent);
    }),
    'asg-023': one(async (scene, fact) => {
      expectMembers(await protectedScene(scene), fact.response, { 'instance id': scene.old });
    }),
    'asg-024': one(async (scene) => {
      await protectedScene(scene);
      const { InstanceRefreshId } = await newest(scene);
      const answer = await scene.harness.aws.autoScaling.send(
        new CancelInstanceRefreshCommand({
          AutoScalingGroupName: 'web',
          WaitForTransitioningInstances: false,
        }),
      );
      expect(answer.InstanceRefreshId).toBe(InstanceRefreshId);
    }),
    'asg-025': one(async (scene, fact) => {
      await cancel(scene);
      const refresh = await newest(scene);
      const { fields_absent, ...members } = fact.response ?? {};
      expectMembers(refresh, members);
      expectAbsent(refresh, fields_absent);
    }),
    'asg-026': one(async (scene, fact) => {
      await cancel(scene);
      scene.harness.sandbox.clock.advance(5500);
      const refresh = await newest(scene);
      const { fields_present, ...members } = fact.response ?? {};
      expectMembers(refresh, members);
      expectPresent(refresh, fields_present);
    }),
    'asg-027': one(async (scene, fact) => {
      await rollBack(scene);
      for (let look = 0; look < 40; look++) {
        expectAbsent(await newest(scene), fact.response?.fields_absent);
        scene.harness.sandbox.clock.advance(5000);
      }
      expect((await newest(scene)).Status).toBe('RollbackSuccessful');
    }),
    'asg-028': one(async (scene) => {
      scene.harness.sandbox.clock.advance(123);
      await rollBack(scene);
      const refresh = await untilStatus(scene.harness, 'RollbackSuccessful');
      expect(refresh.StartTime?.getMilliseconds()).toBe(0);
      expect(refresh.EndTime?.getMilliseconds()).toBe(0);
      expect(refresh.RollbackDetails?.RollbackStartTime?.getMilliseconds()).not.toBe(0);
    }),
  },
  cannotHold: {},
};
