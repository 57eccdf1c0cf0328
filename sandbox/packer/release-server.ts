import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { strToU8, zipSync } from 'fflate';
import { createMessage, generateKey, type PrivateKey, sign } from 'openpgp';

/** What the server answers for a path; the last of several answers is repeated. */
export type Answer = Uint8Array | number | Promise<number>;

/** A release site on the loopback interface. */
export async function startReleaseServer() {
  const files = new Map<string, Answer[]>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const answers = files.get(path);
    const answer = (await (answers && answers.length > 1 ? answers.shift() : answers?.[0])) ?? 404;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else response.writeHead(200).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    files,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function signingKey() {
  const userIDs = [{ name: 'Release', email: 'release@example.com' }];
  const { privateKey, publicKey } = await generateKey({ userIDs, format: 'object' });
  return { privateKey, publicKey: publicKey.armor() };
}

/** An archive with a program of this name, which prints its version as Packer does. */
export function archiveOf(version: string, program = 'packer'): Uint8Array {
  return zipSync({
    'LICENSE.txt': strToU8('free'),
    [program]: strToU8(`#!/bin/sh\necho "Packer v${version}"\n`),
  });
}

/** The index of a release site: the machines for which each version is published. */
export function releaseIndex(versions: Readonly<Record<string, readonly string[]>>): {
  path: string;
  content: Uint8Array;
} {
  const entries = Object.entries(versions).map(([version, machines]) => {
    const builds = machines.map((machine) => {
      const [os = '', arch = ''] = machine.split('_');
      return { name: 'packer', version, os, arch, filename: `packer_${version}_${machine}.zip` };
    });
    return [version, { name: 'packer', version, builds, shasums: `packer_${version}_SHA256SUMS` }];
  });
  const content = strToU8(JSON.stringify({ name: 'packer', versions: Object.fromEntries(entries) }));
  return { path: '/packer/index.json', content };
}

/** The three files of a release for one machine, by path; `zip` is what the list of checksums is made for. */
export async function releaseFiles(
  { version = '1.14.2', machine = 'linux_amd64', zip = archiveOf(version) },
  signedBy: PrivateKey,
): Promise<Record<'zip' | 'sums' | 'signature', { path: string; content: Uint8Array }>> {
  const name = `packer_${version}_${machine}.zip`;
  const folder = `/packer/${version}`;
  const sums = strToU8(
    `${'0'.repeat(64)}  packer_${version}_plan9_amd64.zip\n` +
      `${createHash('sha256').update(zip).digest('hex')}  ${name}\n`,
  );
  const signature = await sign({
    message: await createMessage({ binary: sums }),
    signingKeys: signedBy,
    detached: true,
    format: 'binary',
  });
  return {
    zip: { path: `${folder}/${name}`, content: zip },
    sums: { path: `${folder}/packer_${version}_SHA256SUMS`, content: sums },
    signature: { path: `${folder}/packer_${version}_SHA256SUMS.sig`, content: signature },
  };
}
