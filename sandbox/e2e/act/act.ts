import { writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { actionNode } from '../../runner/step.ts';
import type { Bench } from '../case.ts';
import { cleanEnvironment, runChild } from '../child.ts';
import { PRODUCT } from './lower.ts';

type Values = Readonly<Record<string, string>>;

export interface ActOptions {
  /** The file in .github/workflows. */
  workflow: string;
  event: 'push' | 'schedule' | 'workflow_dispatch';
  /** Of a push: the ref, such as refs/tags/v1.2.3. */
  ref?: string;
  /** Of a workflow_dispatch. */
  inputs?: Values;
  /** In every step. */
  env: Values;
  variables: Values;
}

export interface ActRun {
  exitCode: number | null;
  /** The jobs that ran, by their names, with how they ended. */
  jobs: Record<string, string>;
  /** The end of what act said. */
  log: string;
}

/** Runs a workflow of a repository on this machine, without containers; `product` is what it calls. */
export async function runAct(
  { tool, folder }: Bench,
  { shop, product }: { shop: string; product: string },
  { workflow, event, ref, inputs = {}, env, variables }: ActOptions,
): Promise<ActRun> {
  const eventFile = join(folder, 'event.json');
  writeFileSync(eventFile, JSON.stringify(ref === undefined ? {} : { ref }));
  // Steps start the first `node` of PATH, whatever `runs.using` says.
  const path = [dirname(actionNode()), process.env.PATH].join(delimiter);
  const pairs = (flag: string, values: Values) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const { exitCode, stdout, stderr } = await runChild(
    tool('act').path,
    [
      ...[event, '--workflows', `.github/workflows/${workflow}`, '--platform', 'ubuntu-latest=-self-hosted'],
      ...['--local-repository', `${PRODUCT.name}@${PRODUCT.release}=${product}`],
      ...['--use-new-action-cache', '--action-offline-mode', '--no-cache-server', '--json'],
      ...(ref === undefined ? [] : ['--eventpath', eventFile]),
      ...['--secret', 'GITHUB_TOKEN=rehearsal-token'],
      ...pairs('--input', inputs),
      ...pairs('--env', env),
      ...pairs('--var', variables),
    ],
    {
      cwd: shop,
      env: cleanEnvironment({ PATH: path, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), ...env }),
    },
  );
  const entries = stdout
    .split('\n')
    .flatMap((line): LogEntry[] => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const jobs: Record<string, string> = {};
  for (const { job, jobResult } of entries) {
    // A job of a called workflow is named by its whole way, such as Dev/Promote/Promote to dev, and padded.
    if (job !== undefined && jobResult !== undefined) jobs[(job.split('/').at(-1) ?? job).trim()] = jobResult;
  }
  const log = entries.map(({ job = '', msg = '' }) => `[${job}] ${msg.trimEnd()}`).join('\n');
  return { exitCode, jobs, log: lastLines(`${log}\n${stderr}`) };
}

/** As much of the end as a person reads. */
function lastLines(log: string): string {
  return log.trim().split('\n').slice(-80).join('\n');
}

interface LogEntry {
  job?: string;
  msg?: string;
  jobResult?: string;
}
