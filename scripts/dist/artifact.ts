import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a built dist/, by their names. */
export type Dist = ReadonlyMap<string, Buffer>;

/** Far above what there is. GitHub takes about 40 MB in one commit, in base64, which is a third longer. */
const MOST_FILES = 300;
const MOST_BYTES = 24 * 1024 * 1024;

/**
 * Reads what a job that anybody's code ran in left behind: plain files with plain names, directly in the folder, and
 * not too much of it. Throws with everything that is wrong, and reads nothing then.
 */
export function readArtifact(folder: string): Dist {
  const entries = readdirSync(folder, { withFileTypes: true });
  // A link could point at any file of this machine, and its contents would be committed for all to see.
  const odd = entries.filter((entry) => !entry.isFile() || !/^[A-Za-z0-9][\w.-]*$/.test(entry.name));
  const names = entries.map(({ name }) => name);
  const missing = ['index.js', 'post.js', 'package.json'].filter((name) => !names.includes(name));
  const bytes = entries
    .filter((entry) => entry.isFile())
    .reduce((sum, { name }) => sum + statSync(join(folder, name)).size, 0);
  const problems = [
    ...odd.map(({ name }) => `${JSON.stringify(name)} is not a plain file with a plain name`),
    ...missing.map((name) => `${name} is missing`),
    ...(entries.length > MOST_FILES ? [`there are ${entries.length} files`] : []),
    ...(bytes > MOST_BYTES ? [`there are ${bytes} bytes`] : []),
  ];
  if (problems.length > 0) throw new Error(`This is not a dist/: ${problems.join('; ')}.`);
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
}
