import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { withTokenFile } from '../../../src/aws/token-file.ts';
import { roleEnvironment } from '../../../src/packer/prepare.ts';
import { recordingLog } from '../packer/recording-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-file-'));
});

/** A clock whose sleeps end when the test says so. */
function handClock() {
  const sleeps: { ms: number; wake: () => void }[] = [];
  const clock = {
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((wake, fail) => {
        sleeps.push({ ms, wake });
        signal?.addEventListener('abort', () => fail(signal.reason));
      }),
  };
  /** Lets the present sleep end, and what follows happen until the next one. */
  const next = async () => {
    const before = sleeps.length;
    sleeps.at(-1)?.wake();
    while (sleeps.length === before) await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, sleeps, next };
}

function tokens(...given: (string | Error)[]) {
  return async () => {
    const token = given.shift();
    if (token instanceof Error || token === undefined) throw token ?? new Error('asked too often');
    return token;
  };
}

describe('the file of the OIDC token', () => {
  test('is fresh every four minutes, as long as the work lasts, and gone afterwards', async () => {
    const { clock, sleeps, next } = handClock();
    const tools = { clock, log: recordingLog() };
    const seen = await withTokenFile(tokens('one', 'two', 'three'), folder, tools, async (path) => {
      const contents = [readFileSync(path, 'utf8')];
      for (let round = 0; round < 2; round++) {
        await next();
        contents.push(readFileSync(path, 'utf8'));
      }
      if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
      return contents;
    });
    expect(seen).toEqual(['one', 'two', 'three']);
    expect(sleeps.map(({ ms }) => ms)).toEqual([240_000, 240_000, 240_000]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('keeps the old token when GitHub does not answer, and asks again before it ends', async () => {
    const { clock, sleeps, next } = handClock();
    const log = recordingLog();
    await withTokenFile(tokens('one', new Error('503'), 'two'), folder, { clock, log }, async (path) => {
      await next();
      expect(readFileSync(path, 'utf8')).toBe('one');
      await next();
      expect(readFileSync(path, 'utf8')).toBe('two');
    });
    expect(sleeps.map(({ ms }) => ms)).toEqual([240_000, 15_000, 240_000]);
    expect(log.entries).toEqual([expect.stringMatching(/^warning: .*asked again: 503/)]);
  });

  test('is gone after work that failed, and is not asked for any more', async () => {
    const { clock } = handClock();
    let path = '';
    const failing = withTokenFile(tokens('one'), folder, { clock, log: recordingLog() }, async (given) => {
      path = given;
      throw new Error('build failed');
    });
    await expect(failing).rejects.toThrow('build failed');
    expect(existsSync(path)).toBe(false);
  });

  test('that cannot be made at all fails before the work', async () => {
    const { clock } = handClock();
    const denied = tokens(new Error('no id-token'));
    const work = () => Promise.reject(new Error('must not start'));
    await expect(withTokenFile(denied, folder, { clock, log: recordingLog() }, work)).rejects.toThrow(
      'no id-token',
    );
  });
});

test("Packer's environment has the role, and nothing that AWS's SDK for Go would prefer to it", () => {
  const env = {
    PATH: '/bin',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_SESSION_TOKEN: 'c',
    AWS_SECURITY_TOKEN: 'c',
    AWS_ACCESS_KEY: 'a',
    AWS_SECRET_KEY: 'b',
    AWS_PROFILE: 'p',
    AWS_DEFAULT_PROFILE: 'p',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x',
  };
  const role = { roleArn: 'arn:aws:iam::123456789012:role/bake', sessionName: 'run-1' };
  expect(roleEnvironment(env, role, '/tmp/token')).toEqual({
    PATH: '/bin',
    AWS_REGION: 'eu-west-1',
    AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/bake',
    AWS_ROLE_SESSION_NAME: 'run-1',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/tmp/token',
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  });
});
