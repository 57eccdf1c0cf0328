import { deepEqual, equal, match } from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Bench, Case } from './case.ts';
import { cleanEnvironment, runChild } from './child.ts';

const WORKFLOWS = '.github/workflows';
const CONFIGURATION = '.github/actionlint.yaml';

/** The linter for workflows, with shellcheck for the commands in them. */
export const actionlint: Case = {
  name: 'actionlint and shellcheck: nothing to say but what is ignored with a reason',
  needs: ['actionlint', 'shellcheck'],
  async run(bench) {
    await requireShellcheck(bench);
    const { exitCode, output } = await lint(bench, workflows(), CONFIGURATION);
    equal(exitCode, 0, output);
    deepEqual(await unneeded(bench), [], `${CONFIGURATION} ignores what actionlint does not say any more`);
  },
};

const workflows = () => readdirSync(WORKFLOWS).map((name) => join(WORKFLOWS, name));

/** actionlint says nothing about a shellcheck that it cannot start. */
async function requireShellcheck(bench: Bench): Promise<void> {
  const flawed = join(bench.folder, 'flawed.yml');
  writeFileSync(flawed, 'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: cat $FILE }] } }\n');
  match((await lint(bench, [flawed], CONFIGURATION)).output, /SC2086/);
}

/** The messages to ignore that none of the workflows causes. */
async function unneeded(bench: Bench): Promise<string[]> {
  const nothingIgnored = join(bench.folder, 'actionlint.yaml');
  writeFileSync(nothingIgnored, '');
  const { output } = await lint(bench, workflows(), nothingIgnored);
  return ignored().filter((message) => !new RegExp(message).test(output));
}

function ignored(): string[] {
  const { paths }: { paths: Record<string, { ignore: string[] }> } = parse(
    readFileSync(CONFIGURATION, 'utf8'),
  );
  return Object.values(paths).flatMap(({ ignore }) => ignore);
}

async function lint(
  { tool }: Bench,
  files: readonly string[],
  configuration: string,
): Promise<{ exitCode: number | null; output: string }> {
  const { exitCode, stdout, stderr } = await runChild(
    tool('actionlint').path,
    ['-no-color', '-config-file', configuration, '-shellcheck', tool('shellcheck').path, ...files],
    { env: cleanEnvironment({}) },
  );
  return { exitCode, output: stdout + stderr };
}
