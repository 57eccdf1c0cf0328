import {
  CreateLaunchTemplateCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  type Instance,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cleanUpBake } from '../../../src/bake/clean-up.ts';
import { tagsOf } from '../../../src/tags.ts';
import { COMMIT_B, REGION, runFacts } from '../../support/harness.ts';
import { type BakeScene, packer, startBakeScene } from './scene.ts';

let scene: BakeScene;

beforeEach(async () => {
  scene = await startBakeScene();
});
afterEach(async () => await scene.harness.close());

/** The instances that smoke tests have launched. */
async function testInstances(): Promise<Instance[]> {
  const { Reservations = [] } = await scene.harness.aws.ec2.send(
    new DescribeInstancesCommand({
      Filters: [{ Name: 'tag:Name', Values: ['immutable-deploy smoke test'] }],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

const laterRun = () => ({
  run: {
    ...runFacts,
    id: '2',
    commit: COMMIT_B,
    url: 'https://github.com/octo/shop/actions/runs/2',
    workspace: scene.workspace,
  },
});

/** The image that was built last, whatever became of it. */
const newest = () => {
  const images = [...scene.harness.sandbox.world.region(REGION).state.images.values()];
  const own = images.filter(({ image }) => image.SourceInstanceId !== undefined);
  return own.at(-1)?.image.ImageId ?? '';
};

const withTags = (imageTags: Record<string, string>) => ({ processes: packer(scene, { imageTags }) });

const refused = (operation: string, code: string) =>
  scene.harness.sandbox.faults.add({
    operation,
    times: 1,
    effect: { kind: 'error', code, message: 'no', status: 400 },
  });

describe('an image that boots', () => {
  test('is quarantined until its status checks have passed, and says so from then on', async () => {
    const during: (string | undefined)[] = [];
    scene.harness.aws.ec2.middlewareStack.add((next, { commandName }) => async (args) => {
      const { state } = scene.harness.sandbox.world.region(REGION);
      if (commandName === 'DescribeInstanceStatusCommand')
        during.push(state.tags.get(newest())?.['immutable-deploy:quarantined']);
      return await next(args);
    });
    await scene.run({ 'smoke-test': 'status', 'copy-to-regions': 'eu-west-1' });
    expect(during.length).toBeGreaterThan(0);
    for (const mark of during) expect(mark).toContain('smoke test not finished');
    const tags = await scene.tags(scene.output('ami-id'));
    expect(tags['immutable-deploy:smoke-tested']).toMatch(/^2026-11-02T.* status$/);
    expect(tags).not.toHaveProperty('immutable-deploy:quarantined');
    const calls = scene.calls();
    expect(calls.lastIndexOf('DescribeInstanceStatus')).toBeLessThan(calls.indexOf('CopyImage'));
  });

  test('is tested with each other image of its build, and with them is good or bad', async () => {
    await scene.run({ 'smoke-test': 'status' }, { processes: packer(scene, { sources: 2 }) });
    expect((await testInstances()).map(({ ImageId }) => ImageId)).toEqual(scene.output('ami-id').split(','));
    const given = { 'smoke-test': 'ssm', 'smoke-test-command': 'true', rebuild: 'true' };
    const bad = packer(scene, { sources: 2, imageTags: { 'sandbox:command': 'fails' } });
    await expect(scene.run(given, { processes: bad })).rejects.toThrow('failed its smoke test');
    const { state } = scene.harness.sandbox.world.region(REGION);
    const marks = [...state.images.keys()].map((id) => state.tags.get(id)?.['immutable-deploy:quarantined']);
    expect(marks.filter((mark) => mark?.includes('smoke test failed'))).toHaveLength(2);
  });

  test('leaves no instance and no disk behind', async () => {
    await scene.run({ 'smoke-test': 'status' });
    const instances = await testInstances();
    expect(instances).toHaveLength(1);
    expect(instances[0]?.State?.Name).toMatch(/shutting-down|terminated/);
    scene.harness.sandbox.clock.advance(60_000);
    expect(await scene.leftovers()).toEqual([]);
  });

  test('is booted without user data, as a type of its architecture, and ends itself when it shuts down', async () => {
    await scene.run({ 'smoke-test': 'status' });
    const [instance] = await testInstances();
    expect(instance?.InstanceType).toBe('t3.micro');
    const attribute = async (Attribute: 'userData' | 'instanceInitiatedShutdownBehavior') =>
      await scene.harness.aws.ec2.send(
        new DescribeInstanceAttributeCommand({ InstanceId: instance?.InstanceId, Attribute }),
      );
    expect((await attribute('userData')).UserData?.Value).toBeUndefined();
    expect(
      (await attribute('instanceInitiatedShutdownBehavior')).InstanceInitiatedShutdownBehavior?.Value,
    ).toBe('terminate');
  });

  test('gets network, type and profile of a launch template, without its user data', async () => {
    const { state } = scene.harness.sandbox.world.region(REGION);
    const [subnet] = [...state.subnets.values()].toReversed();
    await scene.harness.aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'shop',
        LaunchTemplateData: {
          InstanceType: 't3.large',
          IamInstanceProfile: { Name: 'shop' },
          NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet?.id ?? '' }],
          MetadataOptions: { HttpTokens: 'required' },
          UserData: Buffer.from('join production').toString('base64'),
        },
      }),
    );
    await scene.run({
      'smoke-test': 'status',
      'smoke-test-launch-template': 'shop:1',
      'smoke-test-instance-type': 't3.small',
      'smoke-test-user-data': 'echo hello',
    });
    const [instance] = await testInstances();
    expect(instance).toMatchObject({
      InstanceType: 't3.small',
      SubnetId: subnet?.id,
      MetadataOptions: { HttpTokens: 'required' },
    });
    expect(instance?.IamInstanceProfile?.Arn).toMatch(/instance-profile\/shop$/);
    const { UserData } = await scene.harness.aws.ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: instance?.InstanceId, Attribute: 'userData' }),
    );
    expect(Buffer.from(UserData?.Value ?? '', 'base64').toString()).toBe('echo hello');
  });

  test('is not tested twice when it is reused, but for more when more is asked for', async () => {
    await scene.run({ 'smoke-test': 'status' });
    await scene.run({ 'smoke-test': 'status' }, laterRun());
    expect(await testInstances()).toHaveLength(1);
    await scene.run({ 'smoke-test': 'ssm', 'smoke-test-command': 'true' }, laterRun());
    expect(await testInstances()).toHaveLength(2);
    expect(scene.output('reused')).toBe('true');
    await scene.run({ 'smoke-test': 'status' }, laterRun());
    expect(await testInstances()).toHaveLength(2);
  });
});

describe('an image that does not stand the test', () => {
  test('is quarantined, fails the bake with the end of the console, and nobody gets to see it', async () => {
    const given = {
      'smoke-test': 'ssm',
      'smoke-test-command': 'systemctl is-active shop\ncurl -f localhost',
      'copy-to-regions': 'eu-west-1',
      'ssm-parameter': '/shop/ami',
    };
    await expect(scene.run(given, withTags({ 'sandbox:command': 'fails' }))).rejects.toThrow(
      /failed its smoke test: the command ended Failed with exit code 1: failed to run commands: exit status 1\. It is quarantined.*The end of its console:\n.*sandbox: the application answers/s,
    );
    const tags = await scene.tags(newest());
    expect(tags['immutable-deploy:quarantined']).toMatch(/^2026-\S+ smoke test failed: the command ended/);
    expect(scene.calls()).not.toContain('CopyImage');
    expect(scene.harness.sandbox.world.region(REGION).state.parameters.has('/shop/ami')).toBe(false);
    expect(scene.output('ami-id')).toBe('');
    scene.harness.sandbox.clock.advance(60_000);
    expect(await scene.leftovers()).toEqual([]);
  });

  test('is built anew by the next bake', async () => {
    const given = { 'smoke-test': 'ssm', 'smoke-test-command': 'true' };
    await expect(scene.run(given, withTags({ 'sandbox:command': 'fails' }))).rejects.toThrow();
    const bad = newest();
    await scene.run(given, laterRun());
    expect(scene.output('reused')).toBe('false');
    expect(scene.output('ami-id')).not.toBe(bad);
  });

  test('has answered with an error, or refused, all the time', async () => {
    const asked: string[] = [];
    const answer = (status: number) => ({
      fetch: async (url: string | URL | Request) => {
        asked.push(String(url));
        return new Response('', { status });
      },
    });
    const given = { 'smoke-test': 'http', 'smoke-test-url': '/health' };
    await expect(scene.run(given, { ...answer(503), processes: packer(scene) })).rejects.toThrow(
      /http:\/\/172\.31\.\d+\.\d+\/health answers 503\. It is quarantined/,
    );
    expect(asked.length).toBeGreaterThan(10);
    const refusing = async () => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 172.31.0.1:80') });
    };
    await expect(scene.run(given, { fetch: refusing, processes: packer(scene) })).rejects.toThrow(
      /refuses the connection\. It is quarantined/,
    );
    await scene.run(given, { ...answer(200), processes: packer(scene) });
    expect(scene.output('reused')).toBe('false');
  });
});

describe('a test that cannot be made', () => {
  test.each([
    ['RunInstances', 'InsufficientInstanceCapacity', 'the instance could not be launched: no'],
    ['RunInstances', 'UnauthorizedOperation', 'the instance could not be launched: AWS refused the call: no'],
  ])('says nothing about the image, which the next bake tests: %s %s', async (operation, code, reason) => {
    const processes = packer(scene, {
      onMade(what) {
        if (what === 'artifact') refused(operation, code);
      },
    });
    await expect(scene.run({ 'smoke-test': 'status' }, { processes })).rejects.toThrow(reason);
    const imageId = newest();
    expect((await scene.tags(imageId))['immutable-deploy:quarantined']).toContain('smoke test not finished');
    await scene.run({}, laterRun());
    expect(scene.output('ami-id')).not.toBe(imageId);
    await scene.run({ 'smoke-test': 'status', rebuild: 'false' }, laterRun());
    expect(await scene.tags(scene.output('ami-id'))).not.toHaveProperty('immutable-deploy:quarantined');
  });

  test('does not build the image a second time', async () => {
    const processes = packer(scene, {
      onMade(what) {
        if (what === 'artifact') refused('RunInstances', 'InsufficientInstanceCapacity');
      },
    });
    await expect(scene.run({ 'smoke-test': 'status' }, { processes })).rejects.toThrow(
      'Run the bake again when that is mended',
    );
    const imageId = newest();
    await scene.run({ 'smoke-test': 'status' }, laterRun());
    expect(scene.output('ami-id')).toBe(imageId);
    expect(scene.started).not.toContain('build');
  });

  test('because the runner cannot reach the instance is told as such', async () => {
    const silent = async () => {
      throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    };
    const given = { 'smoke-test': 'http', 'smoke-test-url': 'http://{private-ip}:8080/health' };
    await expect(scene.run(given, { fetch: silent, processes: packer(scene) })).rejects.toThrow(
      /:8080\/health cannot be reached from the runner .*Nothing is known about the image/,
    );
  });

  test('because somebody ends the instance is told as such', async () => {
    scene.harness.aws.ec2.middlewareStack.add((next, { commandName }) => async (args) => {
      if (commandName === 'DescribeInstanceStatusCommand')
        for (const { InstanceId = '' } of await testInstances())
          await scene.harness.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
      return await next(args);
    });
    await expect(scene.run({ 'smoke-test': 'status' })).rejects.toThrow(
      /could not be made: the instance was ended in the middle of the test \(shutting-down: .*user initiated/i,
    );
  });

  test('because the agent never reports names what it needs', async () => {
    const given = { 'smoke-test': 'ssm', 'smoke-test-command': 'true' };
    await expect(scene.run(given, withTags({ 'sandbox:boot': 'never-healthy' }))).rejects.toThrow(
      /agent of Systems Manager never reported.*AmazonSSMManagedInstanceCore/,
    );
  });

  test.each([
    [{ 'smoke-test-launch-template': 'gone' }, 'There is no launch template gone with the version $Default'],
    [{ 'smoke-test-subnet': 'subnet-0123456789abcdef0' }, 'There is no subnet subnet-0123456789abcdef0'],
  ])('is refused before anything is built: %o', async (given, problem) => {
    await expect(scene.run({ 'smoke-test': 'status', ...given })).rejects.toThrow(problem);
    expect(scene.started).toEqual([]);
  });
});

test('a cancel in the middle of the test leaves the instance to nobody', async () => {
  const cancel = new AbortController();
  const { clock } = scene.harness.sandbox;
  const patient = {
    now: () => clock.now(),
    sleep: async (ms: number, signal?: AbortSignal) => {
      if ((await testInstances()).length > 0) cancel.abort(new Error('cancelled'));
      await clock.sleep(ms, signal);
    },
  };
  const overrides = { clock: patient, signal: cancel.signal, processes: packer(scene) };
  await expect(scene.run({ 'smoke-test': 'status' }, overrides)).rejects.toThrow('cancelled');
  expect((await testInstances()).map(({ State }) => State?.Name)).toEqual(['shutting-down']);
  const saved = scene.context.cleanUps.at(-1);
  if (saved?.mode !== 'bake') throw new Error('The post step has nothing to do.');
  await scene.harness.drive(cleanUpBake({ aws: scene.harness.aws, clock }, saved));
  expect(await scene.leftovers()).toEqual([]);
});

test('the test instance carries the mark of its bake', async () => {
  await scene.run({ 'smoke-test': 'status' });
  const [instance] = await testInstances();
  expect(tagsOf(instance ?? {})['immutable-deploy:run']).toMatch(
    /^https:\/\/github\.com\/octo\/shop\/actions\/runs\/1\/attempts\/1 until /,
  );
});

test.each([
  [{ 'smoke-test': 'ssm' }, 'say in "smoke-test-command"'],
  [{ 'smoke-test': 'http' }, 'say in "smoke-test-url"'],
  [{ 'smoke-test': 'status', 'smoke-test-command': 'true' }, 'is for "smoke-test: ssm"'],
  [
    { 'smoke-test-subnet': 'subnet-1' },
    'Nothing is tested without "smoke-test", but there is "smoke-test-subnet"',
  ],
])('inputs that do not fit together are refused before the first call: %o', async (given, problem) => {
  await expect(scene.run(given)).rejects.toThrow(problem);
  expect(scene.calls()).toEqual([]);
});
