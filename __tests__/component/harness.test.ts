import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addGroup, addImage } from '../../sandbox/scene.ts';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

test('a scene has a group in service whose targets are healthy', async () => {
  const { sandbox, aws } = harness;
  const imageId = await addImage(sandbox, aws, 'first');
  const { targetGroupArn } = await addGroup(sandbox, aws, { name: 'dev', imageId, size: 2 });
  const { AutoScalingGroups } = await aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  expect(AutoScalingGroups?.[0]?.Instances?.map((instance) => instance.LifecycleState)).toEqual([
    'InService',
    'InService',
  ]);
  const { TargetHealthDescriptions } = await aws.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  expect(TargetHealthDescriptions?.map((target) => target.TargetHealth?.State)).toEqual([
    'healthy',
    'healthy',
  ]);
});
