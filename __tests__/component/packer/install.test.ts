import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ConfigurationError, DeploymentError } from '../../../src/errors.ts';
import type { WorkflowCache } from '../../../src/packer/caches.ts';
import { createProcessRunner } from '../../../src/packer/exec.ts';
import { findPacker, type InstallTools, type PackerRequest } from '../../../src/packer/install.ts';
import { packerVersion } from '../../../src/packer/run.ts';
import { recordingLog } from '../../unit/packer/recording-log.ts';
import { type Answer, archiveOf, releaseFiles, signingKey, startReleaseServer } from './release-server.ts';

const processes = createProcessRunner();
let key: Awaited<ReturnType<typeof signingKey>>;
let server: Awaited<ReturnType<typeof startReleaseServer>>;
let folder: string;
const variables = { ...process.env };

beforeAll(async () => {
  // The runner's packages print workflow commands (::debug::) there.
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  key = await signingKey();
});

afterAll(() => {
  jest.restoreAllMocks();
});

beforeEach(async () => {
  server = await startReleaseServer();
  folder = await mkdtemp(join(tmpdir(), 'packer-install-'));
  process.env.RUNNER_TOOL_CACHE = join(folder, 'tools');
  for (const name of ['ACTIONS_CACHE_SERVICE_V2', 'ACTIONS_RESULTS_URL', 'ACTIONS_CACHE_URL'])
    delete process.env[name];
  // The tool cache waits 10 to 20 s between its attempts; this is its own switch for tests.
  Object.assign(globalThis, {
    TEST_DOWNLOAD_TOOL_RETRY_MIN_SECONDS: 0,
    TEST_DOWNLOAD_TOOL_RETRY_MAX_SECONDS: 0,
  });
});

afterEach(async () => {
  process.env = { ...variables };
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function request(overrides: Partial<PackerRequest> = {}): PackerRequest {
  return {
    version: '1.14.2',
    mirror: server.url,
    publicKey: key.publicKey,
    workingDirectory: folder,
    platform: 'linux',
    arch: 'x64',
    env: { PATH: join(folder, 'bin'), RUNNER_TEMP: join(folder, 'temp') },
    ...overrides,
  };
}

function tools(
  overrides: Partial<InstallTools> = {},
): InstallTools & { log: ReturnType<typeof recordingLog> } {
  const log = recordingLog();
  return { processes, workflowCache: memoryCache(), ...overrides, log };
}

/** GitHub's cache service, which finds what was saved from the same folder under the same key. */
function memoryCache(): WorkflowCache & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    restore: async (path, name) => {
      const entry = entries.get(`${path} ${name}`);
      if (entry) await cp(entry, path, { recursive: true });
      return entry !== undefined;
    },
    save: async (path, name) => {
      const entry = join(folder, 'service', String(entries.size));
      await cp(path, entry, { recursive: true });
      entries.set(`${path} ${name}`, entry);
    },
  };
}

/** Puts a release on the server, with other answers for some of its files. */
async function publish(
  release: Parameters<typeof releaseFiles>[0] = {},
  answers: Partial<Record<'zip' | 'sums' | 'signature', Answer[]>> = {},
  signedBy = key.privateKey,
) {
  const files = await releaseFiles(release, signedBy);
  for (const [name, { path, content }] of Object.entries(files)) {
    server.files.set(path, answers[name as keyof typeof files] ?? [content]);
  }
  return files;
}

async function putOnPath(script: string) {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'bin', 'packer'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'bin', 'packer'), 0o755);
}

const downloadsOf = (suffix: string) => server.requests.filter((path) => path.endsWith(suffix));
const spoiled = new Uint8Array([1, 2, 3]);

describe('packer-version: system', () => {
  test('takes what is on PATH', async () => {
    await putOnPath('echo "Packer v1.6.6"');
    await expect(findPacker(request({ version: 'system' }), tools())).resolves.toEqual({
      executable: 'packer',
      version: '1.6.6',
      source: 'PATH',
    });
  });

  test.each([
    ['nothing', undefined],
    ["Red Hat's cracklib", 'echo 0 0'],
  ])('with %s on PATH fails, names the fix and downloads nothing', async (_what, script) => {
    if (script) await putOnPath(script);
    const found = findPacker(request({ version: 'system' }), tools());
    await expect(found).rejects.toThrow(ConfigurationError);
    await expect(found).rejects.toThrow(/Install it in an earlier step, or set packer-version to a release/);
    expect(server.requests).toEqual([]);
  });
});

describe('an exact version', () => {
  test('is taken from PATH when it is there', async () => {
    await putOnPath('echo "Packer v1.14.2"');
    await expect(findPacker(request(), tools())).resolves.toMatchObject({
      executable: 'packer',
      source: 'PATH',
    });
    expect(server.requests).toEqual([]);
  });

  test('is downloaded when another one is on PATH, and runs', async () => {
    await putOnPath('echo "Packer v1.6.6"');
    await publish();
    const found = await findPacker(request(), tools());
    expect(found).toMatchObject({ version: '1.14.2', source: 'download' });
    await expect(packerVersion(found.executable, request({ env: {} }), { processes })).resolves.toBe(
      '1.14.2',
    );
  });

  test('is downloaded once: then it is in the tool cache', async () => {
    await publish();
    const first = await findPacker(request(), tools());
    const requests = server.requests.length;
    const second = await findPacker(request(), tools());
    expect(second).toEqual({ executable: first.executable, version: '1.14.2', source: 'tool cache' });
    expect(server.requests).toHaveLength(requests);
  });

  test('is not confused with another version of the tool cache', async () => {
    await publish();
    await publish({ version: '1.14.20' });
    await findPacker(request({ version: '1.14.20' }), tools());
    await expect(findPacker(request(), tools())).resolves.toMatchObject({ source: 'download' });
  });

  test.each([
    ['linux', 'arm64', 'linux_arm64', 'packer'],
    ['darwin', 'x64', 'darwin_amd64', 'packer'],
    ['win32', 'x64', 'windows_amd64', 'packer.exe'],
  ] as const)('on %s on %s is the archive %s', async (platform, arch, machine, program) => {
    const { zip } = await publish({ machine, zip: archiveOf('1.14.2', program) });
    const found = await findPacker(request({ platform, arch }), tools());
    expect(downloadsOf('.zip')).toEqual([zip.path]);
    expect(found.executable).toMatch(new RegExp(`[\\\\/]${program.replace('.', '\\.')}$`));
    expect(existsSync(found.executable)).toBe(true);
  });

  test('may have a mirror with a path and a slash at its end', async () => {
    await publish();
    for (const [path, answers] of [...server.files]) server.files.set(`/hashicorp${path}`, answers);
    await findPacker(request({ mirror: `${server.url}/hashicorp/` }), tools());
    expect(server.requests.every((path) => path.startsWith('/hashicorp/packer/1.14.2/'))).toBe(true);
  });

  test('leaves nothing in the temporary folder', async () => {
    await publish();
    await findPacker(request(), tools());
    expect(await readdir(join(folder, 'temp', 'immutable-deploy'))).toEqual([]);
  });
});

describe('a download that cannot be trusted', () => {
  test('is thrown away and fetched once more', async () => {
    const { zip } = await releaseFiles({}, key.privateKey);
    await publish({}, { zip: [spoiled, zip.content] });
    const given = tools();
    const found = await findPacker(request(), given);
    await expect(packerVersion(found.executable, request({ env: {} }), { processes })).resolves.toBe(
      '1.14.2',
    );
    expect(downloadsOf('.zip')).toHaveLength(2);
    expect(given.log.entries).toContainEqual(
      expect.stringMatching(/^warning: .*fetched once more: .*SHA-256/),
    );
  });

  test.each([
    ['an archive that is not the listed one', { zip: [spoiled] }, /SHA-256/],
    [
      'a list that was changed',
      { sums: [new TextEncoder().encode(`${'0'.repeat(64)}  packer.zip`)] },
      /digest/,
    ],
    ['a signature that is none', { signature: [spoiled] }, /signature of packer_1\.14\.2_SHA256SUMS/],
  ])('twice fails: %s', async (_what, answers, reason) => {
    await publish({}, answers);
    const failing = findPacker(request(), tools());
    await expect(failing).rejects.toThrow(DeploymentError);
    await expect(failing).rejects.toThrow(reason);
    await expect(failing).rejects.toThrow(/cannot be trusted.*Nothing of it was run.*packer-mirror/);
    expect(downloadsOf('.zip')).toHaveLength(2);
  });

  test("is also one that somebody else's key has signed well", async () => {
    await publish({}, {}, (await signingKey()).privateKey);
    await expect(findPacker(request(), tools())).rejects.toThrow(/is not HashiCorp's/);
  });

  test("is also one that is signed, but not by HashiCorp's key, when no other key is given", async () => {
    await publish();
    const { publicKey: _, ...withoutKey } = request();
    await expect(findPacker(withoutKey, tools())).rejects.toThrow(/is not HashiCorp's/);
  });

  test('is also one whose signed list is of another version', async () => {
    const other = await releaseFiles({ version: '1.14.1' }, key.privateKey);
    await publish({}, { sums: [other.sums.content], signature: [other.signature.content] });
    await expect(findPacker(request(), tools())).rejects.toThrow(
      /does not list packer_1\.14\.2_linux_amd64\.zip/,
    );
  });

  test('is also one without the program', async () => {
    await publish({ zip: archiveOf('1.14.2', 'terraform') });
    await expect(findPacker(request(), tools())).rejects.toThrow(/does not contain packer/);
  });

  test('stays out of both caches', async () => {
    await publish({}, { zip: [spoiled] });
    const workflowCache = memoryCache();
    await expect(findPacker(request(), tools({ workflowCache }))).rejects.toThrow();
    expect(workflowCache.entries.size).toBe(0);
    await publish();
    await expect(findPacker(request(), tools())).resolves.toMatchObject({ source: 'download' });
  });
});

describe('a release that cannot be had', () => {
  test('is not asked for twice when it does not exist', async () => {
    const missing = findPacker(request({ version: '9.9.9' }), tools());
    await expect(missing).rejects.toThrow(ConfigurationError);
    await expect(missing).rejects.toThrow(/9\.9\.9.*answered 404.*packer-version and packer-mirror/);
    expect(server.requests).toEqual(['/packer/9.9.9/packer_9.9.9_SHA256SUMS']);
  });

  test('is not taken without its signature', async () => {
    await publish({}, { signature: [404] });
    await expect(findPacker(request(), tools())).rejects.toThrow(/SHA256SUMS\.sig answered 404/);
    expect(downloadsOf('.zip')).toEqual([]);
  });

  test('is asked for again after a server error', async () => {
    const { zip } = await releaseFiles({}, key.privateKey);
    await publish({}, { zip: [503, 503, zip.content] });
    await expect(findPacker(request(), tools())).resolves.toMatchObject({ source: 'download' });
  });

  test('fails when the server does not recover', async () => {
    await publish({}, { zip: [503] });
    const failing = findPacker(request(), tools());
    await expect(failing).rejects.toThrow(DeploymentError);
    await expect(failing).rejects.toThrow(/503.*Try again/);
    expect(downloadsOf('.zip')).toHaveLength(3);
  });

  test('does not outlive a cancel', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    let answer = (_status: number) => {};
    const late = new Promise<number>((resolve) => {
      answer = resolve;
    });
    await publish({}, { zip: [late] });
    const waiting = findPacker(request(), tools({ signal: controller.signal }));
    const asked = setInterval(() => downloadsOf('.zip').length > 0 && controller.abort(reason), 10);
    await expect(waiting.finally(() => clearInterval(asked))).rejects.toBe(reason);
    answer(404);
  });
});

describe("GitHub's cache", () => {
  test('saves the next machine the download', async () => {
    await publish();
    const workflowCache = memoryCache();
    await findPacker(request(), tools({ workflowCache }));
    expect([...workflowCache.entries.keys()]).toEqual([
      `${join(folder, 'temp', 'immutable-deploy', 'packer-1.14.2')} immutable-deploy-packer-1.14.2-linux-amd64`,
    ]);

    process.env.RUNNER_TOOL_CACHE = join(folder, 'tools of the next machine');
    server.files.clear();
    const save = () => Promise.reject(new Error('saved again'));
    const given = tools({ workflowCache: { ...workflowCache, save } });
    const found = await findPacker(request(), given);
    expect(found).toMatchObject({ version: '1.14.2', source: 'workflow cache' });
    expect(given.log.entries).toEqual([expect.stringMatching(/^info: Packer 1\.14\.2 from GitHub's cache/)]);
    await expect(packerVersion(found.executable, request({ env: {} }), { processes })).resolves.toBe(
      '1.14.2',
    );
  });

  test('is not trusted more than a download', async () => {
    await publish();
    const workflowCache = memoryCache();
    await findPacker(request(), tools({ workflowCache }));
    const [entry = ''] = workflowCache.entries.values();
    await writeFile(join(entry, 'packer_1.14.2_linux_amd64.zip'), archiveOf('6.6.6'));

    process.env.RUNNER_TOOL_CACHE = join(folder, 'tools of the next machine');
    const given = tools({ workflowCache });
    await expect(findPacker(request(), given)).resolves.toMatchObject({ source: 'download' });
    expect(given.log.entries).toContainEqual(
      expect.stringMatching(/^warning: .*packer-1\.14\.2-linux-amd64.*SHA-256/),
    );
  });

  test.each(['restore', 'save'] as const)('that fails to %s is a warning', async (broken) => {
    await publish();
    const workflowCache = {
      ...memoryCache(),
      [broken]: () => Promise.reject(new Error('service unavailable')),
    };
    const given = tools({ workflowCache });
    await expect(findPacker(request(), given)).resolves.toMatchObject({ source: 'download' });
    expect(given.log.entries.filter((entry) => entry.startsWith('warning'))).toEqual([
      expect.stringContaining('service unavailable'),
    ]);
  });

  test('is left alone where there is none', async () => {
    await publish();
    const { workflowCache: _, ...given } = tools();
    await expect(findPacker(request(), given)).resolves.toMatchObject({ source: 'download' });
    expect(given.log.entries).toEqual([
      expect.stringMatching(/^info: Packer 1\.14\.2 from http.*signature verified$/),
    ]);
  });
});
