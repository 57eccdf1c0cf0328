import { spawn } from 'node:child_process';

export interface ChildResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface ChildOptions {
  cwd?: string;
  /** The whole environment of the program. */
  env?: Readonly<Record<string, string>>;
  /** Real milliseconds after which the program is ended and the call rejects. */
  limit?: number;
}

/** Runs a program without standard input to its end. Rejects when it cannot be started or takes too long. */
export async function runChild(
  executable: string,
  args: readonly string[],
  { cwd, env, limit = 120_000 }: ChildOptions = {},
): Promise<ChildResult> {
  return await new Promise((done, failed) => {
    const child = spawn(executable, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env: { ...env } }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      failed(
        new Error(`${executable} ${args.join(' ')} took longer than ${limit / 1000} s:\n${stdout}${stderr}`),
      );
    }, limit);
    child.once('error', (error) => {
      clearTimeout(timer);
      failed(error);
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      done({ exitCode, stdout, stderr });
    });
  });
}

/** An environment for other programs with nothing of the caller's AWS or GitHub settings in it. */
export function cleanEnvironment(more: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { ...inherited, AWS_ACCESS_KEY_ID: 'rehearsal', AWS_SECRET_ACCESS_KEY: 'rehearsal', ...more };
}
