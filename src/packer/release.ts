import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, DeploymentError, messageOf } from '../errors.ts';

/** Where HashiCorp publishes; a mirror has the same folders below its own base URL. */
export const RELEASES_URL = 'https://releases.hashicorp.com';

/** One release of Packer for one kind of machine, in the words of its file names. */
export interface PackerRelease {
  readonly version: string;
  readonly os: string;
  readonly arch: string;
}

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * @param platform, arch in Node's words
 * @throws ConfigurationError for a machine that we have no Packer for
 */
export function releaseFor(version: string, platform: NodeJS.Platform, arch: string): PackerRelease {
  const system = SYSTEMS[platform];
  const architecture = ARCHITECTURES[arch];
  if (!system || !architecture) {
    throw new ConfigurationError([
      `Packer cannot be downloaded for ${platform} on ${arch}: only Linux, macOS and Windows on x64 and ` +
        'arm64 are supported. Install it in an earlier step and set packer-version to system.',
    ]);
  }
  return { version, os: system, arch: architecture };
}

/** The list of checksums, and the vendor's signature of it. */
function listsOf({ version }: PackerRelease) {
  const sums = `packer_${version}_SHA256SUMS`;
  return { sums, signature: `${sums}.sig` };
}

/**
 * The archive for this machine. Packer is not published for Windows on ARM, which runs programs for x64 as well:
 * the list of checksums decides.
 */
function archiveFor({ version, os, arch }: PackerRelease, sums: string): string {
  const archive = (architecture: string) => `packer_${version}_${os}_${architecture}.zip`;
  const instead = os === 'windows' && arch === 'arm64' && !checksumIn(sums, archive(arch));
  return archive(instead ? 'amd64' : arch);
}

/**
 * Downloads the three files of a release from `<baseUrl>/packer/<version>/` into an empty folder.
 *
 * @throws ConfigurationError when the server does not have one of them, DeploymentError when it cannot be
 *   reached
 */
export async function downloadRelease(
  release: PackerRelease,
  baseUrl: string,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const { sums, signature } = listsOf(release);
  const what = `Packer ${release.version} for ${release.os} on ${release.arch}`;
  const get = async (file: string) =>
    await downloadFile(`packer/${release.version}/${file}`, baseUrl, join(folder, file), what, signal);
  // The archive last: without the other two it would be downloaded for nothing.
  await get(sums);
  await get(signature);
  await get(archiveFor(release, await readFile(join(folder, sums), 'utf8')));
}

/**
 * Downloads one file of the release site. Server errors and lost connections are tried three times; a proxy in
 * the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`) is used.
 *
 * @param path below the base URL
 * @param what it is, for people
 * @throws ConfigurationError when the server does not have it, DeploymentError when it cannot be reached
 */
export async function downloadFile(
  path: string,
  baseUrl: string,
  target: string,
  what: string,
  signal?: AbortSignal,
): Promise<void> {
  const { downloadTool, HTTPError } = await import('@actions/tool-cache');
  const url = `${baseUrl.replace(/\/+$/, '')}/${path}`;
  try {
    await untilAborted(downloadTool(url, target), signal);
  } catch (error) {
    if (signal?.aborted) throw error;
    if (error instanceof HTTPError && error.httpStatusCode && error.httpStatusCode < 500) {
      throw new ConfigurationError(
        [
          `${what} could not be downloaded: ${url} answered ${error.httpStatusCode}. Check the inputs ` +
            'packer-version and packer-mirror.',
        ],
        { cause: error },
      );
    }
    throw new DeploymentError(
      `${what} could not be downloaded from ${url}: ${messageOf(error)}. Try again, set packer-mirror (or ` +
        'HTTPS_PROXY, where the internet is behind a proxy), or install Packer in an earlier step and set ' +
        'packer-version to system.',
      { cause: error },
    );
  }
}

/**
 * Checks the files of a release from the top down: the signature of the list of checksums, the checksum of
 * the archive. Only then is the archive opened.
 *
 * @param publicKey the vendor's, ASCII-armoured
 * @returns the executable
 * @throws Error with the reason why the files cannot be trusted
 */
export async function openRelease(
  release: PackerRelease,
  folder: string,
  publicKey: string,
): Promise<Uint8Array> {
  const files = listsOf(release);
  const [sums, signature] = await Promise.all([
    readFile(join(folder, files.sums)),
    readFile(join(folder, files.signature)),
  ]);
  try {
    await verifySignature(sums, signature, publicKey);
  } catch (error) {
    throw new Error(`the signature of ${files.sums} is not HashiCorp's (${messageOf(error)})`, {
      cause: error,
    });
  }
  const archive = archiveFor(release, sums.toString('utf8'));
  const expected = checksumIn(sums.toString('utf8'), archive);
  if (!expected) throw new Error(`${files.sums} does not list ${archive}`);
  const zip = await readFile(join(folder, archive));
  const actual = createHash('sha256').update(zip).digest('hex');
  if (actual !== expected)
    throw new Error(`${archive} has the SHA-256 ${actual}, ${files.sums} says ${expected}`);

  const { unzipSync } = await import('fflate');
  const name = executableName(release);
  const executable = unzipSync(zip, { filter: (file) => file.name === name })[name];
  if (!executable) throw new Error(`${archive} does not contain ${name}`);
  return executable;
}

/** Writes the executable into a new folder, and returns the folder. */
export async function writeExecutable(
  release: PackerRelease,
  executable: Uint8Array,
  folder: string,
): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, executableName(release)), executable, { mode: 0o755 });
  return folder;
}

export function executableName({ os }: Pick<PackerRelease, 'os'>): string {
  return os === 'windows' ? 'packer.exe' : 'packer';
}

/** A line is `<64 hexadecimal digits>  <file name>`. */
function checksumIn(sums: string, file: string): string | undefined {
  const fields = sums.split(/\r?\n/).map((line) => line.trim().split(/\s+/));
  return fields.find(([sum, name]) => name === file && /^[0-9a-f]{64}$/.test(sum ?? ''))?.[0];
}

/**
 * Resolves when one of the signatures was made by the key, or by a signing subkey of it.
 *
 * @param signature detached, binary
 * @param publicKey ASCII-armoured
 * @throws Error with the reason
 */
export async function verifySignature(
  signed: Uint8Array,
  signature: Uint8Array,
  publicKey: string,
): Promise<void> {
  const openpgp = await import('openpgp');
  await openpgp.verify({
    message: await openpgp.createMessage({ binary: signed }),
    signature: await openpgp.readSignature({ binarySignature: signature }),
    verificationKeys: await openpgp.readKey({ armoredKey: publicKey }),
    expectSigned: true,
    // HashiCorp has extended the validity of its key by signing it anew, in February 2026. Releases from
    // before that would be refused as "signed before the key was valid"; with this they are accepted as long
    // as the key is valid.
    config: { allowInsecureVerificationWithReformattedKeys: true },
  });
}

/**
 * The work's result, or the signal's reason as soon as it is aborted; the work then ends by itself, unheard.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
