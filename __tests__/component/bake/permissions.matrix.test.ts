import { RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ACCOUNT, PUBLIC_IMAGE_PARAMETER } from '../../../sandbox/engine/world.ts';
import type { Ask } from '../../../sandbox/iam/policy.ts';
import { readPolicy, statementNames, unused } from '../../../sandbox/iam/trial.ts';
import { publicImage } from '../../../sandbox/scene.ts';
import { notify } from '../../../src/github/notify.ts';
import { REGION } from '../../support/harness.ts';
import { type BakeScene, packer, startBakeScene } from './scene.ts';

/** The policy that the documentation offers is enough, also for Packer, and reaches nothing of others. */

const policy = readPolicy('bake.json');

const everything = () => ({
  'base-image': `ssm:${PUBLIC_IMAGE_PARAMETER}`,
  'smoke-test': 'ssm',
  'smoke-test-command': 'true',
  'smoke-test-instance-profile': 'shop-builder',
  'copy-to-regions': 'eu-west-1',
  'share-with': '210987654321',
  'share-snapshots': 'true',
  'ssm-parameter': '/shop/ami',
  'deprecate-after-days': '90',
  'deregistration-protection': 'true',
  'smoke-test-subnet': [...scene.harness.sandbox.world.region(REGION).state.subnets.keys()][0] ?? '',
});

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:deployments`;

let scene: BakeScene;
beforeEach(async () => {
  scene = await startBakeScene();
  await scene.harness.aws.sns.send(new CreateTopicCommand({ Name: 'deployments' }));
});
afterEach(async () => await scene.harness.close());

const load = (Statement: readonly object[]) =>
  scene.harness.sandbox.aws.iam.load({ '*': { Version: policy.Version, Statement } });

const warnings = () => scene.context.log.lines.filter((line) => /^(warning|notice)/.test(line));

describe('the documented policy', () => {
  test('is enough for a bake with everything, and for a reuse', async () => {
    load(policy.Statement);
    await scene.run(everything());
    expect(warnings()).toEqual([]);
    await scene.run(everything());
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

  describe('has nothing in it that none of these needs:', () => {
    /** What the role is used for; each rejects, or says something, when it may not do a part of it. */
    const uses: Record<string, () => Promise<void>> = {
      async 'a bake with everything'() {
        await scene.run(everything());
        expect(warnings()).toEqual([]);
      },
      async 'a smoke test that fails'() {
        const processes = packer(scene, { runVolumeTags: true, imageTags: { 'sandbox:command': 'fails' } });
        await expect(scene.run(everything(), { processes })).rejects.toThrow(/failed its smoke test/);
        expect(scene.context.log.text).toContain('console: ');
        expect(scene.context.log.text).not.toMatch(/not authorized|refused/);
      },
      async 'a build that crashed'() {
        const { images, snapshots } = scene.harness.sandbox.world.region(REGION).state;
        const before = new Set(snapshots.keys());
        const processes = packer(scene, {
          runVolumeTags: true,
          onMade(what) {
            if (what !== 'image') return;
            // While an image is pending, its snapshots do not hang on it yet.
            for (const { image } of images.values())
              if (image.State === 'pending') image.BlockDeviceMappings = [];
            throw new Error('Packer crashed');
          },
        });
        await expect(scene.run({}, { processes })).rejects.toThrow('Packer crashed');
        expect(await scene.leftovers()).toEqual([]);
        const left = [...images.values()].filter(
          ({ image, deregisteredAt }) => image.OwnerId === ACCOUNT && deregisteredAt === undefined,
        );
        expect(left).toEqual([]);
        expect([...snapshots.keys()].filter((id) => !before.has(id))).toEqual([]);
      },
      async 'a Region for a copy that is not to be had'() {
        await expect(scene.run({ 'copy-to-regions': 'me-south-1' })).rejects.toThrow(/me-south-1/);
        expect(scene.started).toEqual([]);
      },
      async 'a notification'() {
        const context = scene.harness.context();
        await notify(context, TOPIC, { title: '', text: '', event: 'bake', application: '' });
        expect(context.log.lines).toEqual([]);
      },
    };
    const granted = new Map<string, readonly Ask[]>();
    // What Packer alone needs is tried with the real one, end to end.
    const Statement = policy.Statement.filter(({ Sid }) => !Sid.startsWith('Packer'));

    test.each(Object.keys(uses))('%s', async (name) => {
      load(policy.Statement);
      await uses[name]?.();
      granted.set(name, [...scene.harness.sandbox.aws.iam.granted]);
    });

    test('all of it', () => {
      expect(granted.size).toBe(Object.keys(uses).length);
      expect(unused({ ...policy, Statement }, [...granted.values()].flat())).toEqual([]);
    });

    test.each(statementNames({ ...policy, Statement }))('and it is not enough without %s', async (sid) => {
      const alone = { ...policy, Statement: Statement.filter(({ Sid }) => Sid === sid) };
      const actions = [alone.Statement[0]?.Action ?? []].flat();
      load(policy.Statement.filter(({ Sid }) => Sid !== sid));
      const fails = Object.keys(uses).filter(
        (name) => unused(alone, granted.get(name) ?? []).length < actions.length,
      );
      const outcomes: boolean[] = [];
      for (const name of fails)
        outcomes.push(
          await (uses[name]?.() ?? Promise.resolve()).then(
            () => true,
            () => false,
          ),
        );
      expect(outcomes).toContain(false);
    });
  });
});
