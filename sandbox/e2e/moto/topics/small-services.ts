import type { Comparison } from '../differential.ts';
import { leftOutOfParameters } from '../rules/left-out-here.ts';
import { smallServiceRules } from '../rules/small-services.ts';
import { PUBLIC_IMAGE, publicImage, questions } from './common.ts';

/** A token as GitHub makes it; neither side looks at its signature. */
const TOKEN = [
  { alg: 'RS256', kid: 'rehearsal', typ: 'JWT' },
  {
    iss: 'https://token.actions.githubusercontent.com',
    sub: 'repo:octo/shop:environment:dev',
    aud: 'sts.amazonaws.com',
    iat: 1_700_000_000,
    exp: 4_000_000_000,
  },
  'signature',
]
  .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
  .join('.');

const parameter = (more: object) => ({ Name: '/shop/ami', ...more });
const alarm = {
  AlarmName: 'errors',
  Namespace: 'AWS/ApplicationELB',
  MetricName: 'HTTPCode_Target_5XX_Count',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  Dimensions: [{ Name: 'LoadBalancer', Value: 'app/shop/0123456789abcdef' }],
};

/** STS, parameters, topics and alarms. */
export const smallServices: Comparison = {
  topic: 'identity, parameters, topics and alarms',
  script: [
    PUBLIC_IMAGE,
    { name: 'who', call: 'sts GetCallerIdentity' },
    {
      name: 'assume',
      call: 'sts AssumeRoleWithWebIdentity',
      input: {
        RoleArn: 'arn:aws:iam::123456789012:role/deploy',
        RoleSessionName: 'run-42',
        WebIdentityToken: TOKEN,
        DurationSeconds: 3600,
      },
    },

    { name: 'put', call: 'ssm PutParameter', input: parameter({ Type: 'String', Value: 'one' }) },
    { name: 'put again', call: 'ssm PutParameter', input: parameter({ Type: 'String', Value: 'two' }) },
    { name: 'overwrite', call: 'ssm PutParameter', input: parameter({ Value: 'two', Overwrite: true }) },
    { name: 'get', call: 'ssm GetParameter', input: parameter({}) },
    { name: 'get the first', call: 'ssm GetParameter', input: { Name: '/shop/ami:1' } },
    { name: 'get a missing one', call: 'ssm GetParameter', input: { Name: '/shop/other' } },
    { name: 'get a missing version', call: 'ssm GetParameter', input: { Name: '/shop/ami:7' } },
    { name: 'get two', call: 'ssm GetParameters', input: { Names: ['/shop/ami', '/shop/other'] } },
    {
      name: 'put an image',
      call: 'ssm PutParameter',
      input: { Name: '/shop/image', Type: 'String', DataType: 'aws:ec2:image', Value: publicImage },
    },
    { pause: 60 },
    { name: 'get the image', call: 'ssm GetParameter', input: { Name: '/shop/image' } },
    {
      name: 'put a secret',
      call: 'ssm PutParameter',
      input: { Name: '/shop/secret', Type: 'SecureString', Value: 's3cret' },
    },
    {
      name: 'get the secret',
      call: 'ssm GetParameter',
      input: { Name: '/shop/secret', WithDecryption: true },
    },
    {
      name: 'by path',
      call: 'ssm GetParametersByPath',
      input: { Path: '/shop', WithDecryption: true },
    },
    {
      name: 'describe',
      call: 'ssm DescribeParameters',
      input: { ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/shop'] }] },
    },
    { name: 'history', call: 'ssm GetParameterHistory', input: parameter({}) },
    {
      name: 'label',
      call: 'ssm LabelParameterVersion',
      input: parameter({ ParameterVersion: 1, Labels: ['good'] }),
    },
    { name: 'get by label', call: 'ssm GetParameter', input: { Name: '/shop/ami:good' } },
    { name: 'delete', call: 'ssm DeleteParameter', input: parameter({}) },
    { name: 'delete again', call: 'ssm DeleteParameter', input: parameter({}) },
    { name: 'delete two', call: 'ssm DeleteParameters', input: { Names: ['/shop/image', '/shop/ami'] } },

    { name: 'topic', call: 'sns CreateTopic', input: { Name: 'deployments' } },
    { name: 'the same topic', call: 'sns CreateTopic', input: { Name: 'deployments' } },
    { name: 'topics', call: 'sns ListTopics' },
    {
      name: 'publish',
      call: 'sns Publish',
      input: { TopicArn: '{topic.TopicArn}', Subject: 'Deployed', Message: 'The shop is deployed.' },
    },
    {
      name: 'publish to an unknown topic',
      call: 'sns Publish',
      input: { TopicArn: 'arn:aws:sns:us-east-1:123456789012:other', Message: 'Nobody hears it.' },
    },
    {
      name: 'publish nothing',
      call: 'sns Publish',
      input: { TopicArn: '{topic.TopicArn}', Message: '' },
    },
    {
      name: 'publish a long subject',
      call: 'sns Publish',
      input: { TopicArn: '{topic.TopicArn}', Subject: 'x'.repeat(101), Message: 'Too long.' },
    },
    { name: 'delete the topic', call: 'sns DeleteTopic', input: { TopicArn: '{topic.TopicArn}' } },

    { name: 'alarm', call: 'cloudwatch PutMetricAlarm', input: alarm },
    ...questions('cloudwatch DescribeAlarms', {
      'alarm by name': { AlarmNames: ['errors'] },
      'alarms by prefix': { AlarmNamePrefix: 'err' },
      'an unknown alarm': { AlarmNames: ['other'] },
    }),
    {
      name: 'set',
      call: 'cloudwatch SetAlarmState',
      input: { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'by hand' },
    },
    {
      name: 'set an unknown one',
      call: 'cloudwatch SetAlarmState',
      input: { AlarmName: 'other', StateValue: 'ALARM', StateReason: 'by hand' },
    },
    ...questions('cloudwatch DescribeAlarms', {
      'alarms by state': { StateValue: 'ALARM' },
      'alarms in no state': { StateValue: 'OK' },
    }),
    { name: 'delete the alarm', call: 'cloudwatch DeleteAlarms', input: { AlarmNames: ['errors'] } },
    { name: 'no alarms', call: 'cloudwatch DescribeAlarms' },
  ],
  rules: [...smallServiceRules, ...leftOutOfParameters],
};
