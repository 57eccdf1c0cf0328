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

/** `npm run --silent sandbox -- --port 0 --time-scale …`, ready to be called. */
export async function startSandbox(timeScale: number): Promise<SandboxProcess> {
  const child = spawn(
    'npm',
    ['run', '--silent', 'sandbox', '--', '--port', '0', '--time-scale', String(timeScale)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // A group of its own: npm and the shell between do not pass signals on.
      detached: true,
    },
  );
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const [url, clock] = [
    await variable(lines, 'AWS_ENDPOINT_URL'),
    await variable(lines, 'IMMUTABLE_DEPLOY_CLOCK'),
  ];
  if (clock.split(',').length !== 3)
    throw new Error(`The clock is not <real ms>,<virtual ms>,<scale>: ${clock}`);
  return {
    url,
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
    async stop() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}

async function variable(lines: AsyncIterator<string>, name: string): Promise<string> {
  const { value, done } = await lines.next();
  if (done || !String(value).startsWith(`${name}=`)) {
    throw new Error(`The sandbox should have printed ${name}=…; it printed ${done ? 'nothing' : value}.`);
  }
  return String(value).slice(name.length + 1);
}
