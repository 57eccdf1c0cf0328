import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Harness, REGION, startHarness } from '../../../support/harness.ts';
import { post, query } from './wire.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const signedFor = (scope: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20261102/${REGION}/${scope}/aws4_request, SignedHeaders=host`,
});
const json = (target: string, version = '1.1') => ({
  'content-type': `application/x-amz-json-${version}`,
  'x-amz-target': target,
});
const send = (body: string, headers: Record<string, string> = {}) => post(harness.sandbox, body, headers);

/** Status, code and text of a Query error. */
function xmlError({ status, body }: { status: number; body: string }) {
  const [, code] = /<Code>(.*?)<\/Code>/.exec(body) ?? [];
  const [, message] = /<Message>(.*?)<\/Message>/.exec(body) ?? [];
  return [status, code, message];
}

describe('who is meant', () => {
  test('an operation that EC2 does not have is an InvalidAction', async () => {
    expect(xmlError(await send(query('DescribeNothing')))).toEqual([
      400,
      'InvalidAction',
      'The action DescribeNothing is not valid for this web service.',
    ]);
  });

  test('an operation that only AWS has says so', async () => {
    const [, code, message] = xmlError(await send(query('CreateVpnGateway')));
    expect(code).toBe('InvalidAction');
    expect(message).toContain('the sandbox does not serve it');
  });

  test('the other Query services name the version', async () => {
    expect(xmlError(await send(query('Nothing', {}, '2011-01-01')))).toEqual([
      400,
      'InvalidAction',
      'Could not find operation Nothing for version 2011-01-01',
    ]);
  });

  test('a version that EC2 never had is a NoSuchVersion in the form of EC2', async () => {
    const answer = await send(query('DescribeImages', {}, '1999-01-01'), signedFor('ec2'));
    expect(xmlError(answer).slice(0, 2)).toEqual([400, 'NoSuchVersion']);
    expect(answer.body).toContain('<Response><Errors><Error>');
  });

  test('a request without an action is a MissingAction', async () => {
    expect(xmlError(await send('Version=2016-11-15')).slice(0, 2)).toEqual([400, 'MissingAction']);
    expect(xmlError(await send('')).slice(0, 2)).toEqual([400, 'MissingAction']);
  });

  test('an unknown target is an UnknownOperationException without a text', async () => {
    const { status, body } = await send('{}', json('AmazonSSM.Nothing'));
    expect([status, JSON.parse(body)]).toEqual([400, { __type: 'UnknownOperationException' }]);
  });

  test('names that every object has are no operations, no filters and no tags', async () => {
    expect(xmlError(await send(query('constructor')))[1]).toBe('InvalidAction');
    const filter = (name: string) =>
      send(query('DescribeImages', { 'Filter.1.Name': name, 'Filter.1.Value.1': '*' }));
    expect(xmlError(await filter('constructor'))[1]).toBe('InvalidParameterValue');
    expect((await filter('tag:constructor')).body).toContain('<imagesSet></imagesSet>');
  });
});

describe('what is given', () => {
  test('EC2 names a value that is no number, no boolean, and a parameter that it does not know', async () => {
    const bad = { MaxResults: 'many' };
    expect(xmlError(await send(query('DescribeImages', bad)))[1]).toBe('InvalidParameterValue');
    expect(xmlError(await send(query('DescribeImages', { DryRun: 'maybe' })))[1]).toBe(
      'InvalidParameterValue',
    );
    expect(xmlError(await send(query('DescribeImages', { 'Filter.1.Nmae': 'x' })))).toEqual([
      400,
      'UnknownParameter',
      'The parameter Filter.1.Nmae is not recognized',
    ]);
  });

  test('Auto Scaling calls a value that is no number malformed, and passes over what it does not know', async () => {
    const groups = (parameters: Record<string, string>) =>
      send(query('DescribeAutoScalingGroups', parameters, '2011-01-01'));
    expect(xmlError(await groups({ MaxRecords: '1.5' }))[1]).toBe('MalformedInput');
    expect((await groups({ Nothing: '1' })).status).toBe(200);
  });

  test('members that have to be there are all named', async () => {
    const answer = await send(query('SetDesiredCapacity', {}, '2011-01-01'));
    expect(xmlError(answer)).toEqual([
      400,
      'ValidationError',
      "2 validation errors detected: Value null at 'autoScalingGroupName' failed to satisfy constraint: Member must not be null; Value null at 'desiredCapacity' failed to satisfy constraint: Member must not be null",
    ]);
  });

  test.each([
    ['{"Name":5}', 'NUMBER_VALUE can not be converted to a String'],
    ['{"Name":["a"]}', 'Start of list found where not expected.'],
    ['{"Name":{}}', 'Start of structure or map found where not expected.'],
    ['{"Name":"a","WithDecryption":"yes"}', 'STRING_VALUE can not be converted to a Boolean'],
    ['{"Name"', undefined],
    ['[]', 'Start of list found where not expected.'],
  ])('SSM cannot read %s', async (body, Message) => {
    const answer = await send(body, json('AmazonSSM.GetParameter'));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      __type: 'SerializationException',
      ...(Message === undefined ? {} : { Message }),
    });
  });

  test('a body of megabytes is refused, not read', async () => {
    const answer = await send(`Action=${'a'.repeat(2_000_000)}`);
    expect(xmlError(answer).slice(0, 2)).toEqual([413, 'RequestEntityTooLarge']);
  });

  test('a name of a hundred thousand parts does no harm', async () => {
    const answer = await send(`${query('DescribeImages')}&${'a.'.repeat(100_000)}=1`);
    expect(xmlError(answer)[1]).toBe('UnknownParameter');
  });
});

describe('forms', () => {
  test('a request may come as a URL', async () => {
    const path = `/?${query('DescribeRegions')}`;
    const answer = await post(harness.sandbox, '', {}, { method: 'GET', path });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<regionName>');
  });

  test('the Region of a signed URL is the one that it is signed for', async () => {
    const signature = { 'X-Amz-Credential': 'test/20261102/eu-west-1/ec2/aws4_request' };
    const path = `/?${query('DescribeAvailabilityZones', signature)}`;
    const answer = await post(harness.sandbox, '', {}, { method: 'GET', path });
    expect(answer.body).toContain('eu-west-1a');
  });

  test('the answer has the version of JSON that the request has', async () => {
    const alarms = (version: string) =>
      send('{}', json('GraniteServiceVersion20100801.DescribeAlarms', version));
    expect((await alarms('1.0')).headers['content-type']).toBe('application/x-amz-json-1.0');
    expect((await alarms('1.1')).headers['content-type']).toBe('application/x-amz-json-1.1');
  });

  test('CloudWatch speaks JSON with new clients and Query with older ones', async () => {
    const client = new CloudWatchClient({
      region: REGION,
      endpoint: harness.sandbox.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    expect((await client.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
    const alarm = { AlarmName: 'none', StateValue: 'OK', StateReason: 'test' } as const;
    // The client reads the code that the Query protocol had from a header of its own.
    await expect(client.send(new SetAlarmStateCommand(alarm))).rejects.toMatchObject({
      name: 'ResourceNotFound',
      Code: 'ResourceNotFound',
      Type: 'Sender',
    });
    const old = await send(query('DescribeAlarms', {}, '2010-08-01'));
    expect(old.body).toMatch(/^<DescribeAlarmsResponse xmlns="http:\/\/monitoring\.amazonaws\.com/);
    expect(xmlError(await send(query('SetAlarmState', alarm, '2010-08-01'))).slice(0, 2)).toEqual([
      404,
      'ResourceNotFound',
    ]);
  });

  test('texts that XML cannot have do not make an answer unreadable', async () => {
    const name = 'a\u0000b\u0008<&>';
    const request = { AutoScalingGroupName: name };
    const { body } = await send(query('DescribeScalingActivities', request, '2011-01-01'));
    expect(body).toContain('a\ufffdb\ufffd&lt;&amp;&gt;');
  });
});
