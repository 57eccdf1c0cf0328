import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DeploymentError } from '../../../src/errors.ts';
import type { WorkflowCache } from '../../../src/packer/caches.ts';
import { installPlugins, type PluginRequest } from '../../../src/packer/plugins.ts';
import type { PackerTemplate } from '../../../src/packer/run.ts';
import type { RunOptions } from '../../../src/process.ts';
import { recordingLog } from '../../unit/packer/recording-log.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packer-plugins-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

function template(overrides: Partial<PackerTemplate> = {}): PackerTemplate {
  return {
    executable: 'packer',
    template: 'web.pkr.hcl',
    workingDirectory: folder,
    variables: {},
    variableFiles: [],
    env: {
      HOME: join(folder, 'home'),
      RUNNER_TEMP: join(folder, 'temp'),
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '1',
    },
    ...overrides,
  };
}

const request: PluginRequest = {
  version: '1.14.2',
  facts: { requiredPlugins: 'amazon = { version = "1.8.2" }', jsonPlugins: [] },
};

const requiring = (requiredPlugins: string | undefined): PluginRequest => ({
  ...request,
  facts: { requiredPlugins, jsonPlugins: [] },
});

/** An environment on top of the usual one. */
const withEnv = (env: Record<string, string>) => template({ env: { ...template().env, ...env } });

/** Packer, which downloads a plugin unless it is there, as often as it is given an answer. */
function scene(answers: readonly (string | undefined)[] = []) {
  const inits: RunOptions[] = [];
  const commands: string[] = [];
  let downloads = 0;
  const pauses: number[] = [];
  const entries = new Map<string, string>();
  const workflowCache: WorkflowCache = {
    restore: async (path, prefix) => {
      const [, entry] = [...entries].findLast(([name]) => name.startsWith(`${path} ${prefix}`)) ?? [];
      if (entry) await cp(entry, path, { recursive: true });
      return entry !== undefined;
    },
    save: async (path, name) => {
      const entry = join(folder, 'service', String(entries.size));
      await cp(path, entry, { recursive: true });
      entries.set(`${path} ${name}`, entry);
    },
  };
  return {
    inits,
    commands,
    pauses,
    entries,
    downloads: () => downloads,
    log: recordingLog(),
    workflowCache,
    clock: { now: () => 0, sleep: async (ms: number) => void pauses.push(ms) },
    processes: {
      run: async (_command: string, args: readonly string[], options: RunOptions) => {
        const failure = answers[inits.length];
        inits.push(options);
        commands.push(args.filter((arg) => arg !== '-machine-readable').join(' '));
        if (failure !== undefined) {
          options.onLine?.(`1,,ui,error,${failure}`, 'stdout');
          return 1;
        }
        const path = options.env.PACKER_PLUGIN_PATH ?? join(folder, 'home', '.config', 'packer', 'plugins');
        await mkdir(path, { recursive: true });
        if (args[1] === 'installed') {
          for (const name of await readdir(path))
            options.onLine?.(`1,,ui,say,${path}/github.com/hashicorp/amazon/${name}`, 'stdout');
          return 0;
        }
        if ((await readdir(path)).length > 0) return 0;
        downloads++;
        await writeFile(join(path, 'packer-plugin-amazon'), 'plugin');
        return 0;
      },
    },
  };
}

describe('plugins', () => {
  test('are downloaded once for all machines of the repository, into a folder of their own', async () => {
    const tools = scene();
    const first = await installPlugins(template(), request, tools);
    const path = first.env.PACKER_PLUGIN_PATH ?? '';
    expect(path.startsWith(join(folder, 'temp'))).toBe(true);
    expect([...tools.entries.keys()]).toEqual([
      expect.stringMatching(/immutable-deploy-packer-plugins-.*-7-1$/),
    ]);
    await rm(path, { recursive: true });
    const second = await installPlugins(template(), request, tools);
    expect(second.env.PACKER_PLUGIN_PATH).toBe(path);
    expect(await readdir(path)).toEqual(['packer-plugin-amazon']);
    expect(tools.downloads()).toBe(1);
    expect(tools.entries.size).toBe(1);
    await expect(readdir(join(folder, 'home'))).rejects.toThrow('ENOENT');
  });

  test('of other requirements are others', async () => {
    const tools = scene();
    await installPlugins(template(), request, tools);
    await installPlugins(template(), requiring('amazon = { version = "1.9.0" }'), tools);
    expect(tools.downloads()).toBe(2);
    expect(tools.entries.size).toBe(2);
  });

  test('that the machine has are used as they are, and stay out of the cache', async () => {
    await mkdir(join(folder, 'home', '.config', 'packer', 'plugins', 'github.com'), { recursive: true });
    const tools = scene();
    const ready = await installPlugins(template(), request, tools);
    expect(ready.env.PACKER_PLUGIN_PATH).toBeUndefined();
    expect(tools.inits).toHaveLength(1);
    expect(tools.entries.size).toBe(0);
  });

  test('stay where the environment wants them', async () => {
    const tools = scene();
    const own = join(folder, 'own');
    const ready = await installPlugins(withEnv({ PACKER_PLUGIN_PATH: own }), request, tools);
    expect(ready.env.PACKER_PLUGIN_PATH).toBe(own);
    expect(await readdir(own)).toEqual(['packer-plugin-amazon']);
    expect(tools.entries.size).toBe(0);
  });

  test('of the cache that do not work are thrown away, fetched once and saved anew', async () => {
    const tools = scene([undefined, 'plugin checksum mismatch']);
    await installPlugins(template(), request, tools);
    const ready = await installPlugins(withEnv({ GITHUB_RUN_ID: '8' }), request, tools);
    expect(await readdir(ready.env.PACKER_PLUGIN_PATH ?? '')).toEqual(['packer-plugin-amazon']);
    expect(tools.downloads()).toBe(2);
    expect([...tools.entries.keys()].at(-1)).toMatch(/-8-1$/);
    expect(tools.log.entries).toContainEqual(
      expect.stringMatching(/^warning: .*thrown away.*checksum mismatch/s),
    );
  });

  test.each(['restore', 'save'] as const)(
    'do not need the cache: a failure to %s is a warning',
    async (broken) => {
      const tools = scene();
      const workflowCache = {
        ...tools.workflowCache,
        [broken]: () => Promise.reject(new Error('unavailable')),
      };
      await installPlugins(template(), request, { ...tools, workflowCache });
      expect(tools.downloads()).toBe(1);
      expect(tools.log.entries).toEqual([expect.stringMatching(/^warning: .*unavailable/)]);
    },
  );

  test('are not asked of the cache when the template requires none', async () => {
    const tools = scene();
    const ready = await installPlugins(template(), requiring(undefined), tools);
    expect(ready.env.PACKER_PLUGIN_PATH).toBeUndefined();
    expect(tools.entries.size).toBe(0);
  });
});

describe("GitHub's rate limit", () => {
  const limit = '403 API rate limit of 60 still exceeded';

  test('is waited for', async () => {
    const tools = scene([limit, limit]);
    await installPlugins(template(), request, tools);
    expect(tools.pauses).toEqual([10_000, 30_000]);
    expect(tools.inits).toHaveLength(3);
  });

  test('is not waited for without end', async () => {
    const tools = scene(Array.from({ length: 9 }, () => limit));
    const installing = installPlugins(template(), request, tools);
    await expect(installing).rejects.toThrow(DeploymentError);
    await expect(installing).rejects.toThrow(/rate limit.*github-token/s);
    expect(tools.inits).toHaveLength(4);
  });

  test('is that of the token, which only packer init gets', async () => {
    const tools = scene();
    const ready = await installPlugins(template(), { ...request, githubToken: 'from the input' }, tools);
    expect(tools.inits[0]?.env.PACKER_GITHUB_API_TOKEN).toBe('from the input');
    expect(ready.env.PACKER_GITHUB_API_TOKEN).toBeUndefined();
  });

  test('is that of the token which the environment has', async () => {
    const tools = scene();
    const given = withEnv({ PACKER_GITHUB_API_TOKEN: 'from the environment' });
    await installPlugins(given, { ...request, githubToken: 'from the input' }, tools);
    expect(tools.inits[0]?.env.PACKER_GITHUB_API_TOKEN).toBe('from the environment');
  });

  test("has nothing to do with the token of an enterprise's own GitHub, which github.com would refuse", async () => {
    const tools = scene();
    const given = withEnv({ GITHUB_SERVER_URL: 'https://github.example.com' });
    await installPlugins(given, { ...request, githubToken: 'from the input' }, tools);
    expect(tools.inits[0]?.env.PACKER_GITHUB_API_TOKEN).toBeUndefined();
  });
});

describe('packer init', () => {
  test.each(['1.6.6', '1.5.0', '0.12.3'])('does not exist in Packer %s, which is said', async (version) => {
    const tools = scene();
    await installPlugins(template(), { ...request, version }, tools);
    expect(tools.inits).toEqual([]);
    expect(tools.log.entries).toEqual([expect.stringMatching(`^notice: Packer ${version} has no`)]);
  });

  test.each(['1.7.0', '1.14.2', '2.0.0'])('runs in Packer %s', async (version) => {
    const tools = scene();
    await installPlugins(template(), { ...request, version }, tools);
    expect(tools.inits).toHaveLength(1);
  });

  test.each(['web.pkr.json', 'image', '.'])('runs for %p, which is HCL2', async (path) => {
    const tools = scene();
    await installPlugins(template({ template: path }), request, tools);
    expect(tools.inits).toHaveLength(1);
  });
});

describe('the plugins of a legacy JSON template', () => {
  const json = () => template({ template: 'image/web.json' });
  const using = (...jsonPlugins: string[]): PluginRequest => ({
    ...request,
    facts: { requiredPlugins: undefined, jsonPlugins },
  });
  const amazon = 'github.com/hashicorp/amazon';

  test('are the newest, which is said, and come from the cache afterwards', async () => {
    const tools = scene();
    const { env } = await installPlugins(json(), using(amazon), tools);
    await rm(env.PACKER_PLUGIN_PATH ?? '', { recursive: true });
    await installPlugins(json(), using(amazon), tools);
    expect(tools.commands).toEqual([`plugins install ${amazon}`, 'plugins installed']);
    expect(tools.downloads()).toBe(1);
    expect(tools.log.entries[0]).toMatch(/^notice: .*newest releases of github\.com\/hashicorp\/amazon/);
  });

  test('are fetched anew when those of the cache do not work', async () => {
    const tools = scene([undefined, 'plugin checksum mismatch']);
    const { env } = await installPlugins(json(), using(amazon), tools);
    await rm(env.PACKER_PLUGIN_PATH ?? '', { recursive: true });
    await installPlugins(json(), using(amazon), tools);
    expect(tools.commands.at(-1)).toBe(`plugins install ${amazon}`);
    expect(tools.log.entries).toContainEqual(expect.stringMatching(/^warning: .*thrown away/));
  });

  test('are also fetched anew when one is missing in the cache', async () => {
    const tools = scene();
    const ansible = 'github.com/hashicorp/ansible';
    const { env } = await installPlugins(json(), using(amazon, ansible), tools);
    await rm(env.PACKER_PLUGIN_PATH ?? '', { recursive: true });
    await installPlugins(json(), using(amazon, ansible), tools);
    expect(tools.log.entries).toContainEqual(
      expect.stringContaining(`Packer does not find ${ansible} there`),
    );
  });

  test('are left alone where the machine has plugins', async () => {
    await mkdir(join(folder, 'home', '.config', 'packer', 'plugins', 'github.com'), { recursive: true });
    const tools = scene();
    expect(await installPlugins(json(), using(amazon), tools)).toEqual(json());
    expect(tools.commands).toEqual([]);
  });

  test.each(['1.6.6', '1.9.5'])('are a part of Packer %s', async (version) => {
    const tools = scene();
    await installPlugins(json(), { ...using(amazon), version }, tools);
    expect(tools.commands).toEqual([]);
  });

  test('are none where it uses nothing but Packer', async () => {
    const tools = scene();
    await installPlugins(json(), using(), tools);
    expect([tools.commands, tools.log.entries]).toEqual([[], []]);
  });
});
