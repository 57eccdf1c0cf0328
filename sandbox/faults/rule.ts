import { closest, distance } from 'fastest-levenshtein';
import * as v from 'valibot';
import type { Call } from '../protocol/request.ts';
import { parsed, Refusal } from '../refusal.ts';
import { services } from '../services/index.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const moment = v.optional(v.picklist(['before', 'after']), 'before');

/** What happens to a call that a rule hits. */
const effect = v.variant('kind', [
  /** Any error, in the sandbox's or in AWS's words. */
  v.strictObject({
    kind: v.literal('error'),
    code: v.string(),
    message: v.string(),
    status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  }),
  v.strictObject({ kind: v.literal('throttle') }),
  v.strictObject({ kind: v.literal('server-error'), status: v.optional(v.picklist([500, 503]), 500) }),
  v.strictObject({ kind: v.literal('expired-credentials') }),
  v.strictObject({ kind: v.literal('access-denied') }),
  /** The connection breaks: before the call did anything, or after it was carried out and before the answer. */
  v.strictObject({ kind: v.literal('reset'), when: moment }),
  /**
   * No answer until the client gives up or the faults are cleared, which breaks the connection. The server lets time
   * go on meanwhile; a caller that holds the clock itself, as the tests' SDK clients do, needs a time-out of its own.
   */
  v.strictObject({ kind: v.literal('hang'), when: moment }),
  /** The answer comes late, in real time: the client's time-outs are real. */
  v.strictObject({ kind: v.literal('slow'), milliseconds: count }),
  /** Not the call fails but the launch of an instance, be it by RunInstances or by a group. */
  v.strictObject({ kind: v.literal('insufficient-capacity') }),
]);

/** Something that goes wrong on purpose with the next calls that fit. */
const rule = v.strictObject({
  /** Operation name, or `*` for every operation. */
  operation: v.optional(v.string(), '*'),
  service: v.optional(v.picklist(services.map(({ service }) => service.name))),
  /** An id, a name or an ARN that the call's input has anywhere; of a launch its image, type, subnet or template. */
  resource: v.optional(v.string()),
  /** Calls that pass before it begins. */
  after: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** How many calls it hits; then it is gone. */
  times: v.optional(v.union([count, v.literal('always')]), 1),
  /** Which part of the calls it hits, drawn from the seed: the same calls are hit in every run. */
  probability: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
  seed: v.optional(v.pipe(v.number(), v.integer()), 1),
  effect,
});

export type Fault = v.InferInput<typeof rule>;
export type FaultRule = v.InferOutput<typeof rule>;
export type Effect = FaultRule['effect'];

const operations = services.flatMap(({ handlers }) => Object.keys(handlers));

/** A rule with its defaults; throws a `Refusal` that says what would be understood. */
export function parseFault(value: unknown): FaultRule {
  const fault = parsed(rule, value, 'The fault rule');
  const { operation } = fault;
  if (fault.effect.kind === 'insufficient-capacity' && operation !== '*')
    throw new Refusal(
      'The fault rule, operation: insufficient-capacity hits launches, not calls; leave it out.',
    );
  if (operation !== '*' && !operations.includes(operation)) {
    const near = closest(operation, operations);
    const hint =
      distance(operation, near) < 6
        ? `Did you mean ${near}?`
        : `It serves ${operations.toSorted().join(', ')}.`;
    throw new Refusal(`The fault rule, operation: the sandbox does not serve ${operation}. ${hint}`);
  }
  return fault;
}

export function fitsCall(fault: FaultRule, { served, operation, input }: Call): boolean {
  return (
    fault.effect.kind !== 'insufficient-capacity' &&
    (fault.operation === '*' || fault.operation === operation.name) &&
    (fault.service === undefined || fault.service === served.service.name) &&
    (fault.resource === undefined || mentions(input, fault.resource))
  );
}

/** Whether a text is anywhere in a value. */
export function mentions(value: unknown, text: string): boolean {
  if (typeof value !== 'object' || value === null) return value === text;
  return Object.values(value).some((item) => mentions(item, text));
}
