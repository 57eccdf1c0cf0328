/** Programs that are unpacked on this machine; on a self-hosted runner they stay from job to job. */
export interface ToolCache {
  /** The folder of this version, or undefined. */
  find(version: string, arch: string): Promise<string | undefined>;
  /** Copies the folder into the cache and returns the copy's path. */
  add(folder: string, version: string, arch: string): Promise<string>;
}

/** Files that other runs of the repository's workflows left on GitHub. */
export interface WorkflowCache {
  /** Puts the files back into the folder that they were saved from; false when there are none. */
  restore(folder: string, key: string): Promise<boolean>;
  save(folder: string, key: string): Promise<void>;
}

const TOOL = 'packer';

/** The runner's tool cache (`RUNNER_TOOL_CACHE`). */
export const runnerToolCache: ToolCache = {
  async find(version, arch) {
    const { find } = await import('@actions/tool-cache');
    return find(TOOL, version, arch) || undefined;
  },
  async add(folder, version, arch) {
    const { cacheDir } = await import('@actions/tool-cache');
    return cacheDir(folder, TOOL, version, arch);
  },
};

/**
 * GitHub's cache service; where there is none (GitHub Enterprise Server without it, a rehearsal), it is
 * always empty. The path of the folder is part of what an entry is found by.
 */
export const githubCache: WorkflowCache = {
  async restore(folder, key) {
    if (!isAvailable()) return false;
    const { restoreCache } = await import('@actions/cache');
    // The service takes the key for a prefix, and 1.14.2 must not find an entry of another name.
    return (await restoreCache([folder], key))?.toLowerCase() === key.toLowerCase();
  },
  async save(folder, key) {
    if (!isAvailable()) return;
    const { saveCache } = await import('@actions/cache');
    await saveCache([folder], key);
  },
};

/**
 * The package's own test of its two protocols; but the package is 2.5 MB, too much to learn that there is
 * nothing.
 */
function isAvailable(): boolean {
  const { ACTIONS_CACHE_SERVICE_V2, ACTIONS_RESULTS_URL, ACTIONS_CACHE_URL } = process.env;
  return Boolean(ACTIONS_CACHE_SERVICE_V2 ? ACTIONS_RESULTS_URL : ACTIONS_CACHE_URL);
}
