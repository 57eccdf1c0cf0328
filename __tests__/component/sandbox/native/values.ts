import { expect } from '@jest/globals';
import type { Fact } from './fact.ts';

/** A part of a fact's answer, by its path. */
export function part(fact: Fact, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((value, name) => {
    const inner: unknown = Reflect.get(Object(value), name);
    if (inner === undefined) throw new Error(`${fact.id} has no ${path.join('.')}.`);
    return inner;
  }, fact.response);
}

/** The answer of a fact without members that are no fields, or that are compared in another way. */
export function without(fact: Fact, ...names: string[]): Record<string, unknown> {
  for (const name of names) part(fact, name);
  return Object.fromEntries(
    Object.entries(fact.response ?? {}).filter(
      ([name]) => !names.includes(name) && !name.startsWith('fields_'),
    ),
  );
}

/** The seconds that a fact's timing names: `7 to 14 s`. */
export function seconds(fact: Fact): { least: number; most: number } {
  const [, least, most] = /(\d+)(?: s)? (?:to|and) (?:about )?(\d+) s/.exec(fact.timing ?? '') ?? [];
  if (least === undefined || most === undefined) throw new Error(`${fact.id} names no range of seconds.`);
  return { least: Number(least), most: Number(most) };
}

/** The seconds between the times that a cause names. */
export function pauseIn(cause: string | undefined): number {
  const [first, second] = [...(cause ?? '').matchAll(/At (\S+Z)/g)].map(([, time = '']) => Date.parse(time));
  if (first === undefined || second === undefined) throw new Error(`The cause names no two times: ${cause}`);
  return (second - first) / 1000;
}

/** `Details` have the keys of the fact in its order, and no blanks. */
export function expectDetails(details: string | undefined, expected: unknown): void {
  const parsed: object = JSON.parse(details ?? '');
  expect(Object.keys(parsed)).toEqual(Object.keys(JSON.parse(String(expected))));
  expect(details).toBe(JSON.stringify(parsed));
}
