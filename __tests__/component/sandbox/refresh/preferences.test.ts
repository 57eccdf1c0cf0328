import {
  type RefreshPreferences,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { publicImage } from '../../../../sandbox/scene.ts';
import { REGION } from '../../../support/harness.ts';
import { code, newest, newVersion, type RefreshScene, roll, rollBack, start, startScene } from './scene.ts';

let scene: RefreshScene;
beforeEach(async () => {
  scene = await startScene(1);
});
afterEach(async () => await scene.harness.close());

describe('refused at the start, with nothing left behind', () => {
  test.each<[string, RefreshPreferences, RegExp]>([
    ['min above 100', { MinHealthyPercentage: 101 }, /at 'preferences.minHealthyPercentage'/],
    ['min below 0', { MinHealthyPercentage: -1 }, /greater than or equal to 0/],
    [
      'max below 100',
      { MinHealthyPercentage: 90, MaxHealthyPercentage: 99 },
      /at 'preferences.maxHealthyPercentage'/,
    ],
    ['max above 200', { MinHealthyPercentage: 100, MaxHealthyPercentage: 201 }, /less than or equal to 200/],
    [
      'max without min',
      { MaxHealthyPercentage: 110 },
      /You must specify MinHealthyPercentage when you specify MaxHealthyPercentage/,
    ],
    [
      'percentages more than 100 apart',
      { MinHealthyPercentage: 0, MaxHealthyPercentage: 101 },
      /^The difference between MaxHealthyPercentage and MinHealthyPercentage must be less than or equal to 100\.$/,
    ],
    ['a negative warm-up', { InstanceWarmup: -1 }, /at 'preferences.instanceWarmup'/],
    ['a bake time of more than two days', { BakeTime: 172_801 }, /at 'preferences.bakeTime'/],
    ['a delay of more than two days', { CheckpointDelay: 172_801 }, /at 'preferences.checkpointDelay'/],
    ['a checkpoint of 0', { CheckpointPercentages: [0, 50] }, /at 'preferences.checkpointPercentages'/],
    [
      'checkpoints in disorder',
      { CheckpointPercentages: [40, 20] },
      /^Checkpoint percentages must be sorted/,
    ],
    ['a checkpoint twice', { CheckpointPercentages: [40, 40] }, /^Checkpoint percentages must be sorted/],
    [
      'auto-rollback without a desired configuration',
      { AutoRollback: true },
      /^The request isn’t valid\. The AutoRollback parameter cannot be set to true when the DesiredConfiguration/,
    ],
    [
      'an alarm that does not exist',
      { AlarmSpecification: { Alarms: ['nope'] } },
      /alarm nope does not exist/,
    ],
    [
      'more than ten alarms',
      { AlarmSpecification: { Alarms: [...'abcdefghijk'] } },
      /length less than or equal to 10/,
    ],
  ])('%s', async (_what, Preferences, message) => {
    await expect(start(scene.harness, { Preferences })).rejects.toThrow(message);
    await expect(newest(scene.harness)).rejects.toThrow('There is no refresh.');
  });

  test('an unknown choice', async () => {
    const Preferences: object = { StandbyInstances: 'Keep' };
    await expect(start(scene.harness, { Preferences })).rejects.toThrow(/\[Terminate, Ignore, Wait\]/);
  });

  test('auto-rollback of a group on $Latest: a desired version alone does not help', async () => {
    await scene.harness.aws.autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web',
        LaunchTemplate: { LaunchTemplateId: scene.templateId, Version: '$Latest' },
      }),
    );
    const version = await newVersion(scene);
    await expect(roll(scene, version, { AutoRollback: true })).rejects.toThrow(/\$Latest or \$Default/);
    await roll(scene, version);
    scene.harness.sandbox.clock.advance(15_000);
    expect(await code(rollBack(scene.harness))).toBe('IrreversibleInstanceRefresh');
  });

  test('auto-rollback of a group whose image comes from a parameter', async () => {
    const { aws, sandbox } = scene.harness;
    const Value = publicImage(sandbox, REGION);
    await aws.ssm.send(new PutParameterCommand({ Name: '/shop/image', Type: 'String', Value }));
    await aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: scene.templateId,
        SourceVersion: '1',
        LaunchTemplateData: { ImageId: 'resolve:ssm:/shop/image' },
      }),
    );
    await aws.autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web',
        LaunchTemplate: { LaunchTemplateId: scene.templateId, Version: '2' },
      }),
    );
    const version = await newVersion(scene);
    await expect(roll(scene, version, { AutoRollback: true })).rejects.toThrow(/parameter/);
    await roll(scene, version);
    scene.harness.sandbox.clock.advance(15_000);
    expect(await code(rollBack(scene.harness))).toBe('IrreversibleInstanceRefresh');
  });

  test('a version that does not exist', async () => {
    await expect(roll(scene, '7')).rejects.toThrow(
      `Could not find the specified version 7 for the launch template with ID ${scene.templateId}.`,
    );
  });

  test('a group that does not exist', async () => {
    const work = scene.harness.aws.autoScaling.send(
      new StartInstanceRefreshCommand({ AutoScalingGroupName: 'nope' }),
    );
    await expect(work).rejects.toThrow("AutoScalingGroup name not found - AutoScalingGroup 'nope' not found");
  });
});

describe('the warm-up', () => {
  const warmUp = async () => (await newest(scene.harness)).Preferences?.InstanceWarmup;

  test('is the one that is given, also 0', async () => {
    await start(scene.harness, { Preferences: { InstanceWarmup: 0 } });
    expect(await warmUp()).toBe(0);
  });

  test("else the group's default instance warm-up", async () => {
    await scene.harness.aws.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', DefaultInstanceWarmup: 45 }),
    );
    await start(scene.harness, {});
    expect(await warmUp()).toBe(45);
  });

  test('else its health check grace period', async () => {
    await start(scene.harness, {});
    expect(await warmUp()).toBe(60);
  });
});

test('checkpoints without a delay are waited at for an hour', async () => {
  await start(scene.harness, { Preferences: { CheckpointPercentages: [50, 100] } });
  expect((await newest(scene.harness)).Preferences).toMatchObject({
    CheckpointPercentages: [50, 100],
    CheckpointDelay: 3600,
  });
});

test('the configuration cannot be changed while a refresh with a desired one is active, the rest can', async () => {
  const version = await newVersion(scene);
  const update = (change: object) =>
    scene.harness.aws.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', ...change }),
    );
  const toVersion = (Version: string) => ({
    LaunchTemplate: { LaunchTemplateId: scene.templateId, Version },
  });
  await roll(scene, version);
  await expect(update(toVersion(version))).rejects.toThrow(
    'An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.',
  );
  await update({ ...toVersion('1'), MaxSize: 5 });
});
