import {
  CompleteLifecycleActionCommand,
  DescribeWarmPoolCommand,
  PutLifecycleHookCommand,
  PutWarmPoolCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterEach, expect, test } from '@jest/globals';
import {
  membersOf,
  newest,
  newVersion,
  type RefreshScene,
  roll,
  rollBack,
  startScene,
  timeline,
  untilStatus,
  versions,
} from './scene.ts';

let scene: RefreshScene;
afterEach(async () => await scene.harness.close());

test('a launch hook holds the replacement, and an abandoned one is launched again', async () => {
  scene = await startScene(1);
  const { aws, sandbox } = scene.harness;
  await aws.autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName: 'web',
      LifecycleHookName: 'ready',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      HeartbeatTimeout: 600,
    }),
  );
  const complete = async (LifecycleActionResult: 'CONTINUE' | 'ABANDON') => {
    const waiting = (await membersOf(scene.harness)).find(
      (member) => member.LifecycleState === 'Pending:Wait',
    );
    await aws.autoScaling.send(
      new CompleteLifecycleActionCommand({
        AutoScalingGroupName: 'web',
        LifecycleHookName: 'ready',
        LifecycleActionResult,
        InstanceId: waiting?.InstanceId,
      }),
    );
  };
  await roll(scene, await newVersion(scene));
  sandbox.clock.advance(60_000);
  expect(await versions(scene.harness)).toEqual(['InService 1', 'Pending:Wait 2']);
  await complete('ABANDON');
  sandbox.clock.advance(60_000);
  expect((await versions(scene.harness)).toSorted()).toEqual(['InService 1', 'Pending:Wait 2']);
  await complete('CONTINUE');
  expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
  expect(await versions(scene.harness)).toEqual(['InService 2']);
});

test('the warm pool is replaced after the instances in service, and a rollback brings it back', async () => {
  scene = await startScene(1);
  const { aws, sandbox } = scene.harness;
  await aws.autoScaling.send(
    new PutWarmPoolCommand({ AutoScalingGroupName: 'web', MinSize: 2, PoolState: 'Stopped' }),
  );
  sandbox.clock.advance(300_000);
  const pool = async () => {
    const { Instances = [] } = await aws.autoScaling.send(
      new DescribeWarmPoolCommand({ AutoScalingGroupName: 'web' }),
    );
    return Instances.map((member) => `${member.LifecycleState} ${member.LaunchTemplate?.Version}`);
  };
  expect(await pool()).toEqual(['Warmed:Stopped 1', 'Warmed:Stopped 1']);

  await roll(scene, await newVersion(scene), { BakeTime: 600 });
  await untilStatus(scene.harness, 'InProgress');
  expect((await newest(scene.harness)).ProgressDetails).toEqual({
    LivePoolProgress: { PercentageComplete: 0, InstancesToUpdate: 1 },
    WarmPoolProgress: { PercentageComplete: 0, InstancesToUpdate: 2 },
  });
  for (let look = 0; look < 600 && (await membersOf(scene.harness)).length !== 2; look++)
    sandbox.clock.advance(1000);
  expect(await pool()).toEqual(['Warmed:Stopped 1', 'Warmed:Stopped 1']);
  await untilStatus(scene.harness, 'Baking');
  expect(await versions(scene.harness)).toEqual(['InService 2']);
  expect(await pool()).toEqual(['Warmed:Stopped 2', 'Warmed:Stopped 2']);

  await rollBack(scene.harness);
  expect((await timeline(scene.harness)).at(-1)).toMatch(/^RollbackSuccessful 0/);
  expect(await versions(scene.harness)).toEqual(['InService 1']);
  expect(await pool()).toEqual(['Warmed:Stopped 1', 'Warmed:Stopped 1']);
});
