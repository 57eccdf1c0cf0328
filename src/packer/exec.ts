import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { ProcessRunner } from '../process.ts';

const isWindows = process.platform === 'win32';

/** The defaults suit a step that has 7 s to end after it was cancelled. Milliseconds of real time. */
export interface ProcessRunnerOptions {
  /** How long a program may clean up after the step was cancelled, before it is killed. */
  graceMs?: number;
  /**
   * How long output is still read after the program ended, while something that it started keeps the pipe
   * open.
   */
  drainMs?: number;
}

/**
 * Starts real programs, and ends them when the step is cancelled or out of time.
 *
 * This is `node:child_process` and not `@actions/exec`, which cannot stop what it started. GitHub's runner
 * does not do it for us either: it signals this process alone, and on Linux it kills this process alone. What
 * is left behind goes on until the whole job ends, and would make AMIs while the post step cleans up. So on
 * abort:
 *
 * 1. the program gets SIGTERM. Not SIGINT: Packer runs as two processes and only SIGTERM is passed on to the
 *    one that works, which then removes what it made;
 * 2. its lines are still delivered meanwhile, so that nothing it says is lost;
 * 3. after `graceMs` the program and all that it started are killed. They form a process group of their own
 *    for that (on Windows, where there are no such groups and no SIGTERM, the process tree is ended at once);
 * 4. `run` rejects with the signal's reason, and nothing of the program is left.
 */
export function createProcessRunner({
  graceMs = 4_000,
  drainMs = 2_000,
}: ProcessRunnerOptions = {}): ProcessRunner {
  return {
    run: (command, args, { cwd, env, onLine, signal }) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        // Without standard input a program that asks a question ends instead of waiting for an answer.
        const child = spawn(command, args, {
          cwd,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
          detached: !isWindows,
          windowsHide: true,
        });
        let interruption: { reason: unknown } | undefined;
        let timer: NodeJS.Timeout | undefined;

        const interrupt = (reason: unknown) => {
          if (interruption) return;
          interruption = { reason };
          const hasEnded = child.exitCode !== null || child.signalCode !== null;
          if (isWindows || hasEnded) return killTree(child);
          child.kill('SIGTERM');
          timer = setTimeout(() => killTree(child), graceMs);
        };
        const onAbort = () => interrupt(signal?.reason);
        signal?.addEventListener('abort', onAbort, { once: true });

        // A listener that throws ends the program, as the caller's code would have done after an `await`.
        const deliver = (stream: 'stdout' | 'stderr') => (line: string) => {
          try {
            onLine?.(line, stream);
          } catch (error) {
            interrupt(error);
          }
        };
        const flushes = [
          onLines(child.stdout, deliver('stdout')),
          onLines(child.stderr, deliver('stderr')),
        ] as const;

        const finish = (settle: () => void) => {
          signal?.removeEventListener('abort', onAbort);
          for (const flush of flushes) flush();
          clearTimeout(timer);
          settle();
        };
        child.once('error', (error) => finish(() => reject(error)));
        child.once('exit', () => {
          clearTimeout(timer);
          if (interruption) killTree(child);
          timer = setTimeout(() => {
            child.stdout.destroy();
            child.stderr.destroy();
          }, drainMs);
        });
        // `close` follows `exit` as soon as nobody holds the pipes any more.
        child.once('close', (code, signalName) =>
          finish(() => {
            if (interruption) reject(interruption.reason);
            else resolve(code ?? exitCodeOf(signalName));
          }),
        );
      }),
  };
}

/** For the action. */
export const processRunner: ProcessRunner = createProcessRunner();

/** Calls back for each line without its end; the returned function delivers a last line that has none. */
function onLines(stream: NodeJS.ReadableStream, deliver: (line: string) => void): () => void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) deliver(line.replace(/\r$/, ''));
  });
  return () => {
    if (rest !== '') deliver(rest);
    rest = '';
  };
}

/** Ends the program and what it started, which may have ended already. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (isWindows) {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => {},
    );
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is empty.
  }
}

/** As a shell has it: 128 and the number of the signal that ended the program. */
function exitCodeOf(signalName: NodeJS.Signals | null): number {
  return signalName ? 128 + constants.signals[signalName] : 1;
}
