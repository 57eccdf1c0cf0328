import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Bench, Case } from './case.ts';
import { cleanEnvironment, runChild } from './child.ts';
import { startSandbox } from './sandbox-process.ts';

const PAGE = 'docs/sandbox.md';
const ADDRESS = 'http://127.0.0.1:4599';
/** Commands that are run: marked with `<!-- run -->`, or `<!-- run fails -->` where the last one has to fail. */
const MARKED = /<!-- run( fails)? -->\n```sh\n([\s\S]*?)```/g;

/** The documentation's commands as they are there, but for the port. */
export const documentation: Case = {
  name: `docs: the commands of ${PAGE}`,
  needs: ['aws'],
  async run({ tool, folder }: Bench) {
    const text = readFileSync(PAGE, 'utf8');
    const start = /npm run sandbox -- (.*)/.exec(text)?.[1] ?? '';
    match(start, /--seed examples\/sandbox\/scene\.json/);
    const sandbox = await startSandbox(60, ['--seed', 'examples/sandbox/scene.json']);
    try {
      const env = cleanEnvironment({
        PATH: `${dirname(tool('aws').path)}${delimiter}${process.env.PATH ?? ''}`,
        AWS_ENDPOINT_URL: sandbox.url,
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_PAGER: '',
      });
      const outputs: string[] = [];
      for (const [, fails, commands = ''] of text.matchAll(MARKED)) {
        const script = commands
          .replaceAll(ADDRESS, sandbox.url)
          .replaceAll('state.json', join(folder, 'state.json'));
        const { exitCode, stdout, stderr } = await runChild('sh', ['-euc', script], { env });
        equal(exitCode === 0, fails === undefined, `${commands}ended with ${exitCode}:\n${stdout}${stderr}`);
        outputs.push(stdout);
      }
      const all = outputs.join('\n');
      match(all, /^production\t6$/m);
      deepEqual(all.match(/^status=.*$/gm), ['status=promoted', 'status=rolled-back']);
      ok((await sandbox.calls()).includes('StartInstanceRefresh'));
    } finally {
      await sandbox.stop();
    }
  },
};
