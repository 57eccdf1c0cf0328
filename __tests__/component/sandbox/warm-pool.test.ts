import {
  DeleteAutoScalingGroupCommand,
  DeleteWarmPoolCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeWarmPoolCommand,
  PutWarmPoolCommand,
  type PutWarmPoolCommandInput,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Harness, startHarness } from '../../support/harness.ts';
import { type GroupScene, groupScene } from './group-scene.ts';

let harness: Harness;
let scene: GroupScene;
beforeEach(async () => {
  harness = await startHarness();
  scene = await groupScene(harness, { MaxSize: 3, DesiredCapacity: 1 });
});
afterEach(async () => await harness.close());

const put = (request: Partial<PutWarmPoolCommandInput> = {}) =>
  scene.client.send(new PutWarmPoolCommand({ AutoScalingGroupName: scene.name, ...request }));

async function pool() {
  const { Instances = [] } = await scene.client.send(
    new DescribeWarmPoolCommand({ AutoScalingGroupName: scene.name }),
  );
  return Instances;
}

const poolStates = async () => (await pool()).map(({ LifecycleState }) => LifecycleState);

async function ec2State(id: string | undefined): Promise<string | undefined> {
  const { Reservations } = await harness.aws.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [id ?? ''] }),
  );
  return Reservations?.[0]?.Instances?.[0]?.State?.Name;
}

test('a pool holds stopped instances up to the maximum size, which do not count for the capacity', async () => {
  await put();
  scene.pass(13);
  expect(await poolStates()).toEqual(['Warmed:Pending', 'Warmed:Pending']);
  scene.pass(60);
  expect(await poolStates()).toEqual(['Warmed:Stopped', 'Warmed:Stopped']);
  expect(await ec2State((await pool())[0]?.InstanceId)).toBe('stopped');
  expect(await scene.states()).toEqual(['InService']);
  expect((await scene.group()).WarmPoolSize).toBe(2);
  const { AutoScalingInstances } = await scene.client.send(new DescribeAutoScalingInstancesCommand({}));
  expect(AutoScalingInstances?.map(({ LifecycleState }) => LifecycleState)).toEqual([
    'InService',
    'Warmed:Stopped',
    'Warmed:Stopped',
  ]);
});

test('the prepared capacity counts with the desired one, and the minimum size stays', async () => {
  await put({ MaxGroupPreparedCapacity: 2, MinSize: 1, PoolState: 'Running' });
  scene.pass(60);
  expect(await poolStates()).toEqual(['Warmed:Running']);
  await scene.setDesired(3);
  scene.pass(120);
  expect(await poolStates()).toEqual(['Warmed:Running']);
  expect(await scene.states()).toEqual(['InService', 'InService', 'InService']);
});

test('a scale-out starts a stopped instance of the pool before it launches a new one', async () => {
  await put({ MaxGroupPreparedCapacity: 2 });
  scene.pass(60);
  const [warm] = await pool();
  await scene.setDesired(3);
  scene.pass(10);
  expect(await ec2State(warm?.InstanceId)).toBe('pending');
  scene.pass(50);
  const descriptions = (await scene.activities()).slice(0, 2).map(({ Description }) => Description);
  expect(descriptions).toEqual([
    expect.stringMatching(/^Launching a new EC2 instance: /),
    `Launching a new EC2 instance from warm pool: ${warm?.InstanceId}`,
  ]);
  expect(await scene.states()).toEqual(['InService', 'InService', 'InService']);
  expect(await pool()).toEqual([]);
});

test('launch hooks hold an instance that leaves the pool', async () => {
  await put({ MaxGroupPreparedCapacity: 2, PoolState: 'Running' });
  scene.pass(60);
  await scene.putHook({});
  await scene.setDesired(2);
  scene.pass(60);
  expect(await scene.states()).toEqual(['InService', 'Pending:Wait']);
});

test('an instance of the pool that is terminated is replaced', async () => {
  await put({ MaxGroupPreparedCapacity: 2 });
  scene.pass(60);
  const [before] = await pool();
  await harness.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [before?.InstanceId ?? ''] }));
  scene.pass(120);
  expect(await poolStates()).toEqual(['Warmed:Stopped']);
  expect((await pool())[0]?.InstanceId).not.toBe(before?.InstanceId);
});

test('a pool that is deleted is shown until its instances are gone', async () => {
  await put({ PoolState: 'Running' });
  scene.pass(60);
  await scene.client.send(new DeleteWarmPoolCommand({ AutoScalingGroupName: scene.name }));
  expect((await scene.group()).WarmPoolConfiguration?.Status).toBe('PendingDelete');
  scene.pass(10);
  expect(await poolStates()).toEqual(['Warmed:Terminating', 'Warmed:Terminating']);
  scene.pass(60);
  expect((await scene.group()).WarmPoolConfiguration).toBeUndefined();
  expect(await scene.states()).toEqual(['InService']);
});

test('a group with a pool of instances is deleted by force only, and takes them along', async () => {
  await put({ MaxGroupPreparedCapacity: 2 });
  await scene.setDesired(0);
  scene.pass(60);
  const [warm] = await pool();
  expect(await scene.members()).toEqual([]);
  const name = { AutoScalingGroupName: scene.name };
  await expect(scene.client.send(new DeleteAutoScalingGroupCommand(name))).rejects.toThrow(
    'You cannot delete an AutoScalingGroup while there are instances',
  );
  await scene.client.send(new DeleteAutoScalingGroupCommand({ ...name, ForceDelete: true }));
  scene.pass(60);
  expect(await ec2State(warm?.InstanceId)).toBe('terminated');
  await expect(scene.group()).rejects.toThrow('There are 0');
});
