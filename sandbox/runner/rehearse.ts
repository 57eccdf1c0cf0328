import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { readable } from './readable.ts';
import { runStep } from './step.ts';

/**
 * `npm run rehearse -- mode=promote environment=staging …`: one step of the built action as GitHub's runner starts
 * it, against a local AWS that runs already (AWS_ENDPOINT_URL; default: the port of `npm run sandbox`).
 */

const ENDPOINT = process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4599';
const USAGE =
  'Usage: npm run rehearse -- mode=promote environment=staging auto-scaling-groups=staging (the inputs of the action, as name=value)';

try {
  const inputs = Object.fromEntries(process.argv.slice(2).map(input));
  if (inputs.mode === undefined) throw new Error('The input "mode" is missing.');
  const result = await runStep({
    // The runner gives the job's token by itself.
    inputs: { 'github-token': 'rehearsal', ...inputs },
    env: await environment(),
    onLine: (line) => {
      const shown = readable(line);
      if (shown !== undefined) console.log(shown);
    },
  });
  for (const [name, value] of Object.entries(result.outputs)) console.log(`${name}=${value}`);
  console.log(`Summary: ${relative('.', result.summaryPath)}`);
  process.exitCode = result.exitCode ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exitCode = 1;
}

function input(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`"${text}" is not name=value.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** What the runner would set, with the local AWS and GitHub in place of the real ones; nothing of the user's own keys. */
async function environment(): Promise<Record<string, string>> {
  const workspace = process.env.INIT_CWD ?? process.cwd();
  return {
    AWS_ENDPOINT_URL: ENDPOINT,
    AWS_REGION: process.env.AWS_REGION ?? 'us-east-1',
    // What the sandbox knows the action by, when policies are loaded.
    AWS_ACCESS_KEY_ID: 'rehearsal',
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    IMMUTABLE_DEPLOY_CLOCK: await clock(),
    // Packer waits by the machine's clock.
    AWS_POLL_DELAY_SECONDS: '1',
    CHECKPOINT_DISABLE: '1',
    GITHUB_API_URL: `${ENDPOINT}/_github`,
    GITHUB_REPOSITORY: process.env.GITHUB_REPOSITORY ?? 'octo/shop',
    GITHUB_SHA: process.env.GITHUB_SHA ?? head(workspace),
    GITHUB_REF_NAME: process.env.GITHUB_REF_NAME ?? 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_RUN_ID: '1',
    GITHUB_WORKSPACE: workspace,
  };
}

/** The action lives in the sandbox's time. Also shows that this is a sandbox and no AWS. */
async function clock(): Promise<string> {
  try {
    const response = await fetch(`${ENDPOINT}/_sandbox/clock`);
    const { variable } = JSON.parse(await response.text());
    if (typeof variable === 'string') return variable;
  } catch (error) {
    throw new Error(`No sandbox answers at ${ENDPOINT}. Start one: npm run sandbox`, { cause: error });
  }
  throw new Error(`What answers at ${ENDPOINT} is no sandbox.`);
}

function head(folder: string): string {
  return spawnSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' }).stdout.trim();
}
