import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, DeploymentError, messageOf } from '../errors.ts';
import { githubCache, runnerToolCache, type ToolCache, type WorkflowCache } from './caches.ts';
import { HASHICORP_PUBLIC_KEY } from './hashicorp-key.ts';
import {
  downloadRelease,
  executableName,
  openRelease,
  type PackerRelease,
  RELEASES_URL,
  releaseFor,
  untilAborted,
  writeExecutable,
} from './release.ts';
import { type PackerTools, packerVersion } from './run.ts';

/** A proxy or a broken connection can spoil one download; two in a row are no accident. */
const DOWNLOAD_ATTEMPTS = 2;

export interface PackerRequest {
  /** `system` (whatever is on `PATH`) or an exact release such as `1.14.2`. */
  version: string;
  /** Base URL below which `packer/<version>/` lies; HashiCorp's own site without it. */
  mirror?: string | undefined;
  workingDirectory: string;
  /**
   * The environment of Packer: `PATH` is where it is looked for, `RUNNER_TEMP` where files lie for a moment.
   */
  env: Readonly<Record<string, string>>;
  /** This machine's without it, in Node's words. */
  platform?: NodeJS.Platform;
  arch?: string;
  /** HashiCorp's without it; ASCII-armoured. */
  publicKey?: string;
}

export interface InstallTools extends PackerTools {
  toolCache?: ToolCache;
  workflowCache?: WorkflowCache;
}

export interface FoundPacker {
  readonly executable: string;
  readonly version: string;
  readonly source: 'PATH' | 'tool cache' | 'workflow cache' | 'download';
}

/**
 * Finds Packer, the cheapest way first: on `PATH`, in the runner's tool cache, in GitHub's cache, and else
 * downloads it. GitHub's cache holds the signed release files and not the program: what comes from there is
 * checked like a download, as anybody with write access to a branch's cache could have put it there.
 *
 * @throws ConfigurationError when there is no such Packer, DeploymentError when what can be had is not to be
 *   trusted
 */
export async function findPacker(request: PackerRequest, tools: InstallTools): Promise<FoundPacker> {
  const { version, platform = process.platform, arch = process.arch } = request;
  const { log, toolCache = runnerToolCache } = tools;

  const onPath = await versionOnPath(request, tools);
  if (version === 'system' && !onPath) {
    throw new ConfigurationError([
      'packer-version is system, but there is no Packer on PATH. Install it in an earlier step, or set ' +
        'packer-version to a release such as 1.14.2.',
    ]);
  }
  if (onPath && (version === 'system' || version === onPath)) {
    log.info(`Packer ${onPath} from PATH`);
    return { executable: 'packer', version: onPath, source: 'PATH' };
  }

  const release = releaseFor(version, platform, arch);
  const cached = await toolCache.find(version, arch);
  if (cached) {
    log.info(`Packer ${version} from the runner's tool cache`);
    return { executable: join(cached, executableName(release)), version, source: 'tool cache' };
  }

  // The same path in every job of a runner image, because GitHub's cache finds entries by path.
  const folder = join(request.env.RUNNER_TEMP ?? tmpdir(), 'immutable-deploy', `packer-${version}`);
  try {
    const restored = await restore(release, folder, request, tools);
    const program = restored ?? (await download(release, folder, request, tools));
    const unpacked = await writeExecutable(release, program, `${folder}-unpacked`);
    const installed = await toolCache.add(unpacked, version, arch);
    if (!restored) await save(release, folder, tools);
    const from = restored ? "GitHub's cache" : (request.mirror ?? RELEASES_URL);
    log.info(`Packer ${version} from ${from}, signature verified`);
    const source = restored ? 'workflow cache' : 'download';
    return { executable: join(installed, executableName(release)), version, source };
  } finally {
    await clear(folder);
    await clear(`${folder}-unpacked`);
  }
}

/** A `packer` that is missing or is something else counts as none. */
async function versionOnPath(request: PackerRequest, tools: PackerTools): Promise<string | undefined> {
  try {
    return await packerVersion('packer', request, tools);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/**
 * The executable from GitHub's cache; undefined when there is none or a bad one, which is never a failure.
 */
async function restore(
  release: PackerRelease,
  folder: string,
  { publicKey = HASHICORP_PUBLIC_KEY }: PackerRequest,
  { workflowCache = githubCache, log, signal }: InstallTools,
): Promise<Uint8Array | undefined> {
  const key = cacheKey(release);
  try {
    await clear(folder);
    if (!(await untilAborted(workflowCache.restore(folder, key), signal))) return undefined;
    return await openRelease(release, folder, publicKey);
  } catch (error) {
    signal?.throwIfAborted();
    log.warning(
      `Packer is downloaded, because the entry ${key} of GitHub's cache cannot be used: ` +
        `${messageOf(error)}. If this comes back, delete the entry.`,
    );
    return undefined;
  }
}

/**
 * The executable from the release site; files that cannot be trusted are thrown away and fetched once more.
 */
async function download(
  release: PackerRelease,
  folder: string,
  { mirror = RELEASES_URL, publicKey = HASHICORP_PUBLIC_KEY }: PackerRequest,
  { log, signal }: InstallTools,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    await clear(folder);
    await downloadRelease(release, mirror, folder, signal);
    try {
      return await openRelease(release, folder, publicKey);
    } catch (error) {
      const reason = messageOf(error);
      if (attempt === DOWNLOAD_ATTEMPTS) {
        throw new DeploymentError(
          `The download of Packer ${release.version} from ${mirror} cannot be trusted: ${reason}. Nothing ` +
            'of it was run. Check packer-mirror, or install Packer in an earlier step and set ' +
            'packer-version to system.',
          { cause: error },
        );
      }
      log.warning(
        `The download of Packer ${release.version} is thrown away and fetched once more: ${reason}.`,
      );
    }
  }
}

async function save(
  release: PackerRelease,
  folder: string,
  { workflowCache = githubCache, log, signal }: InstallTools,
): Promise<void> {
  try {
    await untilAborted(workflowCache.save(folder, cacheKey(release)), signal);
  } catch (error) {
    signal?.throwIfAborted();
    log.warning(
      `Packer could not be saved in GitHub's cache, so it is downloaded again next time: ${messageOf(error)}`,
    );
  }
}

function cacheKey({ version, os, arch }: PackerRelease): string {
  return `immutable-deploy-packer-${version}-${os}-${arch}`;
}

async function clear(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
