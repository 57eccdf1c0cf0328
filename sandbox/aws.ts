import type { World } from './engine/world.ts';
import type { Faults } from './faults/faults.ts';
import { ServiceError } from './protocol/error.ts';
import {
  type Call,
  decodeRequest,
  encodeAnswer,
  encodeError,
  isJson,
  type RawAnswer,
  type RawRequest,
} from './protocol/request.ts';
import { requiredMembers } from './protocol/schema.ts';
import { services } from './services/index.ts';

/** One call that was answered: for a person, for checks of permissions, and for counting. */
export interface CallRecord {
  /** In the sandbox's time. */
  time: string;
  service: string;
  operation: string;
  region: string;
  input: unknown;
  status: number;
  error?: string;
}

const DRY_RUN = new ServiceError(
  'DryRunOperation',
  'Request would have succeeded, but DryRun flag is set.',
  412,
);

/** The EC2 calls that were seen to look at their parameters first; their handlers answer the dry run. */
const VALIDATES_BEFORE_DRY_RUN = new Set(['RunInstances', 'CreateVolume']);

/** Answers AWS requests from a world; `undefined` means that the connection breaks. */
export class LocalAws {
  readonly calls: CallRecord[] = [];
  readonly #world: World;
  readonly #faults: Faults;

  constructor(world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
  }

  answer(request: RawRequest): RawAnswer | undefined {
    this.#world.clock.catchUp();
    const requestId = this.#world.newUuid();
    let call: Call | undefined;
    try {
      call = decodeRequest(services, request);
      const effect = this.#faults.take(call.operation.name);
      if (effect?.kind === 'error') throw new ServiceError(effect.code, effect.message, effect.status);
      if (effect?.kind === 'reset' && effect.when === 'before') return this.#broken(call);
      const output = this.#perform(call);
      if (effect?.kind === 'reset') return this.#broken(call);
      this.#record(call, 200);
      return encodeAnswer(call, output, requestId, isJson(request));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (call) this.#record(call, error.status, error.code);
      return encodeError(request, error, requestId);
    }
  }

  #perform({ served, operation, input, region: name, accessKeyId }: Call): object | undefined {
    const region = this.#world.region(name);
    const { wire } = served.service;
    // EC2 answers a dry run before it looks at the parameters (seen natively for nearly every call).
    if (
      wire === 'ec2-query' &&
      Reflect.get(Object(input), 'DryRun') === true &&
      !VALIDATES_BEFORE_DRY_RUN.has(operation.name)
    )
      throw DRY_RUN;
    for (const member of requiredMembers(operation.input)) {
      if (Reflect.get(Object(input), member) === undefined) throw missing(member, wire === 'ec2-query');
    }
    return served.handlers[operation.name]?.(input, region, { accessKeyId });
  }

  #broken(call: Call): undefined {
    this.#record(call, 0, 'ConnectionReset');
  }

  #record({ served, operation, region, input }: Call, status: number, error?: string): void {
    const time = new Date(this.#world.clock.now()).toISOString();
    const entry = { time, service: served.service.name, operation: operation.name, region, input, status };
    this.calls.push(error === undefined ? entry : { ...entry, error });
  }
}

function missing(member: string, ec2: boolean): ServiceError {
  if (ec2) return new ServiceError('MissingParameter', `The request must contain the parameter ${member}`);
  const name = member.charAt(0).toLowerCase() + member.slice(1);
  return new ServiceError(
    'ValidationError',
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}
