import {
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  ResumeProcessesCommand,
  SetInstanceHealthCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, addImage, publicImage } from '../../../sandbox/scene.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import { type GroupScene, groupScene } from './group-scene.ts';

/** How a group reaches its desired capacity, and what it says when it cannot. */

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

describe('scale-out', () => {
  test('spreads instances over the zones, the fewest first', async () => {
    const scene = await groupScene(harness, { MaxSize: 6, DesiredCapacity: 4 });
    const zones = (await scene.members()).map(({ AvailabilityZone }) => AvailabilityZone);
    expect(zones.toSorted()).toEqual(['us-east-1a', 'us-east-1a', 'us-east-1b', 'us-east-1b']);
  });

  test('tells all launches of one look with the same cause', async () => {
    const scene = await groupScene(harness);
    await scene.setDesired(2);
    scene.pass(30);
    const causes = (await scene.activities()).map(({ Cause }) => Cause);
    expect(causes).toHaveLength(2);
    expect(new Set(causes).size).toBe(1);
    expect(causes[0]).toMatch(/increasing the capacity from 0 to 2\.$/);
  });

  test('a failed launch says why, is tried again after growing pauses, and works when the reason is gone', async () => {
    const scene = await groupScene(harness);
    const bootTag = { Key: 'sandbox:boot', Value: 'fails-to-launch' };
    const Resources = [publicImage(harness.sandbox, REGION)];
    await harness.aws.ec2.send(new CreateTagsCommand({ Resources, Tags: [bootTag] }));
    await scene.setDesired(1);
    scene.pass(110);
    const failed = await scene.activities();
    expect(failed.map(({ StatusCode }) => StatusCode)).toEqual(['Failed', 'Failed', 'Failed']);
    const pauses = failed.map(({ StartTime }) => StartTime?.getTime() ?? 0);
    expect((pauses[0] ?? 0) - (pauses[1] ?? 0)).toBeGreaterThan((pauses[1] ?? 0) - (pauses[2] ?? 0));
    const reason =
      'We currently do not have sufficient t3.micro capacity in the Availability Zone you requested. Our system will be working on provisioning additional capacity. Launching EC2 instance failed.';
    expect(failed[0]?.StatusMessage).toBe(reason);
    expect(failed[0]?.Description).toBe(`Launching a new EC2 instance.  Status Reason: ${reason}`);
    expect(await scene.members()).toEqual([]);
    await harness.aws.ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: bootTag.Key }] }));
    scene.pass(200);
    expect(await scene.states()).toEqual(['InService']);
  });
});

describe('scale-in', () => {
  const ids = async (scene: GroupScene) => (await scene.members()).map(({ InstanceId }) => InstanceId);

  test.each([
    { policy: 'OldestInstance', goes: 0 },
    { policy: 'NewestInstance', goes: 2 },
  ])('$policy takes the instance that it names', async ({ policy, goes }) => {
    const scene = await groupScene(harness, {
      MaxSize: 3,
      AvailabilityZones: ['us-east-1a'],
      TerminationPolicies: [policy],
    });
    for (const capacity of [1, 2, 3]) {
      await scene.setDesired(capacity);
      scene.pass(30);
    }
    const before = await ids(scene);
    await scene.setDesired(2);
    scene.pass(60);
    expect(await ids(scene)).toEqual(before.filter((_, index) => index !== goes));
  });

  test('takes from the zone with the most instances, whatever the policy', async () => {
    const scene = await groupScene(harness, { MaxSize: 3, TerminationPolicies: ['OldestInstance'] });
    for (const capacity of [1, 2, 3]) {
      await scene.setDesired(capacity);
      scene.pass(30);
    }
    // The replacement of the oldest is in its zone: now the oldest is alone in the other one.
    const [InstanceId] = await ids(scene);
    await scene.client.send(
      new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: false }),
    );
    scene.pass(60);
    await scene.setDesired(2);
    scene.pass(60);
    const zones = (await scene.members()).map(({ AvailabilityZone }) => AvailabilityZone);
    expect(zones.toSorted()).toEqual(['us-east-1a', 'us-east-1b']);
  });

  test.each([
    { policies: ['Default'], goes: 1 },
    { policies: ['OldestLaunchTemplate', 'NewestInstance'], goes: 2 },
    { policies: ['NewestInstance'], goes: 3 },
  ])(
    '$policies takes number $goes of two old and one new launch template version',
    async ({ policies, goes }) => {
      const scene = await groupScene(harness, {
        MaxSize: 3,
        AvailabilityZones: ['us-east-1a'],
        TerminationPolicies: policies,
      });
      for (const capacity of [1, 2, 3]) {
        if (capacity === 3) {
          await harness.aws.ec2.send(
            new CreateLaunchTemplateVersionCommand({
              LaunchTemplateId: scene.templateId,
              SourceVersion: '1',
              LaunchTemplateData: { InstanceType: 't3.small' },
            }),
          );
        }
        await scene.setDesired(capacity);
        scene.pass(30);
      }
      const before = await ids(scene);
      await scene.setDesired(2);
      scene.pass(60);
      expect(await ids(scene)).toEqual(before.filter((_, index) => index !== goes - 1));
    },
  );

  test('never takes a protected instance', async () => {
    const scene = await groupScene(harness, {
      DesiredCapacity: 2,
      AvailabilityZones: ['us-east-1a'],
      TerminationPolicies: ['OldestInstance'],
    });
    const [oldest = '', other = ''] = (await scene.members()).map(({ InstanceId }) => InstanceId);
    await scene.client.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName: scene.name,
        InstanceIds: [oldest],
        ProtectedFromScaleIn: true,
      }),
    );
    await scene.setDesired(0);
    scene.pass(60);
    expect((await scene.members()).map(({ InstanceId }) => InstanceId)).toEqual([oldest]);
    expect(
      (await scene.activities()).map(({ StatusCode, Description }) => [StatusCode, Description]),
    ).toEqual(
      expect.arrayContaining([
        ['Successful', `Terminating EC2 instance: ${other}`],
        [
          'Cancelled',
          'Could not scale to desired capacity because all remaining instances are protected from scale-in.',
        ],
      ]),
    );
  });

  test('waits while Terminate is suspended', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1 });
    const processes = { AutoScalingGroupName: scene.name, ScalingProcesses: ['Terminate'] };
    await scene.client.send(new SuspendProcessesCommand(processes));
    await scene.setDesired(0);
    scene.pass(300);
    expect(await scene.states()).toEqual(['InService']);
    await scene.client.send(new ResumeProcessesCommand(processes));
    scene.pass(60);
    expect(await scene.members()).toEqual([]);
  });
});

describe('health', () => {
  test('an instance that fails its load balancer checks is replaced after the grace period only', async () => {
    const imageId = await addImage(harness.sandbox, harness.aws, 'broken', {
      'sandbox:boot': 'never-healthy',
    });
    // Three minutes pass while the group is made.
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId, size: 1, graceSeconds: 300 });
    expect(await health()).toEqual(['HEALTHY InService']);
    expect(await causes()).toHaveLength(1);
    harness.sandbox.clock.advance(150_000);
    expect((await causes()).slice(0, 2)).toEqual([
      expect.stringMatching(
        /an instance was launched in response to an unhealthy instance needing to be replaced\.$/,
      ),
      expect.stringMatching(/taken out of service in response to an ELB system health check failure\.$/),
    ]);
  });

  test('an instance that EC2 terminated is replaced in spite of the grace period, also before it was in service', async () => {
    const scene = await groupScene(harness, { MaxSize: 1, HealthCheckGracePeriod: 3600 });
    await scene.putHook({});
    await scene.setDesired(1);
    scene.pass(20);
    const { InstanceId } = await scene.member();
    expect(await scene.states()).toEqual(['Pending:Wait']);
    await harness.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    scene.pass(60);
    const fresh = await scene.member();
    expect(fresh.InstanceId).not.toBe(InstanceId);
    const causes = (await scene.activities()).map(({ Cause }) => Cause);
    expect(causes).toContainEqual(
      expect.stringMatching(
        /an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped\.$/,
      ),
    );
  });

  test.each(['HealthCheck', 'ReplaceUnhealthy'])(
    'nothing is replaced while %s is suspended',
    async (process) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const { InstanceId } = await scene.member();
      await scene.client.send(
        new SuspendProcessesCommand({ AutoScalingGroupName: scene.name, ScalingProcesses: [process] }),
      );
      await harness.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
      // Longer than EC2 itself remembers a terminated instance.
      scene.pass(2 * 3600);
      expect((await scene.member()).InstanceId).toBe(InstanceId);
      await scene.client.send(new ResumeProcessesCommand({ AutoScalingGroupName: scene.name }));
      scene.pass(60);
      expect((await scene.member()).InstanceId).not.toBe(InstanceId);
    },
  );

  test('a report of a user within the grace period counts only when it says so', async () => {
    const scene = await groupScene(harness, { DesiredCapacity: 1, HealthCheckGracePeriod: 600 });
    const { InstanceId } = await scene.member();
    const report = { InstanceId, HealthStatus: 'Unhealthy' };
    await scene.client.send(new SetInstanceHealthCommand(report));
    expect((await scene.member()).HealthStatus).toBe('Healthy');
    await scene.client.send(new SetInstanceHealthCommand({ ...report, ShouldRespectGracePeriod: false }));
    expect((await scene.member()).HealthStatus).toBe('Unhealthy');
    await scene.client.send(new SetInstanceHealthCommand({ InstanceId, HealthStatus: 'Healthy' }));
    scene.pass(60);
    expect((await scene.member()).InstanceId).toBe(InstanceId);
  });
});

test('instances launched while AddToLoadBalancer is suspended are not registered', async () => {
  const imageId = publicImage(harness.sandbox, REGION);
  const { targetGroupArn } = await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId, size: 1 });
  await harness.aws.autoScaling.send(
    new SuspendProcessesCommand({ AutoScalingGroupName: 'web', ScalingProcesses: ['AddToLoadBalancer'] }),
  );
  await harness.aws.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', MinSize: 2 }),
  );
  harness.sandbox.clock.advance(60_000);
  expect(await health()).toEqual(['HEALTHY InService', 'HEALTHY InService']);
  const { TargetHealthDescriptions } = await harness.aws.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  expect(TargetHealthDescriptions).toHaveLength(1);
});

test('a hundred groups and a thousand instances take seconds, and survive saving', async () => {
  const started = performance.now();
  const large = await groupScene(harness, {
    AutoScalingGroupName: 'large',
    MaxSize: 1000,
    DesiredCapacity: 1000,
  });
  for (let number = 0; number < 100; number++)
    await groupScene(harness, { AutoScalingGroupName: `group-${number}`, DesiredCapacity: 2 });
  await large.setDesired(500);
  large.pass(60);
  harness.sandbox.world.load(harness.sandbox.world.save());
  expect(await large.states()).toHaveLength(500);
  const { AutoScalingInstances: [first] = [], NextToken } = await large.client.send(
    new DescribeAutoScalingInstancesCommand({}),
  );
  expect(first?.AutoScalingGroupName).toBe('large');
  expect(NextToken).toBeDefined();
  await large.setDesired(499);
  large.pass(60);
  expect(await large.states()).toHaveLength(499);
  expect(performance.now() - started).toBeLessThan(30_000);
}, 60_000);

/** Health and state of all members of the only group that there is. */
async function health(): Promise<string[]> {
  const { AutoScalingInstances = [] } = await harness.aws.autoScaling.send(
    new DescribeAutoScalingInstancesCommand({}),
  );
  return AutoScalingInstances.map(({ HealthStatus, LifecycleState }) => `${HealthStatus} ${LifecycleState}`);
}

async function causes(): Promise<(string | undefined)[]> {
  const { Activities = [] } = await harness.aws.autoScaling.send(new DescribeScalingActivitiesCommand({}));
  return Activities.map(({ Cause }) => Cause);
}
