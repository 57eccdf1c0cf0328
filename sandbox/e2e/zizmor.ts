import { equal } from 'node:assert/strict';
import type { Case } from './case.ts';
import { cleanEnvironment, runChild } from './child.ts';

/** The security linter for workflows, in its strictest mode. */
export const zizmor: Case = {
  name: 'zizmor: nothing to say about the workflows and actions',
  needs: ['zizmor'],
  async run({ tool }) {
    const { exitCode, stdout, stderr } = await runChild(
      tool('zizmor').path,
      ['--offline', '--no-progress', '--persona', 'pedantic', '.github', 'action.yml'],
      { env: cleanEnvironment({}) },
    );
    equal(exitCode, 0, stdout + stderr);
  },
};
