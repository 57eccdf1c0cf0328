import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A local AWS that was started as a person starts it. */
export interface SandboxProcess {
  url: string;
  /** Moves the virtual clock by this many seconds. */
  advance(seconds: number): Promise<void>;
  /** The calls that were made so far, by their operations' names. */
  calls(): Promise<string[]>;
  stop(): Promise<void>;
}

/** `npm run --silent sandbox -- --port 0 --time-scale … <more>`, ready to be called. */
export async function startSandbox(timeScale: number, more: readonly string[] = []): Promise<SandboxProcess> {
  const { lines, stop } = start(timeScale, more);
  try {
    const url = await variable(lines, 'AWS_ENDPOINT_URL');
    const clock = await variable(lines, 'IMMUTABLE_DEPLOY_CLOCK');
    if (!/^\d+,\d+,\d+$/.test(clock)) throw new Error(`The clock should be three numbers: ${clock}`);
    return { url, stop, ...control(url) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function start(timeScale: number, more: readonly string[]) {
  const options = ['--port', '0', '--time-scale', String(timeScale), ...more];
  const child = spawn('npm', ['run', '--silent', 'sandbox', '--', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, which is ended as a whole: npm and the shell in between do not pass signals on.
    detached: true,
  });
  const closed = once(child, 'close');
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  };
  process.once('exit', end);
  return {
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    async stop() {
      process.off('exit', end);
      end();
      await closed;
    },
  };
}

function control(url: string): Pick<SandboxProcess, 'advance' | 'calls'> {
  return {
    async advance(seconds) {
      const body = JSON.stringify({ advance: seconds * 1000 });
      const { ok, statusText } = await fetch(`${url}/_sandbox/clock`, { method: 'POST', body });
      if (!ok) throw new Error(`The clock did not advance: ${statusText}`);
    },
    async calls() {
      const response = await fetch(`${url}/_sandbox/calls`);
      const calls: { operation: string }[] = JSON.parse(await response.text());
      return calls.map(({ operation }) => operation);
    },
  };
}

async function variable(lines: AsyncIterator<string>, name: string): Promise<string> {
  const { value, done } = await lines.next();
  const line = done ? '' : String(value);
  if (!line.startsWith(`${name}=`))
    throw new Error(`The sandbox should have printed ${name}=…; it printed "${line}".`);
  return line.slice(name.length + 1);
}
