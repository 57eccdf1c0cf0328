import {
  CreateAutoScalingGroupCommand,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAccountLimitsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeTagsCommand,
  paginateDescribeAutoScalingGroups,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { errorCode } from '../../../src/errors.ts';
import { type Harness, startHarness } from '../../support/harness.ts';
import { groupScene } from './group-scene.ts';

/** What a group keeps and returns, as somebody needs it who makes a second group like the first. */

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const SETTINGS = {
  AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-only' },
  AvailabilityZoneImpairmentPolicy: {
    ZonalShiftEnabled: true,
    ImpairedZoneHealthCheckBehavior: 'IgnoreUnhealthy',
  },
  CapacityRebalance: true,
  CapacityReservationSpecification: { CapacityReservationPreference: 'none' },
  Context: 'shop',
  DefaultCooldown: 60,
  DefaultInstanceWarmup: 30,
  DeletionProtection: 'prevent-force-deletion',
  DesiredCapacityType: 'units',
  HealthCheckGracePeriod: 90,
  HealthCheckType: 'ELB',
  InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: 'retain' } },
  InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 },
  MaxInstanceLifetime: 864_000,
  NewInstancesProtectedFromScaleIn: true,
  PlacementGroup: 'close',
  ServiceLinkedRoleARN: 'arn:aws:iam::123456789012:role/own',
  TerminationPolicies: ['OldestInstance', 'Default'],
} as const;

const settings = () => ({
  ...SETTINGS,
  TerminationPolicies: [...SETTINGS.TerminationPolicies],
});

describe('settings', () => {
  test('given at the creation are described', async () => {
    const scene = await groupScene(harness, settings());
    expect(await scene.group()).toMatchObject(settings());
  });

  test('given by an update are described, and stay when another one comes', async () => {
    const scene = await groupScene(harness);
    const name = { AutoScalingGroupName: scene.name };
    await scene.client.send(new UpdateAutoScalingGroupCommand({ ...name, ...settings() }));
    expect(await scene.group()).toMatchObject(settings());
    await scene.client.send(new UpdateAutoScalingGroupCommand({ ...name, MaxSize: 5 }));
    expect(await scene.group()).toMatchObject({ ...settings(), MaxSize: 5 });
  });

  test('are taken back by the values that mean nothing', async () => {
    const scene = await groupScene(harness, settings());
    await scene.client.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: scene.name,
        Context: '',
        DefaultInstanceWarmup: -1,
        DeletionProtection: 'none',
        InstanceMaintenancePolicy: { MinHealthyPercentage: -1, MaxHealthyPercentage: -1 },
        MaxInstanceLifetime: 0,
        PlacementGroup: '',
      }),
    );
    const group = await scene.group();
    expect(
      Object.keys(group).filter((member) =>
        [
          'Context',
          'DefaultInstanceWarmup',
          'DeletionProtection',
          'InstanceMaintenancePolicy',
          'MaxInstanceLifetime',
          'PlacementGroup',
        ].includes(member),
      ),
    ).toEqual([]);
    expect(group.CapacityRebalance).toBe(true);
  });

  test.each([
    { protection: 'prevent-force-deletion', force: true, refused: true },
    { protection: 'prevent-force-deletion', force: false, refused: false },
    { protection: 'prevent-all-deletion', force: true, refused: true },
    { protection: 'prevent-all-deletion', force: false, refused: true },
  ] as const)(
    '$protection, ForceDelete $force: refused is $refused',
    async ({ protection, force, refused }) => {
      const scene = await groupScene(harness, { DeletionProtection: protection });
      const error = await scene.client
        .send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: scene.name, ForceDelete: force }))
        .catch((reason: unknown) => reason);
      expect(errorCode(error)).toBe(refused ? 'ValidationError' : '');
      expect((await scene.group()).Status).toBe(refused ? undefined : 'Delete in progress');
    },
  );
});

test('a group that is being deleted launches nothing more, and a second call does not put it off', async () => {
  const scene = await groupScene(harness, { DesiredCapacity: 2 });
  const remove = () =>
    scene.client.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: scene.name, ForceDelete: true }),
    );
  await scene.client.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: scene.name }));
  scene.pass(20);
  await remove();
  const known = (await scene.activities()).length;
  scene.pass(5);
  await remove();
  scene.pass(5);
  expect(new Set(await scene.states())).toEqual(new Set(['Terminating']));
  const launches = (await scene.activities())
    .slice(0, -known)
    .filter(({ Description }) => Description?.startsWith('Launching'));
  expect(launches).toEqual([]);
  scene.pass(60);
  await expect(scene.group()).rejects.toThrow('There are 0');
});

test('a group needs subnets, or zones that have one in the default VPC', async () => {
  const scene = await groupScene(harness);
  const create = (where: object) =>
    scene.client.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'other',
        LaunchTemplate: { LaunchTemplateId: scene.templateId },
        MinSize: 0,
        MaxSize: 0,
        ...where,
      }),
    );
  await expect(create({})).rejects.toThrow('At least one Availability Zone or VPC Subnet is required.');
  await expect(create({ AvailabilityZones: ['us-east-1z'] })).rejects.toThrow('us-east-1z');
  await expect(create({ VPCZoneIdentifier: 'subnet-1' })).rejects.toThrow(
    "The subnet ID 'subnet-1' does not exist",
  );
  await create({ AvailabilityZones: ['us-east-1c'] });
  const { AutoScalingGroups } = await scene.client.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['other'] }),
  );
  expect(AutoScalingGroups?.[0]?.AvailabilityZones).toEqual(['us-east-1c']);
});

describe('lists of groups', () => {
  test('come in pages of at most a hundred', async () => {
    for (const name of ['a', 'b', 'c']) await groupScene(harness, { AutoScalingGroupName: name });
    const client = harness.aws.autoScaling;
    const names: (string | undefined)[][] = [];
    for await (const page of paginateDescribeAutoScalingGroups({ client, pageSize: 2 }, {}))
      names.push((page.AutoScalingGroups ?? []).map(({ AutoScalingGroupName }) => AutoScalingGroupName));
    expect(names).toEqual([['a', 'b'], ['c']]);
    await expect(client.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 101 }))).rejects.toThrow(
      "1 validation error detected: Value '101' at 'maxRecords' failed to satisfy constraint: Member must have value less than or equal to 100",
    );
  });

  test('leave the instances out when they are not wanted', async () => {
    await groupScene(harness, { DesiredCapacity: 1 });
    const { AutoScalingGroups } = await harness.aws.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ IncludeInstances: false }),
    );
    expect(AutoScalingGroups?.[0]?.Instances).toEqual([]);
  });

  test('are counted against the limits of the account', async () => {
    await groupScene(harness);
    expect(await harness.aws.autoScaling.send(new DescribeAccountLimitsCommand({}))).toMatchObject({
      MaxNumberOfAutoScalingGroups: 500,
      NumberOfAutoScalingGroups: 1,
    });
  });
});

describe('tags', () => {
  test('are put on instances at their launch when they propagate, and found by filters', async () => {
    const scene = await groupScene(harness);
    const tag = { ResourceId: scene.name, ResourceType: 'auto-scaling-group' };
    await scene.client.send(
      new CreateOrUpdateTagsCommand({
        Tags: [
          { ...tag, Key: 'team', Value: 'shop', PropagateAtLaunch: true },
          { ...tag, Key: 'note', Value: 'x', PropagateAtLaunch: false },
        ],
      }),
    );
    await scene.setDesired(1);
    scene.pass(30);
    const { Reservations } = await harness.aws.ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [(await scene.member()).InstanceId] }),
    );
    const keys = Reservations?.[0]?.Instances?.[0]?.Tags?.map(({ Key }) => Key);
    expect(keys).toContain('team');
    expect(keys).not.toContain('note');
    const found = async (Name: string, value: string) => {
      const { Tags } = await scene.client.send(
        new DescribeTagsCommand({ Filters: [{ Name, Values: [value] }] }),
      );
      return Tags?.map(({ Key }) => Key);
    };
    expect(await found('auto-scaling-group', scene.name)).toEqual(['note', 'team']);
    expect(await found('key', 'team')).toEqual(['team']);
    expect(await found('value', 'x')).toEqual(['note']);
    expect(await found('propagate-at-launch', 'true')).toEqual(['team']);
    await expect(found('color', 'x')).rejects.toThrow('Filter type color is not correct.');
  });
});
