import { appendFileSync } from 'node:fs';
import type { Clock } from '../clock.ts';

/** The part of an SDK client that a middleware is added to, whatever its inputs and outputs are. */
export interface AnyClient {
  middlewareStack: {
    add(
      middleware: (next: Next, context: { commandName?: string; clientName?: string }) => Next,
      options: { step: 'initialize'; name: string; priority?: 'high'; override?: boolean },
    ): void;
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a middleware passes inputs and outputs of every operation through
export type Next = (args: any) => Promise<any>;

/** Members whose values may hold secrets, or are long and of no use in a log. */
const HIDDEN = new Set([
  'UserData',
  'WebIdentityToken',
  'Value',
  'Message',
  'KeyMaterial',
  'SecretAccessKey',
  'SessionToken',
]);

const operations = new WeakMap<object, string>();

/** The operation whose call failed with this error, e.g. `ec2:DescribeImages`; `undefined` when it was none. */
export function failedOperation(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? operations.get(error) : undefined;
}

/** Writes one JSON line for every AWS call: time, operation, input, duration, attempts, and how it ended. */
export class CallLog {
  readonly path: string;
  readonly #clock: Clock;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.#clock = clock;
  }

  attach(client: AnyClient): void {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const operation = `${serviceOf(context.clientName)}:${(context.commandName ?? '').replace(/Command$/, '')}`;
        const started = Date.now();
        const entry = { time: new Date(this.#clock.now()).toISOString(), operation, input: args.input };
        try {
          const result = await next(args);
          const { requestId, attempts } = result.output.$metadata;
          this.#write({ ...entry, ms: Date.now() - started, requestId, attempts });
          return result;
        } catch (error) {
          if (typeof error === 'object' && error !== null) operations.set(error, operation);
          const failure =
            error instanceof Error ? { error: error.name, message: error.message } : { error: String(error) };
          this.#write({ ...entry, ms: Date.now() - started, ...failure });
          throw error;
        }
      },
      { step: 'initialize', name: 'immutableDeployCallLog' },
    );
  }

  #write(entry: object): void {
    const text = JSON.stringify(entry, (key, value) =>
      HIDDEN.has(key) && typeof value === 'string' ? '(not logged)' : value,
    );
    appendFileSync(this.path, `${text}\n`);
  }
}

/** `EC2Client` → `ec2`, as IAM names the service. */
function serviceOf(client = ''): string {
  const name = client.replace(/Client$/, '').toLowerCase();
  return name === 'elasticloadbalancingv2' ? 'elasticloadbalancing' : name;
}
