import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { startCacheService } from '../../../sandbox/github/cache-service.ts';
import { releaseFiles, signingKey, startReleaseServer } from '../../../sandbox/packer/release-server.ts';
import { githubCache } from '../../../src/packer/caches.ts';
import { createProcessRunner } from '../../../src/packer/exec.ts';
import { findPacker } from '../../../src/packer/install.ts';
import { recordingLog } from '../../unit/packer/recording-log.ts';

/** The package that speaks to GitHub's cache, with a service that answers as GitHub's. */

let service: Awaited<ReturnType<typeof startCacheService>>;
let folder: string;
const variables = { ...process.env };

beforeAll(() => {
  // The package prints workflow commands and its progress there.
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(() => {
  jest.restoreAllMocks();
});

beforeEach(async () => {
  service = await startCacheService();
  folder = await mkdtemp(join(tmpdir(), 'github-cache-'));
  Object.assign(process.env, service.env, { RUNNER_TEMP: folder, GITHUB_WORKSPACE: folder });
});
afterEach(async () => {
  process.env = { ...variables };
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

describe("GitHub's cache", () => {
  /** A folder with one file, as a run leaves it. */
  const fill = async (content: string) => {
    const path = join(folder, 'kept');
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'file'), content);
    return path;
  };

  test('gives back the newest entry whose key begins so, into the same folder', async () => {
    const path = await fill('first');
    await githubCache.save(path, 'tool-1.0-linux-7-1');
    await fill('second');
    await githubCache.save(path, 'tool-1.0-linux-8-1');
    await rm(path, { recursive: true });
    expect(await githubCache.restore(path, 'tool-1.0-linux-')).toBe(true);
    expect(await readFile(join(path, 'file'), 'utf8')).toBe('second');
  });

  test('keeps the first entry of a key, and another save of it is no failure', async () => {
    const path = await fill('first');
    await githubCache.save(path, 'tool-7-1');
    await fill('second');
    await githubCache.save(path, 'tool-7-1');
    await githubCache.restore(path, 'tool-7-1');
    expect(await readFile(join(path, 'file'), 'utf8')).toBe('first');
  });

  test('has nothing for other keys and other folders', async () => {
    const path = await fill('first');
    await githubCache.save(path, 'tool-1.0-');
    expect(await githubCache.restore(path, 'tool-1.1-')).toBe(false);
    expect(await githubCache.restore(join(folder, 'other'), 'tool-1.0-')).toBe(false);
  });
});

test('Packer comes from it on the next machine; a spoiled entry is replaced by a good one', async () => {
  const server = await startReleaseServer();
  try {
    const { privateKey, publicKey } = await signingKey();
    for (const { path, content } of Object.values(await releaseFiles({}, privateKey)))
      server.files.set(path, [content]);
    const find = async (machine: string, run: string) => {
      process.env.RUNNER_TOOL_CACHE = join(folder, machine);
      const env = { PATH: '', RUNNER_TEMP: folder, GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: '1' };
      const request = { version: '1.14.2', mirror: server.url, publicKey, workingDirectory: folder, env };
      const tools = { processes: createProcessRunner(), log: recordingLog() };
      const { source } = await findPacker({ ...request, platform: 'linux', arch: 'x64' }, tools);
      return source;
    };
    expect(await find('first', '7')).toBe('download');
    expect(await find('second', '8')).toBe('workflow cache');
    service.spoil(service.keys()[0] ?? '');
    expect(await find('third', '9')).toBe('download');
    expect(await find('fourth', '10')).toBe('workflow cache');
    expect(service.keys()).toEqual([
      'immutable-deploy-packer-1.14.2-linux-amd64-7-1',
      'immutable-deploy-packer-1.14.2-linux-amd64-9-1',
    ]);
  } finally {
    await server.close();
  }
});
