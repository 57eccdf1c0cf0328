import {
  BatchDeleteScheduledActionCommand,
  BatchPutScheduledUpdateGroupActionCommand,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DeleteNotificationConfigurationCommand,
  DeleteScheduledActionCommand,
  DescribeAccountLimitsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeNotificationConfigurationsCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  DescribeTagsCommand,
  DisableMetricsCollectionCommand,
  EnableMetricsCollectionCommand,
  ExecutePolicyCommand,
  PutNotificationConfigurationCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
  paginateDescribeAutoScalingGroups,
  paginateDescribePolicies,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { errorCode } from '../../../src/errors.ts';
import { type Harness, START, startHarness } from '../../support/harness.ts';
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

describe('scaling policies', () => {
  test('are returned as they were put, by name and type, in pages', async () => {
    const scene = await groupScene(harness);
    const name = { AutoScalingGroupName: scene.name };
    const tracking = {
      PolicyName: 'cpu',
      PolicyType: 'TargetTrackingScaling',
      EstimatedInstanceWarmup: 60,
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
        TargetValue: 40,
        DisableScaleIn: false,
      },
    } as const;
    const step = {
      PolicyName: 'step',
      PolicyType: 'StepScaling',
      AdjustmentType: 'ChangeInCapacity',
      MetricAggregationType: 'Average',
      StepAdjustments: [
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 10, ScalingAdjustment: 2 },
      ],
      Enabled: false,
    };
    for (const policy of [tracking, step])
      await scene.client.send(new PutScalingPolicyCommand({ ...name, ...policy }));
    // Put again: replaced, with the same ARN.
    const { PolicyARN } = await scene.client.send(new PutScalingPolicyCommand({ ...name, ...step }));
    const described: object[] = [];
    for await (const page of paginateDescribePolicies({ client: scene.client, pageSize: 1 }, { ...name })) {
      expect(page.ScalingPolicies).toHaveLength(1);
      described.push(...(page.ScalingPolicies ?? []));
    }
    expect(described).toEqual([
      { ...name, ...tracking, PolicyARN: expect.any(String), Enabled: true, StepAdjustments: [], Alarms: [] },
      { ...name, ...step, PolicyARN, Alarms: [] },
    ]);
    const { ScalingPolicies } = await scene.client.send(
      new DescribePoliciesCommand({ ...name, PolicyTypes: ['StepScaling'] }),
    );
    expect(ScalingPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['step']);
  });

  test.each([
    { AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: -1, from: 3, to: 2 },
    { AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 9, from: 3, to: 10 },
    { AdjustmentType: 'PercentChangeInCapacity', ScalingAdjustment: 10, from: 3, to: 4 },
    { AdjustmentType: 'PercentChangeInCapacity', ScalingAdjustment: 50, from: 3, to: 4 },
    { AdjustmentType: 'PercentChangeInCapacity', ScalingAdjustment: -50, from: 3, to: 2 },
    {
      AdjustmentType: 'PercentChangeInCapacity',
      ScalingAdjustment: 50,
      MinAdjustmentMagnitude: 4,
      from: 3,
      to: 7,
    },
  ])(
    '$AdjustmentType $ScalingAdjustment takes the capacity from $from to $to',
    async ({ from, to, ...policy }) => {
      const scene = await groupScene(harness, { MaxSize: 10, DesiredCapacity: from });
      const PolicyName = 'simple';
      await scene.client.send(
        new PutScalingPolicyCommand({ AutoScalingGroupName: scene.name, PolicyName, ...policy }),
      );
      await scene.client.send(new ExecutePolicyCommand({ AutoScalingGroupName: scene.name, PolicyName }));
      expect((await scene.group()).DesiredCapacity).toBe(to);
      scene.pass(60);
      expect(await scene.members()).toHaveLength(to);
    },
  );
});

test('scheduled actions are put, one by one or many, and deleted; what is refused is told by name', async () => {
  const scene = await groupScene(harness);
  const name = { AutoScalingGroupName: scene.name };
  await scene.client.send(
    new PutScheduledUpdateGroupActionCommand({
      ...name,
      ScheduledActionName: 'night',
      Recurrence: '0 20 * * *',
      TimeZone: 'Europe/Berlin',
      DesiredCapacity: 0,
    }),
  );
  const { FailedScheduledUpdateGroupActions } = await scene.client.send(
    new BatchPutScheduledUpdateGroupActionCommand({
      ...name,
      ScheduledUpdateGroupActions: [
        { ScheduledActionName: 'day', StartTime: new Date(START + 86_400_000), MinSize: 1 },
        { ScheduledActionName: 'past', StartTime: new Date(START - 1000), MinSize: 1 },
      ],
    }),
  );
  expect(FailedScheduledUpdateGroupActions).toEqual([
    {
      ScheduledActionName: 'past',
      ErrorCode: 'ValidationError',
      ErrorMessage: 'Given start time is in the past',
    },
  ]);
  const names = async () => {
    const { ScheduledUpdateGroupActions = [] } = await scene.client.send(
      new DescribeScheduledActionsCommand(name),
    );
    return ScheduledUpdateGroupActions.map(({ ScheduledActionName, Recurrence, TimeZone }) => [
      ScheduledActionName,
      Recurrence,
      TimeZone,
    ]);
  };
  expect(await names()).toEqual([
    ['night', '0 20 * * *', 'Europe/Berlin'],
    ['day', undefined, undefined],
  ]);
  await scene.client.send(new DeleteScheduledActionCommand({ ...name, ScheduledActionName: 'night' }));
  const { FailedScheduledActions } = await scene.client.send(
    new BatchDeleteScheduledActionCommand({ ...name, ScheduledActionNames: ['day', 'night'] }),
  );
  expect(FailedScheduledActions?.map(({ ScheduledActionName }) => ScheduledActionName)).toEqual(['night']);
  expect(await names()).toEqual([]);
});

test('notifications are kept by topic, and putting a topic again replaces its types', async () => {
  const scene = await groupScene(harness);
  const name = { AutoScalingGroupName: scene.name };
  const put = (TopicARN: string, ...NotificationTypes: string[]) =>
    scene.client.send(new PutNotificationConfigurationCommand({ ...name, TopicARN, NotificationTypes }));
  const launch = 'autoscaling:EC2_INSTANCE_LAUNCH';
  const error = 'autoscaling:EC2_INSTANCE_LAUNCH_ERROR';
  const [one, other] = ['arn:aws:sns:us-east-1:123456789012:one', 'arn:aws:sns:us-east-1:123456789012:other'];
  await put(one, launch, error);
  await put(other, launch);
  await put(one, error);
  const described = async () => {
    const { NotificationConfigurations = [] } = await scene.client.send(
      new DescribeNotificationConfigurationsCommand({ AutoScalingGroupNames: [scene.name] }),
    );
    return NotificationConfigurations.map(({ TopicARN, NotificationType }) => [TopicARN, NotificationType]);
  };
  expect(await described()).toEqual([
    [other, launch],
    [one, error],
  ]);
  await scene.client.send(new DeleteNotificationConfigurationCommand({ ...name, TopicARN: other }));
  expect(await described()).toEqual([[one, error]]);
});

test('metrics are collected by name, or all of them', async () => {
  const scene = await groupScene(harness);
  const name = { AutoScalingGroupName: scene.name };
  const enabled = async () => (await scene.group()).EnabledMetrics;
  const enable = (...Metrics: string[]) =>
    scene.client.send(new EnableMetricsCollectionCommand({ ...name, Granularity: '1Minute', Metrics }));
  await enable('GroupMinSize');
  expect(await enabled()).toEqual([{ Metric: 'GroupMinSize', Granularity: '1Minute' }]);
  await scene.client.send(new EnableMetricsCollectionCommand({ ...name, Granularity: '1Minute' }));
  expect((await enabled())?.length).toBe(20);
  await scene.client.send(new DisableMetricsCollectionCommand({ ...name, Metrics: ['GroupMinSize'] }));
  expect((await enabled())?.length).toBe(19);
  await scene.client.send(new DisableMetricsCollectionCommand(name));
  expect(await enabled()).toEqual([]);
  await expect(enable('Happiness')).rejects.toThrow("Value 'Happiness' at 'metrics'");
});
