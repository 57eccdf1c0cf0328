import {
  CreateKeyPairCommand,
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { publicImage } from '../../../sandbox/scene.ts';
import { builderMark } from '../../../src/bake/builder-mark.ts';
import { cleanUpBake } from '../../../src/bake/clean-up.ts';
import { COMMIT_B, REGION, runFacts } from '../../support/harness.ts';
import { type BakeScene, type PackerOptions, packer, startBakeScene } from './scene.ts';

let scene: BakeScene;

beforeEach(async () => {
  scene = await startBakeScene();
});
afterEach(async () => await scene.harness.close());

const HOUR = 3600_000;

/** A step that is cancelled when its Packer has made this; Packer is killed at once. */
async function cancelledAfter(what: string, options: PackerOptions = {}): Promise<void> {
  const cancel = new AbortController();
  const processes = packer(scene, {
    ...options,
    async onMade(made) {
      if (made !== what) return;
      // The tags that its lines have set off are on their way.
      await new Promise((resolve) => setTimeout(resolve, 30));
      cancel.abort(new Error('cancelled'));
      throw cancel.signal.reason;
    },
  });
  await expect(scene.run({}, { processes, signal: cancel.signal })).rejects.toThrow('cancelled');
}

async function postStep(): Promise<string> {
  const saved = scene.context.cleanUps.findLast((cleanUp) => cleanUp !== undefined);
  if (saved?.mode !== 'bake') throw new Error('The post step has nothing to do.');
  const { aws, sandbox } = scene.harness;
  return (await scene.harness.drive(cleanUpBake({ aws, clock: sandbox.clock }, saved))).join('\n');
}

/** Things of other people that look like Packer's, and have nothing to do with this bake. */
async function foreign(): Promise<string[]> {
  const { ec2 } = scene.harness.aws;
  const { sandbox } = scene.harness;
  const mark = builderMark({
    run: { ...runFacts, url: 'https://github.com/octo/shop/actions/runs/7' },
    until: sandbox.clock.now() + HOUR,
    id: 'feed',
  });
  const otherRepository =
    'https://github.com/octo/other/actions/runs/1/attempts/1 until 2020-01-01T00:00:00Z ab';
  const name = 'packer_aaaaaaaa-0000-4000-8000-000000000000';
  await ec2.send(new CreateKeyPairCommand({ KeyName: name }));
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: name, Description: 'Temporary group for Packer' }),
  );
  for (const value of [undefined, mark, otherRepository]) {
    await ec2.send(
      new RunInstancesCommand({
        ImageId: publicImage(sandbox, REGION),
        MinCount: 1,
        MaxCount: 1,
        KeyName: name,
        SecurityGroupIds: [GroupId],
        TagSpecifications: [
          {
            ResourceType: 'instance',
            Tags: [
              { Key: 'Name', Value: 'Packer Builder' },
              ...(value === undefined ? [] : [{ Key: 'immutable-deploy:run', Value: value }]),
            ],
          },
        ],
      }),
    );
  }
  return await there();
}

const there = async () => (await scene.leftovers()).toSorted();

describe('a cancelled bake', () => {
  test.each([
    ['the key pair', 'key pair'],
    ['the security group', 'security group'],
    ['the instance', 'instance'],
    ['the image', 'image'],
  ])(
    'is cleaned up after by the post step, when Packer had made %s; others keep theirs',
    async (_what, made) => {
      const others = await foreign();
      await cancelledAfter(made);
      expect((await there()).length).toBeGreaterThan(others.length);
      const said = await postStep();
      expect(said).toContain('Removed what the bake left: ');
      expect(await there()).toEqual(others);
      const { Images } = await scene.harness.aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
      expect(Images).toEqual([]);
      const { Snapshots } = await scene.harness.aws.ec2.send(
        new DescribeSnapshotsCommand({ OwnerIds: ['self'] }),
      );
      expect(Snapshots).toEqual([]);
    },
  );

  test('of a template without run_tags is cleaned up after by what Packer has printed', async () => {
    const others = await foreign();
    await cancelledAfter('instance', { runTags: false });
    await postStep();
    expect(await there()).toEqual(others);
  });

  test('of Spot instances leaves no template of their fleet, and those of other builds alone', async () => {
    const { ec2 } = scene.harness.aws;
    const { state } = scene.harness.sandbox.world.region(REGION);
    const fleet = async (number: number) => {
      const { LaunchTemplate } = await ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: `packer-fleet-launch-template-${number}`,
          LaunchTemplateData: { InstanceType: 't3.micro' },
        }),
      );
      return `Created Spot Fleet launch template: ${LaunchTemplate?.LaunchTemplateId}`;
    };
    const old = await fleet(1);
    scene.harness.sandbox.clock.advance(HOUR);
    await fleet(2);
    await cancelledAfter('instance', { says: [old, await fleet(3)] });
    await postStep();
    expect([...state.launchTemplates.values()].map(({ name }) => name)).toEqual([
      'packer-fleet-launch-template-1',
      'packer-fleet-launch-template-2',
    ]);
  });

  test('leaves an image that was finished: it has its tags, and nobody takes it', async () => {
    await cancelledAfter('artifact');
    await postStep();
    const { Images = [] } = await scene.harness.aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    expect(Images).toHaveLength(1);
    const tags = await scene.tags(Images[0]?.ImageId ?? '');
    expect(tags['immutable-deploy:commit']).toBe(runFacts.commit);
    expect(tags['immutable-deploy:quarantined']).toContain('the build failed that made it');
    await scene.run();
    expect(scene.output('ami-id')).not.toBe(Images[0]?.ImageId);
  });

  test('gives its lock back at once, so that the next one need not wait', async () => {
    await cancelledAfter('instance');
    expect((await there()).filter((id) => id.startsWith('/immutable-deploy/bake/'))).toEqual([]);
  });

  test('names the role that Packer made: ours has no rights in IAM', async () => {
    await cancelledAfter('instance', {
      says: [
        'Creating temporary role for this instance: packer-1',
        'Creating temporary instance profile for this instance: packer-1',
      ],
    });
    expect(await postStep()).toContain(
      'Packer may have left in IAM, where this role has no rights: role packer-1, instance-profile packer-1.',
    );
  });

  test('is told what could not be removed', async () => {
    await cancelledAfter('key pair');
    scene.harness.sandbox.faults.add({
      operation: 'DeleteKeyPair',
      times: 2,
      effect: { kind: 'error', code: 'UnauthorizedOperation', message: 'no', status: 403 },
    });
    expect(await postStep()).toMatch(
      /Still there, and to be removed by the next bake or by hand: key pair packer_.*no/,
    );
  });
});

describe('what a provisioner prints', () => {
  test('is not believed: an instance, group or image of others is not touched', async () => {
    const others = await foreign();
    const { ec2 } = scene.harness.aws;
    const old = 'packer_aaaaaaaa-0000-4000-8000-000000000000';
    const { LaunchTemplate } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'shop',
        LaunchTemplateData: { InstanceType: 't3.micro' },
      }),
    );
    scene.harness.sandbox.clock.advance(HOUR);
    await cancelledAfter('instance', {
      says: [
        `Instance ID: ${others.find((id) => id.startsWith('i-'))}`,
        `Creating temporary keypair: ${old}`,
        'Creating temporary security group for this instance: default',
        `Created Spot Fleet launch template: ${LaunchTemplate?.LaunchTemplateId}`,
      ],
    });
    await postStep();
    expect(await there()).toEqual(others);
    expect(scene.harness.sandbox.world.region(REGION).state.launchTemplates.size).toBe(1);
  });
});

describe('a bake whose runner was lost', () => {
  const laterRun = (attempt = 1, id = '2') => ({
    run: {
      ...runFacts,
      id,
      attempt,
      commit: COMMIT_B,
      url: `https://github.com/octo/shop/actions/runs/${id}`,
      workspace: scene.workspace,
    },
  });

  test('is cleaned up after by the next bake, when its time is over', async () => {
    const others = await foreign();
    await cancelledAfter('instance');
    scene.harness.sandbox.clock.advance(0.5 * HOUR);
    await scene.run({ rebuild: 'true' }, laterRun());
    expect((await there()).length).toBeGreaterThan(others.length);
    scene.harness.sandbox.clock.advance(2 * HOUR);
    await scene.run({ rebuild: 'true' }, laterRun());
    expect(scene.context.log.text).toContain('Bakes that never came to their end had left these');
    const gone = await there();
    // By now the time of the other run of this repository is over as well.
    expect(gone.filter((id) => id.startsWith('i-'))).toHaveLength(2);
  });

  test('is cleaned up after by its next attempt at once', async () => {
    await cancelledAfter('instance');
    await scene.run({}, laterRun(2, '1'));
    expect(scene.output('reused')).toBe('false');
    expect(await there()).toEqual([]);
  });

  test.each([
    ['DescribeInstances', 'warning: What earlier bakes may have left could not be looked for'],
    ['DescribeKeyPairs', 'is not looked for, because the role may not describe them: key pairs.'],
  ])('does not stop the next one where the role may not call %s', async (operation, said) => {
    scene.harness.sandbox.faults.add({
      operation,
      times: 1,
      effect: { kind: 'error', code: 'UnauthorizedOperation', message: 'no', status: 403 },
    });
    await scene.run();
    expect(scene.context.log.text).toContain(said);
    expect(scene.output('ami-id')).toMatch(/^ami-/);
  });

  test('is cleaned up after as far as the role may look', async () => {
    await cancelledAfter('instance');
    scene.harness.sandbox.faults.add({
      operation: 'DescribeKeyPairs',
      times: 2,
      effect: { kind: 'error', code: 'UnauthorizedOperation', message: 'no', status: 403 },
    });
    expect(await postStep()).toContain('because the role may not describe them: key pairs.');
    expect((await there()).filter((id) => !id.startsWith('key-'))).toEqual([]);
  });
});

describe('a build that fails', () => {
  test('is cleaned up after in the same step, and its image does not stay without tags', async () => {
    const others = await foreign();
    const failing = packer(scene, {
      onMade(what) {
        if (what === 'image') throw new Error('Packer crashed');
      },
    });
    await expect(scene.run({}, { processes: failing })).rejects.toThrow('Packer crashed');
    expect(await there()).toEqual(others);
    const { Images } = await scene.harness.aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    expect(Images).toEqual([]);
    expect(scene.context.cleanUps.at(-1)).toBeUndefined();
  });

  test('is one that hangs for longer than timeout-minutes: it is ended, and cleaned up after', async () => {
    const inner = packer(scene);
    const processes: typeof inner = {
      async run(command, args, options) {
        if (args[0] !== 'build') return await inner.run(command, args, options);
        const { signal } = options;
        // As Packer does without credentials: it made something, and waits for ever.
        await scene.harness.aws.ec2.send(
          new CreateKeyPairCommand({
            KeyName: 'packer_00000000-0000-4000-8000-000000000000',
            TagSpecifications: [
              {
                ResourceType: 'key-pair',
                Tags: [
                  { Key: 'immutable-deploy:run', Value: options.env.PKR_VAR_immutable_deploy_run ?? '' },
                ],
              },
            ],
          }),
        );
        return await new Promise((_end, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
        );
      },
    };
    const started = scene.harness.sandbox.clock.now();
    await expect(scene.run({ 'timeout-minutes': '30' }, { processes })).rejects.toThrow(
      'Packer was still building when timeout-minutes (30) was over, and was ended.',
    );
    expect(scene.harness.sandbox.clock.now() - started).toBeLessThan(40 * 60_000);
    expect(await there()).toEqual([]);
  });

  test('does not touch an image that somebody has tagged as theirs meanwhile', async () => {
    const failing = packer(scene, {
      imageTags: { 'immutable-deploy:application': 'other' },
      onMade(what) {
        if (what === 'image') throw new Error('Packer crashed');
      },
    });
    // Nothing is marked: what Packer printed could not be looked at.
    scene.harness.aws.ec2.middlewareStack.add((next, { commandName }) => async (args) => {
      if (commandName === 'DescribeImagesCommand' && 'ImageIds' in args.input) throw new Error('no answer');
      return await next(args);
    });
    await expect(scene.run({}, { processes: failing })).rejects.toThrow('Packer crashed');
    const { Images } = await scene.harness.aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    expect(Images).toHaveLength(1);
  });
});
