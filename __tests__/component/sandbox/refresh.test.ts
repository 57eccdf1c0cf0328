import {
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
  type InstanceRefresh,
  type RefreshPreferences,
  RollbackInstanceRefreshCommand,
  SetDesiredCapacityCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, addImage, type GroupScene } from '../../../sandbox/scene.ts';
import { errorCode } from '../../../src/errors.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

/** The instance refresh of the local AWS, against what AWS documents and was seen to answer. */

let harness: Harness;
let scene: GroupScene;
let imageId: string;

beforeEach(async () => {
  harness = await startHarness();
  imageId = await addImage(harness.sandbox, harness.aws, 'old');
  scene = await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId, size: 1 });
});
afterEach(async () => await harness.close());

async function newVersion(tags: Record<string, string> = {}): Promise<string> {
  const next = await addImage(harness.sandbox, harness.aws, 'new', tags);
  const { LaunchTemplateVersion } = await harness.aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: scene.launchTemplateId,
      SourceVersion: '1',
      LaunchTemplateData: { ImageId: next },
    }),
  );
  return String(LaunchTemplateVersion?.VersionNumber);
}

async function start(version: string, preferences: RefreshPreferences = {}): Promise<string> {
  const { InstanceRefreshId = '' } = await harness.aws.autoScaling.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: 'web',
      DesiredConfiguration: {
        LaunchTemplate: { LaunchTemplateId: scene.launchTemplateId, Version: version },
      },
      Preferences: {
        MinHealthyPercentage: 100,
        MaxHealthyPercentage: 100,
        InstanceWarmup: 0,
        ...preferences,
      },
    }),
  );
  return InstanceRefreshId;
}

async function newest(): Promise<InstanceRefresh> {
  const { InstanceRefreshes } = await harness.aws.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'web' }),
  );
  const [refresh] = InstanceRefreshes ?? [];
  if (!refresh) throw new Error('There is no refresh.');
  return refresh;
}

async function group() {
  const { AutoScalingGroups } = await harness.aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  const [found] = AutoScalingGroups ?? [];
  if (!found) throw new Error('There is no group.');
  return found;
}

async function versions(): Promise<string[]> {
  return ((await group()).Instances ?? []).map(
    (instance) => `${instance.LifecycleState} ${instance.LaunchTemplate?.Version}`,
  );
}

/** Looks every five seconds until the refresh is over: everything that was seen, without repetitions. */
async function timeline(): Promise<string[]> {
  const seen: string[] = [];
  for (let look = 0; look < 2000; look++) {
    const refresh = await newest();
    const line = [refresh.Status, refresh.PercentageComplete ?? '-', refresh.InstancesToUpdate ?? '-'].join(
      ' ',
    );
    if (seen.at(-1) !== line) seen.push(line);
    if (refresh.EndTime) return seen;
    harness.sandbox.clock.advance(5000);
  }
  throw new Error(`The refresh does not end: ${seen.join(', ')}`);
}

const code = async (work: Promise<unknown>) =>
  errorCode(
    await work.then(
      () => new Error(),
      (error: unknown) => error,
    ),
  );

describe('a refresh of one instance at 100/100', () => {
  test('goes through 0, 25, 50 and 100 %, as natively', async () => {
    await start(await newVersion());
    expect(await timeline()).toEqual([
      'Pending - -',
      'InProgress 0 1',
      'InProgress 25 1',
      'InProgress 50 1',
      'Successful 100 0',
    ]);
  });

  test('launches before it terminates', async () => {
    await start(await newVersion());
    harness.sandbox.clock.advance(14_000);
    expect(await versions()).toEqual(['InService 1', 'Pending 2']);
    await timeline();
    expect(await versions()).toEqual(['InService 2']);
    const { Activities } = await harness.aws.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'web' }),
    );
    expect(Activities?.slice(0, 2).map((activity) => activity.Cause?.replace(/At \S+ /, ''))).toEqual([
      'an instance was taken out of service in response to an instance refresh.',
      'an instance was launched in response to an instance refresh.',
    ]);
  });

  test("leaves the group's version old until it is successful", async () => {
    await start(await newVersion());
    harness.sandbox.clock.advance(60_000);
    expect((await newest()).Status).toBe('InProgress');
    expect((await group()).LaunchTemplate?.Version).toBe('1');
    await timeline();
    expect((await group()).LaunchTemplate?.Version).toBe('2');
  });

  test('echoes its preferences with defaults, and fills in the name of the template', async () => {
    const version = await newVersion();
    await harness.aws.autoScaling.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: 'web',
        DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: 'web', Version: version } },
      }),
    );
    const refresh = await newest();
    // Without a warm-up of the group its health check grace period counts.
    expect(refresh.Preferences).toEqual({
      MinHealthyPercentage: 90,
      InstanceWarmup: 60,
      SkipMatching: false,
      AutoRollback: false,
      AlarmSpecification: {},
    });
    expect(refresh.DesiredConfiguration?.LaunchTemplate).toEqual({
      LaunchTemplateId: scene.launchTemplateId,
      LaunchTemplateName: 'web',
      Version: version,
    });
    expect(Object.keys(refresh)).not.toEqual(expect.arrayContaining(['StartTime']));
  });

  test('bakes when a bake time is given', async () => {
    await start(await newVersion(), { BakeTime: 60 });
    expect(await timeline()).toEqual(expect.arrayContaining(['Baking 100 0', 'Successful 100 0']));
  });

  test('is over at once for an empty group', async () => {
    await harness.aws.autoScaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 0 }),
    );
    harness.sandbox.clock.advance(200_000);
    await start(await newVersion());
    expect(await timeline()).toEqual(['Pending - -', 'Successful 100 0']);
  });

  test('waits for the warm-up', async () => {
    await start(await newVersion(), { InstanceWarmup: 300 });
    harness.sandbox.clock.advance(240_000);
    const refresh = await newest();
    expect(refresh.PercentageComplete).toBe(25);
    expect(refresh.StatusReason).toMatch(
      /^Waiting for instances to warm up before continuing\. For example: i-\w+ is warming up\.$/,
    );
  });
});

describe('an image that never becomes healthy', () => {
  const bad = { 'sandbox:boot': 'never-healthy' };

  test('makes no progress for an hour, and is rolled back then', async () => {
    const version = await newVersion(bad);
    const begun = harness.sandbox.clock.now();
    await start(version, { AutoRollback: true, InstanceWarmup: 60 });
    const seen = await timeline();
    expect(seen.at(-1)).toMatch(/^RollbackSuccessful 0 1$/);
    expect((harness.sandbox.clock.now() - begun) / 60_000).toBeGreaterThan(60);
    expect(await versions()).toEqual(['InService 1']);
    expect((await group()).LaunchTemplate?.Version).toBe('1');
    expect((await newest()).RollbackDetails?.RollbackReason).toContain('no progress for an hour');
  });

  test('fails without auto-rollback; the group then heals itself from its saved configuration', async () => {
    await start(await newVersion(bad), { InstanceWarmup: 60 });
    expect((await timeline()).at(-1)).toMatch(/^Failed/);
    expect((await group()).LaunchTemplate?.Version).toBe('1');
    harness.sandbox.clock.advance(1_800_000);
    expect(await versions()).toEqual(['InService 1']);
  });

  test('is replaced by the group again and again, with activities that say why', async () => {
    await start(await newVersion(bad), { InstanceWarmup: 60 });
    harness.sandbox.clock.advance(600_000);
    const { Activities } = await harness.aws.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'web' }),
    );
    const causes = Activities?.filter((activity) =>
      activity.Cause?.includes('ELB system health check failure'),
    );
    expect(causes?.length).toBeGreaterThan(2);
  });
});

describe('rollback and cancel', () => {
  test('a rollback brings the saved configuration back', async () => {
    await start(await newVersion(), { InstanceWarmup: 300 });
    harness.sandbox.clock.advance(60_000);
    await harness.aws.autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName: 'web' }));
    expect(await newest()).toMatchObject({
      Status: 'RollbackInProgress',
      StatusReason: 'Rollback triggered due to user request.',
    });
    expect((await timeline()).at(-1)).toBe('RollbackSuccessful 0 1');
    expect(await versions()).toEqual(['InService 1']);
  });

  test('a cancel leaves what was replaced, and the saved configuration', async () => {
    await start(await newVersion(), { InstanceWarmup: 300 });
    harness.sandbox.clock.advance(60_000);
    await harness.aws.autoScaling.send(
      new CancelInstanceRefreshCommand({ AutoScalingGroupName: 'web', WaitForTransitioningInstances: false }),
    );
    expect((await newest()).Status).toBe('Cancelling');
    expect((await timeline()).at(-1)).toMatch(/^Cancelled/);
    expect((await group()).LaunchTemplate?.Version).toBe('1');
  });

  test('without a refresh there is nothing to roll back or cancel', async () => {
    expect(
      await code(
        harness.aws.autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName: 'web' })),
      ),
    ).toBe('ActiveInstanceRefreshNotFound');
    expect(
      await code(
        harness.aws.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: 'web' })),
      ),
    ).toBe('ActiveInstanceRefreshNotFound');
  });

  test('a pending refresh cannot be rolled back', async () => {
    await start(await newVersion());
    expect(
      await code(
        harness.aws.autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName: 'web' })),
      ),
    ).toBe('ActiveInstanceRefreshNotFound');
  });

  test('a refresh without desired configuration, or of a group on an alias, is irreversible', async () => {
    await harness.aws.autoScaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: 'web' }));
    harness.sandbox.clock.advance(10_000);
    expect(
      await code(
        harness.aws.autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName: 'web' })),
      ),
    ).toBe('IrreversibleInstanceRefresh');
  });
});

describe('what is refused', () => {
  test('a second start, already while the first is pending', async () => {
    const version = await newVersion();
    await start(version);
    expect(await code(start(version))).toBe('InstanceRefreshInProgress');
  });

  test('an update of the configuration while a refresh with a desired one is active; the unchanged one is accepted', async () => {
    const version = await newVersion();
    await start(version);
    const update = (Version: string) =>
      harness.aws.autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName: 'web',
          LaunchTemplate: { LaunchTemplateId: scene.launchTemplateId, Version },
        }),
      );
    await expect(update(version)).rejects.toThrow(
      /An active instance refresh with a desired configuration exists/,
    );
    await update('1');
  });

  test.each<[string, RefreshPreferences, RegExp]>([
    [
      'percentages too far apart',
      { MinHealthyPercentage: 0, MaxHealthyPercentage: 200 },
      /must be less than or equal to 100/,
    ],
    ['a percentage out of range', { MinHealthyPercentage: 101 }, /at 'preferences.minHealthyPercentage'/],
  ])('%s', async (_what, preferences, message) => {
    await expect(start(await newVersion(), preferences)).rejects.toThrow(message);
    const { InstanceRefreshes } = await harness.aws.autoScaling.send(
      new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'web' }),
    );
    // Validation is synchronous and leaves no entry in the history.
    expect(InstanceRefreshes).toEqual([]);
  });

  test('auto-rollback without a desired configuration', async () => {
    const work = harness.aws.autoScaling.send(
      new StartInstanceRefreshCommand({ AutoScalingGroupName: 'web', Preferences: { AutoRollback: true } }),
    );
    await expect(work).rejects.toThrow(
      /The AutoRollback parameter cannot be set to true when the DesiredConfiguration parameter is empty/,
    );
  });
});

test('a scale-out during a refresh launches the desired configuration', async () => {
  await start(await newVersion(), { InstanceWarmup: 300, MaxHealthyPercentage: 200 });
  harness.sandbox.clock.advance(60_000);
  await harness.aws.autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 2 }),
  );
  harness.sandbox.clock.advance(30_000);
  expect((await versions()).filter((line) => line.endsWith('2'))).toHaveLength(2);
});

test('the same script gives the same timeline every time', async () => {
  const run = async () => {
    const other = await startHarness();
    try {
      const image = await addImage(other.sandbox, other.aws, 'shop');
      await addGroup(other.sandbox, other.aws, { name: 'web', imageId: image, size: 3 });
      await other.aws.autoScaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: 'web' }));
      other.sandbox.clock.advance(3_600_000);
      const { Activities } = await other.aws.autoScaling.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'web' }),
      );
      return Activities?.map((activity) => [activity.StartTime, activity.EndTime, activity.Description]);
    } finally {
      await other.close();
    }
  };
  expect(await run()).toEqual(await run());
});
