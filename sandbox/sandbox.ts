import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalAws, type Outcome } from './aws.ts';
import { answerControl } from './control.ts';
import { VirtualClock } from './engine/clock.ts';
import { recordedInstances } from './engine/driver.ts';
import { animate } from './engine/events.ts';
import { World } from './engine/world.ts';
import { withCapacityFaults } from './faults/capacity.ts';
import { Faults } from './faults/faults.ts';
import { LocalGitHub } from './github/github.ts';
import type { RawAnswer } from './protocol/answer.ts';

export interface SandboxOptions {
  /** 0 picks a free port. */
  port?: number;
  /** The virtual time at the start, in milliseconds since 1970; default: the machine's. */
  now?: number;
  /** How many times as fast as the machine's the time runs; 0: it stands still until it is advanced. */
  timeScale?: number;
  /** Throttles like AWS; default: not. */
  limits?: boolean;
}

/** What a reset goes back to. */
interface Beginning {
  /** The whole state as JSON text. */
  saved: string;
  commits: string[];
  scale: number;
  limits: boolean;
}

/** More than any request has; EC2's largest, with user data, are a tenth of it. */
const MOST_BYTES = 1024 * 1024;

const TOO_LARGE: RawAnswer = {
  status: 413,
  contentType: 'text/xml',
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>RequestEntityTooLarge</Code><Message>The request entity is too large.</Message></Error></ErrorResponse>',
  headers: { connection: 'close' },
};

/** A running local AWS and GitHub on loopback. */
export class Sandbox {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly faults = new Faults();
  readonly aws: LocalAws;
  readonly github: LocalGitHub;
  readonly #server: Server;
  #beginning: Beginning;

  private constructor(options: SandboxOptions) {
    this.clock = new VirtualClock({
      scale: options.timeScale ?? 1,
      ...(options.now === undefined ? {} : { now: options.now }),
    });
    this.world = new World(this.clock, withCapacityFaults(recordedInstances, this.faults));
    animate(this.world);
    this.aws = new LocalAws(this.world, this.faults);
    this.aws.limits.enabled = options.limits ?? false;
    this.github = new LocalGitHub();
    this.#beginning = this.#present();
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(options: SandboxOptions = {}): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    await new Promise<void>((resolve, reject) => {
      sandbox.#server.once('error', reject);
      sandbox.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return sandbox;
  }

  /** The base URL, for AWS_ENDPOINT_URL and Packer's custom_endpoint_ec2. */
  get url(): string {
    // A server that listens on a port has an address with a port.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** What is there now is what a reset goes back to. */
  beginHere(): void {
    this.#beginning = this.#present();
    this.aws.log.clear();
  }

  #present(): Beginning {
    return {
      saved: this.world.save(),
      commits: [...this.github.commits],
      scale: this.clock.scale,
      limits: this.aws.limits.enabled,
    };
  }

  /** Everything as at the start: time, state, faults, limits, permissions and the log of calls. */
  reset(): void {
    const { saved, commits, scale, limits } = this.#beginning;
    this.faults.clear();
    this.aws.log.clear();
    this.aws.iam.clear();
    this.aws.limits.enabled = limits;
    this.aws.limits.clear();
    this.aws.staleReads.delaySeconds = 0;
    this.github.commits = commits;
    this.world.load(saved);
    this.clock.set({ scale });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      // Time stands still while a request is carried out, not while a fault holds its answer back.
      const outcome = await this.clock.holdWhile(() => this.#carryOut(request));
      if (outcome.kind === 'hang') await this.#givenUp(request);
      if (outcome.kind !== 'answer') {
        request.socket.destroy();
        return;
      }
      if (outcome.afterMilliseconds !== undefined)
        await sleep(outcome.afterMilliseconds, undefined, { ref: false });
      const { status, contentType, headers = {}, body } = outcome.answer;
      response.writeHead(status, { 'content-type': contentType, ...headers });
      response.end(body);
    } catch (error) {
      if (request.socket.destroyed) return;
      // A defect of the sandbox: say so loudly instead of looking like AWS.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      response.writeHead(500, { 'content-type': 'text/plain', 'x-sandbox-defect': 'true' });
      response.end(`The sandbox failed: ${text}`);
    }
  }

  async #carryOut(request: IncomingMessage): Promise<Outcome> {
    const { method = 'GET', url = '/', headers } = request;
    const control = url.startsWith('/_sandbox/');
    const body = await readBody(request, control ? Number.POSITIVE_INFINITY : MOST_BYTES);
    if (body === undefined) return { kind: 'answer', answer: TOO_LARGE };
    if (control)
      return { kind: 'answer', answer: answerControl(this, method, new URL(url, 'http://sandbox'), body) };
    if (url.startsWith('/_github/'))
      return { kind: 'answer', answer: this.github.answer(method, new URL(url, 'http://sandbox'), body) };
    const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
    return this.aws.answer({ method, query, headers, body });
  }

  /** A hanging call ends with the patience of the client, or with the faults. */
  async #givenUp({ socket }: IncomingMessage): Promise<void> {
    await new Promise<void>((resolve) => {
      const forget = this.faults.onceCleared(resolve);
      socket.once('close', () => {
        forget();
        resolve();
      });
    });
  }
}

/** The whole body, or nothing when it is longer than `most` bytes; it is read to its end all the same. */
async function readBody(request: IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
  }
  return size <= most ? Buffer.concat(chunks).toString() : undefined;
}
