import { DeregisterImageCommand } from '@aws-sdk/client-ec2';
import {
  AddTagsToResourceCommand,
  DeleteParametersCommand,
  DescribeInstanceInformationCommand,
  DescribeParametersCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  type ParameterStringFilter,
  PutParameterCommand,
  type PutParameterCommandInput,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addImage, publicImage } from '../../../sandbox/scene.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import { addInstances } from './load-balancer-scene.ts';

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
});

afterEach(async () => await harness.close());

const put = async (Name: string, input: Partial<PutParameterCommandInput> = {}) =>
  await harness.aws.ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', ...input }));

const read = async (Name: string, WithDecryption?: boolean) =>
  (await harness.aws.ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter?.Value;

/** The name of the error that a call ends with. */
const refusal = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

describe('an image parameter', () => {
  const image = { DataType: 'aws:ec2:image' };

  test('appears some time after it was put, when its value is an image', async () => {
    const Value = publicImage(harness.sandbox, REGION);
    expect(await put('/ami', { ...image, Value })).toMatchObject({ Version: 1 });
    expect(await refusal(read('/ami'))).toBe('ParameterNotFound');
    harness.sandbox.clock.advance(2000);
    expect(await read('/ami')).toBe(Value);
  });

  test('keeps its old version when the new value is no image', async () => {
    const Value = publicImage(harness.sandbox, REGION);
    await put('/ami', { ...image, Value });
    const gone = await addImage(harness.sandbox, harness.aws, 'gone');
    await harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: gone }));
    for (const bad of ['ami-0123456789abcdef0', gone]) {
      await put('/ami', { Value: bad, Overwrite: true });
      harness.sandbox.clock.advance(60_000);
      expect(await read('/ami')).toBe(Value);
    }
    await put('/never', { ...image, Value: gone });
    harness.sandbox.clock.advance(60_000);
    expect(await refusal(read('/never'))).toBe('ParameterNotFound');
  });

  test('cannot become a text, nor a text an image', async () => {
    await put('/text');
    expect(await refusal(put('/text', { ...image, Overwrite: true }))).toBe('ValidationException');
  });
});

describe('parameters', () => {
  test('give a secret only with decryption', async () => {
    await put('/secret', { Type: 'SecureString', Value: 'open sesame' });
    expect(await read('/secret')).not.toContain('sesame');
    expect(await read('/secret', true)).toBe('open sesame');
  });

  test('have a label on one version, and all versions in their history', async () => {
    await put('/p');
    await put('/p', { Value: 'w', Overwrite: true });
    const label = (ParameterVersion: number) =>
      harness.aws.ssm.send(
        new LabelParameterVersionCommand({ Name: '/p', ParameterVersion, Labels: ['live', '1st'] }),
      );
    expect((await label(2)).InvalidLabels).toEqual(['1st']);
    expect(await read('/p:live')).toBe('w');
    await label(1);
    expect(await read('/p:live')).toBe('v');
    const { Parameters } = await harness.aws.ssm.send(new GetParameterHistoryCommand({ Name: '/p' }));
    expect(Parameters?.map(({ Version, Value, Labels }) => [Version, Value, Labels])).toEqual([
      [1, 'v', ['live']],
      [2, 'w', []],
    ]);
    expect(await refusal(read('/p:other'))).toBe('ParameterVersionNotFound');
  });

  test('outgrow the standard tier, and do not go back', async () => {
    const Value = 'x'.repeat(5000);
    expect((await put('/p', { Value, Tier: 'Intelligent-Tiering' })).Tier).toBe('Advanced');
    expect(await refusal(put('/p', { Tier: 'Standard', Overwrite: true }))).toBe('ValidationException');
    expect((await put('/p', { Overwrite: true })).Tier).toBe('Advanced');
  });

  test.each([
    ['/aws/mine', 'AccessDeniedException'],
    ['ssm-mine', 'ValidationException'],
    ['a/b', 'ValidationException'],
    ['with space', 'ValidationException'],
  ])('cannot be called %s', async (name, code) => {
    expect(await refusal(put(name))).toBe(code);
  });

  test('are deleted one by one', async () => {
    await put('/p');
    const answer = await harness.aws.ssm.send(new DeleteParametersCommand({ Names: ['/p', '/q'] }));
    expect(answer).toMatchObject({ DeletedParameters: ['/p'], InvalidParameters: ['/q'] });
    expect((await put('/p')).Version).toBe(1);
  });

  test('have tags, but not together with an overwrite', async () => {
    const Tags = [{ Key: 'team', Value: 'shop' }];
    await put('/p', { Tags });
    expect(await refusal(put('/p', { Tags, Overwrite: true }))).toBe('ValidationException');
    const resource = { ResourceType: 'Parameter' as const, ResourceId: '/p' };
    await harness.aws.ssm.send(
      new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'stage', Value: 'dev' }] }),
    );
    const { TagList } = await harness.aws.ssm.send(new ListTagsForResourceCommand(resource));
    expect(TagList).toEqual([...Tags, { Key: 'stage', Value: 'dev' }]);
    const none = new ListTagsForResourceCommand({ ...resource, ResourceId: '/q' });
    expect(await refusal(harness.aws.ssm.send(none))).toBe('InvalidResourceId');
  });

  test.each<[ParameterStringFilter, string[]]>([
    [{ Key: 'Name', Values: ['/shop/a'] }, ['/shop/a']],
    [{ Key: 'Name', Option: 'BeginsWith', Values: ['/shop/', 'pl'] }, ['/shop/a', '/shop/deep/c', 'plain']],
    [{ Key: 'Name', Option: 'Contains', Values: ['ee'] }, ['/shop/deep/c']],
    [{ Key: 'Path', Values: ['/shop'] }, ['/shop/a']],
    [{ Key: 'Path', Option: 'Recursive', Values: ['/shop'] }, ['/shop/a', '/shop/deep/c']],
    [{ Key: 'Type', Values: ['StringList'] }, ['/shop/deep/c']],
    [{ Key: 'DataType', Values: ['aws:ec2:image'] }, []],
    [{ Key: 'tag:team', Values: ['shop'] }, ['plain']],
    [{ Key: 'tag:team' }, ['plain']],
  ])('are described by %j', async (filter, names) => {
    await put('/shop/a');
    await put('/shop/deep/c', { Type: 'StringList' });
    await put('plain', { Tags: [{ Key: 'team', Value: 'shop' }] });
    const { Parameters } = await harness.aws.ssm.send(
      new DescribeParametersCommand({ ParameterFilters: [filter] }),
    );
    expect(Parameters?.map(({ Name }) => Name)).toEqual(names);
    // Values are for those who may read them.
    for (const parameter of Parameters ?? []) expect(parameter).not.toHaveProperty('Value');
  });

  test.each([
    [{ Key: 'Value', Values: ['x'] }, 'InvalidFilterKey'],
    [{ Key: 'Name', Option: 'Recursive', Values: ['x'] }, 'InvalidFilterOption'],
  ])('are not described by %j', async (filter, code) => {
    const describeBy = new DescribeParametersCommand({ ParameterFilters: [filter] });
    expect(await refusal(harness.aws.ssm.send(describeBy))).toBe(code);
  });

  test('come in pages, and a token belongs to its query', async () => {
    for (const name of ['/s/a', '/s/b', '/s/c']) await put(name);
    const first = await harness.aws.ssm.send(new GetParametersByPathCommand({ Path: '/s', MaxResults: 2 }));
    expect(first.Parameters).toHaveLength(2);
    const { NextToken } = first;
    const rest = await harness.aws.ssm.send(new GetParametersByPathCommand({ Path: '/s', NextToken }));
    expect(rest.Parameters?.map(({ Name }) => Name)).toEqual(['/s/c']);
    expect(rest.NextToken).toBeUndefined();
    const other = new GetParametersByPathCommand({ Path: '/', NextToken });
    expect(await refusal(harness.aws.ssm.send(other))).toBe('InvalidNextToken');
    const large = new GetParametersByPathCommand({ Path: '/s', MaxResults: 11 });
    expect(await refusal(harness.aws.ssm.send(large))).toBe('ValidationException');
  });

  test('of AWS can be read and listed by their path, and are not the account’s', async () => {
    const Path = '/aws/service/ami-amazon-linux-latest';
    const { Parameters } = await harness.aws.ssm.send(new GetParametersByPathCommand({ Path }));
    expect(Parameters).not.toEqual([]);
    const described = await harness.aws.ssm.send(new DescribeParametersCommand({}));
    expect(described.Parameters).toEqual([]);
  });
});

describe('a command on an instance', () => {
  const send = async (InstanceIds: string[], executionTimeout = '60') =>
    (
      await harness.aws.ssm.send(
        new SendCommandCommand({
          InstanceIds,
          DocumentName: 'AWS-RunShellScript',
          Parameters: { commands: ['true'], executionTimeout: [executionTimeout] },
        }),
      )
    ).Command?.CommandId;

  async function addInstance(command?: string): Promise<string> {
    const tags = command === undefined ? {} : { 'sandbox:command': command };
    const image = await addImage(harness.sandbox, harness.aws, `command ${command}`, tags);
    const [id = ''] = await addInstances(harness, 1, undefined, image);
    return id;
  }

  test.each([
    [undefined, 'Success', 0],
    ['succeeds', 'Success', 0],
    ['fails', 'Failed', 1],
    ['times-out', 'TimedOut', -1],
  ])('ends as its image (%s) says: %s', async (command, Status, ResponseCode) => {
    const InstanceId = await addInstance(command);
    const CommandId = await send([InstanceId]);
    const invocation = () => harness.aws.ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
    expect(await invocation()).toMatchObject({ Status: 'InProgress', ResponseCode: -1 });
    harness.sandbox.clock.advance(60_000);
    expect(await invocation()).toMatchObject({ Status, ResponseCode });
  });

  test('needs an instance whose agent has reported', async () => {
    const [silent = ''] = await addInstances(harness, 1, 'never-healthy');
    const managed = await addInstance();
    const { InstanceInformationList } = await harness.aws.ssm.send(
      new DescribeInstanceInformationCommand({
        Filters: [{ Key: 'InstanceIds', Values: [silent, managed] }],
      }),
    );
    expect(InstanceInformationList).toMatchObject([{ InstanceId: managed, PingStatus: 'Online' }]);
    expect(await refusal(send([silent]))).toBe('InvalidInstanceId');
    const CommandId = await send([managed]);
    const other = new GetCommandInvocationCommand({ CommandId, InstanceId: silent });
    expect(await refusal(harness.aws.ssm.send(other))).toBe('InvocationDoesNotExist');
  });
});
