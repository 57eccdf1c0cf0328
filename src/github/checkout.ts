import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { getExecOutput } from '@actions/exec';

/**
 * The commit that is checked out in a folder: what is really built, which need not be the run's commit. Only a
 * repository at or below the workspace counts, as actions/checkout makes it.
 */
export async function checkedOutCommit(workspace: string, folder: string): Promise<string | undefined> {
  const options = { cwd: folder, silent: true, ignoreReturnCode: true };
  try {
    const { exitCode, stdout } = await getExecOutput(
      'git',
      ['rev-parse', '--show-toplevel', 'HEAD'],
      options,
    );
    const [root = '', commit] = stdout.trim().split(/\r?\n/);
    if (exitCode !== 0 || commit === undefined) return undefined;
    const isOutside = relative(await realpath(workspace), await realpath(root)).startsWith('..');
    return isOutside ? undefined : commit;
  } catch {
    // No git on this machine: the run's commit has to do.
    return undefined;
  }
}
