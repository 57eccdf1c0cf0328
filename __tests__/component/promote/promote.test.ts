import {
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  SetDesiredCapacityCommand,
  StartInstanceRefreshCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, addImage } from '../../../sandbox/scene.ts';
import { promote } from '../../../src/promote/promote.ts';
import { tagsOf } from '../../../src/tags.ts';
import {
  COMMIT_A,
  COMMIT_B,
  COMMIT_C,
  type Harness,
  inputsOf,
  startHarness,
  type TestContext,
} from '../../support/harness.ts';

let harness: Harness;
let context: TestContext;
let launchTemplateId: string;
let imageA: string;
let imageB: string;

beforeEach(async () => {
  harness = await startHarness();
  imageA = await bakedImage('shop-a', COMMIT_A);
  imageB = await bakedImage('shop-b', COMMIT_B);
  ({ launchTemplateId } = await addGroup(harness.sandbox, harness.aws, {
    name: 'dev',
    imageId: imageA,
    size: 2,
  }));
  context = harness.context();
});
afterEach(async () => await harness.close());

async function bakedImage(name: string, commit: string, tags: Record<string, string> = {}): Promise<string> {
  return await addImage(harness.sandbox, harness.aws, name, {
    'immutable-deploy:application': 'octo/shop',
    'immutable-deploy:commit': commit,
    'immutable-deploy:branch': 'main',
    ...tags,
  });
}

async function run(
  given: Record<string, string>,
  overrides: Parameters<Harness['context']>[0] = {},
): Promise<void> {
  context = harness.context(overrides);
  await harness.drive(
    promote(inputsOf('promote', { environment: 'dev', 'auto-scaling-groups': 'dev', ...given }), context),
  );
}

async function group(name = 'dev') {
  const { AutoScalingGroups } = await harness.aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  const [found] = AutoScalingGroups ?? [];
  if (!found) throw new Error(`There is no group ${name}.`);
  return found;
}

async function refreshes() {
  const { InstanceRefreshes = [] } = await harness.aws.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'dev' }),
  );
  return InstanceRefreshes;
}

async function imageTags(id: string) {
  const { Images } = await harness.aws.ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
  return tagsOf(Images?.[0] ?? {});
}

const operations = () => harness.sandbox.aws.calls.map((call) => call.operation);
const writes = () => operations().filter((operation) => !/^(Describe|Get)/.test(operation));

describe('a good image', () => {
  test('replaces every instance, by a version that differs only in the image', async () => {
    await run({ commit: COMMIT_B });

    expect((await group()).LaunchTemplate?.Version).toBe('2');
    expect((await group()).Instances?.map((instance) => instance.LaunchTemplate?.Version)).toEqual([
      '2',
      '2',
    ]);
    const { LaunchTemplateVersions } = await harness.aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: launchTemplateId, Versions: ['1', '2'] }),
    );
    const [first, second] = LaunchTemplateVersions ?? [];
    expect(second?.LaunchTemplateData).toEqual({ ...first?.LaunchTemplateData, ImageId: imageB });
    expect(second?.VersionDescription).toBe(`immutable-deploy octo/shop ${imageB}`);
    expect(Object.fromEntries(context.report.outputs)).toMatchObject({
      'ami-id': imageB,
      'previous-ami-id': imageA,
      'launch-template-id': launchTemplateId,
      'launch-template-version': '2',
      'previous-launch-template-version': '1',
      status: 'promoted',
    });
    expect(context.report.summary).toContain('Promoted: dev');
  });

  test('is marked while it is on its way, and as promoted at the end', async () => {
    await run({ commit: COMMIT_B });
    const marks = harness.sandbox.aws.calls.filter((call) => call.operation === 'CreateTags').slice(-2);
    expect(JSON.stringify(marks[0]?.input)).toContain('immutable-deploy:promoting:dev');
    const tags = await imageTags(imageB);
    expect(tags['immutable-deploy:promoted:dev']).toMatch(/^2026-11-02T.*actions\/runs\/1$/);
    expect(tags['immutable-deploy:promoting:dev']).toBeUndefined();
  });

  test('never updates the group before the refresh, and launches before it terminates', async () => {
    await run({ commit: COMMIT_B });
    expect(operations()).not.toContain('UpdateAutoScalingGroup');
    const [refresh] = await refreshes();
    expect(refresh?.Preferences).toMatchObject({
      MinHealthyPercentage: 100,
      MaxHealthyPercentage: 150,
      AutoRollback: true,
      SkipMatching: true,
    });
    expect(refresh?.DesiredConfiguration?.LaunchTemplate).toMatchObject({
      LaunchTemplateId: launchTemplateId,
      Version: '2',
    });
  });

  test('a second run finds that nothing is to be done', async () => {
    await run({ commit: COMMIT_B });
    const before = (await refreshes()).length;
    await run({ commit: COMMIT_B });
    expect(context.report.outputs.get('status')).toBe('already-there');
    expect((await refreshes()).length).toBe(before);
  });

  test('going there and back uses the first version again', async () => {
    await run({ commit: COMMIT_B });
    await run({ commit: COMMIT_A, rollback: 'true' });
    await run({ commit: COMMIT_B });
    const { LaunchTemplateVersions } = await harness.aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: launchTemplateId }),
    );
    // Version 2 is ours for B; version 3 is ours for A (version 1 was made by somebody else); no version 4.
    expect(LaunchTemplateVersions?.map((version) => version.VersionNumber)).toEqual([3, 2, 1]);
  });

  test('says when an empty group could not be verified, and does not call it promoted', async () => {
    await harness.aws.autoScaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName: 'dev', DesiredCapacity: 0 }),
    );
    harness.sandbox.clock.advance(300_000);
    await run({ commit: COMMIT_B });
    expect(context.report.outputs.get('status')).toBe('not-verified');
    expect((await imageTags(imageB))['immutable-deploy:promoted:dev']).toBeUndefined();
  });

  test('with dry-run only the plan is told', async () => {
    harness.sandbox.aws.calls.length = 0;
    await run({ commit: COMMIT_B, 'dry-run': 'true' });
    expect(writes()).toEqual([]);
    expect(context.report.outputs.get('status')).toBe('planned');
    expect(context.report.summary).toContain('a new version made from version 1');
  });

  test('several groups are refreshed in one promotion', async () => {
    await addGroup(harness.sandbox, harness.aws, { name: 'internal', imageId: imageA, size: 1 });
    await run({ commit: COMMIT_B, 'auto-scaling-groups': 'dev, internal' });
    expect((await group('internal')).LaunchTemplate?.Version).toBe('2');
    const targets = JSON.parse(context.report.outputs.get('targets') ?? '[]');
    expect(targets.map((target: { group: string; status: string }) => [target.group, target.status])).toEqual(
      [
        ['dev', 'promoted'],
        ['internal', 'promoted'],
      ],
    );
  });
});

describe('a bad image', () => {
  test('that never becomes healthy is rolled back by AWS, fails the step and is marked as rejected', async () => {
    const bad = await bakedImage('shop-c', COMMIT_C, { 'sandbox:boot': 'never-healthy' });
    await expect(run({ commit: COMMIT_C })).rejects.toThrow(/did not get into dev \(rolled-back\)/);
    expect((await group()).LaunchTemplate?.Version).toBe('1');
    expect(
      (await group()).Instances?.filter((instance) => instance.LifecycleState === 'InService').map(
        (instance) => instance.LaunchTemplate?.Version,
      ),
    ).toEqual(['1', '1']);
    expect(context.report.outputs.get('status')).toBe('rolled-back');
    expect(context.report.summary).toMatch(/\d+ new instances failed the health checks/);
    expect(
      context.log.lines.filter(
        (line) => line.startsWith('warning: ') && line.includes('failed its health checks'),
      ),
    ).toHaveLength(3);
    const tags = await imageTags(bad);
    expect(tags['immutable-deploy:rejected:dev']).toBeDefined();
    expect(tags['immutable-deploy:promoted:dev']).toBeUndefined();
    expect(tags['immutable-deploy:promoting:dev']).toBeUndefined();
  });

  test('behind a load balancer is found by the verification when the group only checks EC2, and is taken back', async () => {
    await addGroup(harness.sandbox, harness.aws, {
      name: 'trusting',
      imageId: imageA,
      size: 1,
      healthCheckType: 'EC2',
    });
    await bakedImage('shop-c', COMMIT_C, { 'sandbox:boot': 'never-healthy' });
    await expect(
      run({ commit: COMMIT_C, 'auto-scaling-groups': 'trusting', 'verify-timeout': '60' }),
    ).rejects.toThrow(/targets of trusting are not healthy/);
    expect(context.report.outputs.get('status')).toBe('rolled-back');
    expect((await group('trusting')).LaunchTemplate?.Version).toBe('1');
    expect(context.log.text).toContain('health check type is EC2');
  });

  test('that cannot be launched is rolled back with the cause from the scaling activities, and is not called bad', async () => {
    const unlucky = await bakedImage('shop-c', COMMIT_C, { 'sandbox:boot': 'fails-to-launch' });
    await expect(run({ commit: COMMIT_C })).rejects.toThrow(/do not have sufficient t3.micro capacity/);
    expect(
      context.log.lines.filter((line) => line.startsWith('warning: ') && line.includes('t3.micro capacity')),
    ).toHaveLength(1);
    expect((await imageTags(unlucky))['immutable-deploy:rejected:dev']).toBeUndefined();
  });

  test('in one of two groups: the promotion is partial and says so', async () => {
    await addGroup(harness.sandbox, harness.aws, {
      name: 'trusting',
      imageId: imageA,
      size: 0,
      healthCheckType: 'EC2',
    });
    await bakedImage('shop-c', COMMIT_C, { 'sandbox:boot': 'never-healthy' });
    await expect(
      run({ commit: COMMIT_C, 'auto-scaling-groups': 'dev,trusting', 'on-failure': 'leave' }),
    ).rejects.toThrow(/\(partial\)/);
  });
});

describe('before the first write', () => {
  const refused = async (given: Record<string, string>, message: RegExp) => {
    harness.sandbox.aws.calls.length = 0;
    await expect(run(given)).rejects.toThrow(message);
    expect(writes()).toEqual([]);
  };

  test('every group that does not exist is named', async () => {
    await refused(
      { 'auto-scaling-groups': 'dev,nope,nada', commit: COMMIT_B },
      /no Auto Scaling group "nope"[\s\S]*no Auto Scaling group "nada"/,
    );
  });

  test('a commit without an image names the fix', async () => {
    await refused({ commit: COMMIT_C }, /There is no image of "octo\/shop" for commit c+ in us-east-1/);
  });

  test('an image that does not exist, or no longer', async () => {
    await refused({ 'ami-id': 'ami-0123456789abcdef0' }, /There is no image ami-0123456789abcdef0/);
    await harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: imageB }));
    await refused({ 'ami-id': imageB }, /There is no image/);
  });

  test('a quarantined image is refused', async () => {
    const bad = await bakedImage('shop-c', COMMIT_C, { 'immutable-deploy:quarantined': 'smoke test failed' });
    await refused({ 'ami-id': bad }, /quarantined \(smoke test failed\)/);
    await refused({ commit: COMMIT_C }, /quarantined \(smoke test failed\)/);
  });

  test('a suspended process without which a refresh hangs', async () => {
    await harness.aws.autoScaling.send(
      new SuspendProcessesCommand({
        AutoScalingGroupName: 'dev',
        ScalingProcesses: ['Launch', 'AZRebalance'],
      }),
    );
    await refused(
      { commit: COMMIT_B },
      /suspended processes without which a refresh does not work: Launch\./,
    );
  });

  test('a present image that is gone, because a rollback to it could not work', async () => {
    await harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: imageA }));
    await refused(
      { commit: COMMIT_B },
      new RegExp(`The image ${imageA} that the group "dev" runs no longer exists`),
    );
  });

  test('an older commit over a newer one, unless that is wanted', async () => {
    await run({ commit: COMMIT_B });
    await refused({ commit: COMMIT_A }, /already runs a newer commit/);
    await run({ commit: COMMIT_A, 'allow-older': 'true' });
    expect(context.report.outputs.get('status')).toBe('promoted');
  });

  test('another refresh that is under way', async () => {
    const { LaunchTemplateVersion } = await harness.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: launchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 't3.small' },
      }),
    );
    await harness.aws.autoScaling.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: 'dev',
        DesiredConfiguration: {
          LaunchTemplate: {
            LaunchTemplateId: launchTemplateId,
            Version: String(LaunchTemplateVersion?.VersionNumber),
          },
        },
      }),
    );
    await refused({ commit: COMMIT_B, 'when-busy': 'fail' }, /has an instance refresh under way/);
  });

  test('several problems come in one report', async () => {
    await harness.aws.autoScaling.send(
      new SuspendProcessesCommand({ AutoScalingGroupName: 'dev', ScalingProcesses: ['Launch'] }),
    );
    await harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: imageA }));
    await refused({ commit: COMMIT_B }, /2 problems:\n- .*suspended[\s\S]*- .*no longer exists/);
  });
});

describe('rolling back by hand', () => {
  test('takes the image promoted before, and marks the one that is left as rejected', async () => {
    await run({ commit: COMMIT_A });
    await run({ commit: COMMIT_B });
    await run({ rollback: 'true' });
    expect(context.report.outputs.get('ami-id')).toBe(imageA);
    expect((await imageTags(imageB))['immutable-deploy:rejected:dev']).toContain('rolled back by hand');
  });

  test('skips an image that was rejected there', async () => {
    const imageC = await bakedImage('shop-c', COMMIT_C);
    await run({ commit: COMMIT_A });
    await run({ commit: COMMIT_B });
    await run({ rollback: 'true' });
    await run({ 'ami-id': imageC });
    await run({ rollback: 'true' });
    expect(context.report.outputs.get('ami-id')).toBe(imageA);
  });

  test('says when there is nothing to go back to', async () => {
    await expect(run({ rollback: 'true' })).rejects.toThrow(/nothing to roll back to/);
  });
});

describe('when things go wrong on the way', () => {
  test('after a refresh that was cancelled half-way, the image that the group is set to is brought back everywhere', async () => {
    await harness.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: launchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: { ImageId: imageB },
      }),
    );
    await harness.aws.autoScaling.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: 'dev',
        DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: '2' } },
        Preferences: { MinHealthyPercentage: 50 },
      }),
    );
    harness.sandbox.clock.advance(60_000);
    await harness.aws.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: 'dev' }));
    harness.sandbox.clock.advance(300_000);
    const mixed = (await group()).Instances?.map((instance) => instance.LaunchTemplate?.Version).toSorted();
    expect(mixed).toEqual(['1', '2']);

    await run({ commit: COMMIT_A });
    expect(context.report.outputs.get('status')).toBe('promoted');
    expect((await group()).Instances?.map((instance) => instance.LaunchTemplate?.Version)).toEqual([
      '1',
      '1',
    ]);
  });

  test('a lost answer of the start is found again: one refresh, and it is ours', async () => {
    harness.sandbox.faults.add({
      operation: 'StartInstanceRefresh',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    await run({ commit: COMMIT_B });
    expect(context.report.outputs.get('status')).toBe('promoted');
    expect(await refreshes()).toHaveLength(1);
    expect(context.log.text).not.toContain('was under way already');
  });

  test('when AWS only answers the start with its own errors, the state is unknown and that is said', async () => {
    const effect = { kind: 'error', code: 'ServiceUnavailable', message: 'try later', status: 503 } as const;
    harness.sandbox.faults.add({ operation: 'StartInstanceRefresh', times: 2, effect });
    await expect(run({ commit: COMMIT_B })).rejects.toThrow(
      /\(unknown\).*The instance refresh may be running: look at it/,
    );
    expect(context.report.outputs.get('status')).toBe('unknown');
    // The step came to its end: the post step has nothing to undo. Prune still takes the image for in use.
    expect(context.cleanUps.at(-1)).toBeUndefined();
    expect((await imageTags(imageB))['immutable-deploy:promoting:dev']).toBeDefined();
  });

  test('when AWS refuses the start, nothing runs, nothing is left to clean up, and the image is not called bad', async () => {
    const effect = {
      kind: 'error',
      code: 'AccessDenied',
      message: 'You are not authorized to use launch template',
      status: 403,
    } as const;
    harness.sandbox.faults.add({ operation: 'StartInstanceRefresh', times: 1, effect });
    await expect(run({ commit: COMMIT_B })).rejects.toThrow(
      /\(failed\).*AWS refused the call: You are not authorized/,
    );
    expect(context.cleanUps).toEqual([expect.objectContaining({ mode: 'promote' }), undefined]);
    const tags = await imageTags(imageB);
    expect(tags['immutable-deploy:promoting:dev']).toBeUndefined();
    expect(tags['immutable-deploy:rejected:dev']).toBeUndefined();
  });

  test('a lost answer of the new version makes no second one', async () => {
    harness.sandbox.faults.add({
      operation: 'CreateLaunchTemplateVersion',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    await run({ commit: COMMIT_B });
    const { LaunchTemplateVersions } = await harness.aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: launchTemplateId }),
    );
    expect(LaunchTemplateVersions).toHaveLength(2);
  });

  test('a throttled watcher goes on watching', async () => {
    harness.sandbox.faults.add({
      operation: 'DescribeInstanceRefreshes',
      after: 3,
      times: 4,
      effect: { kind: 'error', code: 'Throttling', message: 'Rate exceeded', status: 400 },
    });
    await run({ commit: COMMIT_B });
    expect(context.report.outputs.get('status')).toBe('promoted');
    expect(context.log.text).toContain('a call failed (Rate exceeded)');
  });

  test('the same refresh started by somebody else is watched, and not undone by us', async () => {
    const first = harness.context();
    const second = harness.context();
    const inputs = inputsOf('promote', {
      environment: 'dev',
      'auto-scaling-groups': 'dev',
      commit: COMMIT_B,
    });
    await harness.drive(
      (async () => {
        const leading = promote(inputs, first);
        await harness.sandbox.clock.sleep(60_000);
        await Promise.all([leading, promote(inputs, second)]);
      })(),
    );
    expect(await refreshes()).toHaveLength(1);
    expect(second.log.text).toContain('was under way already and is watched');
    expect(second.cleanUps).toEqual([]);
    expect(second.report.outputs.get('status')).toBe('promoted');
  });

  test('when its time is over the refresh is rolled back and watched to the end', async () => {
    const slow = await bakedImage('shop-c', COMMIT_C, { 'sandbox:boot': 'never-healthy' });
    await expect(
      run({ commit: COMMIT_C, 'timeout-minutes': '10', 'max-failed-instances': '1000' }),
    ).rejects.toThrow(
      /did not finish within timeout-minutes \(10\)[\s\S]* \d+ new instances? failed the health checks[\s\S]* The group was rolled back/,
    );
    expect(context.report.outputs.get('status')).toBe('rolled-back');
    expect((await imageTags(slow))['immutable-deploy:rejected:dev']).toBeUndefined();
  });

  test('a trouble that was told before the time was over is not told again while it is rolled back', async () => {
    await bakedImage('shop-c', COMMIT_C, { 'sandbox:boot': 'fails-to-launch' });
    const reason =
      /did not finish .* We currently do not have sufficient t3\.micro capacity.* The group was rolled back/;
    await expect(
      run({ commit: COMMIT_C, 'timeout-minutes': '10', 'max-failed-instances': '1000' }),
    ).rejects.toThrow(reason);
    expect(
      context.log.lines.filter((line) => line.startsWith('warning: ') && line.includes('We currently')),
    ).toHaveLength(1);
  });

  test('on-timeout: leave lets it go on and says that the state is unknown', async () => {
    await bakedImage('shop-c', COMMIT_C, { 'sandbox:boot': 'never-healthy' });
    await expect(
      run({
        commit: COMMIT_C,
        'timeout-minutes': '10',
        'on-timeout': 'leave',
        'max-failed-instances': '1000',
      }),
    ).rejects.toThrow(/It goes on/);
    expect(context.report.outputs.get('status')).toBe('unknown');
    expect((await refreshes())[0]?.Status).toBe('InProgress');
  });

  test('a cancel ends the wait at once and leaves the clean-up to the post step', async () => {
    const controller = new AbortController();
    context = harness.context({ signal: controller.signal });
    const work = promote(
      inputsOf('promote', { environment: 'dev', 'auto-scaling-groups': 'dev', commit: COMMIT_B }),
      context,
    );
    await harness.drive(
      (async () => {
        await harness.sandbox.clock.sleep(60_000);
        controller.abort(new Error('cancelled'));
      })(),
    );
    await expect(work).rejects.toThrow(/cancelled/);
    expect(context.report.outputs.get('status')).toBe('cancelled');
    expect(context.cleanUps.at(-1)).toMatchObject({
      mode: 'promote',
      onCancel: 'rollback',
      refreshes: [{ group: 'dev', configuration: { LaunchTemplate: { Version: '2' } } }],
    });
    expect((await refreshes())[0]?.Status).toBe('InProgress');
  });
});
