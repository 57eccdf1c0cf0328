import { CreateTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  type ParameterType,
  PutParameterCommand,
  type PutParameterCommandInput,
} from '@aws-sdk/client-ssm';
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandOutput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect } from '@jest/globals';
import { PUBLIC_IMAGE_PARAMETER } from '../../../../sandbox/engine/world.ts';
import { type Harness, REGION } from '../../../support/harness.ts';
import { type Check, expectAbsent, expectError, expectMembers, type Fact, type FactTable } from './fact.ts';

const NAME = '/p/string';

const put = async (harness: Harness, input: Partial<PutParameterCommandInput> = {}) =>
  await harness.aws.ssm.send(new PutParameterCommand({ Name: NAME, Value: 'v', Type: 'String', ...input }));

const get = async (harness: Harness, Name: string) =>
  await harness.aws.ssm.send(new GetParameterCommand({ Name }));

/** The request's member as text: the wire takes what the SDK's types do not. */
const requested = (fact: Fact, member: string) => String(fact.request[member]);

const refusesPut =
  (input: (fact: Fact) => Partial<PutParameterCommandInput>): Check =>
  async (harness, fact) => {
    await expectError(put(harness, input(fact)), fact);
    expect(harness.sandbox.world.region(REGION).state.parameters.has(NAME)).toBe(false);
  };

const ROLE = 'arn:aws:iam::123456789012:role/ci/deploy';
const SCENE = { account: '123456789012', role: 'deploy', session: 'run' };

/** Claims like those of GitHub, with some replaced; undefined leaves one out. */
function tokenOf(replaced: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'https://token.example.com',
    sub: 'repo:octo/shop',
    aud: 'sts.amazonaws.com',
    iat: now,
    exp: now + 300,
    ...replaced,
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature`;
}

const assume = async (
  { aws }: Harness,
  WebIdentityToken: string,
): Promise<AssumeRoleWithWebIdentityCommandOutput> =>
  await aws.sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: ROLE,
      RoleSessionName: SCENE.session,
      WebIdentityToken,
    }),
  );

const refusesToken =
  (replaced: (fact: Fact) => Readonly<Record<string, unknown>>): Check =>
  async (harness, fact) => {
    await expectError(assume(harness, tokenOf(replaced(fact))), fact);
    expect(harness.sandbox.world.state.credentials.size).toBe(0);
  };

async function publish(
  harness: Harness,
  input: { Subject?: string; Message?: string; MessageStructure?: string },
) {
  const { TopicArn } = await harness.aws.sns.send(new CreateTopicCommand({ Name: 'deployments' }));
  return await harness.aws.sns.send(new PublishCommand({ TopicArn, Message: 'text', ...input }));
}

export const smallServiceFacts: FactTable = {
  checks: {
    'ec2-156': async (harness, fact) => {
      await expectError(get(harness, requested(fact, 'Name')), fact);
    },
    'ec2-157': async (harness, fact) => {
      expectMembers(await put(harness, fact.request), fact.response);
      expect((await get(harness, NAME)).Parameter?.Value).toBe(fact.request.Value);
    },
    'ec2-158': async (harness, fact) => {
      await put(harness);
      await expectError(put(harness, { Value: 'other', ...fact.request }), fact);
      expect((await get(harness, NAME)).Parameter?.Value).toBe('v');
    },
    'ec2-159': async (harness, fact) => {
      await put(harness);
      const { Parameter } = await get(harness, requested(fact, 'Name'));
      const { LastModifiedDate, ...members } = Object(fact.response?.Parameter);
      expect(LastModifiedDate).toBe('millisecond precision');
      expect(Parameter?.LastModifiedDate?.getTime()).toBe(harness.sandbox.clock.now());
      expectMembers(Parameter, members, SCENE);
      expectAbsent(Parameter ?? {}, fact.response?.absent);
      expect((await get(harness, Parameter?.ARN ?? '')).Parameter?.Name).toBe(NAME);
    },
    'ec2-160': async (harness, fact) => {
      await put(harness);
      await put(harness, { Value: 'second', Overwrite: true });
      await harness.aws.ssm.send(new LabelParameterVersionCommand({ Name: NAME, Labels: ['stable'] }));
      const { Selector, ...members } = Object(fact.response?.Parameter);
      const selectors = String(Selector).split(' or ');
      for (const [index, name] of requested(fact, 'Name').split(' or ').entries()) {
        const { Parameter } = await get(harness, name);
        expectMembers(Parameter, { ...members, Selector: selectors[index] });
      }
      expect((await get(harness, NAME)).Parameter).not.toHaveProperty('Selector');
    },
    'ec2-161': async (harness, fact) => {
      await put(harness);
      await expectError(get(harness, requested(fact, 'Name')), fact);
    },
    'ec2-162': async (harness, fact) => {
      await put(harness);
      await expectError(get(harness, requested(fact, 'Name')), fact);
    },
    'ec2-163': async (harness, fact) => {
      const { Parameter } = await get(harness, PUBLIC_IMAGE_PARAMETER);
      // The number of versions is AWS's of that day.
      const { Version, ...members } = Object(fact.response?.Parameter);
      expect(typeof Parameter?.Version).toBe(typeof Version);
      expectMembers(Parameter, members, { name: PUBLIC_IMAGE_PARAMETER.split('/').at(-1) ?? '' });
    },
    'ec2-164': async (harness, fact) => {
      await put(harness);
      await put(harness, { Name: '/p/list', Type: 'StringList' });
      const Names = Array.isArray(fact.request.Names) ? fact.request.Names.map(String) : [];
      const answer = await harness.aws.ssm.send(new GetParametersCommand({ Names }));
      expect(answer.Parameters?.map(({ Name, Selector }) => [Name, Selector])).toEqual([
        ['/p/list', undefined],
        [NAME, ':1'],
        [NAME, undefined],
      ]);
      expect(answer.InvalidParameters).toEqual(fact.response?.InvalidParameters);
    },
    'ec2-165': async (harness, fact) => {
      for (const Name of ['/p/b', '/p/a', '/p/deep/a', '/q/a']) await put(harness, { Name });
      const { Path, MaxResults } = fact.request;
      const request = { Path: String(Path), MaxResults: Number(MaxResults) };
      const answer = await harness.aws.ssm.send(new GetParametersByPathCommand(request));
      expect(answer.Parameters?.map(({ Name }) => Name)).toEqual(['/p/a', '/p/b']);
      expectAbsent(answer, fact.response?.absent);
      await put(harness, { Name: '/p/z' });
      const all = async (types?: ParameterType[]) => {
        const filters = types ? [{ Key: 'Type', Values: types }] : [];
        const { Parameters } = await harness.aws.ssm.send(
          new GetParametersByPathCommand({ Path: '/p', Recursive: true, ParameterFilters: filters }),
        );
        return Parameters?.map(({ Name }) => Name);
      };
      expect(await all()).toEqual(['/p/a', '/p/b', '/p/z', '/p/deep/a']);
      expect(await all(['String'])).toEqual(['/p/a', '/p/b', '/p/deep/a', '/p/z']);
    },
    'ec2-166': async (harness, fact) => {
      const NextToken = requested(fact, 'NextToken');
      await expectError(
        harness.aws.ssm.send(new GetParametersByPathCommand({ Path: '/p', NextToken })),
        fact,
      );
    },
    'ec2-167': async (harness, fact) => {
      const request = new GetParametersByPathCommand({ Path: '/p', ...fact.request });
      await expectError(harness.aws.ssm.send(request), fact);
    },
    'ec2-168': async (harness, fact) => {
      await put(harness, { Value: '12', AllowedPattern: '^\\d+$' });
      await put(harness, { Value: '13', Overwrite: true });
      await expectError(put(harness, fact.request), fact, { pattern: '^\\d+$' });
      expect((await get(harness, NAME)).Parameter?.Value).toBe('13');
    },
    'ec2-169': refusesPut((fact) => ({ DataType: requested(fact, 'DataType') })),
    'ec2-170': refusesPut((fact) => fact.request),
    'ec2-171': refusesPut(() => ({ Tier: 'Standard', Value: 'x'.repeat(4097) })),
    'ec2-172': refusesPut((fact) => ({ Value: requested(fact, 'Value') })),
    'ec2-173': async (harness, fact) => {
      await put(harness);
      expectMembers(await put(harness, fact.request), fact.response);
      await put(harness, { Type: undefined, Overwrite: true });
      expect((await get(harness, NAME)).Parameter?.Type).toBe(fact.request.Type);
      await put(harness, { Type: 'SecureString', Overwrite: true });
      expect((await get(harness, NAME)).Parameter?.Type).toBe('SecureString');
    },
    'ec2-174': async (harness, fact) => {
      const { Credentials } = await assume(harness, tokenOf());
      const session = new STSClient({
        region: REGION,
        endpoint: harness.sandbox.url,
        credentials: {
          accessKeyId: Credentials?.AccessKeyId ?? '',
          secretAccessKey: Credentials?.SecretAccessKey ?? '',
          sessionToken: Credentials?.SessionToken ?? '',
        },
      });
      const { UserId, ...members } = Object(fact.response);
      const identity = await session.send(new GetCallerIdentityCommand({}));
      expectMembers(identity, members, SCENE);
      expectMembers(identity, { UserId: String(UserId).replace('AROAEXAMPLE', 'AROA{id}') }, SCENE);
    },
    'ec2-175': async (harness, fact) => {
      const before = Date.now();
      const answer = await assume(harness, tokenOf({ sub: 'sub', aud: ['a', 'b'], azp: 'client' }));
      const wanted = Object(fact.response);
      expect(wanted.Audience).toBe('aud, or azp when present');
      expect(answer).toMatchObject({
        SubjectFromWebIdentityToken: wanted.SubjectFromWebIdentityToken,
        Audience: 'client',
        PackedPolicySize: wanted.PackedPolicySize,
      });
      expect((await assume(harness, tokenOf())).Audience).toBe('sts.amazonaws.com');
      const names = { ...SCENE, 'issuer without https': 'token.example.com' };
      expectMembers(answer, { Provider: wanted.Provider }, names);
      const { Arn, AssumedRoleId } = wanted.AssumedRoleUser;
      const session = (text: string) =>
        text.replace(/([/:])s$/, '$1{session}').replace('AROAEXAMPLE', 'AROA{id}');
      expectMembers(
        answer.AssumedRoleUser,
        { Arn: session(Arn), AssumedRoleId: session(AssumedRoleId) },
        SCENE,
      );
      expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA[0-9A-Z]{16}$/);
      const lifetime = (answer.Credentials?.Expiration?.getTime() ?? 0) - before;
      expect(lifetime / 1000).toBeGreaterThan(3595);
      expect(lifetime / 1000).toBeLessThan(3605);
    },
    'ec2-176': async (harness, fact) => {
      harness.sandbox.world.state.trust.set(ROLE, {
        audiences: ['sts.amazonaws.com'],
        subjects: ['repo:octo/infra:*'],
      });
      await expectError(assume(harness, tokenOf()), fact);
      await assume(harness, tokenOf({ sub: 'repo:octo/infra:ref:refs/heads/main' }));
    },
    'ec2-177': async (harness, fact) => {
      for (const claim of ['iss', 'sub', 'aud', 'iat', 'exp'])
        await expectError(assume(harness, tokenOf({ [claim]: undefined })), fact, { claim });
    },
    'ec2-178': refusesToken((fact) => fact.request),
    'ec2-179': async (harness, fact) => {
      harness.sandbox.world.state.trust.set(ROLE, { audiences: ['sts.amazonaws.com'], subjects: ['*'] });
      await assume(harness, tokenOf());
      await expectError(assume(harness, tokenOf(fact.request)), fact);
    },
    'ec2-180': async (harness, fact) => {
      const now = Math.floor(Date.now() / 1000);
      const ago = Number(requested(fact, 'exp').replace('now-', ''));
      for (const claims of [{ exp: now - ago }, { iat: now + 275 }, { nbf: now + 275 }]) {
        const answer = await assume(harness, tokenOf(claims));
        expect(answer.$metadata.httpStatusCode).toBe(fact.status);
        expect(answer.Credentials).toBeDefined();
      }
      for (const claims of [{ exp: now - 310 }, { iat: now + 310 }, { nbf: now + 310 }])
        await expect(assume(harness, tokenOf(claims))).rejects.toThrow(/[Tt]oken/);
    },
    'ec2-181': async (harness, fact) => {
      const now = Math.floor(Date.now() / 1000);
      await expectError(assume(harness, tokenOf({ exp: fact.request.exp })), fact);
      await expectError(assume(harness, tokenOf({ iat: now - 0.5 })), fact);
      await assume(harness, tokenOf({ exp: String(now + 60) }));
    },
    'ec2-183': async (harness, fact) => {
      for (const Subject of ['x'.repeat(100), '字'.repeat(100), '😀'.repeat(50)]) {
        const { MessageId, $metadata } = await publish(harness, { Subject });
        expect($metadata.httpStatusCode).toBe(fact.status);
        expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
      }
      await expect(publish(harness, { Subject: '😀'.repeat(51) })).rejects.toThrow('Subject');
    },
    'ec2-184': async (harness, fact) => {
      await expectError(publish(harness, { Subject: requested(fact, 'Subject') }), fact);
      await expectError(publish(harness, { Subject: 'two\nlines' }), fact);
    },
    'ec2-186': async (harness, fact) => {
      await expectError(publish(harness, fact.request), fact);
      const MessageStructure = requested(fact, 'MessageStructure');
      await expectError(publish(harness, { MessageStructure, Message: '{"default": []}' }), fact);
      for (const entry of ['17', 'null', '""'])
        await publish(harness, { MessageStructure, Message: `{"default": ${entry}}` });
    },
  },
  cannotHold: {
    'ec2-182': 'The fact is about GetSessionToken, which nothing here needs and the sandbox does not serve.',
    'ec2-185': 'The fact is about PublishBatch, which nothing here needs and the sandbox does not serve.',
  },
};
