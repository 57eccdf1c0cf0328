import { equal } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Case } from './case.ts';
import { cleanEnvironment, runChild } from './child.ts';

const TEMPLATES = 'workflows-templates';

/** The security linter for workflows, in its strictest mode. */
export const zizmorCases: readonly Case[] = [
  {
    name: 'zizmor: nothing to say about the workflows and actions',
    needs: ['zizmor'],
    run: (bench) => zizmor(bench, '.github', 'action.yml'),
  },
  {
    name: 'zizmor: nothing to say about the templates',
    needs: ['zizmor'],
    async run(bench) {
      const files = readdirSync(TEMPLATES).filter((file) => file.endsWith('.yml'));
      equal(files.length > 0, true);
      const paths = files.map((file) => join(TEMPLATES, file));
      await zizmor(bench, '--config', '.github/zizmor-templates.yml', ...paths);
    },
  },
];

async function zizmor({ tool }: Bench, ...args: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runChild(
    tool('zizmor').path,
    ['--offline', '--no-progress', '--persona', 'pedantic', ...args],
    { env: cleanEnvironment({}) },
  );
  equal(exitCode, 0, stdout + stderr);
}
