import type { NormalizedSchema } from '@smithy/core/schema';
import { closest, distance } from 'fastest-levenshtein';
import { services } from '../services/index.ts';

/** The input of an AWS call that makes a resource, as the SDK's schema has it. */
export function inputSchema(operation: string): NormalizedSchema {
  for (const { service } of services) {
    const found = service.operations.get(operation);
    if (found) return found.input;
  }
  throw new Error(`There is no operation ${operation}.`);
}

/** What does not fit the schema, each as `path: problem`; nothing is checked twice that AWS itself would refuse. */
export function memberProblems(schema: NormalizedSchema, value: unknown, path: string): string[] {
  if (schema.isStructSchema()) return structureProblems(schema, value, path);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [`${path} must be a list`];
    return value.flatMap((item, index) => memberProblems(schema.getValueSchema(), item, `${path}[${index}]`));
  }
  if (schema.isMapSchema()) return isObject(value) ? [] : [`${path} must be an object`];
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? [] : [`${path} must be true or false`];
  if (schema.isNumericSchema()) return typeof value === 'number' ? [] : [`${path} must be a number`];
  if (schema.isStringSchema()) return typeof value === 'string' ? [] : [`${path} must be a text`];
  return [];
}

function structureProblems(schema: NormalizedSchema, value: unknown, path: string): string[] {
  if (!isObject(value)) return [`${path} must be an object`];
  const members = new Map(schema.structIterator());
  return Object.entries(value).flatMap(([name, content]) => {
    const member = members.get(name);
    const place = path === '' ? name : `${path}.${name}`;
    return member ? memberProblems(member, content, place) : [unknownKey(place, name, [...members.keys()])];
  });
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** More letters than this that differ are no slip of the pen. */
const FARTHEST = 3;

export function unknownKey(place: string, name: string, known: readonly string[]): string {
  return `${place} is not known${didYouMean(name, known)}`;
}

/** ` (did you mean "…"?)`, or nothing when no name is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = closest(name, known);
  return distance(name.toLowerCase(), near.toLowerCase()) <= FARTHEST ? ` (did you mean "${near}"?)` : '';
}
