import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installStandIn } from '../../demo/packer.ts';
import { runStep, type StepResult } from '../../runner/step.ts';
import { Sandbox } from '../../sandbox.ts';
import { publicImage } from '../../scene.ts';
import { median } from '../promotion/watching.ts';

/** What a bake costs beside Packer and AWS: real time of this machine, and calls. */

const REGION = 'us-east-1';
const RUNS = 5;
/** Virtual seconds in a second: AWS's part of a build takes about two seconds of real time. */
const SCALE = 60;

export async function reportBaking(): Promise<void> {
  const bench = prepare();
  const reuses: number[] = [];
  const overheads: number[] = [];
  let calls: string[] = [];
  let buildCalls = 0;
  for (let run = 0; run < RUNS; run++) {
    // In turn, so that a busy moment of the machine meets both.
    const bare = await inSandbox((sandbox) => timed(() => barePacker(bench, sandbox)));
    await inSandbox(async (sandbox) => {
      const build = await timed(() => bake(bench, sandbox, 'a'));
      buildCalls = sandbox.aws.calls.length;
      overheads.push(build - bare);
      sandbox.aws.calls.length = 0;
      reuses.push(await timed(() => bake(bench, sandbox, 'b')));
      calls = sandbox.aws.calls.map(({ operation }) => operation);
    });
  }
  console.log(
    `  an image of the same content is returned in ${median(reuses).toFixed(0)} ms from process start to end, post step included (median), with ${calls.length} calls: ${calls.join(', ')}`,
  );
  console.log(
    `  a bake takes ${median(overheads).toFixed(0)} ms longer than \`packer init\`, \`validate\` and \`build\` by hand (median), with ${buildCalls} calls, Packer’s included`,
  );
}

interface Bench {
  workspace: string;
  path: string;
}

function prepare(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const workspace = join(folder, 'app');
  cpSync('sandbox/demo/app', workspace, { recursive: true });
  return { workspace, path: `${installStandIn(folder)}${delimiter}${process.env.PATH ?? ''}` };
}

async function inSandbox<T>(work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const sandbox = await Sandbox.start({ now: Date.now(), timeScale: SCALE });
  try {
    return await work(sandbox);
  } finally {
    await sandbox.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - began) / 1e6;
}

const credentials = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench', AWS_REGION: REGION };

const variables = (sandbox: Sandbox) => [
  `endpoint=${sandbox.url}`,
  `region=${REGION}`,
  `source_ami=${publicImage(sandbox, REGION)}`,
];

/** What one runs by hand. In processes of their own, while this one serves the local AWS. */
async function barePacker({ workspace, path }: Bench, sandbox: Sandbox): Promise<void> {
  const given = variables(sandbox).flatMap((variable) => ['-var', variable]);
  const all = [...given, '-var', `immutable_deploy_commit=${'a'.repeat(40)}`, '.'];
  for (const args of [
    ['init', '.'],
    ['validate', ...all],
    ['build', '-machine-readable', ...all],
  ]) {
    const env = { ...credentials, PATH: path };
    const child = spawn('packer', args, { cwd: workspace, env, stdio: 'ignore' });
    const exitCode = await new Promise((done) => child.once('close', done));
    if (exitCode !== 0) throw new Error(`packer ${args[0]} alone ended with exit code ${exitCode}.`);
  }
}

async function bake({ workspace, path }: Bench, sandbox: Sandbox, commit: string): Promise<void> {
  const result: StepResult = await runStep({
    inputs: {
      mode: 'bake',
      template: '.',
      'packer-version': 'system',
      variables: variables(sandbox).join('\n'),
      application: 'octo/shop',
    },
    env: {
      ...credentials,
      PATH: path,
      AWS_ENDPOINT_URL: sandbox.url,
      IMMUTABLE_DEPLOY_CLOCK: sandbox.clock.variable,
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_SHA: commit.repeat(40),
      GITHUB_RUN_ID: commit === 'a' ? '1' : '2',
      GITHUB_WORKSPACE: workspace,
    },
  });
  if (result.exitCode !== 0) throw new Error(`The measured bake failed:\n${result.log}`);
}
