import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ConfigurationError, DeploymentError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { downloadFile, type PackerRelease } from './release.ts';

/** What the release site says about all versions (`/packer/index.json`), as far as we read it. */
const schema = v.object({
  versions: v.record(
    v.string(),
    v.object({ builds: v.optional(v.array(v.object({ os: v.string(), arch: v.string() })), []) }),
  ),
});

export type ReleaseIndex = v.InferOutput<typeof schema>;

/** A proxy's error page is no index; the second try often gets through. */
const ATTEMPTS = 2;

/**
 * The newest version that was asked for and is published for this machine. The index is not signed: it decides
 * which release is fetched, and nothing of a release is run before its own signature was checked.
 *
 * @param wanted a range such as `1.x`, or `latest`
 * @param folder a new one, for a moment
 * @throws ConfigurationError when there is no such version, DeploymentError when the index cannot be had
 */
export async function newestRelease(
  wanted: string,
  machine: Omit<PackerRelease, 'version'>,
  source: { baseUrl: string; folder: string; log: Log; signal?: AbortSignal | undefined },
): Promise<string> {
  const index = await fetchIndex(source);
  const { evaluateVersions } = await import('@actions/tool-cache');
  const published = versionsFor(index, machine);
  const version = evaluateVersions(published, rangeOf(wanted));
  if (version !== '') return version;
  throw new ConfigurationError([
    `There is no Packer "${wanted}" for ${machine.os} on ${machine.arch} at ${source.baseUrl}, which has ` +
      `${published.length} versions for it. Check the inputs packer-version and packer-mirror.`,
  ]);
}

/** `latest` in the words of version ranges, which leave pre-releases out. */
export function rangeOf(wanted: string): string {
  return wanted === 'latest' ? '*' : wanted;
}

/** The versions that are published for a machine, in no order; Windows on ARM runs programs for x64. */
export function versionsFor(index: ReleaseIndex, { os, arch }: Pick<PackerRelease, 'os' | 'arch'>): string[] {
  const fits = (build: { os: string; arch: string }) =>
    build.os === os && (build.arch === arch || (os === 'windows' && build.arch === 'amd64'));
  return Object.entries(index.versions).flatMap(([version, { builds }]) =>
    builds.some(fits) ? [version] : [],
  );
}

async function fetchIndex({
  baseUrl,
  folder,
  log,
  signal,
}: Parameters<typeof newestRelease>[2]): Promise<ReleaseIndex> {
  const path = join(folder, 'index.json');
  for (let attempt = 1; ; attempt++) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await downloadFile('packer/index.json', baseUrl, path, 'The index of the releases of Packer', signal);
    try {
      return v.parse(schema, JSON.parse(await readFile(path, 'utf8')));
    } catch (error) {
      const reason = `${baseUrl} gave no index of the releases of Packer (${messageOf(error)})`;
      if (attempt === ATTEMPTS) {
        throw new DeploymentError(
          `${reason}. Set packer-version to an exact release such as 1.14.2, which needs none, or correct packer-mirror.`,
          { cause: error },
        );
      }
      log.warning(`${reason}; it is fetched once more.`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
