import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Starts the built action the way GitHub's runner starts a step: inputs as INPUT_* variables, files for outputs,
 * state and summary, the main script and then the post script with the saved state.
 */

export interface StepOptions {
  /** Inputs that were given; the runner passes the others as empty. */
  inputs: Readonly<Record<string, string>>;
  /** Variables besides PATH, HOME and what the runner sets. */
  env: Readonly<Record<string, string>>;
  /** Where outputs, state and summary are written; default: a new folder. */
  folder?: string;
  onLine?: (line: string) => void;
  /** Called with the main process once it runs, to interrupt it. */
  onStart?: (child: ChildProcess) => void;
}

export interface StepResult {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  outputs: Record<string, string>;
  state: Record<string, string>;
  log: string;
  summary: string;
  summaryPath: string;
  /** The post script's exit code and log. */
  post: { exitCode: number | null; log: string };
}

/** The Node that runs the action: the one of the project's optional dependency, else this one. */
export function actionNode(): string {
  const own = resolve('node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return existsSync(own) && process.platform !== 'win32' ? own : process.execPath;
}

export async function runStep(options: StepOptions): Promise<StepResult> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'step-'));
  mkdirSync(folder, { recursive: true });
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
  };
  for (const path of Object.values(files)) writeFileSync(path, '');
  const env = { ...baseEnvironment(folder), ...files, ...options.env, ...inputVariables(options.inputs) };
  const main = await runScript('dist/index.js', env, options);
  const state = readCommands(files.GITHUB_STATE);
  const saved = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
  const { onLine } = options;
  const post = await runScript('dist/post.js', { ...env, ...saved }, onLine ? { onLine } : {});
  return {
    exitCode: main.exitCode,
    signal: main.signal,
    outputs: readCommands(files.GITHUB_OUTPUT),
    state,
    log: main.log,
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    summaryPath: files.GITHUB_STEP_SUMMARY,
    post: { exitCode: post.exitCode, log: post.log },
  };
}

/** An environment with nothing of the caller's AWS or GitHub settings in it. */
function baseEnvironment(folder: string): Record<string, string> {
  const inherited = ['PATH', 'HOME', 'SYSTEMROOT', 'TMPDIR', 'TEMP'].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']],
  );
  return {
    ...Object.fromEntries(inherited),
    RUNNER_TEMP: folder,
    RUNNER_TOOL_CACHE: join(folder, 'tools'),
    GITHUB_SERVER_URL: 'https://github.com',
  };
}

function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

function runScript(
  script: string,
  env: Record<string, string>,
  { onLine, onStart }: Pick<StepOptions, 'onLine' | 'onStart'>,
) {
  return new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; log: string }>(
    (done, failed) => {
      const child = spawn(actionNode(), [resolve(script)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      onStart?.(child);
      let log = '';
      let rest = '';
      const read = (chunk: Buffer) => {
        log += chunk.toString();
        const lines = (rest + chunk.toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine?.(line);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', failed);
      child.once('close', (exitCode, signal) => done({ exitCode, signal, log }));
    },
  );
}

/** Reads a file of `name=value` and `name<<delimiter` entries; a later one of the same name wins. */
function readCommands(path: string): Record<string, string> {
  const entries: Record<string, string> = {};
  const lines = readFileSync(path, 'utf8').split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const [, name = '', delimiter] = /^([^=]+?)<<(.+)$/.exec(line) ?? [];
    if (delimiter !== undefined) {
      const end = lines.indexOf(delimiter, index + 1);
      entries[name] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else if (line.includes('=')) {
      entries[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
    }
  }
  return entries;
}
