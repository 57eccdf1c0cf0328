import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalAws } from './aws.ts';
import { answerControl } from './control.ts';
import { VirtualClock } from './engine/clock.ts';
import { animate } from './engine/events.ts';
import { World } from './engine/world.ts';
import { Faults } from './faults/faults.ts';
import { LocalGitHub } from './github/github.ts';

export interface SandboxOptions {
  /** 0 picks a free port. */
  port?: number;
  /** The virtual time at the start, in milliseconds since 1970; default: the machine's. */
  now?: number;
  /** How many times as fast as the machine's the time runs; 0: it stands still until it is advanced. */
  timeScale?: number;
}

/** A running local AWS and GitHub on loopback. */
export class Sandbox {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly faults = new Faults();
  readonly aws: LocalAws;
  readonly github: LocalGitHub;
  readonly #server: Server;

  private constructor(options: SandboxOptions) {
    this.clock = new VirtualClock({
      scale: options.timeScale ?? 1,
      ...(options.now === undefined ? {} : { now: options.now }),
    });
    this.world = new World(this.clock);
    animate(this.world);
    this.aws = new LocalAws(this.world, this.faults);
    this.github = new LocalGitHub();
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

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.clock.holdWhile(async () => {
      try {
        const body = await readBody(request);
        const answer = this.#answer(request, body);
        if (!answer) {
          request.socket.destroy();
          return;
        }
        response.writeHead(answer.status, { ...answer.headers, 'content-type': answer.contentType });
        response.end(answer.body);
      } catch (error) {
        // A defect of the sandbox: say so loudly instead of looking like AWS.
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        response.writeHead(500, { 'content-type': 'text/plain', 'x-sandbox-defect': 'true' });
        response.end(`The sandbox failed: ${text}`);
      }
    });
  }

  #answer(request: IncomingMessage, body: string) {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    if (url.pathname.startsWith('/_sandbox/')) return answerControl(this, request.method ?? 'GET', url, body);
    if (url.pathname.startsWith('/_github/')) return this.github.answer(request.method ?? 'GET', url);
    return this.aws.answer({ headers: request.headers, body });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
