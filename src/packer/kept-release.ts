import { rm } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import { githubCache, type WorkflowCache } from './caches.ts';
import { openRelease, type PackerRelease, untilAborted } from './release.ts';
import type { PackerTools } from './run.ts';

type CacheTools = Pick<PackerTools, 'log' | 'signal'> & { workflowCache?: WorkflowCache };

/**
 * The executable from the release files in GitHub's cache; undefined when there are none or bad ones, which is never
 * a failure.
 *
 * @param folder what they were saved from
 * @param publicKey the vendor's, ASCII-armoured
 */
export async function restoreRelease(
  release: PackerRelease,
  folder: string,
  publicKey: string,
  { workflowCache = githubCache, log, signal }: CacheTools,
): Promise<Uint8Array | undefined> {
  const key = cacheKey(release);
  try {
    await rm(folder, { recursive: true, force: true });
    if (!(await untilAborted(workflowCache.restore(folder, key), signal))) return undefined;
    return await openRelease(release, folder, publicKey);
  } catch (error) {
    signal?.throwIfAborted();
    log.warning(
      `Packer is downloaded, because the entry ${key} of GitHub's cache cannot be used: ` +
        `${messageOf(error)}. The download takes its place.`,
    );
    return undefined;
  }
}

/** Leaves the release files in GitHub's cache for later runs; when that fails, it is a warning. */
export async function saveRelease(
  release: PackerRelease,
  folder: string,
  env: Readonly<Record<string, string>>,
  { workflowCache = githubCache, log, signal }: CacheTools,
): Promise<void> {
  // GitHub never replaces an entry, and the newest one is restored: with the run in its key, a good entry takes
  // the place of a bad one.
  const key = `${cacheKey(release)}${env.GITHUB_RUN_ID ?? ''}-${env.GITHUB_RUN_ATTEMPT ?? ''}`;
  try {
    await untilAborted(workflowCache.save(folder, key), signal);
  } catch (error) {
    signal?.throwIfAborted();
    log.warning(
      `Packer could not be saved in GitHub's cache, so it is downloaded again next time: ${messageOf(error)}`,
    );
  }
}

/** Entries of this release have keys that begin so; the dash at its end keeps others out. */
function cacheKey({ version, os, arch }: PackerRelease): string {
  return `immutable-deploy-packer-${version}-${os}-${arch}-`;
}
