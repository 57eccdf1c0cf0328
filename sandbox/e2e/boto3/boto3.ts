import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cleanEnvironment } from '../child.ts';
import type { Tool } from '../tools.ts';

/** What a service answered, or how it refused: by code, since AWS says the same thing in different words. */
export interface Answer {
  answer?: unknown;
  error?: { code: string; status: number };
}

/** AWS's own Python client, kept running: a call takes milliseconds, and starting it takes a second. */
export class Boto3 {
  readonly #child;
  readonly #lines: AsyncIterator<string>;
  #said = '';

  constructor(python: Tool, endpoint: string) {
    this.#child = spawn(python.path, ['sandbox/e2e/boto3/call.py', endpoint], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: cleanEnvironment({}),
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** `call('ec2', 'DescribeImages', { Owners: ['self'] })`; rejects only when the client itself fails. */
  async call(service: string, operation: string, input: object): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify({ service, operation, input })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`boto3 failed at ${service} ${operation}: ${this.#said.trim()}`);
    return JSON.parse(value);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.stdin.end();
    await closed;
  }
}
