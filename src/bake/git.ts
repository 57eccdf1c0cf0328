import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Context } from '../context.ts';

/** The lines that git prints; `undefined` when there is no git or it refuses. */
export async function git(
  { processes, env, signal }: Context,
  folder: string,
  args: readonly string[],
): Promise<string[] | undefined> {
  const lines: string[] = [];
  const inherited = Object.entries(env).flatMap(([key, value]) =>
    value === undefined || key.startsWith('INPUT_') ? [] : [[key, value] as const],
  );
  try {
    const exitCode = await processes.run('git', args, {
      cwd: folder,
      // Looking at the state must not write an index beside another git.
      env: { ...Object.fromEntries(inherited), GIT_OPTIONAL_LOCKS: '0' },
      onLine: (line, stream) => void (stream === 'stdout' && lines.push(line)),
      signal,
    });
    return exitCode === 0 ? lines : undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/** The repository that a folder belongs to, when it is at or below the workspace, as actions/checkout makes it. */
export async function repositoryOf(
  context: Context,
  workspace: string,
  folder: string,
): Promise<string | undefined> {
  const [top] = (await git(context, folder, ['rev-parse', '--show-toplevel'])) ?? [];
  if (!top) return undefined;
  const root = await realpath(top);
  return relative(await realpath(workspace), root).startsWith('..') ? undefined : root;
}
