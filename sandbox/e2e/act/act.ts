import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { actionNode } from '../../runner/step.ts';
import type { Bench } from '../case.ts';
import { cleanEnvironment, runChild } from '../child.ts';
import { lower } from './lower.ts';

const WORKFLOWS = '.github/workflows';
/** Calls the workflow under test, as a team's own workflow does. */
const CALLER = 'caller.yml';

export interface ActRun {
  exitCode: number | null;
  /** The jobs that ran, by their names, with how they ended. */
  jobs: Record<string, string>;
  /** The end of what act said. */
  log: string;
}

/**
 * A git repository with the action, its workflows in words that act understands, and a workflow that calls
 * `deploy.yml` with these inputs.
 */
export async function makeRepository(
  folder: string,
  repository: string,
  inputs: Readonly<Record<string, string>>,
): Promise<void> {
  mkdirSync(join(folder, WORKFLOWS), { recursive: true });
  for (const name of readdirSync(WORKFLOWS)) {
    writeFileSync(join(folder, WORKFLOWS, name), lower(readFileSync(join(WORKFLOWS, name), 'utf8')));
  }
  cpSync('.github/actions', join(folder, '.github/actions'), { recursive: true });
  cpSync('dist', join(folder, 'dist'), { recursive: true });
  cpSync('sandbox/demo/app', join(folder, 'app'), { recursive: true });
  const caller = {
    on: 'workflow_dispatch',
    permissions: {},
    jobs: {
      deploy: {
        permissions: { contents: 'read', 'id-token': 'write' },
        uses: `./${WORKFLOWS}/deploy.yml`,
        with: inputs,
      },
    },
  };
  writeFileSync(join(folder, WORKFLOWS, CALLER), stringify(caller));
  const git = async (...args: string[]) => {
    const { exitCode, stderr } = await runChild('git', args, { cwd: folder });
    if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  };
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', `https://github.com/${repository}`);
  await git('add', '--all');
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost'];
  await git(...author, 'commit', '--quiet', '--no-gpg-sign', '--message', 'Rehearsal');
}

/** Runs the caller's workflow on this machine, without containers, with these variables in every step. */
export async function runAct(
  { tool, folder }: Bench,
  repository: string,
  options: { env: Readonly<Record<string, string>>; variables: Readonly<Record<string, string>> },
): Promise<ActRun> {
  // Steps start the first `node` of PATH, whatever `runs.using` says.
  const path = [dirname(actionNode()), process.env.PATH].join(delimiter);
  const pairs = (flag: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const { exitCode, stdout, stderr } = await runChild(
    tool('act').path,
    [
      ...[
        'workflow_dispatch',
        '--workflows',
        `${WORKFLOWS}/${CALLER}`,
        '--platform',
        'ubuntu-latest=-self-hosted',
      ],
      ...['--no-cache-server', '--json', '--secret', 'GITHUB_TOKEN=rehearsal-token'],
      ...pairs('--env', options.env),
      ...pairs('--var', options.variables),
    ],
    {
      cwd: repository,
      env: cleanEnvironment({
        PATH: path,
        HOME: folder,
        XDG_CACHE_HOME: join(folder, 'cache'),
        ...options.env,
      }),
    },
  );
  const entries = stdout
    .split('\n')
    .flatMap((line): LogEntry[] => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const jobs: Record<string, string> = {};
  for (const { job, jobResult } of entries) {
    // A job of a called workflow is named by its whole way, such as Dev/Promote/Promote to dev.
    if (job !== undefined && jobResult !== undefined) jobs[job.split('/').at(-1) ?? job] = jobResult;
  }
  const log = entries.map(({ job = '', msg = '' }) => `[${job}] ${msg.trimEnd()}`).join('\n');
  return { exitCode, jobs, log: lastLines(`${log}\n${stderr}`) };
}

/** As much of the end as a person reads. */
function lastLines(log: string): string {
  return log.trim().split('\n').slice(-60).join('\n');
}

interface LogEntry {
  job?: string;
  msg?: string;
  jobResult?: string;
}
