import {
  AttachLoadBalancersCommand,
  AttachLoadBalancerTargetGroupsCommand,
  AttachTrafficSourcesCommand,
  DescribeLoadBalancersCommand,
  DescribeLoadBalancerTargetGroupsCommand,
  DescribeTrafficSourcesCommand,
  DetachLoadBalancersCommand,
  DetachLoadBalancerTargetGroupsCommand,
  DetachTrafficSourcesCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addGroup, publicImage } from '../../../sandbox/scene.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import { type GroupScene, groupScene } from './group-scene.ts';

/** Attaching target groups and other traffic sources to a group that lives, and detaching them. */

let harness: Harness;
let scene: GroupScene;
let arn: string;

beforeEach(async () => {
  harness = await startHarness();
  // A target group in use by a listener, of a group without instances.
  const imageId = publicImage(harness.sandbox, REGION);
  const { targetGroupArn } = await addGroup(harness.sandbox, harness.aws, { name: 'blue', imageId, size: 0 });
  arn = targetGroupArn;
  scene = await groupScene(harness, { DesiredCapacity: 2 });
});
afterEach(async () => await harness.close());

const targets = () =>
  [...(harness.sandbox.world.region(REGION).state.targetGroups.get(arn)?.targets.values() ?? [])]
    .flat()
    .map(({ state }) => state);

async function attachmentState(): Promise<string | undefined> {
  const { LoadBalancerTargetGroups } = await scene.client.send(
    new DescribeLoadBalancerTargetGroupsCommand({ AutoScalingGroupName: scene.name }),
  );
  return LoadBalancerTargetGroups?.[0]?.State;
}

test('a target group is Added with the registration and InService with the first healthy instance', async () => {
  const request = { AutoScalingGroupName: scene.name, TargetGroupARNs: [arn] };
  await scene.client.send(new AttachLoadBalancerTargetGroupsCommand(request));
  expect(targets()).toEqual(['initial', 'initial']);
  expect(await attachmentState()).toBe('Added');
  scene.pass(15);
  expect(await attachmentState()).toBe('InService');
  // Again: nothing changes.
  await scene.client.send(new AttachLoadBalancerTargetGroupsCommand(request));
  expect((await scene.group()).TargetGroupARNs).toEqual([arn]);
  expect(targets()).toEqual(['healthy', 'healthy']);
});

test('the instances drain from a target group that is detached, and the group forgets it', async () => {
  const request = { AutoScalingGroupName: scene.name, TargetGroupARNs: [arn] };
  await scene.client.send(new AttachLoadBalancerTargetGroupsCommand(request));
  scene.pass(30);
  await scene.client.send(new DetachLoadBalancerTargetGroupsCommand(request));
  expect(targets()).toEqual(['draining', 'draining']);
  expect(await scene.group()).toMatchObject({ TargetGroupARNs: [], TrafficSources: [] });
  scene.pass(30);
  expect(targets()).toEqual([]);
  expect(await scene.states()).toEqual(['InService', 'InService']);
  await expect(scene.client.send(new DetachLoadBalancerTargetGroupsCommand(request))).rejects.toThrow();
});

test('a target group that does not exist is refused', async () => {
  await expect(
    scene.client.send(
      new AttachLoadBalancerTargetGroupsCommand({
        AutoScalingGroupName: scene.name,
        TargetGroupARNs: [`${arn}x`],
      }),
    ),
  ).rejects.toThrow('Provided Target Groups may not be valid.');
});

test('traffic sources are target groups, Classic Load Balancers and VPC Lattice in one list', async () => {
  const lattice = 'arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-0123456789abcdef0';
  const TrafficSources = [
    { Identifier: arn },
    { Identifier: 'classic', Type: 'elb' },
    { Identifier: lattice },
  ];
  const name = { AutoScalingGroupName: scene.name };
  await scene.client.send(new AttachTrafficSourcesCommand({ ...name, TrafficSources }));
  expect(await scene.group()).toMatchObject({
    TargetGroupARNs: [arn],
    LoadBalancerNames: ['classic'],
    TrafficSources: [
      { Identifier: arn, Type: 'elbv2' },
      { Identifier: 'classic', Type: 'elb' },
      { Identifier: lattice, Type: 'vpc-lattice' },
    ],
  });
  expect(targets()).toEqual(['initial', 'initial']);
  const { TrafficSources: described } = await scene.client.send(
    new DescribeTrafficSourcesCommand({ ...name, TrafficSourceType: 'elbv2' }),
  );
  expect(described).toEqual([{ TrafficSource: arn, Identifier: arn, Type: 'elbv2', State: 'Added' }]);
  await scene.client.send(new DetachTrafficSourcesCommand({ ...name, TrafficSources }));
  expect((await scene.group()).TrafficSources).toEqual([]);
  expect(targets()).toEqual(['draining', 'draining']);
});

test('the traffic sources of a new group are its target groups', async () => {
  const other = await groupScene(harness, {
    AutoScalingGroupName: 'other',
    DesiredCapacity: 1,
    TrafficSources: [{ Identifier: arn, Type: 'elbv2' }],
  });
  expect((await other.group()).TargetGroupARNs).toEqual([arn]);
  expect(targets()).toHaveLength(1);
});

test('names of Classic Load Balancers are kept', async () => {
  const request = { AutoScalingGroupName: scene.name, LoadBalancerNames: ['classic'] };
  await scene.client.send(new AttachLoadBalancersCommand(request));
  const { LoadBalancers } = await scene.client.send(
    new DescribeLoadBalancersCommand({ AutoScalingGroupName: scene.name }),
  );
  expect(LoadBalancers?.map(({ LoadBalancerName }) => LoadBalancerName)).toEqual(['classic']);
  await scene.client.send(new DetachLoadBalancersCommand(request));
  expect((await scene.group()).LoadBalancerNames).toEqual([]);
});
