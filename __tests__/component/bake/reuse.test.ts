import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTagsCommand, DeregisterImageCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bake } from '../../../src/bake/bake.ts';
import { builderMark } from '../../../src/bake/builder-mark.ts';
import { lockName } from '../../../src/bake/lock.ts';
import type { ProcessRunner } from '../../../src/process.ts';
import { tagsOf } from '../../../src/tags.ts';
import { COMMIT_A, COMMIT_B, inputsOf, runFacts } from '../../support/harness.ts';
import { type BakeScene, packer, startBakeScene } from './scene.ts';

let scene: BakeScene;

beforeEach(async () => {
  scene = await startBakeScene();
});
afterEach(async () => await scene.harness.close());

const DAY = 24 * 3600 * 1000;

/** The run of another commit, some time later. */
const laterRun = (id = '2', commit = COMMIT_B) => ({
  run: {
    ...runFacts,
    id,
    commit,
    url: `https://github.com/octo/shop/actions/runs/${id}`,
    workspace: scene.workspace,
  },
});

async function bakedOnce(given: Record<string, string> = {}): Promise<string> {
  await scene.run(given);
  expect(scene.output('reused')).toBe('false');
  return scene.output('ami-id');
}

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: scene.workspace,
    encoding: 'utf8',
  });

describe('another commit of the same content', () => {
  test('gets the image that is there, without Packer, in four calls at most', async () => {
    const imageId = await bakedOnce();
    scene.harness.sandbox.clock.advance(DAY);
    const time = new Date(scene.harness.sandbox.clock.now()).toISOString();
    const noPacker = { run: (command: string) => Promise.reject(new Error(`${command} is not installed`)) };
    await scene.run({}, { ...laterRun(), processes: noPacker });
    expect(scene.output('ami-id')).toBe(imageId);
    expect(scene.output('reused')).toBe('true');
    expect(JSON.parse(scene.output('snapshot-ids'))).toHaveLength(2);
    expect(scene.calls()).toEqual(['DescribeImages', 'CreateTags', 'CreateTags', 'DescribeInstances']);
    const tags = await scene.tags(imageId);
    expect(tags[`immutable-deploy:commit:${COMMIT_B}`]).toBe(`${time} 2 main`);
    expect(tags['immutable-deploy:commit']).toBe(COMMIT_A);
  });

  test('is told in the plan and changes nothing with dry-run', async () => {
    const imageId = await bakedOnce();
    await scene.run({ 'dry-run': 'true' }, laterRun());
    expect(scene.calls()).toEqual(['DescribeImages']);
    expect(scene.context.report.summary).toContain(`${imageId} (commit aaaaaaaaaaaa, main) would be reused`);
  });

  test('of a git tag makes the image that of the version as well', async () => {
    const imageId = await bakedOnce();
    const { branch: _branch, ...facts } = runFacts;
    await scene.run({}, { run: { ...facts, workspace: scene.workspace, version: 'v1.0.0', id: '2' } });
    expect(scene.output('ami-id')).toBe(imageId);
    const tags = await scene.tags(imageId);
    expect(tags['immutable-deploy:version']).toBe('v1.0.0');
    expect(tags[`immutable-deploy:commit:${COMMIT_A}`]).toMatch(/ 2 v1\.0\.0$/);
  });

  test('gets the images of all Regions that the template makes them in', async () => {
    const processes = packer(scene, { alsoIn: 'eu-west-1' });
    await scene.run({}, { processes });
    const ids = scene.output('ami-ids');
    expect(Object.keys(JSON.parse(ids))).toEqual(['us-east-1', 'eu-west-1']);
    await scene.run({}, laterRun());
    expect(scene.output('ami-ids')).toBe(ids);
    const ireland = scene.harness.aws.inRegion('eu-west-1');
    const copyId = JSON.parse(ids)['eu-west-1'];
    expect(tagsOf(await scene.image(copyId, ireland))).toHaveProperty([
      `immutable-deploy:commit:${COMMIT_B}`,
    ]);
    await ireland.ec2.send(new DeregisterImageCommand({ ImageId: copyId }));
    await scene.run({}, laterRun('3'));
    expect(scene.output('reused')).toBe('false');
    expect(scene.context.log.text).toContain('an image in eu-west-1 that was made with it is gone');
  });

  test('gets all images that the sources of the template make in a Region, or none of them', async () => {
    await scene.run({}, { processes: packer(scene, { twin: true }) });
    const ids = scene.output('ami-id').split(',');
    expect(ids).toHaveLength(2);
    await scene.run({}, laterRun());
    expect(scene.output('reused')).toBe('true');
    expect(scene.output('ami-id').split(',').toSorted()).toEqual(ids.toSorted());
    for (const id of ids)
      expect(await scene.tags(id)).toHaveProperty([`immutable-deploy:commit:${COMMIT_B}`]);
    await scene.harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: ids[1] }));
    await scene.run({}, laterRun('3'));
    expect(scene.output('reused')).toBe('false');
  });

  test('keeps the newest ten commits on the image', async () => {
    const imageId = await bakedOnce();
    const commits = Array.from({ length: 12 }, (_item, index) => String(index).padStart(40, '0'));
    for (const [index, commit] of commits.entries()) {
      scene.harness.sandbox.clock.advance(60_000);
      await scene.run({}, laterRun(String(index + 10), commit));
    }
    const kept = Object.keys(await scene.tags(imageId)).filter((key) =>
      key.startsWith('immutable-deploy:commit:'),
    );
    expect(kept.toSorted()).toEqual(commits.slice(2).map((commit) => `immutable-deploy:commit:${commit}`));
  });

  test.each([
    ['reuse is false', { reuse: 'false' }],
    ['rebuild is asked for', { rebuild: 'true' }],
    ['a variable is another one', { variables: 'size=big' }],
    ['another Packer is asked for', { 'packer-version': '1.14.2' }],
    ['other sources are built', { only: 'amazon-ebs.shop' }],
  ])('is built when %s', async (_why, given) => {
    const imageId = await bakedOnce();
    await scene.run(given, laterRun());
    expect(scene.output('reused')).toBe('false');
    expect(scene.output('ami-id')).not.toBe(imageId);
  });

  test('is built when the image is older than reuse-max-age-days', async () => {
    const imageId = await bakedOnce();
    scene.harness.sandbox.clock.advance(8 * DAY);
    await scene.run({ 'reuse-max-age-days': '9', 'dry-run': 'true' }, laterRun());
    expect(scene.context.report.summary).toContain(imageId);
    await scene.run({ 'reuse-max-age-days': '7' }, laterRun());
    expect(scene.output('reused')).toBe('false');
  });

  test('never gets a quarantined image', async () => {
    const imageId = await bakedOnce();
    await scene.harness.aws.ec2.send(
      new CreateTagsCommand({
        Resources: [imageId],
        Tags: [{ Key: 'immutable-deploy:quarantined', Value: 'bad' }],
      }),
    );
    await scene.run({}, laterRun());
    expect(scene.output('ami-id')).not.toBe(imageId);
  });

  test('never gets an image of another application', async () => {
    await bakedOnce({ application: 'other' });
    await scene.run({ application: 'shop' }, laterRun());
    expect(scene.output('reused')).toBe('false');
  });
});

describe('the content', () => {
  beforeEach(() => {
    git('init', '-q');
    writeFileSync(join(scene.workspace, '.gitignore'), 'out/\n');
    writeFileSync(join(scene.workspace, 'README.md'), 'one');
    mkdirSync(join(scene.workspace, 'app'));
    writeFileSync(join(scene.workspace, 'app', 'main.py'), 'print(1)');
    git('add', '.');
    git('commit', '-q', '-m', 'one');
  });

  const fingerprint = async (given: Record<string, string> = {}) => {
    await scene.run({ 'dry-run': 'true', ...given });
    return scene.output('fingerprint');
  };

  test('is the committed tree: another commit with the same tree is the same', async () => {
    const before = await fingerprint();
    git('commit', '-q', '--allow-empty', '-m', 'two');
    expect(await fingerprint()).toBe(before);
    writeFileSync(join(scene.workspace, 'README.md'), 'two');
    git('commit', '-q', '-a', '-m', 'three');
    expect(await fingerprint()).not.toBe(before);
  });

  test('has its paths only, when some are named', async () => {
    const before = await fingerprint({ 'fingerprint-paths': 'app' });
    writeFileSync(join(scene.workspace, 'README.md'), 'two');
    git('commit', '-q', '-a', '-m', 'two');
    expect(await fingerprint({ 'fingerprint-paths': 'app' })).toBe(before);
    writeFileSync(join(scene.workspace, 'app.pkr.hcl'), '# another template');
    expect(await fingerprint({ 'fingerprint-paths': 'app' })).not.toBe(before);
  });

  test.each([
    ['a change', 'app/main.py', 'print(2)'],
    ['a change back to what another commit has, and a new file', 'app/new.py', ''],
  ])('that is not committed counts: %s', async (_what, path, content) => {
    const before = await fingerprint();
    writeFileSync(join(scene.workspace, path), content);
    const dirty = await fingerprint();
    expect(dirty).not.toBe(before);
    expect(scene.context.log.text).toContain('. has 1 changes that are not committed: they count.');
    writeFileSync(join(scene.workspace, path), `${content}# more`);
    expect(await fingerprint()).not.toBe(dirty);
  });

  test('that git ignores counts when it is named', async () => {
    mkdirSync(join(scene.workspace, 'out'));
    writeFileSync(join(scene.workspace, 'out', 'app.rpm'), '1');
    const [all, named] = [await fingerprint(), await fingerprint({ 'fingerprint-paths': 'out' })];
    writeFileSync(join(scene.workspace, 'out', 'app.rpm'), '2');
    expect(await fingerprint()).toBe(all);
    expect(await fingerprint({ 'fingerprint-paths': 'out' })).not.toBe(named);
  });

  test('outside of a repository is all files', async () => {
    const other = await startBakeScene();
    try {
      await other.run({ 'dry-run': 'true' });
      const before = other.output('fingerprint');
      writeFileSync(join(other.workspace, 'new'), '');
      await other.run({ 'dry-run': 'true' });
      expect(other.output('fingerprint')).not.toBe(before);
    } finally {
      await other.harness.close();
    }
  });

  test('that is named and does not exist is refused before anything is called', async () => {
    await expect(scene.run({ 'fingerprint-paths': 'nothing' })).rejects.toThrow(
      /There is no nothing in .*fingerprint-paths/,
    );
    expect(scene.calls()).toEqual([]);
  });
});

describe('a run that is run again', () => {
  const secondAttempt = (facts = runFacts) => ({ run: { ...facts, attempt: 2, workspace: scene.workspace } });

  test('gets its own image, although the content or the base image has changed since', async () => {
    const imageId = await bakedOnce();
    writeFileSync(join(scene.workspace, 'new'), '');
    await scene.run({}, secondAttempt());
    expect(scene.output('ami-id')).toBe(imageId);
    expect(scene.output('reused')).toBe('true');
  });

  test('gets the image that it had reused', async () => {
    const imageId = await bakedOnce();
    await scene.run({}, laterRun());
    writeFileSync(join(scene.workspace, 'new'), '');
    await scene.run({}, secondAttempt({ ...runFacts, ...laterRun().run }));
    expect(scene.output('ami-id')).toBe(imageId);
  });

  test('does not take the image of another bake of the same run for its own', async () => {
    const imageId = await bakedOnce({ variables: 'arch=x86_64' });
    await scene.run({ variables: 'arch=arm64' }, secondAttempt());
    expect(scene.output('ami-id')).not.toBe(imageId);
    expect(scene.output('reused')).toBe('false');
  });

  test('builds when asked to', async () => {
    const imageId = await bakedOnce();
    await scene.run({ rebuild: 'true' }, secondAttempt());
    expect(scene.output('ami-id')).not.toBe(imageId);
  });

  test('without an image of its own bakes as always', async () => {
    await scene.run({}, secondAttempt());
    expect(scene.output('reused')).toBe('false');
  });
});

describe('identical bakes at the same time', () => {
  const lockNameOf = () =>
    [...scene.harness.sandbox.world.region('us-east-1').state.parameters.keys()].find((name) =>
      name.startsWith('/immutable-deploy/bake/octo_shop/'),
    );

  test('join: one builds, the other waits for its image and reuses it', async () => {
    const { harness } = scene;
    const inputs = inputsOf('bake', { template: 'app.pkr.hcl', 'packer-version': 'system' });
    const contexts = ['1', '2'].map((id) =>
      harness.context({
        run: {
          ...runFacts,
          id,
          url: `https://github.com/octo/shop/actions/runs/${id}`,
          workspace: scene.workspace,
        },
        processes: packer(scene),
      }),
    );
    await harness.drive(Promise.all(contexts.map((context) => bake(inputs, context))));
    const [first, second] = contexts.map(({ report }) => report.outputs);
    expect(first?.get('ami-id')).toBe(second?.get('ami-id'));
    expect(new Set([first?.get('reused'), second?.get('reused')])).toEqual(new Set(['true', 'false']));
    expect(scene.started.filter((command) => command === 'build')).toHaveLength(1);
    expect(lockNameOf()).toBeUndefined();
  });

  test('build one after the other when the first fails', async () => {
    const { harness } = scene;
    const inputs = inputsOf('bake', { template: 'app.pkr.hcl', 'packer-version': 'system' });
    const start = (processes: ProcessRunner) =>
      bake(inputs, harness.context({ run: { ...runFacts, workspace: scene.workspace }, processes }));
    let other: Promise<void> | undefined;
    const failing = packer(scene, {
      onMade(what) {
        other ??= start(packer(scene));
        if (what === 'security group') throw new Error('no capacity');
      },
    });
    await expect(harness.drive(start(failing))).rejects.toThrow('no capacity');
    await harness.drive(other ?? Promise.reject(new Error('not started')));
    expect(scene.started.filter((command) => command === 'build')).toHaveLength(2);
    expect(await scene.leftovers()).toEqual([]);
  });

  test('take over the lock of a runner that was lost, when its time is over', async () => {
    await scene.run({ 'dry-run': 'true' });
    const name = lockName('octo/shop', scene.output('fingerprint'));
    const { ssm } = scene.harness.aws;
    const until = scene.harness.sandbox.clock.now() + 600_000;
    const Value = JSON.stringify({ owner: 'lost', until });
    await ssm.send(new PutParameterCommand({ Name: name, Value, Type: 'String' }));
    await scene.run();
    expect(scene.context.log.text).toContain('The bake lost left its lock');
    expect(scene.harness.sandbox.clock.now()).toBeGreaterThan(until);
    expect(scene.output('reused')).toBe('false');
    expect(lockNameOf()).toBeUndefined();
  });

  test('keep the lock for as long as they last', async () => {
    const { harness } = scene;
    const inputs = inputsOf('bake', { template: 'app.pkr.hcl', 'packer-version': 'system' });
    const start = (id: string, processes: ProcessRunner) =>
      bake(inputs, harness.context({ run: laterRun(id).run, processes }));
    let other: Promise<void> | undefined;
    const slow = packer(scene, {
      async onMade(what) {
        if (what !== 'instance') return;
        other = start('2', packer(scene));
        await harness.sandbox.clock.sleep(50 * 60_000);
      },
    });
    await harness.drive(start('1', slow));
    await harness.drive(other ?? Promise.reject(new Error('not started')));
    expect(scene.started.filter((command) => command === 'build')).toHaveLength(1);
    expect(lockNameOf()).toBeUndefined();
  });

  test('of an earlier attempt of the run keep nobody waiting', async () => {
    await scene.run({ 'dry-run': 'true' });
    const name = lockName('octo/shop', scene.output('fingerprint'));
    const run = { ...runFacts, workspace: scene.workspace };
    const until = scene.harness.sandbox.clock.now() + 600_000;
    const Value = JSON.stringify({ owner: builderMark({ run, until, id: 'abc' }), until });
    await scene.harness.aws.ssm.send(new PutParameterCommand({ Name: name, Value, Type: 'String' }));
    await scene.run({}, { run: { ...run, attempt: 2 } });
    expect(scene.harness.sandbox.clock.now()).toBeLessThan(until);
    expect(scene.output('reused')).toBe('false');
  });

  test('say which parameter to delete when the other one lasts longer than the step', async () => {
    await scene.run({ 'dry-run': 'true' });
    const name = lockName('octo/shop', scene.output('fingerprint'));
    const until = scene.harness.sandbox.clock.now() + 24 * 3600_000;
    const Value = JSON.stringify({ owner: 'https://github.com/octo/shop/actions/runs/9', until });
    await scene.harness.aws.ssm.send(new PutParameterCommand({ Name: name, Value, Type: 'String' }));
    await expect(scene.run({ 'timeout-minutes': '5' })).rejects.toThrow(
      `If it has ended long ago, delete the parameter ${name}.`,
    );
  });

  test('both build where the role may not lock, and it is said', async () => {
    scene.harness.sandbox.faults.add({
      operation: 'PutParameter',
      times: 1,
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'no', status: 400 },
    });
    await scene.run();
    expect(scene.output('reused')).toBe('false');
    expect(scene.context.log.text).toContain('notice: Identical bakes at the same time are not joined');
  });
});
