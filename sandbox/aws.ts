import { CallLog, type CallRecord } from './call-log.ts';
import type { World } from './engine/world.ts';
import type { Faults } from './faults/faults.ts';
import type { Effect } from './faults/rule.ts';
import { StaleReads } from './faults/stale-reads.ts';
import { actionOf } from './iam/asks.ts';
import { Iam, principalArn } from './iam/iam.ts';
import { Limits } from './limits/limits.ts';
import { refuseBeyondReach } from './limits/reach.ts';
import { encodeAnswer, encodeError, type RawAnswer } from './protocol/answer.ts';
import {
  type Answering,
  accessDenied,
  expiredCredentials,
  serverError,
  throttled,
} from './protocol/common-errors.ts';
import { ServiceError } from './protocol/error.ts';
import {
  type Call,
  decodeRequest,
  type Envelope,
  type RawRequest,
  readEnvelope,
} from './protocol/request.ts';
import { answerDryRun, validateInput } from './protocol/validate.ts';
import { services } from './services/index.ts';

/** What becomes of a request: an answer, now or after a while of real time, or none. */
export type Outcome =
  | { kind: 'answer'; answer: RawAnswer; afterMilliseconds?: number }
  /** The connection breaks. */
  | { kind: 'reset' }
  /** Nothing happens until the client gives up. */
  | { kind: 'hang' };

/** Answers AWS requests from a world. */
export class LocalAws {
  readonly log = new CallLog();
  readonly limits = new Limits();
  readonly iam = new Iam();
  readonly staleReads = new StaleReads();
  readonly #world: World;
  readonly #faults: Faults;

  constructor(world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
  }

  /** The newest calls, oldest first. */
  get calls(): CallRecord[] {
    return this.log.records;
  }

  answer(request: RawRequest): Outcome {
    this.#world.clock.catchUp();
    const requestId = this.#world.newUuid();
    const envelope = readEnvelope(services, request);
    let call: Call;
    try {
      call = decodeRequest(envelope, request.body);
    } catch (error) {
      return { kind: 'answer', answer: encodeError(envelope, serviceError(error), requestId) };
    }
    return this.#answerCall(call, envelope, requestId);
  }

  #answerCall(call: Call, envelope: Envelope, requestId: string): Outcome {
    const effect = this.#faults.take(call);
    try {
      if (effect) this.#refuse(effect, call);
      const broken = effect?.kind === 'reset' || effect?.kind === 'hang' ? effect : undefined;
      if (broken?.when === 'before') return this.#unanswered(call, broken.kind);
      const output = this.#perform(call);
      if (broken) return this.#unanswered(call, broken.kind);
      this.#record(call, { status: 200, output });
      return delayed(encodeAnswer(call, output, requestId), effect);
    } catch (error) {
      const refused = serviceError(error);
      this.#record(call, { status: refused.status, error: refused.code });
      return delayed(encodeError(envelope, refused, requestId), effect);
    }
  }

  /** The errors that faults stand for. */
  #refuse(effect: Effect, call: Call): void {
    const answering: Answering = { name: call.served.service.name, wire: call.envelope.wire };
    switch (effect.kind) {
      case 'error':
        throw new ServiceError(effect.code, effect.message, effect.status);
      case 'throttle':
        throw throttled(answering);
      case 'server-error':
        throw serverError(answering, effect.status);
      case 'expired-credentials':
        throw expiredCredentials(answering);
      case 'access-denied': {
        const user = principalArn(this.#world, call.envelope.accessKeyId);
        const action = actionOf(answering.name, call.operation.name);
        throw accessDenied(answering, { user, action, reason: 'identity-based' });
      }
    }
  }

  /** In AWS's order: rate, permissions, dry run, parameters, and then the service itself. */
  #perform(call: Call): object | undefined {
    const { served, operation, input } = call;
    const region = this.#world.region(call.region);
    if (!this.limits.admit(call, region.now))
      throw throttled({ name: served.service.name, wire: call.envelope.wire });
    this.iam.authorize(call, region);
    answerDryRun(call);
    validateInput(call);
    refuseBeyondReach(call);
    this.staleReads.before(call, region);
    const caller = { accessKeyId: call.envelope.accessKeyId ?? '' };
    const output = served.handlers[operation.name]?.(input, this.staleReads.view(call, region), caller);
    this.staleReads.after(call, region);
    return output;
  }

  #unanswered(call: Call, kind: 'reset' | 'hang'): Outcome {
    this.#record(call, { status: 0, error: kind === 'reset' ? 'ConnectionReset' : 'NoAnswer' });
    return { kind };
  }

  #record(call: Call, outcome: { status: number; error?: string; output?: object | undefined }): void {
    const principal = principalArn(this.#world, call.envelope.accessKeyId);
    this.log.add(call, { now: this.#world.clock.now(), principal, ...outcome });
  }
}

function delayed(answer: RawAnswer, effect: Effect | undefined): Outcome {
  return effect?.kind === 'slow'
    ? { kind: 'answer', answer, afterMilliseconds: effect.milliseconds }
    : { kind: 'answer', answer };
}

/** Anything else is a defect of the sandbox, which must not look like AWS. */
function serviceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  throw error;
}
