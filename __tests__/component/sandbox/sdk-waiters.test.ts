import {
  SetDesiredCapacityCommand,
  waitUntilGroupExists,
  waitUntilGroupInService,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateImageCommand,
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilImageAvailable,
  waitUntilImageExists,
  waitUntilInstanceExists,
  waitUntilInstanceRunning,
  waitUntilInstanceStatusOk,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
  waitUntilKeyPairExists,
  waitUntilSecurityGroupExists,
  waitUntilSnapshotCompleted,
  waitUntilSystemStatusOk,
} from '@aws-sdk/client-ec2';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  waitUntilLoadBalancerAvailable,
  waitUntilLoadBalancerExists,
  waitUntilTargetDeregistered,
  waitUntilTargetInService,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { addGroup, publicImage } from '../../../sandbox/scene.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';

/** The SDK's waiters sleep in the machine's time: here AWS's time runs, an hour of it in a second. */
const SCALE = 3600;
const PACE = { minDelay: 0.01, maxDelay: 0.05, maxWaitTime: 20 };

// The waiters themselves give up earlier.
jest.setTimeout(60_000);

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
  harness.sandbox.clock.set({ scale: SCALE });
});
afterEach(async () => await harness.close());

/** The states that a waiter ends with. */
const states = async (waiters: readonly Promise<{ state: string }>[]) =>
  (await Promise.all(waiters)).map(({ state }) => state);

async function runInstance(): Promise<string> {
  const ImageId = publicImage(harness.sandbox, REGION);
  const { Instances } = await harness.aws.ec2.send(
    new RunInstancesCommand({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  return Instances?.[0]?.InstanceId ?? '';
}

describe("the JavaScript SDK's waiters", () => {
  test('see an instance start, stop and go', async () => {
    const { ec2 } = harness.aws;
    const config = { ...PACE, client: ec2 };
    const InstanceIds = [await runInstance()];
    const started = [
      waitUntilInstanceExists(config, { InstanceIds }),
      waitUntilInstanceRunning(config, { InstanceIds }),
      waitUntilInstanceStatusOk(config, { InstanceIds }),
      waitUntilSystemStatusOk(config, { InstanceIds }),
    ];
    expect(await states(started)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS']);
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    expect(await states([waitUntilInstanceStopped(config, { InstanceIds })])).toEqual(['SUCCESS']);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    expect(await states([waitUntilInstanceTerminated(config, { InstanceIds })])).toEqual(['SUCCESS']);
    await expect(waitUntilInstanceRunning(config, { InstanceIds })).rejects.toThrow(/FAILURE/);
  });

  test('see an image and its snapshot come', async () => {
    const { ec2 } = harness.aws;
    const config = { ...PACE, client: ec2 };
    const InstanceId = await runInstance();
    await waitUntilInstanceRunning(config, { InstanceIds: [InstanceId] });
    const { ImageId = '' } = await ec2.send(new CreateImageCommand({ InstanceId, Name: 'shop' }));
    const made = [
      waitUntilImageExists(config, { ImageIds: [ImageId] }),
      waitUntilImageAvailable(config, { ImageIds: [ImageId] }),
    ];
    expect(await states(made)).toEqual(['SUCCESS', 'SUCCESS']);
    const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
    const SnapshotIds = Images?.[0]?.BlockDeviceMappings?.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []) ?? [];
    expect(SnapshotIds).toHaveLength(1);
    expect(await states([waitUntilSnapshotCompleted(config, { SnapshotIds })])).toEqual(['SUCCESS']);
  });

  test('find key pairs and security groups', async () => {
    const { ec2 } = harness.aws;
    const config = { ...PACE, client: ec2 };
    await ec2.send(new CreateKeyPairCommand({ KeyName: 'builder' }));
    const group = { GroupName: 'builder', Description: "A builder's" };
    const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand(group));
    const found = [
      waitUntilKeyPairExists(config, { KeyNames: ['builder'] }),
      waitUntilSecurityGroupExists(config, { GroupIds: [GroupId] }),
    ];
    expect(await states(found)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  test('see a group and its targets come into service, and the targets go', async () => {
    const { autoScaling, elb } = harness.aws;
    const imageId = publicImage(harness.sandbox, REGION);
    const { targetGroupArn } = await addGroup(harness.sandbox, harness.aws, {
      name: 'web',
      imageId,
      size: 2,
    });
    const groups = { ...PACE, client: autoScaling };
    const name = { AutoScalingGroupNames: ['web'] };
    expect(await states([waitUntilGroupExists(groups, name), waitUntilGroupInService(groups, name)])).toEqual(
      ['SUCCESS', 'SUCCESS'],
    );
    const balancers = { ...PACE, client: elb };
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ Names: ['web'] }));
    const LoadBalancerArns = LoadBalancers?.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []) ?? [];
    const ready = [
      waitUntilLoadBalancerExists(balancers, { LoadBalancerArns }),
      waitUntilLoadBalancerAvailable(balancers, { LoadBalancerArns }),
      waitUntilTargetInService(balancers, { TargetGroupArn: targetGroupArn }),
    ];
    expect(await states(ready)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);

    const health = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    const { TargetHealthDescriptions = [] } = await elb.send(health);
    const Targets = TargetHealthDescriptions.map(({ Target }) => ({ Id: Target?.Id }));
    expect(Targets).toHaveLength(2);
    await autoScaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 0 }),
    );
    expect(
      await states([waitUntilTargetDeregistered(balancers, { TargetGroupArn: targetGroupArn, Targets })]),
    ).toEqual(['SUCCESS']);
  });
});
