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
import { newestRelease } from './release-index.ts';
import { type PackerTools, packerVersion } from './run.ts';

/** A proxy or a broken connection can spoil one download; two in a row are no accident. */
const DOWNLOAD_ATTEMPTS = 2;

export interface PackerRequest {
  /** `system` (whatever is on `PATH`), an exact release such as `1.14.2`, a range such as `1.x`, or `latest`. */
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
 * downloads it. A range takes the newest that is at hand and fits; only `latest`, or a range that nothing at hand
 * fits, asks the release site which versions there are. GitHub's cache holds the signed release files and not the
 * program: what comes from there is checked like a download, as anybody with write access to a branch's cache could
 * have put it there.
 *
 * @throws ConfigurationError when there is no such Packer, DeploymentError when what can be had is not to be
 *   trusted
 */
export async function findPacker(request: PackerRequest, tools: InstallTools): Promise<FoundPacker> {
  const { version: wanted, platform = process.platform, arch = process.arch } = request;
  const onPath = await versionOnPath(request, tools);
  if (wanted === 'system') {
    if (onPath) return foundOnPath(onPath, tools);
    throw new ConfigurationError([
      'packer-version is system, but there is no Packer on PATH. Install it in an earlier step, or set ' +
        'packer-version to a release such as 1.14.2.',
    ]);
  }
  const machine = releaseFor('', platform, arch);
  let version = wanted;
  if (wanted === 'latest') version = await resolve(wanted, machine, request, tools);
  if (onPath && (await fits(onPath, version))) return foundOnPath(onPath, tools);
  const atHand = await inToolCache(version, arch, request, tools);
  if (atHand) return atHand;
  if (!EXACT.test(version)) version = await resolve(wanted, machine, request, tools);
  return await install(releaseFor(version, platform, arch), arch, request, tools);
}

const EXACT = /^\d+\.\d+\.\d+$/;

async function fits(version: string, wanted: string): Promise<boolean> {
  if (EXACT.test(wanted)) return version === wanted;
  const { evaluateVersions } = await import('@actions/tool-cache');
  return evaluateVersions([version], wanted) === version;
}

function foundOnPath(version: string, { log }: PackerTools): FoundPacker {
  log.info(`Packer ${version} from PATH`);
  return { executable: 'packer', version, source: 'PATH' };
}

async function resolve(
  wanted: string,
  machine: PackerRelease,
  { mirror = RELEASES_URL, env }: PackerRequest,
  { log, signal }: InstallTools,
): Promise<string> {
  const folder = join(temporaryFolder(env), 'packer-index');
  const version = await newestRelease(wanted, machine, { baseUrl: mirror, folder, log, signal });
  log.info(`Packer ${version} is the newest release that fits "${wanted}"`);
  return version;
}

/** What lies there must run and be what it is filed under; else it is replaced by a fresh one. */
async function inToolCache(
  wanted: string,
  arch: string,
  request: PackerRequest,
  tools: InstallTools,
): Promise<FoundPacker | undefined> {
  const { log, signal, toolCache = runnerToolCache } = tools;
  const cached = await toolCache.find(wanted, arch);
  if (!cached) return undefined;
  const { folder, version } = cached;
  const executable = join(
    folder,
    executableName(releaseFor(version, request.platform ?? process.platform, arch)),
  );
  let says: string;
  try {
    says = await packerVersion(executable, request, tools);
  } catch (error) {
    signal?.throwIfAborted();
    says = messageOf(error);
  }
  if (says === version) {
    log.info(`Packer ${version} from the runner's tool cache`);
    return { executable, version, source: 'tool cache' };
  }
  log.warning(`The Packer ${version} of the runner's tool cache is replaced, because it is broken: ${says}`);
  return undefined;
}

async function install(
  release: PackerRelease,
  arch: string,
  request: PackerRequest,
  tools: InstallTools,
): Promise<FoundPacker> {
  const { log, toolCache = runnerToolCache } = tools;
  const { version } = release;
  // The same path in every job of a runner image, because GitHub's cache finds entries by path.
  const folder = join(temporaryFolder(request.env), `packer-${version}`);
  try {
    const restored = await restore(release, folder, request, tools);
    const program = restored ?? (await download(release, folder, request, tools));
    const unpacked = await writeExecutable(release, program, `${folder}-unpacked`);
    const installed = await toolCache.add(unpacked, version, arch);
    if (!restored) await save(release, folder, request, tools);
    const from = restored ? "GitHub's cache" : (request.mirror ?? RELEASES_URL);
    log.info(`Packer ${version} from ${from}, signature verified`);
    const source = restored ? 'workflow cache' : 'download';
    return { executable: join(installed, executableName(release)), version, source };
  } finally {
    await clear(folder);
    await clear(`${folder}-unpacked`);
  }
}

function temporaryFolder(env: PackerRequest['env']): string {
  return join(env.RUNNER_TEMP ?? tmpdir(), 'immutable-deploy');
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
        `${messageOf(error)}. The download takes its place.`,
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
  { env }: PackerRequest,
  { workflowCache = githubCache, log, signal }: InstallTools,
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

async function clear(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
