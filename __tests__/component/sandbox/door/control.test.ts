import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, addImage, publicImage } from '../../../../sandbox/scene.ts';
import { type Harness, REGION, START, startHarness } from '../../../support/harness.ts';
import { post, query } from './wire.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

async function control(method: string, path: string, body?: unknown) {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${harness.sandbox.url}/_sandbox/${path}`, {
    method,
    ...(text === undefined ? {} : { body: text }),
  });
  return { status: answer.status, content: JSON.parse(await answer.text()) };
}

describe('the clock', () => {
  test('is read, advanced and set', async () => {
    expect((await control('GET', 'clock')).content).toMatchObject({ now: START, scale: 0 });
    expect((await control('POST', 'clock', { advance: 1500 })).content.now).toBe(START + 1500);
    expect((await control('POST', 'clock', { now: START + 9000 })).content.now).toBe(START + 9000);
    expect((await control('POST', 'clock', { scale: 60 })).content.scale).toBe(60);
  });

  test.each([
    ['{', 'The body is no JSON'],
    [{ advance: 'soon' }, 'It takes {"advance": milliseconds'],
    [{ advance: -1 }, 'The clock, advance: Invalid value: Expected >=0'],
    [{ advance: 1e15 }, 'The clock, advance: Invalid value: Expected <=31622400000'],
    [{ speed: 2 }, 'It takes {"advance": milliseconds'],
    [{ now: 5 }, 'it goes forward only'],
    [null, 'It takes'],
  ])('refuses %j with what it takes', async (body, sentence) => {
    const { status, content } = await control('POST', 'clock', body === null ? 'null' : body);
    expect(status).toBe(400);
    expect(content.error).toContain(sentence);
    expect(harness.sandbox.clock.now()).toBe(START);
  });
});

describe('the state', () => {
  test('is saved and loaded, with what was under way', async () => {
    const { sandbox, aws } = harness;
    const imageId = await addImage(sandbox, aws, 'shop');
    await addGroup(sandbox, aws, { name: 'dev', imageId, size: 2 });
    const saved = sandbox.world.save();
    sandbox.clock.advance(60_000);
    const later = sandbox.world.save();
    expect((await control('POST', 'reset')).status).toBe(200);
    expect((await control('PUT', 'state', saved)).status).toBe(200);
    expect(sandbox.world.save()).toBe(saved);
    sandbox.clock.advance(60_000);
    expect(sandbox.world.save()).toBe(later);
  });

  test('of garbage is refused, and nothing is changed', async () => {
    const { sandbox, aws } = harness;
    await addImage(sandbox, aws, 'shop');
    const before = sandbox.world.save();
    const broken = (change: (document: Record<string, Record<string, Record<string, unknown>>>) => void) => {
      const document = JSON.parse(before);
      change(document);
      return JSON.stringify(document);
    };
    const regions = (document: Record<string, Record<string, Record<string, unknown>>>) =>
      Object(document.state?.regions?.[REGION]);
    const garbage: [string, string][] = [
      ['', 'is no JSON'],
      ['null', 'The saved state'],
      ['{}', 'Expected "state"'],
      ['{"state":{"issued":0,"regions":{}}}', 'Expected "timers"'],
      [broken((document) => delete regions(document).images), 'region us-east-1, images'],
      [broken((document) => Object.assign(regions(document), { images: [] })), 'region us-east-1, images'],
      [
        broken((document) => Object.assign(regions(document), { images: { $table: [['a', 1]] } })),
        'region us-east-1, images',
      ],
      [broken((document) => Object.assign(regions(document), { pictures: {} })), 'pictures is not known'],
      [
        broken((document) =>
          Object.assign(document.timers ?? {}, {
            timers: [{ at: 1, sequence: 1, event: { type: 'boom', region: REGION, id: 'x' } }],
          }),
        ),
        'there is no event boom',
      ],
    ];
    for (const [text, sentence] of garbage) {
      const { status, content } = await control('PUT', 'state', text);
      expect([status, content.error]).toEqual([400, expect.stringContaining(sentence)]);
      expect(sandbox.world.save()).toBe(before);
    }
  });
});

test('faults are added, listed with what is left of them, and cleared', async () => {
  const rule = { operation: 'DescribeImages', times: 2, effect: { kind: 'throttle' } };
  await control('POST', 'faults', rule);
  await post(harness.sandbox, query('DescribeImages'));
  const { content } = await control('GET', 'faults');
  expect(content).toEqual([{ ...rule, times: 1, after: 0, probability: 1, seed: 1 }]);
  await control('DELETE', 'faults');
  expect((await control('GET', 'faults')).content).toEqual([]);
});

test('limits and the consistency delay are switched, each by itself', async () => {
  await control('PUT', 'limits', { throttling: true });
  const { content } = await control('PUT', 'limits', { 'consistency-delay-seconds': 5 });
  expect(content).toEqual({ throttling: true, 'consistency-delay-seconds': 5 });
  const { status } = await control('PUT', 'limits', { 'consistency-delay-seconds': 'long' });
  expect(status).toBe(400);
  expect((await control('GET', 'limits')).content).toEqual(content);
});

test('policies are loaded, read and taken away', async () => {
  const documents = { '*': { Statement: { Effect: 'Allow', Action: 'ec2:*', Resource: '*' } } };
  await control('PUT', 'iam', documents);
  expect((await control('GET', 'iam')).content).toEqual(documents);
  await control('DELETE', 'iam');
  expect((await control('GET', 'iam')).content).toEqual({});
});

test('calls are listed from a number on, and forgotten', async () => {
  for (const action of ['DescribeImages', 'DescribeTags', 'DescribeVpcs'])
    await post(harness.sandbox, query(action));
  const { content } = await control('GET', 'calls?since=1');
  expect(content.map(({ operation }: { operation: string }) => operation)).toEqual([
    'DescribeTags',
    'DescribeVpcs',
  ]);
  expect((await control('GET', 'calls?since=x')).status).toBe(400);
  await control('DELETE', 'calls');
  expect((await control('GET', 'calls')).content).toEqual([]);
});

test('a reset makes everything as at the start', async () => {
  const { sandbox, aws } = harness;
  const fresh = publicImage(sandbox, REGION);
  await addImage(sandbox, aws, 'shop');
  sandbox.faults.add({ times: 'always', effect: { kind: 'throttle' } });
  await control('PUT', 'limits', { throttling: true, 'consistency-delay-seconds': 5 });
  await control('PUT', 'iam', { '*': { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } } });
  await control('POST', 'clock', { scale: 7 });
  await control('POST', 'reset');
  expect((await control('GET', 'clock')).content).toMatchObject({ now: START, scale: 0 });
  expect((await control('GET', 'limits')).content).toEqual({
    throttling: false,
    'consistency-delay-seconds': 0,
  });
  for (const list of ['faults', 'calls']) expect((await control('GET', list)).content).toEqual([]);
  expect((await control('GET', 'iam')).content).toEqual({});
  // The same script gives the same ids again.
  expect(publicImage(sandbox, REGION)).toBe(fresh);
  expect(sandbox.world.region(REGION).state.images.size).toBe(1);
});

test('a reset goes back to what a seed has planted', async () => {
  const { sandbox, aws } = harness;
  await addImage(sandbox, aws, 'planted');
  sandbox.beginHere();
  const begun = sandbox.clock.now();
  await addImage(sandbox, aws, 'later');
  await control('POST', 'reset');
  expect((await control('GET', 'clock')).content).toMatchObject({ now: begun });
  const names = [...sandbox.world.region(REGION).state.images.values()].map(({ image }) => image.Name);
  expect(names).toContain('planted');
  expect(names).not.toContain('later');
});

test('an unknown route says which there are, and a wrong method which it takes', async () => {
  const unknown = await control('GET', 'nothing');
  expect([unknown.status, unknown.content.error]).toEqual([
    404,
    expect.stringContaining('POST /_sandbox/reset'),
  ]);
  const wrong = await control('PATCH', 'clock');
  expect([wrong.status, wrong.content.error]).toEqual([
    405,
    'No PATCH /_sandbox/clock in the sandbox; there is GET /_sandbox/clock, POST /_sandbox/clock.',
  ]);
});
