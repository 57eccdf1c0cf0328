import {
  DescribeScalingActivitiesCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  causes,
  group,
  newest,
  newVersion,
  type RefreshScene,
  roll,
  startScene,
  timeline,
  versions,
} from './scene.ts';

let scene: RefreshScene;
afterEach(async () => await scene.harness.close());

const minutesSince = (time: number) => (scene.harness.sandbox.clock.now() - time) / 60_000;

describe('an image that never becomes healthy', () => {
  const bad = { 'sandbox:boot': 'never-healthy' };

  test('makes no progress for an hour, and is rolled back then', async () => {
    scene = await startScene(1);
    const version = await newVersion(scene, bad);
    const begun = scene.harness.sandbox.clock.now();
    await roll(scene, version, { AutoRollback: true, InstanceWarmup: 60 });
    expect((await timeline(scene.harness)).at(-1)).toBe('RollbackSuccessful 0 1');
    expect(minutesSince(begun)).toBeGreaterThan(60);
    expect(minutesSince(begun)).toBeLessThan(70);
    expect(await versions(scene.harness)).toEqual(['InService 1']);
    expect((await group(scene.harness)).LaunchTemplate?.Version).toBe('1');
    expect((await newest(scene.harness)).RollbackDetails?.RollbackReason).toContain(
      'no progress for an hour',
    );
  });

  test('fails without auto-rollback; the group then heals itself from its saved configuration', async () => {
    scene = await startScene(1);
    await roll(scene, await newVersion(scene, bad), { InstanceWarmup: 60 });
    expect((await timeline(scene.harness)).at(-1)).toMatch(/^Failed/);
    expect((await group(scene.harness)).LaunchTemplate?.Version).toBe('1');
    scene.harness.sandbox.clock.advance(1_800_000);
    expect(await versions(scene.harness)).toEqual(['InService 1']);
  });

  test('is replaced by the group again and again, with activities that say why', async () => {
    scene = await startScene(1);
    await roll(scene, await newVersion(scene, bad), { InstanceWarmup: 60 });
    scene.harness.sandbox.clock.advance(600_000);
    const failed = (await causes(scene.harness)).filter((cause) =>
      cause.includes('ELB system health check failure'),
    );
    expect(failed.length).toBeGreaterThan(2);
  });

  test('replaces a whole group that only looks at EC2 health', async () => {
    scene = await startScene(2, { healthCheckType: 'EC2' });
    await roll(scene, await newVersion(scene, bad));
    expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
    expect(await versions(scene.harness)).toEqual(['InService 2', 'InService 2']);
  });
});

test('an image that EC2 has no capacity for leaves failed activities with the reason, and fails after an hour', async () => {
  scene = await startScene(1);
  await roll(scene, await newVersion(scene, { 'sandbox:boot': 'fails-to-launch' }));
  expect((await timeline(scene.harness)).at(-1)).toBe('Failed 0 1');
  expect(await versions(scene.harness)).toEqual(['InService 1']);
  const { Activities = [] } = await scene.harness.aws.autoScaling.send(
    new DescribeScalingActivitiesCommand({
      AutoScalingGroupName: 'web',
      Filters: [{ Name: 'Status', Values: ['Failed'] }],
    }),
  );
  expect(Activities.length).toBeGreaterThan(3);
  expect(Activities[0]?.StatusMessage).toMatch(/do not have sufficient .* capacity/);
  expect(Activities[0]?.Cause).toContain('in response to an instance refresh');
});

describe.each(['InstanceRefresh', 'Launch', 'Terminate'])('the process %s is suspended', (process) => {
  const processes = { AutoScalingGroupName: 'web', ScalingProcesses: [process] };

  test('nothing moves until it is resumed', async () => {
    scene = await startScene(1);
    await scene.harness.aws.autoScaling.send(new SuspendProcessesCommand(processes));
    await roll(scene, await newVersion(scene));
    scene.harness.sandbox.clock.advance(1_200_000);
    expect(await newest(scene.harness)).toMatchObject({ Status: 'InProgress', PercentageComplete: 0 });
    expect((await newest(scene.harness)).StatusReason).toContain(process);
    expect(await versions(scene.harness)).toEqual(['InService 1']);
    await scene.harness.aws.autoScaling.send(new ResumeProcessesCommand(processes));
    expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
  });

  test('an hour of that is a failure', async () => {
    scene = await startScene(1);
    await scene.harness.aws.autoScaling.send(new SuspendProcessesCommand(processes));
    await roll(scene, await newVersion(scene));
    expect((await timeline(scene.harness)).at(-1)).toBe('Failed 0 1');
  });
});
