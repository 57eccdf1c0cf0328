import type { NormalizedSchema } from '@smithy/core/schema';
import type { Call } from './protocol/request.ts';

/** One call that was answered: for a person, for checks of permissions, and for counting. */
export interface CallRecord {
  /** From 1, in the order of the answers. */
  number: number;
  /** In the sandbox's time. */
  time: string;
  service: string;
  operation: string;
  region: string;
  /** Who called, as an ARN; the access key id is not kept. */
  principal: string;
  /** Without what AWS's models mark as sensitive: parameter values, tokens, user data. */
  input: unknown;
  /** The ids and ARNs in the input, and of what the call made. */
  resources: readonly string[];
  /** 0: the connection broke, or nothing was answered. */
  status: number;
  error?: string;
}

/** The newest calls are kept; older ones are only counted. */
const MOST_RECORDS = 10_000;

export class CallLog {
  readonly records: CallRecord[] = [];
  #total = 0;

  /** All calls since the log was cleared, those that are not kept any more included. */
  get total(): number {
    return this.#total;
  }

  clear(): void {
    this.records.length = 0;
    this.#total = 0;
  }

  add(
    { served, operation, region, input }: Call,
    outcome: { now: number; principal: string; status: number; error?: string; output?: object | undefined },
  ): void {
    const changes = !/^(Describe|Get|List)/.test(operation.name);
    const resources = new Set(idsIn(input));
    if (changes) for (const id of idsIn(outcome.output)) resources.add(id);
    this.records.push({
      number: ++this.#total,
      time: new Date(outcome.now).toISOString(),
      service: served.service.name,
      operation: operation.name,
      region,
      principal: outcome.principal,
      input: withoutSecrets(operation.input, input),
      resources: [...resources],
      status: outcome.status,
      ...(outcome.error === undefined ? {} : { error: outcome.error }),
    });
    if (this.records.length > MOST_RECORDS) this.records.shift();
  }
}

const ID = /^([a-z]{1,9}-[0-9a-f]{8}([0-9a-f]{9})?|arn:aws[a-z-]*:.+)$/;

function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return ID.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.values(value).flatMap(idsIn);
}

const SECRET = '(not kept)';

function withoutSecrets(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (schema.getMergedTraits().sensitive) return SECRET;
  if (typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return value;
  if (Array.isArray(value))
    return schema.isListSchema() ? value.map((item) => withoutSecrets(schema.getValueSchema(), item)) : value;
  if (schema.isMapSchema())
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withoutSecrets(schema.getValueSchema(), item)]),
    );
  if (!schema.isStructSchema()) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutSecrets(schema.getMemberSchema(name), item)]),
  );
}
