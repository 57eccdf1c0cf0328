import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { fitsPattern } from '../../../sandbox/iam/match.ts';

/**
 * Whom the roles trust. The conditions are read as AWS reads them: every key has to fit one of its values, exactly with
 * StringEquals, as a pattern with StringLike; a key that the token lacks does not fit.
 */

const Values = v.record(v.string(), v.union([v.string(), v.array(v.string())]));
const Trust = v.object({
  Version: v.literal('2012-10-17'),
  Statement: v.tuple([
    v.strictObject({
      Sid: v.string(),
      Effect: v.literal('Allow'),
      Principal: v.strictObject({ Federated: v.string() }),
      Action: v.literal('sts:AssumeRoleWithWebIdentity'),
      Condition: v.strictObject({ StringEquals: Values, StringLike: Values }),
    }),
  ]),
});

interface Token {
  aud: string;
  sub: string;
  job_workflow_ref: string;
}

const ISSUER = 'token.actions.githubusercontent.com';

function trusts(role: string, token: Token): boolean {
  const text = readFileSync(`infrastructure/iam/${role}.trust.json`, 'utf8');
  const [{ Condition }] = v.parse(Trust, JSON.parse(text)).Statement;
  const given = new Map<string, string>(
    Object.entries(token).map(([claim, value]) => [`${ISSUER}:${claim}`, value]),
  );
  const every = (wanted: v.InferOutput<typeof Values>, test: (pattern: string, value: string) => boolean) =>
    Object.entries(wanted).every(([key, values]) => {
      const value = given.get(key);
      return value !== undefined && [values].flat().some((pattern) => test(pattern, value));
    });
  return every(Condition.StringEquals, (a, b) => a === b) && every(Condition.StringLike, fitsPattern);
}

const OURS = 'org/immutable-deploy/.github/workflows';
const PRODUCTION: Token = {
  aud: 'sts.amazonaws.com',
  sub: 'repo:org/shop:environment:production',
  job_workflow_ref: `${OURS}/promote.yml@refs/tags/v1`,
};
const MAIN: Token = { ...PRODUCTION, sub: 'repo:org/shop:ref:refs/heads/main' };

describe('the role that promotes', () => {
  test.each([
    ['a job in its environment', {}],
    ['the same in a repository of 2026', { sub: 'repo:org@1234567/shop@7654321:environment:production' }],
    ['a pinned release', { job_workflow_ref: `${OURS}/promote.yml@${'a'.repeat(40)}` }],
    ['a rollback', { job_workflow_ref: `${OURS}/rollback.yml@refs/tags/v1` }],
    [
      'the button of the repository',
      { job_workflow_ref: 'org/shop/.github/workflows/button.yml@refs/heads/main' },
    ],
  ])('trusts %s', (_what, claims) => {
    expect(trusts('promote', { ...PRODUCTION, ...claims })).toBe(true);
  });

  test.each([
    ['another environment', { sub: 'repo:org/shop:environment:dev' }],
    ['a job outside of any environment', { sub: 'repo:org/shop:ref:refs/heads/main' }],
    ['a pull request', { sub: 'repo:org/shop:pull_request' }],
    ['another repository', { sub: 'repo:org/other:environment:production' }],
    ['a repository that took over the name', { sub: 'repo:org@1234567/shop@9999999:environment:production' }],
    [
      'an environment whose name looks like it',
      { sub: 'repo:org@1234567/other@1:environment:x/shop@7654321:environment:production' },
    ],
    [
      'a workflow of its own in the repository',
      { job_workflow_ref: 'org/shop/.github/workflows/x.yml@refs/heads/main' },
    ],
    [
      'the button on another branch',
      { job_workflow_ref: 'org/shop/.github/workflows/button.yml@refs/heads/x' },
    ],
    [
      'a workflow with our name elsewhere',
      { job_workflow_ref: 'evil/immutable-deploy/.github/workflows/promote.yml@v1' },
    ],
    ['a token for another audience', { aud: 'https://github.com/org' }],
  ])('does not trust %s', (_what, claims) => {
    expect(trusts('promote', { ...PRODUCTION, ...claims })).toBe(false);
  });
});

describe.each([
  ['bake', 'bake.yml'],
  ['bake', 'promote.yml'],
  ['plan', 'promote.yml'],
  ['prune', 'prune.yml'],
])('the role for %s', (role, file) => {
  const token = { ...MAIN, job_workflow_ref: `${OURS}/${file}@refs/tags/v1` };

  test(`trusts ${file} on the default branch`, () => {
    expect(trusts(role, token)).toBe(true);
    expect(trusts(role, { ...token, sub: 'repo:org@1234567/shop@7654321:ref:refs/heads/main' })).toBe(true);
  });

  test('trusts no other branch, no pull request and no other workflow', () => {
    expect(trusts(role, { ...token, sub: 'repo:org/shop:ref:refs/heads/feature' })).toBe(false);
    expect(trusts(role, { ...token, sub: 'repo:org/shop:pull_request' })).toBe(false);
    expect(trusts(role, { ...token, job_workflow_ref: `${OURS}/rollback.yml@refs/tags/v1` })).toBe(false);
  });
});
