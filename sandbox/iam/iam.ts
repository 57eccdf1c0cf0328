import * as v from 'valibot';
import type { CredentialRecord } from '../engine/records/services.ts';
import { ACCOUNT, type Region, type World } from '../engine/world.ts';
import { type Answering, accessDenied, type Reason } from '../protocol/common-errors.ts';
import { ServiceError } from '../protocol/error.ts';
import type { Call } from '../protocol/request.ts';
import { parsed, parseJson, Refusal } from '../refusal.ts';
import { asksOf, launchAsks } from './asks.ts';
import { triedLaunch } from './launch.ts';
import { type Ask, decide, parsePolicy, type Statement } from './policy.ts';

/** Who signed a request, as an ARN. */
export function principalArn(world: World, accessKeyId: string | undefined): string {
  return world.state.credentials.get(accessKeyId ?? '')?.arn ?? `arn:aws:iam::${ACCOUNT}:user/sandbox`;
}

/** A sandbox that serves for days does not remember more. */
const MOST_GRANTED = 100_000;

type Documents = Readonly<Record<string, unknown>>;

/**
 * Permissions as a switch: what the policies of a principal do not allow is refused in the service's own words. A
 * principal is an access key id, the name of a role that was assumed, or `*` for everybody else; who has no policies
 * may do everything, so that a scene can be set by other credentials.
 */
export class Iam {
  #documents: Documents = {};
  #policies = new Map<string, readonly Statement[]>();
  /** The first that was asked for and allowed since policies were loaded, to see which statements are needed. */
  readonly granted: Ask[] = [];

  get documents(): Documents {
    return this.#documents;
  }

  /** One policy document or a list of them by principal, in place of all that were there. Throws a `Refusal`. */
  load(value: unknown): void {
    const documents = parsed(v.record(v.string(), v.unknown()), value, 'The policies by principal');
    const policies = new Map(
      Object.entries(documents).map(([principal, content]) => {
        const list: unknown[] = Array.isArray(content) ? content : [content];
        return [principal, list.flatMap((document) => parsePolicy(document, `The policy of ${principal}`))];
      }),
    );
    this.granted.length = 0;
    this.#documents = documents;
    this.#policies = policies;
  }

  clear(): void {
    this.load({});
  }

  /** Throws the service's error when the caller may not make this call. */
  authorize(call: Call, region: Region): void {
    refuseMalformedPolicy(call.input);
    const caller = this.#caller(call, region);
    if (!caller) return;
    const answering: Answering = { name: call.served.service.name, wire: call.envelope.wire };
    for (const ask of asksOf(call, region)) {
      const reason = caller.refuses(ask);
      if (reason) throw accessDenied(answering, { user: caller.arn, ...ask, reason });
      this.#grant([ask]);
    }
    if (answering.name !== 'autoscaling') return;
    const tried = triedLaunch(call.operation.name, call.input, region);
    if (!tried) return;
    const asks = launchAsks(tried.launch, region);
    // AWS does not say which of the permissions was missing.
    if (asks.some((ask) => caller.refuses(ask)))
      throw new ServiceError(
        'AccessDenied',
        `You are not authorized to use launch template: ${tried.templateId}`,
        403,
      );
    this.#grant(asks);
  }

  #grant(asks: readonly Ask[]): void {
    if (this.granted.length < MOST_GRANTED) this.granted.push(...asks);
  }

  #caller({ envelope }: Call, region: Region): Caller | undefined {
    const { world } = region;
    const session = world.state.credentials.get(envelope.accessKeyId ?? '');
    const identity =
      this.#policies.get(envelope.accessKeyId ?? '') ??
      this.#policies.get(session?.role ?? '') ??
      this.#policies.get('*');
    if (!identity && session?.sessionPolicy === undefined) return undefined;
    return new Caller(principalArn(world, envelope.accessKeyId), identity, session);
  }
}

/** A session policy has to be understood when the role is assumed. */
function refuseMalformedPolicy(input: object): void {
  const policy: unknown =
    Reflect.get(input, 'RoleArn') === undefined ? undefined : Reflect.get(input, 'Policy');
  if (typeof policy !== 'string') return;
  try {
    readSessionPolicy(policy);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new ServiceError('MalformedPolicyDocument', error.message);
  }
}

const readSessionPolicy = (text: string) =>
  parsePolicy(parseJson(text, 'The session policy'), 'The session policy');

class Caller {
  readonly arn: string;
  readonly #identity: readonly Statement[] | undefined;
  readonly #session: readonly Statement[] | undefined;

  constructor(
    arn: string,
    identity: readonly Statement[] | undefined,
    session: CredentialRecord | undefined,
  ) {
    this.arn = arn;
    this.#identity = identity;
    this.#session =
      session?.sessionPolicy === undefined ? undefined : readSessionPolicy(session.sessionPolicy);
  }

  /** Why this is not allowed: what a session policy does not allow is not allowed, whatever the role may do. */
  refuses(ask: Ask): Reason | undefined {
    const withPrincipal = { ...ask, context: new Map([...ask.context, ['aws:principalarn', [this.arn]]]) };
    const decisions = [
      { kind: 'identity-based', statements: this.#identity },
      { kind: 'session', statements: this.#session },
    ] as const;
    const results = decisions.map(({ kind, statements }) => ({
      kind,
      decision: statements ? decide(statements, withPrincipal) : 'allowed',
    }));
    const explicit = results.find(({ decision }) => decision === 'explicit deny');
    if (explicit)
      return explicit.kind === 'session'
        ? 'explicit deny in a session'
        : 'explicit deny in an identity-based';
    return results.find(({ decision }) => decision === 'implicit deny')?.kind;
  }
}
