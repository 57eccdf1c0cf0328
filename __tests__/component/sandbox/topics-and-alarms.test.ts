import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
});

afterEach(async () => await harness.close());

describe('a topic', () => {
  test('keeps what is published, with the time', async () => {
    const { TopicArn = '' } = await harness.aws.sns.send(new CreateTopicCommand({ Name: 'ops' }));
    await harness.aws.sns.send(new PublishCommand({ TopicArn, Subject: 'Hi', Message: 'text' }));
    expect(harness.sandbox.world.region(REGION).state.topics.get(TopicArn)?.messages).toEqual([
      { at: harness.sandbox.clock.now(), subject: 'Hi', message: 'text' },
    ]);
  });

  test('is created once, subscribed to, and deleted', async () => {
    const create = () => harness.aws.sns.send(new CreateTopicCommand({ Name: 'ops' }));
    const { TopicArn } = await create();
    const subscribe = () =>
      harness.aws.sns.send(
        new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }),
      );
    const { SubscriptionArn } = await subscribe();
    expect((await subscribe()).SubscriptionArn).toBe(SubscriptionArn);
    expect((await create()).TopicArn).toBe(TopicArn);
    const { Attributes } = await harness.aws.sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ Owner: '123456789012', SubscriptionsConfirmed: '1' });
    const { Subscriptions } = await harness.aws.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions).toMatchObject([{ SubscriptionArn, Protocol: 'email' }]);
    await harness.aws.sns.send(new DeleteTopicCommand({ TopicArn }));
    await harness.aws.sns.send(new DeleteTopicCommand({ TopicArn }));
    await expect(
      harness.aws.sns.send(new PublishCommand({ TopicArn, Message: 'text' })),
    ).rejects.toMatchObject({ name: 'NotFoundException', $metadata: { httpStatusCode: 404 } });
  });

  test.each([
    ['an empty message', { Message: '' }, 'Empty message'],
    ['JSON without a default', { Message: '{}', MessageStructure: 'json' }, 'No default entry'],
    ['a structure that is no JSON', { Message: 'text', MessageStructure: 'json' }, 'failed to parse'],
    ['a message of more than 256 KiB', { Message: 'x'.repeat(262_145) }, 'Message too long'],
  ])('refuses %s', async (_what, input, text) => {
    const { TopicArn } = await harness.aws.sns.send(new CreateTopicCommand({ Name: 'ops' }));
    await expect(harness.aws.sns.send(new PublishCommand({ TopicArn, ...input }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(text),
    });
  });

  test('is one of a hundred a page', async () => {
    for (let index = 0; index < 101; index++)
      await harness.aws.sns.send(new CreateTopicCommand({ Name: `topic-${index}` }));
    const first = await harness.aws.sns.send(new ListTopicsCommand({}));
    expect(first.Topics).toHaveLength(100);
    const rest = await harness.aws.sns.send(new ListTopicsCommand({ NextToken: first.NextToken }));
    expect(rest.Topics).toHaveLength(1);
    expect(rest.NextToken).toBeUndefined();
  });
});

describe('an alarm', () => {
  let cloudwatch: CloudWatchClient;

  beforeEach(() => {
    cloudwatch = new CloudWatchClient({
      region: REGION,
      endpoint: harness.sandbox.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });

  const define = async (AlarmName: string, Threshold = 5) =>
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'HTTPCode_Target_5XX_Count',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold,
        Tags: [{ Key: 'team', Value: 'shop' }],
      }),
    );

  const say = async (AlarmName: string, state: StateValue) =>
    await cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason: `says ${state}` }),
    );

  const named = async (input: DescribeAlarmsCommandInput) =>
    (await cloudwatch.send(new DescribeAlarmsCommand(input))).MetricAlarms?.map(({ AlarmName }) => AlarmName);

  test('has no data until its state is said, and keeps its state when it is defined again', async () => {
    await define('errors');
    const described = async () => (await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms?.[0];
    expect(await described()).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      ActionsEnabled: true,
      Threshold: 5,
    });
    expect(await described()).not.toHaveProperty('Tags');
    harness.sandbox.clock.advance(60_000);
    const changedAt = new Date(harness.sandbox.clock.now());
    await say('errors', 'ALARM');
    harness.sandbox.clock.advance(60_000);
    await say('errors', 'ALARM');
    await define('errors', 7);
    const now = new Date(harness.sandbox.clock.now());
    expect(await described()).toMatchObject({
      StateValue: 'ALARM',
      StateReason: 'says ALARM',
      StateUpdatedTimestamp: now,
      StateTransitionedTimestamp: changedAt,
      AlarmConfigurationUpdatedTimestamp: now,
      Threshold: 7,
    });
  });

  test('is found by names, prefix, state and type, in the order of names', async () => {
    for (const name of ['shop-b', 'shop-a', 'blog']) await define(name);
    await say('shop-a', 'OK');
    expect(await named({})).toEqual(['blog', 'shop-a', 'shop-b']);
    expect(await named({ AlarmNames: ['shop-b', 'none'] })).toEqual(['shop-b']);
    expect(await named({ AlarmNamePrefix: 'shop' })).toEqual(['shop-a', 'shop-b']);
    expect(await named({ StateValue: 'OK' })).toEqual(['shop-a']);
    expect(await named({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
    const { NextToken } = await cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 2 }));
    expect(await named({ NextToken })).toEqual(['shop-b']);
  });

  test('that is unknown has no state, and deletes nothing', async () => {
    await define('errors');
    await expect(say('none', 'OK')).rejects.toMatchObject({ name: 'ResourceNotFound' });
    const both = new DeleteAlarmsCommand({ AlarmNames: ['errors', 'none'] });
    await expect(cloudwatch.send(both)).rejects.toMatchObject({ name: 'ResourceNotFound' });
    expect(await named({})).toEqual(['errors']);
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['errors'] }));
    expect(await named({})).toEqual([]);
  });
});
