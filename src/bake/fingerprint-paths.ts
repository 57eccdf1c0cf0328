import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Context } from '../context.ts';
import type { BakeJob } from './job.ts';

/**
 * What is looked at for the fingerprint, relative to the working directory: what the input says; else the working
 * directory. A template that takes files from outside of it makes all of the workspace count: what is left out
 * by mistake would make a changed application look like the same content.
 */
export async function fingerprintPaths({ run, log }: Context, job: BakeJob): Promise<readonly string[]> {
  const { inputs, workingDirectory } = job;
  if (inputs.fingerprintPaths.length > 0) return inputs.fingerprintPaths;
  const outside = await namedOutside(resolve(workingDirectory, inputs.template), workingDirectory);
  const workspace = relative(workingDirectory, run.workspace);
  if (outside.length === 0 || workspace === '') return ['.'];
  log.notice(
    `The template names files outside of working-directory (${outside.join(', ')}): all of the workspace counts for the fingerprint. Name what goes into the image in "fingerprint-paths", and fewer changes need a build.`,
  );
  return ['.', workspace];
}

/** Paths in the template that lead out of the working directory, whether they begin there or beside the template. */
async function namedOutside(template: string, workingDirectory: string): Promise<string[]> {
  const isFolder = (await stat(template)).isDirectory();
  const folder = isFolder ? template : dirname(template);
  const files = isFolder
    ? (await readdir(template))
        .filter((name) => /\.pkr\.(hcl|json)$/.test(name))
        .map((name) => join(folder, name))
    : [template];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const named = texts.flatMap((text) =>
    [...text.matchAll(/(?:[\w.-]+\/)*\.\.\/[\w./-]*/g)].map(([path]) => path),
  );
  return [...new Set(named)].filter((path) =>
    [folder, workingDirectory].some((start) => isOutside(workingDirectory, resolve(start, path))),
  );
}

const isOutside = (folder: string, path: string) => relative(folder, path).startsWith('..');
