import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup } from '../../../sandbox/scene.ts';
import { COMMIT_A, COMMIT_B, COMMIT_C } from '../../support/harness.ts';
import { type PromoteScene, startPromoteScene } from './scene.ts';

/** A dry run: what somebody reads who is to approve a promotion. */

let scene: PromoteScene;
let old: string;
let next: string;
beforeEach(async () => {
  scene = await startPromoteScene();
  old = await scene.baked('old', COMMIT_A);
  next = await scene.baked('next', COMMIT_C);
  const { sandbox, aws } = scene.harness;
  await addGroup(sandbox, aws, { name: 'dev', imageId: old, size: 1 });
});
afterEach(async () => await scene.harness.close());

const summary = () => scene.context.report.summary;
const allowOnly = (...Action: string[]) =>
  scene.harness.sandbox.aws.iam.load({
    '*': { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
  });

describe('with groups', () => {
  test('shows the commits, the images and the difference of the launch templates, and writes nothing', async () => {
    await scene.run({ commit: COMMIT_C, 'dry-run': 'true' });
    expect(summary()).toContain('## 📝 Plan: dev');
    expect(summary()).toContain(`compare/${COMMIT_A}...${COMMIT_C}): 2 commits`);
    expect(summary()).toContain('- `ccccccc` Change ccccccc (octocat)\n- `bbbbbbb` Change bbbbbbb (octocat)');
    expect(summary()).toContain(`| dev (1) | ImageId | ${old} | ${next} |`);
    expect(scene.context.report.announcement?.title).toBe('⏳ Ready for dev');
    expect(scene.writes()).toEqual([]);
  });

  test('fails for the reasons for which the promotion would fail, so that nobody is asked in vain', async () => {
    await expect(scene.run({ commit: COMMIT_B, 'dry-run': 'true' })).rejects.toThrow(
      /There is no image of "octo\/shop" for commit b+/,
    );
  });
});

describe('without groups, for a role that may only look at images,', () => {
  const plan = async (given: Record<string, string>) => {
    allowOnly('ec2:DescribeImages');
    await scene.run({ 'dry-run': 'true', 'auto-scaling-groups': '', ...given });
  };

  test('shows the image, the one that was promoted last, and the commits between them', async () => {
    await scene.run({ commit: COMMIT_A });
    await plan({ 'ami-id': next });
    expect(summary()).toContain(`Promoted there last: ${old}`);
    expect(summary()).toContain('2 commits');
    expect(summary()).toContain('No groups were named');
    const outputs = Object.fromEntries(scene.context.report.outputs);
    expect(outputs).toEqual({ 'ami-id': next, 'previous-ami-id': old, status: 'planned' });
    expect(scene.context.report.announcement?.text).toContain(`in place of ${old}: 2 commits`);
  });

  test('says that there was none before', async () => {
    await plan({ commit: COMMIT_C });
    expect(summary()).toContain('No image of octo/shop was promoted there before.');
    expect(summary()).not.toContain('### Commits');
  });

  test('goes back to the image before the one that was promoted last', async () => {
    await scene.run({ commit: COMMIT_A });
    await scene.run({ commit: COMMIT_C });
    await plan({ rollback: 'true' });
    expect(scene.context.report.outputs.get('ami-id')).toBe(old);
    expect(summary()).toContain('2 commits back');
  });

  test('refuses an image that may not be promoted', async () => {
    await scene.baked('sick', COMMIT_B, { 'immutable-deploy:quarantined': 'smoke test failed' });
    await expect(plan({ commit: COMMIT_B })).rejects.toThrow(/quarantined/);
  });

  test('is a plan only: a promotion needs groups', async () => {
    await expect(scene.run({ commit: COMMIT_C, 'auto-scaling-groups': '' })).rejects.toThrow(
      /Say which groups/,
    );
  });
});
