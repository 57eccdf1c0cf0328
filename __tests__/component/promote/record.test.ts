import { DescribeLaunchTemplatesCommand, ModifyImageAttributeCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup } from '../../../sandbox/scene.ts';
import { COMMIT_A, COMMIT_B, COMMIT_C } from '../../support/harness.ts';
import { type PromoteScene, startPromoteScene } from './scene.ts';

/** What a promotion leaves behind besides the instances: tags, GitHub's deployment, the default version, the summary. */

let scene: PromoteScene;
let old: string;
let next: string;
let launchTemplateId: string;
beforeEach(async () => {
  scene = await startPromoteScene();
  old = await scene.baked('old', COMMIT_A);
  next = await scene.baked('next', COMMIT_B);
  ({ launchTemplateId } = await addGroup(scene.harness.sandbox, scene.harness.aws, {
    name: 'dev',
    imageId: old,
    size: 1,
  }));
});
afterEach(async () => await scene.harness.close());

describe('a deployment at GitHub', () => {
  beforeEach(() => {
    scene.harness.sandbox.github.mayDeploy = true;
  });
  const deployments = () => scene.harness.sandbox.github.deployments;

  test('with the commit of the image, where the run is of another one', async () => {
    await scene.run({ commit: COMMIT_B });
    expect(deployments()).toEqual([
      {
        id: 1,
        ref: COMMIT_B,
        environment: 'dev',
        payload: { 'ami-id': next, run: 'https://github.com/octo/shop/actions/runs/1' },
        states: ['in_progress', 'success'],
      },
    ]);
    await scene.run({ commit: COMMIT_B });
    expect(deployments()).toHaveLength(1);
  });

  test('links to the environment', async () => {
    await scene.run({ commit: COMMIT_B, 'environment-url': 'https://dev.example.com' });
    expect(deployments()[0]?.environmentUrl).toBe('https://dev.example.com');
  });

  test('fails with the promotion', async () => {
    await scene.baked('bad', COMMIT_C, { 'sandbox:boot': 'never-healthy' });
    await expect(scene.run({ commit: COMMIT_C })).rejects.toThrow();
    expect(deployments()[0]?.states).toEqual(['in_progress', 'failure']);
  });

  test('is left to the job by auto when the commit is the same, and always by none', async () => {
    const { run } = scene.context;
    await scene.run({ commit: COMMIT_B }, { run: { ...run, commit: COMMIT_B } });
    await scene.run({ commit: COMMIT_A, rollback: 'true', 'github-deployment': 'none' });
    expect(deployments()).toEqual([]);
  });

  test('is made by auto for every rollback, also to the commit of the run', async () => {
    await scene.run({ commit: COMMIT_B });
    await scene.run({ commit: COMMIT_A, rollback: 'true' });
    expect(deployments().map(({ ref }) => ref)).toEqual([COMMIT_B, COMMIT_A]);
    expect(scene.context.run.commit).toBe(COMMIT_A);
  });

  test('that the token may not make is no obstacle, unless it was asked for', async () => {
    scene.harness.sandbox.github.mayDeploy = false;
    await expect(scene.run({ commit: COMMIT_B, 'github-deployment': 'own' })).rejects.toThrow(
      /not accessible by integration\. Give the job "permissions: deployments: write"/,
    );
    expect(scene.writes()).toEqual([]);
    await scene.run({ commit: COMMIT_B });
    expect(scene.context.report.outputs.get('status')).toBe('promoted');
  });
});

test('the default version moves after success, if asked for', async () => {
  const defaultVersion = async () => {
    const { LaunchTemplates } = await scene.harness.aws.ec2.send(
      new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [launchTemplateId] }),
    );
    return LaunchTemplates?.[0]?.DefaultVersionNumber;
  };
  await scene.run({ commit: COMMIT_B });
  expect(await defaultVersion()).toBe(1);
  await scene.run({ commit: COMMIT_B, 'update-default-version': 'true' });
  expect(await defaultVersion()).toBe(2);
});

test('an image of another account gets what the inputs say of it, and is found by that later', async () => {
  const foreign = await scene.baked('foreign', COMMIT_C);
  const mine = (await scene.group()).AutoScalingGroupARN?.split(':')[4] ?? '';
  const { aws, sandbox } = scene.harness;
  await aws.ec2.send(
    new ModifyImageAttributeCommand({ ImageId: foreign, LaunchPermission: { Add: [{ UserId: mine }] } }),
  );
  const record = sandbox.world.region('us-east-1').state.images.get(foreign);
  if (record) Object.assign(record.image, { OwnerId: '999999999999', Tags: [] });
  const owners = { 'image-owners': '999999999999' };
  await scene.run({ ...owners, 'ami-id': foreign, commit: COMMIT_C, branch: 'main' });
  expect(await scene.tags(foreign)).toMatchObject({
    'immutable-deploy:application': 'octo/shop',
    'immutable-deploy:commit': COMMIT_C,
    'immutable-deploy:branch': 'main',
    'immutable-deploy:promoted:dev': expect.any(String),
  });
  await scene.run({ ...owners, commit: COMMIT_C });
  expect(scene.context.report.outputs.get('status')).toBe('already-there');
});

test('the summary shows what happened when, what is different, and the way back', async () => {
  await scene.run({ commit: COMMIT_B, 'bake-time': '120' });
  const { summary } = scene.context.report;
  expect(summary).toMatch(/```mermaid\ngantt[\s\S]* {2}section dev\n {2}Starting :\d+, \d+\n/);
  expect(summary).toMatch(/ {2}Replacing instances :\d+, \d+\n {2}Bake time :\d+, \d+\n/);
  expect(summary).toContain(`| dev (1) | ImageId | ${old} | ${next} |`);
  expect(summary).toMatch(new RegExp(`rollback: true\nami-id: ${old}`));
});
