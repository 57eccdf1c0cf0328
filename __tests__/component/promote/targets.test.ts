import { StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand, ModifyImageAttributeCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, tagImage } from '../../../sandbox/scene.ts';
import { COMMIT_A, COMMIT_B } from '../../support/harness.ts';
import { type PromoteScene, startPromoteScene } from './scene.ts';

/** Which groups and which image: found and checked before anything is written. */

let scene: PromoteScene;
let old: string;
beforeEach(async () => {
  scene = await startPromoteScene();
  old = await scene.baked('old', COMMIT_A);
});
afterEach(async () => await scene.harness.close());

const add = (name: string, tags: Record<string, string> = {}) =>
  addGroup(scene.harness.sandbox, scene.harness.aws, { name, imageId: old, size: 1, tags });

describe('groups by tags', () => {
  const tags = { 'auto-scaling-group-tags': 'team=shop\nstage=dev' };

  test('all that have every tag, in the order of their names', async () => {
    await add('web', { team: 'shop', stage: 'dev' });
    await add('api', { team: 'shop', stage: 'dev' });
    await add('other', { team: 'shop', stage: 'production' });
    const next = await scene.baked('next', COMMIT_B);
    await scene.run({ ...tags, commit: COMMIT_B });
    const targets = JSON.parse(scene.context.report.outputs.get('targets') ?? '[]');
    expect(targets.map(({ group }: { group: string }) => group)).toEqual(['api', 'web']);
    expect(await scene.running('api')).toEqual([next]);
    expect(await scene.running('other')).toEqual([old]);
  });

  test('none is an error that names the tags', async () => {
    await add('web');
    await expect(scene.run(tags)).rejects.toThrow(
      /No Auto Scaling group .* has the tags team=shop, stage=dev/,
    );
  });
});

describe('the image', () => {
  test('by branch, and by a commit that reused it', async () => {
    await add('dev');
    const next = await scene.baked('next', COMMIT_B);
    const reuse = `2026-11-01T00:00:00.000Z 7 main`;
    await tagImage(scene.harness.aws, next, { [`immutable-deploy:commit:${'c'.repeat(40)}`]: reuse });
    await scene.run({ branch: 'main' });
    expect(await scene.running()).toEqual([next]);
    await scene.run({ commit: 'ccccccc' });
    expect(scene.context.report.outputs.get('status')).toBe('already-there');
  });

  test('of another account is refused, unless its owner is trusted', async () => {
    await add('dev');
    const next = await scene.baked('next', COMMIT_B);
    const mine = (await scene.group()).AutoScalingGroupARN?.split(':')[4] ?? '';
    const LaunchPermission = { Add: [{ UserId: mine }] };
    await scene.harness.aws.ec2.send(new ModifyImageAttributeCommand({ ImageId: next, LaunchPermission }));
    const record = scene.harness.sandbox.world.region('us-east-1').state.images.get(next);
    if (record) record.image.OwnerId = '999999999999';
    await expect(scene.run({ 'ami-id': next })).rejects.toThrow(/belongs to the account 999999999999/);
    expect(scene.writes()).toEqual([]);
    await scene.run({ 'ami-id': next, 'image-owners': '999999999999' });
    expect(await scene.running()).toEqual([next]);
  });
});

describe('another refresh is under way', () => {
  let next: string;
  beforeEach(async () => {
    next = await scene.baked('next', COMMIT_B);
    const { launchTemplateId } = await add('dev');
    const { aws } = scene.harness;
    await aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: launchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 't3.small' },
      }),
    );
    await aws.autoScaling.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: 'dev',
        DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: '2' } },
        Preferences: { InstanceWarmup: 300 },
      }),
    );
  });

  test('its end is waited for, and what it brought is the base of the next version', async () => {
    await scene.run({ commit: COMMIT_B });
    const [ours, theirs] = await scene.refreshes();
    expect(theirs?.Status).toBe('Successful');
    expect(ours?.StartTime?.getTime()).toBeGreaterThanOrEqual(theirs?.EndTime?.getTime() ?? Number.NaN);
    expect(await scene.running()).toEqual([next]);
    const [instance] = (await scene.group()).Instances ?? [];
    expect(instance?.InstanceType).toBe('t3.small');
  });

  test('that does not end in time is left alone, and nothing was changed', async () => {
    await expect(scene.run({ commit: COMMIT_B, 'timeout-minutes': '1' })).rejects.toThrow(
      /was still under way when timeout-minutes was over\. Nothing was changed/,
    );
    expect(scene.writes()).toEqual([]);
  });
});
