import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { githubCache, type WorkflowCache } from './caches.ts';
import { initPause } from './init-pause.ts';
import { untilAborted } from './release.ts';
import {
  PackerError,
  type PackerTemplate,
  type PackerTools,
  packerInit,
  packerPluginsInstall,
  packerPluginsInstalled,
} from './run.ts';
import type { TemplateFacts } from './template.ts';

export interface PluginRequest {
  /** As `packerVersion` gave it. */
  version: string;
  /** What the template says about its plugins. */
  facts: Pick<TemplateFacts, 'requiredPlugins' | 'jsonPlugins'>;
  /** For GitHub's rate limit, which is low for shared runners; one in the environment wins. */
  githubToken?: string | undefined;
}

export interface PluginTools extends PackerTools {
  clock: Clock;
  workflowCache?: WorkflowCache;
}

/** A way to get the plugins. */
interface Source {
  /** What they are known by in the cache; `undefined`: the template names none. */
  readonly names: string | undefined;
  /** Also on a machine that has plugins: Packer takes those that fit, and gets the others. */
  readonly isAlways: boolean;
  get(template: PackerTemplate): Promise<void>;
  /** Rejects when plugins that the cache gave do not work. */
  check(template: PackerTemplate): Promise<void>;
}

/**
 * Installs the plugins of a template: those that HCL2 requires, and HashiCorp's that a legacy JSON template uses. They
 * come from GitHub's cache when another run with the same names left them there, into a folder of their own
 * (`PACKER_PLUGIN_PATH`); a machine that has plugins already keeps using those, and its home is never written to by
 * us. Packer checks each plugin against the checksum beside it; when what the cache gave does not work, it is thrown
 * away and the plugins are fetched.
 *
 * @returns the template with the environment in which Packer finds the plugins
 * @throws PackerError with Packer's own words
 */
export async function installPlugins(
  template: PackerTemplate,
  request: PluginRequest,
  tools: PluginTools,
): Promise<PackerTemplate> {
  const source = sourceFor(template, request, tools);
  if (!source) return template;
  const isEquipped = await hasPlugins(template.env);
  if (isEquipped || source.names === undefined) {
    if (!isEquipped || source.isAlways) await patiently(source.get, template, request, tools);
    return template;
  }
  const key = cacheKey(source.names);
  const folder = join(template.env.RUNNER_TEMP ?? tmpdir(), 'immutable-deploy', key);
  const own = { ...template, env: { ...template.env, PACKER_PLUGIN_PATH: folder } };
  if (await restore(folder, key, tools)) {
    try {
      await patiently(source.check, own, request, tools);
      return own;
    } catch (error) {
      tools.signal?.throwIfAborted();
      tools.log.warning(
        `The plugins of GitHub's cache are thrown away and fetched anew: ${messageOf(error)}`,
      );
      await rm(folder, { recursive: true, force: true });
    }
  }
  await patiently(source.get, own, request, tools);
  await save(folder, key, template.env, tools);
  return own;
}

/** `undefined`, and the reason in the log, where Packer installs nothing. */
function sourceFor(
  { template }: PackerTemplate,
  { version, facts }: PluginRequest,
  tools: PluginTools,
): Source | undefined {
  const { log } = tools;
  if (isLegacyJson(template)) {
    // Until then the plugins were a part of Packer.
    if (!isAtLeast(version, 1, 10)) return undefined;
    const plugins = facts.jsonPlugins;
    if (plugins.length === 0) return undefined;
    log.notice(
      `A JSON template cannot say which plugins it needs: the newest releases of ${plugins.join(', ')} are used, ` +
        'unless plugins are there already. Packer can rewrite it with `packer hcl2_upgrade`.',
    );
    return {
      names: plugins.join('\n'),
      isAlways: false,
      get: async (given) => {
        for (const plugin of plugins) await packerPluginsInstall(given, plugin, tools);
      },
      check: async (given) => {
        const installed = await packerPluginsInstalled(given, tools);
        const missing = plugins.filter((plugin) => !installed.some((path) => path.includes(`${plugin}/`)));
        if (missing.length > 0) throw new Error(`Packer does not find ${missing.join(', ')} there`);
      },
    };
  }
  if (!isAtLeast(version, 1, 7)) {
    log.notice(
      `Packer ${version} has no \`packer init\` (1.7 brought it): the plugins have to be there already.`,
    );
    return undefined;
  }
  return {
    names: facts.requiredPlugins,
    isAlways: true,
    get: (given) => packerInit(given, tools),
    check: (given) => packerInit(given, tools),
  };
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}

/** HCL2 can be written in JSON, too; such a file ends in `.pkr.json`. */
function isLegacyJson(template: string): boolean {
  return template.endsWith('.json') && !template.endsWith('.pkr.json');
}

/** Tries again when GitHub or the network said "later". */
async function patiently(
  work: Source['get'],
  template: PackerTemplate,
  { githubToken }: PluginRequest,
  { log, clock, signal }: PluginTools,
): Promise<void> {
  // The token of an enterprise's own GitHub is none for github.com, where plugins are: it would be refused there.
  const isGithubCom = (template.env.GITHUB_SERVER_URL ?? 'https://github.com') === 'https://github.com';
  const token = isGithubCom && githubToken ? { PACKER_GITHUB_API_TOKEN: githubToken } : {};
  const withToken = { ...template, env: { ...token, ...template.env } };
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(withToken);
    } catch (error) {
      const pause = error instanceof PackerError ? initPause(error.lines, attempt) : undefined;
      if (pause === undefined) throw error;
      log.warning(
        `Packer could not get its plugins, it tries again in ${pause / 1000} s: ${messageOf(error)}`,
      );
      await clock.sleep(pause, signal);
    }
  }
}

/** Where Packer looks for plugins by itself, on any system. */
function pluginFolders(env: PackerTemplate['env']): string[] {
  const { PACKER_PLUGIN_PATH, PACKER_CONFIG_DIR, XDG_CONFIG_HOME, APPDATA, HOME = homedir() } = env;
  return [
    PACKER_PLUGIN_PATH,
    PACKER_CONFIG_DIR && join(PACKER_CONFIG_DIR, 'plugins'),
    PACKER_CONFIG_DIR && join(PACKER_CONFIG_DIR, '.packer.d', 'plugins'),
    XDG_CONFIG_HOME && join(XDG_CONFIG_HOME, 'packer', 'plugins'),
    APPDATA && join(APPDATA, 'packer.d', 'plugins'),
    join(HOME, '.config', 'packer', 'plugins'),
    join(HOME, '.packer.d', 'plugins'),
  ].flatMap((folder) => folder || []);
}

async function hasPlugins(env: PackerTemplate['env']): Promise<boolean> {
  // Who names a folder wants the plugins there, also when it is empty yet.
  if (env.PACKER_PLUGIN_PATH) return true;
  const contents = await Promise.all(
    pluginFolders(env).map((folder) => readdir(folder).catch((): string[] => [])),
  );
  return contents.some((names) => names.length > 0);
}

/** Entries of these plugins for this kind of machine have keys that begin so. */
function cacheKey(names: string): string {
  const hash = createHash('sha256').update(names).digest('hex').slice(0, 16);
  return `immutable-deploy-packer-plugins-${process.platform}-${process.arch}-${hash}-`;
}

async function restore(
  folder: string,
  key: string,
  { workflowCache = githubCache, log, signal }: PluginTools,
): Promise<boolean> {
  try {
    await rm(folder, { recursive: true, force: true });
    const restored = await untilAborted(workflowCache.restore(folder, key), signal);
    if (restored) log.info("Packer's plugins from GitHub's cache");
    return restored;
  } catch (error) {
    signal?.throwIfAborted();
    log.warning(`GitHub's cache could not be asked for Packer's plugins: ${messageOf(error)}`);
    return false;
  }
}

async function save(
  folder: string,
  key: string,
  env: PackerTemplate['env'],
  { workflowCache = githubCache, log, signal }: PluginTools,
): Promise<void> {
  const isEmpty = (await readdir(folder).catch((): string[] => [])).length === 0;
  if (isEmpty) return;
  try {
    const run = `${env.GITHUB_RUN_ID ?? ''}-${env.GITHUB_RUN_ATTEMPT ?? ''}`;
    await untilAborted(workflowCache.save(folder, `${key}${run}`), signal);
  } catch (error) {
    signal?.throwIfAborted();
    log.warning(`Packer's plugins could not be saved in GitHub's cache: ${messageOf(error)}`);
  }
}
