import {
  BatchDeleteScheduledActionCommand,
  BatchPutScheduledUpdateGroupActionCommand,
  DeleteNotificationConfigurationCommand,
  DeleteScheduledActionCommand,
  DescribeNotificationConfigurationsCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  DisableMetricsCollectionCommand,
  EnableMetricsCollectionCommand,
  ExecutePolicyCommand,
  PutNotificationConfigurationCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
  paginateDescribePolicies,
} from '@aws-sdk/client-auto-scaling';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Harness, START, startHarness } from '../../support/harness.ts';
import { groupScene } from './group-scene.ts';

/** Scaling policies, scheduled actions, notifications and metrics: what a group keeps about its future. */

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

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
