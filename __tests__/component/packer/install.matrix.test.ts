import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  type Answer,
  archiveOf,
  releaseFiles,
  releaseIndex,
  signingKey,
  startReleaseServer,
} from '../../../sandbox/packer/release-server.ts';
import { ConfigurationError, DeploymentError } from '../../../src/errors.ts';
import type { WorkflowCache } from '../../../src/packer/caches.ts';
import { createProcessRunner } from '../../../src/packer/exec.ts';
import { findPacker, type InstallTools, type PackerRequest } from '../../../src/packer/install.ts';
import { packerVersion } from '../../../src/packer/run.ts';
import { recordingLog } from '../../unit/packer/recording-log.ts';

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
    env: {
      PATH: join(folder, 'bin'),
      RUNNER_TEMP: join(folder, 'temp'),
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '1',
    },
    ...overrides,
  };
}

function tools(
  overrides: Partial<InstallTools> = {},
): InstallTools & { log: ReturnType<typeof recordingLog> } {
  const log = recordingLog();
  return { processes, workflowCache: memoryCache(), ...overrides, log };
}

/** GitHub's cache service: finds the newest entry of the same folder whose key begins so, and keeps the first of a key. */
function memoryCache(): WorkflowCache & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    restore: async (path, prefix) => {
      const [, entry] = [...entries].findLast(([name]) => name.startsWith(`${path} ${prefix}`)) ?? [];
      if (entry) await cp(entry, path, { recursive: true });
      return entry !== undefined;
    },
    save: async (path, name) => {
      if (entries.has(`${path} ${name}`)) return;
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

  test('is fetched again when the one in the tool cache is broken, which is then replaced', async () => {
    await publish();
    const { executable } = await findPacker(request(), tools());
    await writeFile(executable, 'half a progr');
    const given = tools();
    await expect(findPacker(request(), given)).resolves.toEqual({
      executable,
      version: '1.14.2',
      source: 'download',
    });
    expect(given.log.entries).toContainEqual(expect.stringMatching(/^warning: .*is replaced.*broken/));
    await expect(findPacker(request(), tools())).resolves.toMatchObject({ source: 'tool cache' });
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
    ['darwin', 'arm64', 'darwin_arm64', 'packer'],
    ['win32', 'x64', 'windows_amd64', 'packer.exe'],
    ['win32', 'arm64', 'windows_arm64', 'packer.exe'],
    // Which is not published, and runs programs for x64.
    ['win32', 'arm64', 'windows_amd64', 'packer.exe'],
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

const LINUX = ['linux_amd64'];

/** Puts an index of these versions on the server. */
function list(versions: Readonly<Record<string, readonly string[]>>) {
  const { path, content } = releaseIndex(versions);
  server.files.set(path, [content]);
}

describe('a range', () => {
  test('is what is on PATH when that fits, and nothing is asked for', async () => {
    await putOnPath('echo "Packer v1.6.6"');
    await expect(findPacker(request({ version: '1.x' }), tools())).resolves.toMatchObject({
      version: '1.6.6',
      source: 'PATH',
    });
    expect(server.requests).toEqual([]);
  });

  test('is the newest fitting one of the tool cache, and nothing is asked for', async () => {
    for (const version of ['1.9.9', '1.14.2', '1.15.0']) {
      await publish({ version });
      await findPacker(request({ version }), tools());
    }
    server.requests.length = 0;
    await expect(findPacker(request({ version: '>=1.9 <1.15' }), tools())).resolves.toMatchObject({
      version: '1.14.2',
      source: 'tool cache',
    });
    expect(server.requests).toEqual([]);
  });

  test.each([
    ['1.x', '1.15.1'],
    ['1.14.x', '1.14.10'],
    ['~1.14.2', '1.14.10'],
    ['1.9', '1.9.4'],
  ])('%s is else the newest published one that fits: %s', async (version, newest) => {
    await putOnPath('echo "Packer v0.12.3"');
    list({
      '1.9.4': LINUX,
      '1.14.9': LINUX,
      '1.14.10': LINUX,
      '1.15.1': LINUX,
      // A pre-release, one that is not for this machine, and one that the range excludes.
      '1.16.0-beta1': LINUX,
      '1.15.9': ['darwin_amd64'],
      '2.0.0': LINUX,
    });
    await publish({ version: newest });
    const found = await findPacker(request({ version }), tools());
    expect(found).toMatchObject({ version: newest, source: 'download' });
    await expect(packerVersion(found.executable, request({ env: {} }), { processes })).resolves.toBe(newest);
  });

  test('that no release fits names the inputs', async () => {
    list({ '1.14.2': LINUX });
    const missing = findPacker(request({ version: '3.x' }), tools());
    await expect(missing).rejects.toThrow(ConfigurationError);
    await expect(missing).rejects.toThrow(/no Packer "3\.x" for linux on amd64.*packer-version/);
  });

  test('on a mirror without an index says what needs none', async () => {
    const missing = findPacker(request({ version: '1.x' }), tools());
    await expect(missing).rejects.toThrow(ConfigurationError);
    await expect(missing).rejects.toThrow(/index of the releases.*index\.json answered 404/);
  });

  test('reads an index that came spoiled once more', async () => {
    const index = releaseIndex({ '1.14.2': LINUX });
    server.files.set(index.path, [new TextEncoder().encode('<html>Sign in</html>'), index.content]);
    await publish();
    const given = tools();
    await expect(findPacker(request({ version: '1.x' }), given)).resolves.toMatchObject({
      version: '1.14.2',
    });
    expect(given.log.entries).toContainEqual(expect.stringMatching(/^warning: .*fetched once more/));
  });

  test('fails when the index stays spoiled', async () => {
    server.files.set('/packer/index.json', [new TextEncoder().encode('{"versions": 7}')]);
    const failing = findPacker(request({ version: '1.x' }), tools());
    await expect(failing).rejects.toThrow(DeploymentError);
    await expect(failing).rejects.toThrow(/exact release such as 1\.14\.2, which needs none/);
  });
});

describe('latest', () => {
  test('is the newest published one, although an older one is at hand', async () => {
    await putOnPath('echo "Packer v1.6.6"');
    list({ '1.14.2': LINUX, '1.15.0': LINUX, '1.16.0-rc1': LINUX });
    await publish({ version: '1.15.0' });
    await expect(findPacker(request({ version: 'latest' }), tools())).resolves.toMatchObject({
      version: '1.15.0',
      source: 'download',
    });
    await expect(findPacker(request({ version: 'latest' }), tools())).resolves.toMatchObject({
      source: 'tool cache',
    });
  });

  test('is the one on PATH when there is no newer one', async () => {
    await putOnPath('echo "Packer v1.15.0"');
    list({ '1.14.2': LINUX, '1.15.0': LINUX });
    await expect(findPacker(request({ version: 'latest' }), tools())).resolves.toMatchObject({
      source: 'PATH',
    });
  });
});

describe('behind a proxy', () => {
  /** Hands every connection on to the release server, whatever host was asked for. */
  async function startProxy() {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const upstream = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket);
        socket.pipe(upstream);
      });
      for (const end of [socket, upstream])
        end.on('error', () => {
          socket.destroy();
          upstream.destroy();
        });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : 0;
    return { asked, proxy, url: `http://127.0.0.1:${port}` };
  }

  test('the index and the release come through the proxy of the environment', async () => {
    const { asked, proxy, url } = await startProxy();
    process.env.http_proxy = url;
    list({ '1.14.2': LINUX });
    await publish();
    // A host that only the proxy knows.
    const found = findPacker(request({ version: '1.x', mirror: 'http://releases.example' }), tools());
    await expect(found).resolves.toMatchObject({ version: '1.14.2', source: 'download' });
    expect(new Set(asked)).toEqual(new Set(['releases.example:80']));
    expect(downloadsOf('.zip')).toHaveLength(1);
    proxy.close();
    proxy.closeAllConnections();
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
      `${join(folder, 'temp', 'immutable-deploy', 'packer-1.14.2')} immutable-deploy-packer-1.14.2-linux-amd64-7-1`,
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

  test('gets a good entry in place of a bad one, for the machines that follow', async () => {
    await publish();
    const workflowCache = memoryCache();
    await findPacker(request(), tools({ workflowCache }));
    const [entry = ''] = workflowCache.entries.values();
    await writeFile(join(entry, 'packer_1.14.2_linux_amd64.zip'), spoiled);
    const nextRun = (run: string) => {
      process.env.RUNNER_TOOL_CACHE = join(folder, `tools of run ${run}`);
      const base = request();
      return findPacker({ ...base, env: { ...base.env, GITHUB_RUN_ID: run } }, tools({ workflowCache }));
    };
    await expect(nextRun('8')).resolves.toMatchObject({ source: 'download' });
    await expect(nextRun('9')).resolves.toMatchObject({ source: 'workflow cache' });
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
