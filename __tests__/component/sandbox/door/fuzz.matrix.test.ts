import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '../../../../sandbox/aws.ts';
import { addGroup, addImage } from '../../../../sandbox/scene.ts';
import { services } from '../../../../sandbox/services/index.ts';
import { type Harness, REGION, startHarness } from '../../../support/harness.ts';
import { requestFor } from './requests.ts';
import { post } from './wire.ts';

/** No request crashes the local AWS, hangs it, or gets an answer that AWS would not give. */

let harness: Harness;
let known: string[];
beforeAll(async () => {
  harness = await startHarness();
  const { sandbox, aws } = harness;
  const imageId = await addImage(sandbox, aws, 'shop');
  const { launchTemplateId, targetGroupArn } = await addGroup(sandbox, aws, {
    name: 'dev',
    imageId,
    size: 1,
  });
  const { state } = sandbox.world.region(REGION);
  known = [
    imageId,
    launchTemplateId,
    targetGroupArn,
    'dev',
    'shop',
    't3.micro',
    ...state.instances.keys(),
    ...state.snapshots.keys(),
    ...state.subnets.keys(),
    ...state.securityGroups.keys(),
    ...state.loadBalancers.keys(),
    ...state.listeners.keys(),
    ...state.parameters.keys(),
  ];
});
afterAll(async () => await harness.close());

/** An answer in one of AWS's forms that blames the caller or does what was asked. */
function expectAnswer(outcome: Outcome): void {
  if (outcome.kind !== 'answer') throw new Error(`There was no answer: ${outcome.kind}.`);
  const { status, contentType, body } = outcome.answer;
  expect(status).toBeLessThan(500);
  if (contentType.startsWith('application/x-amz-json')) JSON.parse(body);
  else expect(body).toMatch(/^(<\?xml [^>]*\?>\n)?<(\w+)[ >].*<\/\2>$/s);
}

/** On a busy machine; each of them takes a second or two on an idle one. */
const PATIENCE = 60_000;

/** Making a key pair takes long, whatever the parameters. */
const runsOf = (name: string) => (name === 'CreateKeyPair' ? 6 : 40);

const operations = services.flatMap(({ service, handlers }) =>
  Object.keys(handlers).map((name) => ({ service, name })),
);

test.each(operations)(
  '$service.name $name takes whatever its parameters are',
  ({ service, name }) => {
    const operation = service.operations.get(name);
    if (!operation) throw new Error(`There is no operation ${name}.`);
    const { sandbox } = harness;
    fc.assert(
      fc.property(requestFor(service, operation, known), (request) => {
        expectAnswer(sandbox.aws.answer(request));
        // What the call set in motion must not fail later either, and the state can still be saved.
        sandbox.clock.advance(7000);
      }),
      { seed: 20261102, numRuns: runsOf(name) },
    );
    expect(sandbox.world.save().length).toBeGreaterThan(0);
  },
  PATIENCE,
);

describe('over HTTP', () => {
  const headers = fc.record(
    {
      authorization: fc.constantFrom(
        '',
        'AWS4-HMAC-SHA256 Credential=',
        'AWS4-HMAC-SHA256 Credential=a/b/../x/aws4_request',
        'AWS4-HMAC-SHA256 Credential=AKIA/20261102/us-east-1/ec2/aws4_request, SignedHeaders=host',
      ),
      'content-type': fc.constantFrom(
        'application/x-www-form-urlencoded',
        'application/x-amz-json-1.0',
        'application/x-amz-json-1.1',
        'application/cbor',
        'text/plain; charset=utf-16',
      ),
      'x-amz-target': fc.constantFrom(
        '',
        '.',
        'AmazonSSM.',
        'AmazonSSM.GetParameter',
        'AmazonSSM.__proto__',
        'GraniteServiceVersion20100801.DescribeAlarms',
        'Other.GetParameter',
      ),
      'x-amzn-query-mode': fc.constant('true'),
      'content-encoding': fc.constantFrom('gzip', 'br'),
      expect: fc.constant('100-continue'),
    },
    { requiredKeys: [] },
  );
  const parameters = fc
    .array(
      fc.tuple(
        fc.constantFrom(
          'Action',
          'Version',
          'Filter.1.Name',
          'DryRun',
          'MaxResults',
          '__proto__.1',
          '..',
          'A.1.2.3',
          '%',
        ),
        fc.constantFrom(
          'DescribeImages',
          'constructor',
          '2016-11-15',
          '2011-01-01',
          '2010-08-01',
          '9',
          'true',
          '%zz',
          '%c3%28',
          '&',
        ),
      ),
    )
    .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));
  const body = fc.oneof(
    parameters.map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.integer({ min: 1, max: 20_000 }).map((depth) => Buffer.from('['.repeat(depth))),
    fc.integer({ min: 1, max: 20_000 }).map((depth) => Buffer.from(`{"Name":${'{"a":'.repeat(depth)}`)),
  );
  const line = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'),
    path: fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '/x/../y',
        '/%',
        '/?',
        '/%2e%2e?%',
        '/?Action=DescribeImages&Version=2016-11-15',
      ),
      parameters.map((text) => `/?${text}`),
    ),
  });

  test(
    'whatever is sent, the answer is one that a client can read',
    async () => {
      await fc.assert(
        fc.asyncProperty(line, headers, body, async (request, given, content) => {
          const answer = await post(harness.sandbox, content, given, request);
          expect(answer.headers['x-sandbox-defect']).toBeUndefined();
          expect(answer.status).toBeLessThan(500);
          expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
        }),
        { seed: 20261102, numRuns: 300 },
      );
    },
    PATIENCE,
  );

  test(
    'no control body is a defect',
    async () => {
      const routes = ['clock', 'state', 'faults', 'limits', 'iam', 'calls', 'commits', 'x', ''];
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...routes),
          fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
          fc.oneof(fc.json(), fc.string()),
          async (route, method, content) => {
            const answer = await post(harness.sandbox, content, {}, { method, path: `/_sandbox/${route}` });
            expect(answer.headers['x-sandbox-defect']).toBeUndefined();
            expect([200, 400, 404, 405]).toContain(answer.status);
            // All but the page.
            if (answer.headers['content-type'] === 'application/json') JSON.parse(answer.body);
          },
        ),
        { seed: 20261102, numRuns: 300 },
      );
    },
    PATIENCE,
  );
});
