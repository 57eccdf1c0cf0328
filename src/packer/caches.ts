/** Programs that are unpacked on this machine; on a self-hosted runner they stay from job to job. */
export interface ToolCache {
  /** The newest version that fits, and its folder. */
  find(wanted: string, arch: string): Promise<{ folder: string; version: string } | undefined>;
  /** Copies the folder into the cache and returns the copy's path. */
  add(folder: string, version: string, arch: string): Promise<string>;
}

/** Files that other runs of the repository's workflows left on GitHub. */
export interface WorkflowCache {
  /**
   * Puts the files back into the folder that they were saved from: those of the newest entry whose key begins
   * with this one. False when there are none.
   */
  restore(folder: string, key: string): Promise<boolean>;
  /** Never replaces an entry: GitHub keeps the first one of a key. */
  save(folder: string, key: string): Promise<void>;
}

const TOOL = 'packer';

/** The runner's tool cache (`RUNNER_TOOL_CACHE`). */
export const runnerToolCache: ToolCache = {
  async find(wanted, arch) {
    const { evaluateVersions, find, findAllVersions } = await import('@actions/tool-cache');
    const version = evaluateVersions(findAllVersions(TOOL, arch), wanted);
    return version === '' ? undefined : { folder: find(TOOL, version, arch), version };
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
    // Only the keys for restoring are prefixes by contract, and of those the service takes the newest entry.
    return (await restoreCache([folder], key, [key])) !== undefined;
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
