import {
  AttachInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  SetInstanceHealthCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, publicImage } from '../../../sandbox/scene.ts';
import { errorCode } from '../../../src/errors.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import { groupScene } from './group-scene.ts';

/** Standby, attaching, detaching and terminating single instances. */

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

async function instance(): Promise<string> {
  const { Instances } = await harness.aws.ec2.send(
    new RunInstancesCommand({
      ImageId: publicImage(harness.sandbox, REGION),
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
    }),
  );
  harness.sandbox.clock.advance(10_000);
  return Instances?.[0]?.InstanceId ?? '';
}

const groupTag = async (id: string) => {
  const { Reservations } = await harness.aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const tags = Reservations?.[0]?.Instances?.[0]?.Tags ?? [];
  return tags.find(({ Key }) => Key === 'aws:autoscaling:groupName')?.Value;
};

describe('standby', () => {
  test('without a lower capacity brings a replacement; coming back raises the capacity', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1, MaxSize: 2 });
    const standby = {
      AutoScalingGroupName: scene.name,
      InstanceIds: [(await scene.member()).InstanceId],
    };
    const { Activities } = await scene.client.send(
      new EnterStandbyCommand({ ...standby, ShouldDecrementDesiredCapacity: false }),
    );
    expect(Activities?.[0]?.Cause).toMatch(/was moved to standby in response to a user request\.$/);
    scene.pass(60);
    expect(await scene.states()).toEqual(['Standby', 'InService']);
    await scene.client.send(new ExitStandbyCommand(standby));
    scene.pass(60);
    expect(await scene.states()).toEqual(['InService', 'InService']);
    expect((await scene.group()).DesiredCapacity).toBe(2);
  });

  test('takes the instance from its target groups once it is drained, and puts it back', async () => {
    const { targetGroupArn } = await addGroup(harness.sandbox, harness.aws, {
      name: 'web',
      imageId: publicImage(harness.sandbox, REGION),
      size: 1,
    });
    const region = harness.sandbox.world.region(REGION);
    const seen = () => ({
      member: region.state.groups.get('web')?.members[0]?.lifecycleState,
      target: region.state.targetGroups.get(targetGroupArn)?.targets.values().next().value?.[0]?.state,
    });
    const InstanceIds = [region.state.groups.get('web')?.members[0]?.instanceId ?? ''];
    const standby = { AutoScalingGroupName: 'web', InstanceIds };
    await harness.aws.autoScaling.send(
      new EnterStandbyCommand({ ...standby, ShouldDecrementDesiredCapacity: true }),
    );
    expect(seen()).toEqual({ member: 'EnteringStandby', target: 'draining' });
    harness.sandbox.clock.advance(30_000);
    expect(seen()).toEqual({ member: 'Standby', target: undefined });
    await harness.aws.autoScaling.send(new ExitStandbyCommand(standby));
    harness.sandbox.clock.advance(6000);
    expect(seen()).toEqual({ member: 'InService', target: 'initial' });
  });

  test('is refused where the minimum size would be passed', async () => {
    const scene = await groupScene(harness, { MinSize: 1, DesiredCapacity: 1, MaxSize: 1 });
    const { InstanceId } = await scene.member();
    await expect(
      scene.client.send(
        new EnterStandbyCommand({
          AutoScalingGroupName: scene.name,
          InstanceIds: [InstanceId],
          ShouldDecrementDesiredCapacity: true,
        }),
      ),
    ).rejects.toThrow(
      'AutoScalingGroup web has min-size=1, max-size=1, and desired-size=1. To place into standby 1 instance, please update the AutoScalingGroup sizes appropriately.',
    );
    expect(await scene.states()).toEqual(['InService']);
  });

  test('an instance in standby is not replaced when it fails', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1 });
    const { InstanceId } = await scene.member();
    await scene.client.send(
      new EnterStandbyCommand({
        AutoScalingGroupName: scene.name,
        InstanceIds: [InstanceId],
        ShouldDecrementDesiredCapacity: true,
      }),
    );
    scene.pass(10);
    await harness.aws.ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
    await scene.client.send(new SetInstanceHealthCommand({ InstanceId, HealthStatus: 'Unhealthy' }));
    scene.pass(300);
    expect(await scene.states()).toEqual(['Standby']);
  });
});

describe('attaching and detaching', () => {
  test('a detached instance runs on without its group, and can be attached again', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1 });
    const { InstanceId } = await scene.member();
    const request = { AutoScalingGroupName: scene.name, InstanceIds: [InstanceId] };
    const { Activities } = await scene.client.send(
      new DetachInstancesCommand({ ...request, ShouldDecrementDesiredCapacity: true }),
    );
    expect(Activities?.[0]).toMatchObject({
      Description: `Detaching EC2 instance: ${InstanceId}`,
      StatusCode: 'InProgress',
    });
    expect(Activities?.[0]?.Cause).toMatch(/shrinking the capacity from 1 to 0\.$/);
    expect(await scene.states()).toEqual(['Detaching']);
    scene.pass(60);
    expect(await scene.group()).toMatchObject({ DesiredCapacity: 0, Instances: [] });
    expect(await groupTag(InstanceId)).toBeUndefined();
    await scene.client.send(new AttachInstancesCommand(request));
    scene.pass(60);
    expect(await scene.group()).toMatchObject({
      DesiredCapacity: 1,
      Instances: [{ InstanceId, LifecycleState: 'InService', LaunchTemplate: { Version: '1' } }],
    });
    expect(await groupTag(InstanceId)).toBe('web');
  });

  test('detaching without a lower capacity brings a replacement', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1 });
    const { InstanceId } = await scene.member();
    await scene.client.send(
      new DetachInstancesCommand({
        AutoScalingGroupName: scene.name,
        InstanceIds: [InstanceId],
        ShouldDecrementDesiredCapacity: false,
      }),
    );
    scene.pass(60);
    expect((await scene.member()).InstanceId).not.toBe(InstanceId);
  });

  test('an instance that no template launched shows none', async () => {
    const scene = await groupScene(harness);
    await scene.client.send(
      new AttachInstancesCommand({ AutoScalingGroupName: scene.name, InstanceIds: [await instance()] }),
    );
    scene.pass(10);
    expect((await scene.member()).LaunchTemplate).toBeUndefined();
  });

  test('attaching is refused above the maximum size, for stopped instances, and for members of another group', async () => {
    const scene = await groupScene(harness, { MaxSize: 1 });
    const other = await groupScene(harness, { AutoScalingGroupName: 'other', DesiredCapacity: 1 });
    const attach = (...InstanceIds: string[]) =>
      scene.client.send(new AttachInstancesCommand({ AutoScalingGroupName: scene.name, InstanceIds }));
    await expect(attach(await instance(), await instance())).rejects.toThrow('max-size=1');
    const stopped = await instance();
    await harness.aws.ec2.send(new StopInstancesCommand({ InstanceIds: [stopped] }));
    await expect(attach(stopped)).rejects.toThrow("must be in 'running' state");
    await expect(attach((await other.member()).InstanceId)).rejects.toThrow('already part of');
    expect((await scene.group()).DesiredCapacity).toBe(0);
  });
});

describe('terminating one instance', () => {
  test('lowers the capacity when it is told to, not below the minimum', async () => {
    const scene = await groupScene(harness, { MinSize: 1, DesiredCapacity: 2 });
    const [first, second] = (await scene.members()).map(({ InstanceId }) => InstanceId);
    const terminate = (InstanceId: string | undefined) =>
      scene.client.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
      );
    const { Activity } = await terminate(first);
    expect(Activity?.Cause).toMatch(/user request, shrinking the capacity from 2 to 1\.$/);
    await expect(terminate(second)).rejects.toThrow(
      "Currently, desiredSize equals minSize (1). Terminating instance without replacement will violate group's min size constraint.",
    );
    scene.pass(60);
    expect(await scene.group()).toMatchObject({ DesiredCapacity: 1, Instances: [{ InstanceId: second }] });
  });

  test('is refused while it goes already, and for an instance of no group', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1 });
    const terminate = async (InstanceId: string) =>
      await scene.client.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: false }),
      );
    const { InstanceId } = await scene.member();
    await terminate(InstanceId);
    const error = await terminate(InstanceId).catch((reason: unknown) => reason);
    expect(errorCode(error)).toBe('ScalingActivityInProgress');
    const outside = await instance();
    await expect(terminate(outside)).rejects.toThrow(
      `Instance Id not found - No managed instance found for instance ID: ${outside}`,
    );
  });
});
