import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { workflow } from './workflow-files.ts';

/** The script of require-approval.yml, run by bash and curl against an answer of GitHub's. */

const script = workflow('require-approval.yml').jobs['require-approval']?.steps?.[0]?.run ?? '';

let server: Server;
let answer: { status: number; body: unknown };
let asked: { url: string | undefined; authorization: string | undefined } | undefined;
beforeEach(async () => {
  asked = undefined;
  server = createServer((request, response) => {
    asked = { url: request.url, authorization: request.headers.authorization };
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => await new Promise((resolve) => server.close(resolve)));

async function run(environment: string): Promise<{ code: number; output: string; summary: string }> {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const summary = join(mkdtempSync(join(tmpdir(), 'approval-')), 'summary.md');
  const env = {
    PATH: process.env.PATH,
    ENVIRONMENT: environment,
    GITHUB_TOKEN: 'job-token',
    GITHUB_API_URL: `http://127.0.0.1:${port}`,
    GITHUB_REPOSITORY: 'octo/shop',
    GITHUB_STEP_SUMMARY: summary,
  };
  // The options that the runner gives to `shell: bash`.
  const options = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script];
  return await new Promise((resolve) => {
    execFile('bash', options, { env }, (error, stdout) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      resolve({ code, output: stdout, summary: code === 0 ? '' : readFileSync(summary, 'utf8') });
    });
  });
}

const rules = (...types: string[]) => ({
  name: 'x',
  protection_rules: types.map((type) => ({ id: 1, type })),
});

describe('require-approval.yml', () => {
  test('passes with required reviewers, and asks with the token of the job', async () => {
    answer = { status: 200, body: rules('wait_timer', 'required_reviewers') };
    expect(await run('production')).toMatchObject({ code: 0 });
    expect(asked).toEqual({
      url: '/repos/octo/shop/environments/%70%72%6f%64%75%63%74%69%6f%6e',
      authorization: 'Bearer job-token',
    });
  });

  test('asks for any name', async () => {
    answer = { status: 200, body: rules('required_reviewers') };
    await run('eu / größe');
    expect(decodeURIComponent(asked?.url?.split('/').at(-1) ?? '')).toBe('eu / größe');
  });

  test.each([
    [
      'an environment without reviewers',
      { status: 200, body: rules('wait_timer') },
      /has no required reviewers/,
    ],
    ['an environment that does not exist', { status: 404, body: {} }, /There is no environment production/],
    ['a token without the permission', { status: 403, body: {} }, /permission actions: read/],
    ['an answer that tells nothing', { status: 418, body: {} }, /did not tell the rules .*\(status 418\)/],
  ])('fails with %s, and says what to do', async (_what, given, expected) => {
    answer = given;
    const { code, output, summary } = await run('production');
    expect(code).toBe(1);
    expect(output).toMatch(/^::error title=No approval::/m);
    expect(summary).toMatch(expected);
  });
});
