import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../context.ts';
import { git, repositoryOf } from './git.ts';

/**
 * Hashes what lies at a path: its git tree when everything below is committed, which takes no longer for a large
 * repository; with changes, the tree and the changed files; outside of a repository, all files. Files that git
 * ignores do not count, unless the path itself is ignored: then it was meant.
 */
export async function contentHash(context: Context, folder: string, path: string): Promise<string> {
  const absolute = resolve(folder, path);
  const { workspace } = context.run;
  const root = await repositoryOf(context, workspace, folder);
  if (root === undefined) return await filesHash(absolute);
  const inside = relative(root, await realpath(absolute)) || '.';
  if (inside.startsWith('..')) return await filesHash(absolute);
  const tree = await committed(context, root, inside);
  const changed = await changes(context, root, inside);
  if (tree === undefined && changed.length === 0) return await filesHash(absolute);
  if (changed.length === 0) return `tree ${tree}`;
  context.log.info(`${path} has ${changed.length} changes that are not committed: they count.`);
  const hash = createHash('sha256').update(`${tree ?? ''}\n`);
  for (const name of changed.toSorted())
    hash.update(`${JSON.stringify(name)} ${await filesHash(join(root, name))}\n`);
  return hash.digest('hex');
}

/** The git object of a path in the commit that is checked out; `undefined` when it is not part of it. */
async function committed(context: Context, root: string, path: string): Promise<string | undefined> {
  const object = path === '.' ? 'HEAD^{tree}' : `HEAD:${path.replaceAll('\\', '/')}`;
  const lines = await git(context, root, ['rev-parse', '--verify', '--quiet', object]);
  return lines?.[0];
}

/** Files below a path that differ from the commit, and those that it does not know and does not ignore. */
async function changes(context: Context, root: string, path: string): Promise<string[]> {
  const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--', path];
  const lines = await git(context, root, args);
  if (lines === undefined) throw new Error(`git could not tell what has changed in ${path}.`);
  return lines
    .join('\n')
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice(3));
}

/** Names, kinds, executable bits and contents of everything at a path, without git's own folder. */
async function filesHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await addFiles(hash, path, '');
  return hash.digest('hex');
}

async function addFiles(hash: ReturnType<typeof createHash>, root: string, name: string): Promise<void> {
  const path = join(root, name);
  const found = await lstat(path).catch(() => undefined);
  const label = JSON.stringify(name.replaceAll('\\', '/'));
  if (!found) {
    hash.update(`${label} deleted\n`);
  } else if (found.isSymbolicLink()) {
    hash.update(`${label} link ${JSON.stringify(await readlink(path))}\n`);
  } else if (found.isDirectory()) {
    for (const entry of (await readdir(path)).toSorted()) {
      if (entry !== '.git') await addFiles(hash, root, join(name, entry));
    }
  } else if (found.isFile()) {
    // git keeps no other permission either.
    const kind = (found.mode & 0o100) === 0 ? 'file' : 'program';
    hash.update(`${label} ${kind} ${found.size}\n`);
    await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) hash.update(chunk);
    });
  }
}
