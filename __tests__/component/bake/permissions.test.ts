import { readFileSync } from 'node:fs';
import { RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { ACCOUNT, PUBLIC_IMAGE_PARAMETER } from '../../../sandbox/engine/world.ts';
import { publicImage } from '../../../sandbox/scene.ts';
import { REGION } from '../../support/harness.ts';
import { type BakeScene, packer, startBakeScene } from './scene.ts';

/** The policy that the documentation offers is enough, also for Packer, and reaches nothing of others. */

const Policy = v.object({
  Version: v.string(),
  Statement: v.array(v.looseObject({ Sid: v.string(), Action: v.union([v.string(), v.array(v.string())]) })),
});
const policy = v.parse(
  Policy,
  JSON.parse(readFileSync('docs/policies/bake.json', 'utf8').replaceAll('111122223333', ACCOUNT)),
);

const EVERYTHING = {
  'base-image': `ssm:${PUBLIC_IMAGE_PARAMETER}`,
  'smoke-test': 'ssm',
  'smoke-test-command': 'true',
  'smoke-test-instance-profile': 'shop-web',
  'copy-to-regions': 'eu-west-1',
  'share-with': '210987654321',
  'share-snapshots': 'true',
  'ssm-parameter': '/shop/ami',
  'deprecate-after-days': '90',
  'deregistration-protection': 'true',
};

let scene: BakeScene;
beforeEach(async () => {
  scene = await startBakeScene();
});
afterEach(async () => await scene.harness.close());

const load = (Statement: readonly object[]) =>
  scene.harness.sandbox.aws.iam.load({ '*': { Version: policy.Version, Statement } });

const warnings = () => scene.context.log.lines.filter((line) => /^(warning|notice)/.test(line));

describe('the documented policy', () => {
  test('is enough for a bake with everything, and for a reuse', async () => {
    load(policy.Statement);
    await scene.run(EVERYTHING);
    expect(warnings()).toEqual([]);
    await scene.run(EVERYTHING);
    expect(scene.output('reused')).toBe('true');
    expect(warnings()).toEqual([]);
  });

  test('is enough without its optional parts for a bake with nothing', async () => {
    load(policy.Statement.filter(({ Sid }) => !Sid.startsWith('OnlyFor')));
    await scene.run();
    expect(warnings()).toEqual([]);
    expect(scene.output('ami-id')).toMatch(/^ami-/);
  });

  test('is enough to clean up after a build that failed', async () => {
    load(policy.Statement);
    const processes = packer(scene, {
      runVolumeTags: true,
      onMade(what) {
        if (what === 'image') throw new Error('Packer crashed');
      },
    });
    await expect(scene.run({}, { processes })).rejects.toThrow('Packer crashed');
    expect(scene.context.log.text).toContain('Removed what the bake left');
    expect(await scene.leftovers()).toEqual([]);
  });

  test('does not end instances of others', async () => {
    const { aws, sandbox } = scene.harness;
    const { Instances } = await aws.ec2.send(
      new RunInstancesCommand({ ImageId: publicImage(sandbox, REGION), MinCount: 1, MaxCount: 1 }),
    );
    load(policy.Statement);
    await expect(
      aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [Instances?.[0]?.InstanceId ?? ''] })),
    ).rejects.toThrow(/not authorized/i);
  });

  test.each(policy.Statement.filter(({ Sid }) => Sid.startsWith('OnlyFor')).map(({ Sid }) => Sid))(
    'is needed in all its parts: without %s the bake with everything fails, or says so',
    async (left) => {
      load(policy.Statement.filter(({ Sid }) => Sid !== left));
      const refused = await scene.run(EVERYTHING).then(
        () => '',
        (error: unknown) => String(error),
      );
      expect(`${refused}${warnings().join()}`).not.toBe('');
    },
  );
});
