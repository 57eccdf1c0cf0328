import {
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateTagsCommand, DescribeImagesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../../../sandbox/faults/rule.ts';
import { addGroup, publicImage } from '../../../../sandbox/scene.ts';
import { type Harness, REGION, startHarness } from '../../../support/harness.ts';
import { webIdentityToken } from '../../../support/web-identity.ts';
import { post, query } from './wire.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const add = (fault: Fault) => harness.sandbox.faults.add(fault);
const call = (action = 'DescribeImages', parameters = {}, version = '2016-11-15') =>
  post(harness.sandbox, query(action, parameters, version));
const statuses = async (count: number) => {
  const result: number[] = [];
  for (let index = 0; index < count; index++) result.push((await call()).status);
  return result;
};

describe('each service words them as it does', () => {
  test.each([
    ['throttle', 'DescribeImages', '2016-11-15', 503, 'RequestLimitExceeded', 'Request limit exceeded.'],
    ['throttle', 'DescribeAutoScalingGroups', '2011-01-01', 400, 'Throttling', 'Rate exceeded'],
    ['throttle', 'DescribeTargetGroups', '2015-12-01', 400, 'Throttling', 'Rate exceeded'],
    ['expired-credentials', 'DescribeImages', '2016-11-15', 400, 'RequestExpired', 'Request has expired.'],
    [
      'expired-credentials',
      'DescribeAutoScalingGroups',
      '2011-01-01',
      403,
      'ExpiredToken',
      'The security token included in the request is expired',
    ],
    ['server-error', 'DescribeImages', '2016-11-15', 500, 'InternalError', 'An internal error has occurred'],
  ] as const)('%s %s', async (kind, operation, version, status, code, message) => {
    add({ operation, effect: { kind } });
    const answer = await call(operation, {}, version);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(`<Code>${code}</Code><Message>${message}</Message>`);
    expect((await call(operation, {}, version)).status).toBe(200);
  });

  test('SSM throttles, forgets credentials and denies in JSON', async () => {
    const get = () => harness.aws.ssm.send(new GetParameterCommand({ Name: '/none' }));
    add({ service: 'ssm', times: 2, effect: { kind: 'throttle' } });
    await expect(get()).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    add({ service: 'ssm', effect: { kind: 'expired-credentials' } });
    await expect(get()).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    add({ service: 'ssm', effect: { kind: 'access-denied' } });
    await expect(get()).rejects.toThrow(
      'User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform: ssm:GetParameter because no identity-based policy allows the ssm:GetParameter action',
    );
  });
});

describe('a rule says which calls it hits', () => {
  const effect = { kind: 'server-error', status: 503 } as const;

  test('the nth and the following ones', async () => {
    add({ operation: 'DescribeImages', after: 1, times: 2, effect });
    expect(await statuses(5)).toEqual([200, 503, 503, 200, 200]);
  });

  test('always, until it is taken away', async () => {
    add({ times: 'always', effect });
    expect(await statuses(3)).toEqual([503, 503, 503]);
    harness.sandbox.faults.clear();
    expect(await statuses(1)).toEqual([200]);
  });

  test('those of one service, or with a resource anywhere in the input', async () => {
    add({ service: 'autoscaling', effect });
    add({ resource: 'ami-0000000000000000a', effect });
    expect((await call()).status).toBe(200);
    expect(
      (
        await call('DescribeTags', {
          'Filter.1.Name': 'resource-id',
          'Filter.1.Value.1': 'ami-0000000000000000a',
        })
      ).status,
    ).toBe(503);
    expect((await call('DescribeAutoScalingGroups', {}, '2011-01-01')).status).toBe(503);
  });

  test('a part of them, the same ones in every run with the same seed', async () => {
    const run = async (seed: number) => {
      harness.sandbox.faults.clear();
      add({ times: 'always', probability: 0.5, seed, effect });
      return await statuses(40);
    };
    const first = await run(1);
    const hits = first.filter((status) => status === 503).length;
    expect(hits).toBeGreaterThan(8);
    expect(hits).toBeLessThan(32);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ operation: 'DescribeImage', effect }, 'does not serve DescribeImage. Did you mean DescribeImages?'],
    [{ service: 'ec3', effect }, 'The fault rule, service: Invalid type: Expected ("ec2" | '],
    [{ effect: { kind: 'boom' } }, 'effect.kind: Invalid type: Expected ("error" | "throttle" | '],
    [{ effect, times: 0 }, 'The fault rule, times:'],
    [{ effect, often: true }, 'The fault rule, often:'],
    [{ operation: 'RunInstances', effect: { kind: 'insufficient-capacity' } }, 'hits launches, not calls'],
  ])('%j is refused with what is known', async (fault, sentence) => {
    const path = '/_sandbox/faults';
    const answer = await post(harness.sandbox, JSON.stringify(fault), {}, { path });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).error).toContain(sentence);
    expect(harness.sandbox.faults.list()).toEqual([]);
  });
});

describe('connections', () => {
  const tag = () => ({
    'ResourceId.1': publicImage(harness.sandbox, REGION),
    'Tag.1.Key': 'k',
    'Tag.1.Value': 'v',
  });
  const isTagged = () =>
    harness.sandbox.world.region(REGION).tagsOf(publicImage(harness.sandbox, REGION)).k !== undefined;

  test.each(['before', 'after'] as const)('break %s the effect', async (when) => {
    add({ operation: 'CreateTags', effect: { kind: 'reset', when } });
    await expect(call('CreateTags', tag())).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(isTagged()).toBe(when === 'after');
    expect(harness.sandbox.aws.calls.at(-1)).toMatchObject({ status: 0, error: 'ConnectionReset' });
  });

  test('hang until the client gives up; meanwhile the others are answered and time goes on', async () => {
    add({ operation: 'CreateTags', effect: { kind: 'hang' } });
    const hanging = post(harness.sandbox, query('CreateTags', tag()), {}, { patienceMilliseconds: 200 });
    const failed = expect(hanging).rejects.toThrow('No answer in 200 ms.');
    expect((await call()).status).toBe(200);
    await harness.drive(harness.sandbox.clock.sleep(3_600_000));
    await failed;
    expect(isTagged()).toBe(false);
  });

  test('hang until the faults are cleared', async () => {
    add({ operation: 'CreateTags', effect: { kind: 'hang', when: 'after' } });
    const hanging = expect(call('CreateTags', tag())).rejects.toThrow(/socket hang up|ECONNRESET/);
    while (!isTagged()) await call();
    harness.sandbox.faults.clear();
    await hanging;
  });

  test('are slow in real time', async () => {
    add({ operation: 'DescribeImages', effect: { kind: 'slow', milliseconds: 150 } });
    const start = performance.now();
    expect((await call()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(145);
  });

  test('the SDK tries a lost call again', async () => {
    add({ operation: 'DescribeImages', effect: { kind: 'reset', when: 'before' } });
    const { Images } = await harness.aws.ec2.send(new DescribeImagesCommand({}));
    expect(Images).toHaveLength(1);
  });
});

describe('capacity', () => {
  test('RunInstances finds none for one instance type', async () => {
    add({ resource: 't3.micro', effect: { kind: 'insufficient-capacity' } });
    const run = (InstanceType: 't3.micro' | 't3.small') =>
      harness.aws.ec2.send(
        new RunInstancesCommand({
          ImageId: publicImage(harness.sandbox, REGION),
          InstanceType,
          MinCount: 1,
          MaxCount: 1,
        }),
      );
    await run('t3.small');
    await expect(run('t3.micro')).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
    await run('t3.micro');
  });

  test('a group tells it in its activities, and launches when there is capacity again', async () => {
    const { sandbox, aws } = harness;
    add({ effect: { kind: 'insufficient-capacity' } });
    await addGroup(sandbox, aws, { name: 'dev', imageId: publicImage(sandbox, REGION), size: 1 });
    const { Activities } = await aws.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'dev' }),
    );
    expect(Activities?.map(({ StatusCode }) => StatusCode)).toEqual(['Successful', 'Failed']);
    expect(Activities?.[1]?.StatusMessage).toMatch(/^We currently do not have sufficient t3.micro capacity/);
    const { AutoScalingGroups } = await aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    expect(AutoScalingGroups?.[0]?.Instances).toHaveLength(1);
  });
});

describe('the log of calls', () => {
  test('has who called what, on which resources, and what became of it', async () => {
    const id = publicImage(harness.sandbox, REGION);
    await harness.aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'k', Value: 'v' }] }));
    await expect(harness.aws.ssm.send(new GetParameterCommand({ Name: '/none' }))).rejects.toThrow();
    expect(harness.sandbox.aws.calls).toEqual([
      expect.objectContaining({
        number: 1,
        time: '2026-11-02T09:00:00.000Z',
        service: 'ec2',
        operation: 'CreateTags',
        principal: 'arn:aws:iam::123456789012:user/sandbox',
        resources: [id],
        input: { Resources: [id], Tags: [{ Key: 'k', Value: 'v' }] },
        status: 200,
      }),
      expect.objectContaining({
        number: 2,
        operation: 'GetParameter',
        status: 400,
        error: 'ParameterNotFound',
      }),
    ]);
  });

  test('keeps no secrets', async () => {
    const { ssm } = harness.aws;
    const token = webIdentityToken();
    await ssm.send(new PutParameterCommand({ Name: '/s', Type: 'SecureString', Value: 'hunter2' }));
    await post(
      harness.sandbox,
      query(
        'AssumeRoleWithWebIdentity',
        { RoleArn: 'arn:aws:iam::123456789012:role/x', RoleSessionName: 's', WebIdentityToken: token },
        '2011-06-15',
      ),
    );
    await call('CreateLaunchTemplate', { LaunchTemplateName: 'a', 'LaunchTemplateData.UserData': 'hunter2' });
    const log = await (await fetch(`${harness.sandbox.url}/_sandbox/calls`)).text();
    expect(log).toContain('AssumeRoleWithWebIdentity');
    expect(log).not.toContain('hunter2');
    expect(log).not.toContain(token);
  });

  test('keeps the newest ten thousand and counts them all', async () => {
    const { sandbox } = harness;
    const request = { method: 'POST', query: '', headers: {}, body: query('DescribeRegions') };
    for (let count = 0; count < 10_002; count++) sandbox.aws.answer(request);
    expect(sandbox.aws.calls).toHaveLength(10_000);
    expect(sandbox.aws.calls[0]?.number).toBe(3);
    const answer = await fetch(`${sandbox.url}/_sandbox/calls?since=9990&limit=5`);
    expect(answer.headers.get('x-total-count')).toBe('10002');
    const records: { number: number }[] = JSON.parse(await answer.text());
    expect(records.map(({ number }) => number)).toEqual([9998, 9999, 10_000, 10_001, 10_002]);
  }, 30_000);
});
