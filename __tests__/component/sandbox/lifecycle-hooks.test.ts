import {
  CompleteLifecycleActionCommand,
  DeleteLifecycleHookCommand,
  DescribeInstanceRefreshesCommand,
  DescribeLifecycleHooksCommand,
  PutLifecycleHookCommand,
  RecordLifecycleActionHeartbeatCommand,
  StartInstanceRefreshCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, publicImage } from '../../../sandbox/scene.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import { type GroupScene, groupScene, LAUNCHING, TERMINATING } from './group-scene.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const complete = (
  scene: Pick<GroupScene, 'name'>,
  InstanceId: string,
  LifecycleActionResult = 'CONTINUE',
  LifecycleHookName = 'hook',
) =>
  harness.aws.autoScaling.send(
    new CompleteLifecycleActionCommand({
      AutoScalingGroupName: scene.name,
      LifecycleHookName,
      LifecycleActionResult,
      InstanceId,
    }),
  );

/** A group whose only instance waits for its launch hook. */
async function waiting(hook: Partial<Parameters<GroupScene['putHook']>[0]>) {
  const scene = await groupScene(harness, { MaxSize: 1 });
  await scene.putHook(hook);
  await scene.setDesired(1);
  scene.pass(12);
  expect(await scene.states()).toEqual(['Pending:Wait']);
  return { scene, id: (await scene.member()).InstanceId };
}

describe('a launch hook', () => {
  test('whose time is over with CONTINUE lets the instance into service', async () => {
    const { scene, id } = await waiting({ HeartbeatTimeout: 60, DefaultResult: 'CONTINUE' });
    scene.pass(59);
    expect(await scene.states()).toEqual(['Pending:Wait']);
    scene.pass(2);
    expect(await scene.states()).toEqual(['InService']);
    expect((await scene.member()).InstanceId).toBe(id);
  });

  test('whose time is over with ABANDON has the instance replaced, and says why', async () => {
    const { scene, id } = await waiting({ HeartbeatTimeout: 60 });
    scene.pass(120);
    expect((await scene.member()).InstanceId).not.toBe(id);
    const launch = (await scene.activities()).find(({ Description }) => Description?.includes(`: ${id}.  `));
    expect(launch?.StatusCode).toBe('Cancelled');
    expect(launch?.StatusMessage).toMatch(
      /^Instance failed to complete user's Lifecycle Action: Lifecycle Action with token \S+ was abandoned: Heartbeat Timeout$/,
    );
  });

  test('is put off by heartbeats, up to the global time-out of a hundred', async () => {
    const { scene, id } = await waiting({ HeartbeatTimeout: 30 });
    const heartbeat = () =>
      scene.client.send(
        new RecordLifecycleActionHeartbeatCommand({
          AutoScalingGroupName: scene.name,
          LifecycleHookName: 'hook',
          InstanceId: id,
        }),
      );
    for (let second = 0; second < 2980; second += 20) {
      await heartbeat();
      scene.pass(20);
    }
    expect((await scene.member()).InstanceId).toBe(id);
    await heartbeat();
    scene.pass(19);
    expect((await scene.member()).InstanceId).toBe(id);
    scene.pass(30);
    await expect(heartbeat()).rejects.toThrow(`No active Lifecycle Action found with instance ID ${id}`);
  });

  test('that is deleted abandons the launches that wait for it', async () => {
    const { scene, id } = await waiting({});
    await scene.client.send(
      new DeleteLifecycleHookCommand({ AutoScalingGroupName: scene.name, LifecycleHookName: 'hook' }),
    );
    expect(await scene.states()).toEqual(['Terminating']);
    scene.pass(60);
    expect((await scene.member()).InstanceId).not.toBe(id);
    expect(await scene.states()).toEqual(['InService']);
  });

  test('of two waits for both, and registers the instance only then', async () => {
    const { targetGroupArn } = await addGroup(harness.sandbox, harness.aws, {
      name: 'shop',
      imageId: publicImage(harness.sandbox, REGION),
      size: 0,
    });
    const scene = await groupScene(harness, {
      DesiredCapacity: 1,
      TargetGroupARNs: [targetGroupArn],
      LifecycleHookSpecificationList: [
        { LifecycleHookName: 'first', LifecycleTransition: LAUNCHING },
        { LifecycleHookName: 'second', LifecycleTransition: LAUNCHING },
      ],
    });
    const { InstanceId } = await scene.member();
    const targets = () =>
      harness.sandbox.world.region(REGION).state.targetGroups.get(targetGroupArn)?.targets.size;
    await complete(scene, InstanceId, 'CONTINUE', 'first');
    scene.pass(60);
    expect(await scene.states()).toEqual(['Pending:Wait']);
    expect(targets()).toBe(0);
    await complete(scene, InstanceId, 'CONTINUE', 'second');
    expect(await scene.states()).toEqual(['Pending:Proceed']);
    scene.pass(1);
    expect(await scene.states()).toEqual(['InService']);
    expect(targets()).toBe(1);
  });

  test('tells its topic the token that ends the waiting', async () => {
    const { TopicArn: NotificationTargetARN = '' } = await harness.aws.sns.send(
      new CreateTopicCommand({ Name: 'hooks' }),
    );
    const { scene, id } = await waiting({ NotificationTargetARN, NotificationMetadata: 'm' });
    const topic = harness.sandbox.world.region(REGION).state.topics.get(NotificationTargetARN);
    const message = JSON.parse(topic?.messages.at(-1)?.message ?? '{}');
    expect(message).toMatchObject({
      AutoScalingGroupName: scene.name,
      LifecycleHookName: 'hook',
      EC2InstanceId: id,
      LifecycleTransition: LAUNCHING,
      NotificationMetadata: 'm',
    });
    await scene.client.send(
      new CompleteLifecycleActionCommand({
        AutoScalingGroupName: scene.name,
        LifecycleHookName: 'hook',
        LifecycleActionToken: message.LifecycleActionToken,
        LifecycleActionResult: 'CONTINUE',
      }),
    );
    scene.pass(1);
    expect(await scene.states()).toEqual(['InService']);
  });
});

describe('a termination hook', () => {
  test('holds the old instances of an instance refresh', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1 });
    await scene.putHook({ LifecycleTransition: TERMINATING });
    const { InstanceId } = await scene.member();
    await scene.client.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: scene.name }));
    const status = async () => {
      const { InstanceRefreshes } = await scene.client.send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: scene.name }),
      );
      return InstanceRefreshes?.[0]?.Status;
    };
    scene.pass(600);
    expect(await scene.states()).toContain('Terminating:Wait');
    expect(await status()).toBe('InProgress');
    await complete(scene, InstanceId);
    scene.pass(600);
    expect(await scene.states()).toEqual(['InService']);
    expect(await status()).toBe('Successful');
  });

  test('begins when the load balancers have drained the instance', async () => {
    await addGroup(harness.sandbox, harness.aws, {
      name: 'web',
      imageId: publicImage(harness.sandbox, REGION),
      size: 1,
    });
    await harness.aws.autoScaling.send(
      new PutLifecycleHookCommand({
        AutoScalingGroupName: 'web',
        LifecycleHookName: 'hook',
        LifecycleTransition: TERMINATING,
      }),
    );
    const states = () =>
      harness.sandbox.world
        .region(REGION)
        .state.groups.get('web')
        ?.members.map((member) => member.lifecycleState);
    const InstanceId = harness.sandbox.world.region(REGION).state.groups.get('web')?.members[0]?.instanceId;
    await harness.aws.autoScaling.send(
      new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
    );
    harness.sandbox.clock.advance(29_000);
    expect(states()).toEqual(['Terminating']);
    harness.sandbox.clock.advance(1000);
    expect(states()).toEqual(['Terminating:Wait']);
  });

  test('that is deleted lets the terminations go on', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1 });
    await scene.putHook({ LifecycleTransition: TERMINATING });
    await scene.setDesired(0);
    scene.pass(60);
    expect(await scene.states()).toEqual(['Terminating:Wait']);
    await scene.client.send(
      new DeleteLifecycleHookCommand({ AutoScalingGroupName: scene.name, LifecycleHookName: 'hook' }),
    );
    expect(await scene.states()).toEqual(['Terminating:Proceed']);
    scene.pass(30);
    expect(await scene.members()).toEqual([]);
  });

  test('has nothing to wait for once EC2 has terminated the instance', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1 });
    await scene.putHook({ LifecycleTransition: TERMINATING });
    const { InstanceId } = await scene.member();
    await scene.setDesired(0);
    scene.pass(60);
    await harness.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    scene.pass(30);
    expect(await scene.members()).toEqual([]);
  });
});

test('a hook that is put again changes what is given and keeps the rest', async () => {
  const scene = await groupScene(harness);
  await scene.putHook({ HeartbeatTimeout: 100, DefaultResult: 'CONTINUE', NotificationMetadata: 'm' });
  await scene.client.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName: scene.name,
      LifecycleHookName: 'hook',
      HeartbeatTimeout: 200,
    }),
  );
  const { LifecycleHooks } = await scene.client.send(
    new DescribeLifecycleHooksCommand({
      AutoScalingGroupName: scene.name,
      LifecycleHookNames: ['hook', 'x'],
    }),
  );
  expect(LifecycleHooks).toEqual([
    {
      AutoScalingGroupName: scene.name,
      LifecycleHookName: 'hook',
      LifecycleTransition: LAUNCHING,
      HeartbeatTimeout: 200,
      GlobalTimeout: 20_000,
      DefaultResult: 'CONTINUE',
      NotificationMetadata: 'm',
    },
  ]);
});
