import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Harness, startHarness } from '../../support/harness.ts';

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
});

afterEach(async () => await harness.close());

const RoleArn = 'arn:aws:iam::123456789012:role/deploy';

const assume = async (input: { RoleArn?: string; RoleSessionName?: string; DurationSeconds?: number }) =>
  await harness.aws.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'run', ...input }));

test('the token of the local GitHub is taken, with its audience and subject', async () => {
  const response = await fetch(`${harness.sandbox.url}/_github/oidc?audience=sts.amazonaws.com`);
  const { value } = (await response.json()) as { value: string };
  const answer = await harness.aws.sts.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'run', WebIdentityToken: value }),
  );
  expect(answer).toMatchObject({
    Audience: 'sts.amazonaws.com',
    Provider: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
    SubjectFromWebIdentityToken: 'repo:octo/shop:ref:refs/heads/main',
  });
});

test('sessions of a role have one role id, and are remembered with their end', async () => {
  const first = await assume({});
  const second = await assume({ RoleSessionName: 'other', DurationSeconds: 900 });
  const roleIdOf = (answer: typeof first) => answer.AssumedRoleUser?.AssumedRoleId?.split(':')[0];
  expect(roleIdOf(second)).toBe(roleIdOf(first));
  const { AccessKeyId = '', Expiration } = second.Credentials ?? {};
  expect(harness.sandbox.world.state.credentials.get(AccessKeyId)).toMatchObject({
    arn: 'arn:aws:sts::123456789012:assumed-role/deploy/other',
    role: 'deploy',
    expiresAt: Expiration?.getTime(),
  });
});

test.each([
  [{ DurationSeconds: 899 }, 'greater than or equal to 900'],
  [{ DurationSeconds: 43_201 }, 'less than or equal to 43200'],
  [{ RoleSessionName: 'a b' }, 'regular expression'],
  [{ RoleArn: 'arn:aws:iam::123456789012:user/deploy' }, 'is invalid'],
])('a session with %j is refused', async (input, text) => {
  await expect(assume(input)).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(text),
  });
});

test('what is no token is refused', async () => {
  const request = { RoleArn, RoleSessionName: 'run', WebIdentityToken: 'token' };
  await expect(harness.aws.sts.send(new AssumeRoleWithWebIdentityCommand(request))).rejects.toMatchObject({
    name: 'InvalidIdentityTokenException',
  });
});
