import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type Harness, startHarness } from '../../../support/harness.ts';

/**
 * What AWS itself was seen to answer (`facts/*.json`), held against the local AWS. Each fact is data; a check sets its
 * scene, makes its call and compares the answer with the fact's own codes, texts and fields.
 */
export interface Fact {
  id: string;
  /** Operation name; with its service for SSM, STS and SNS; several with ` / ` between. */
  operation: string;
  given: string;
  request: Record<string, unknown>;
  status: number;
  /** Members of the answer. `{x}` stands for a value of the scene. */
  response?: Record<string, unknown>;
  error?: { code: string; message: string };
  timing?: string;
  note?: string;
}

export type Check = (harness: Harness, fact: Fact) => Promise<void>;

/** The facts of one area: each is checked, or has the reason why it cannot hold here. */
export interface FactTable {
  checks: Readonly<Record<string, Check>>;
  cannotHold: Readonly<Record<string, string>>;
}

export const facts: readonly Fact[] = ['auto-scaling', 'ec2'].flatMap(
  (file) => JSON.parse(readFileSync(new URL(`facts/${file}.json`, import.meta.url), 'utf8')).facts,
);

export function factOf(id: string): Fact {
  const fact = facts.find((candidate) => candidate.id === id);
  if (!fact) throw new Error(`There is no fact ${id}.`);
  return fact;
}

/** One test a fact, each on a local AWS of its own. */
export function testFacts(area: string, { checks }: FactTable): void {
  describe(`native answers: ${area}`, () => {
    test.each(
      Object.keys(checks).map((id) => ({ id, given: factOf(id).given, operation: factOf(id).operation })),
    )('$id $operation: $given', async ({ id }) => {
      const harness = await startHarness();
      try {
        await checks[id]?.(harness, factOf(id));
        // A check that compares nothing is none.
        expect(expect.getState().assertionCalls).toBeGreaterThan(0);
      } finally {
        await harness.close();
      }
    });
  });
}

/** Values of the scene by their placeholder: `{ 'lt-id': 'lt-0123' }` for `{lt-id}`. */
export type Values = Readonly<Record<string, string>>;

/** A text of a fact as an expression: known placeholders by their values, others by anything. */
export function pattern(text: string, values: Values = {}): RegExp {
  const source = text
    .split(/(\{[^{}]*\})/)
    .map((part) => {
      const name = /^\{(.*)\}$/.exec(part)?.[1];
      if (name === undefined) return literal(part);
      const value = values[name];
      return value === undefined ? '.+' : literal(value);
    })
    .join('');
  return new RegExp(`^${source}$`, 's');
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The call fails with the fact's status, code and text. */
export async function expectError(work: Promise<unknown>, fact: Fact, values: Values = {}): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error(`${fact.id}: the call succeeded.`);
  const { code, status } = wireError(error);
  expect({ status, code }).toEqual({ status: fact.status, code: fact.error?.code });
  const message = fact.error?.message ?? '';
  // The SDK writes a text of its own where AWS sends none.
  if (message !== '') expect(error.message).toMatch(pattern(message, values));
}

/** The code on the wire (`Error.Code`, without the suffix of the SDK's class names) and the HTTP status. */
function wireError(error: Error): { code: string | undefined; status: number | undefined } {
  const metadata: unknown = Reflect.get(error, '$metadata');
  const code: unknown = Reflect.get(error, 'Code') ?? Reflect.get(error, 'code') ?? error.name;
  const status: unknown = Reflect.get(Object(metadata), 'httpStatusCode');
  return {
    code: typeof code === 'string' ? code.replace(/Fault$/, '') : undefined,
    status: typeof status === 'number' ? status : undefined,
  };
}

/**
 * The answer has all members of `expected`, deeply. Strings are patterns with the scene's values; dates compare by
 * their ISO text.
 */
export function expectMembers(answer: unknown, expected: unknown, values: Values = {}): void {
  expect(shaped(answer, expected, values)).toEqual(withValues(expected, values));
}

/** `answer` cut down to the members that `expected` has, so that a difference reads well. */
function shaped(answer: unknown, expected: unknown, values: Values): unknown {
  if (typeof expected === 'string') {
    const text = answer instanceof Date ? answer.toISOString() : answer;
    return typeof text === 'string' && pattern(expected, values).test(text)
      ? withValues(expected, values)
      : text;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(answer)) return answer;
    return answer.map((item, index) =>
      index < expected.length ? shaped(item, expected[index], values) : item,
    );
  }
  if (typeof expected === 'object' && expected !== null && typeof answer === 'object' && answer !== null) {
    return Object.fromEntries(
      Object.entries(expected).map(([key, value]) => [key, shaped(Reflect.get(answer, key), value, values)]),
    );
  }
  return answer;
}

function withValues(expected: unknown, values: Values): unknown {
  if (typeof expected === 'string')
    return expected.replace(/\{([^{}]*)\}/g, (whole, name: string) => values[name] ?? whole);
  if (Array.isArray(expected)) return expected.map((item) => withValues(item, values));
  if (typeof expected === 'object' && expected !== null)
    return Object.fromEntries(
      Object.entries(expected).map(([key, value]) => [key, withValues(value, values)]),
    );
  return expected;
}

/** The members of `answer` that are there and not undefined include all of `names`. */
export function expectPresent(answer: object, names: unknown): void {
  expect(Object.keys(answer).filter((name) => Reflect.get(answer, name) !== undefined)).toEqual(
    expect.arrayContaining(namesOf(names)),
  );
}

export function expectAbsent(answer: object, names: unknown): void {
  const absent = namesOf(names);
  expect(absent.filter((name) => Reflect.get(answer, name) !== undefined)).toEqual([]);
}

function namesOf(names: unknown): string[] {
  if (!Array.isArray(names) || names.length === 0) throw new Error('The fact names no fields.');
  return names.map(String);
}
