import type { Region } from '../engine/world.ts';
import { ServiceError } from '../protocol/error.ts';
import { callDirectly } from '../services/direct.ts';
import { SECTIONS, type SectionName } from './schema.ts';

/**
 * Calls an operation of the local AWS as a client would, but without a request: nothing is logged, throttled or
 * hit by a fault before the user's own first call. A refusal names the seed's `path`.
 */
export function make(region: Region, operation: string, input: object, path: string): unknown {
  try {
    return callDirectly(region, operation, input);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new Error(`The seed's ${path}: ${operation} was refused with ${error.code}: ${error.message}`, {
      cause: error,
    });
  }
}

/** A text somewhere in an answer, such as `TargetGroups`, 0, `TargetGroupArn`. */
export function textIn(answer: unknown, ...path: readonly (string | number)[]): string {
  let value: unknown = answer;
  for (const step of path) value = Reflect.get(Object(value), step);
  if (typeof value !== 'string') throw new Error(`The answer has no ${path.join('.')}.`);
  return value;
}

/** The members for the AWS call in an item of the seed. */
export function membersOf(section: SectionName, item: object): Record<string, unknown> {
  return without(item, Object.keys(SECTIONS[section].keys));
}

export function without(item: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key)));
}

export function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
