import type { NormalizedSchema } from '@smithy/core/schema';
import { ServiceError } from './error.ts';

/** Decodes the body of an AWS JSON request; what does not have the schema's types is a SerializationException. */
export function decodeJsonBody(schema: NormalizedSchema, body: string): object {
  let document: unknown;
  try {
    document = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new ServiceError('SerializationException', '');
  }
  return Object(decodeJson(schema, document));
}

function decodeJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  const isList = schema.isListSchema();
  const takesObject = isList || schema.isStructSchema() || schema.isMapSchema();
  if (typeof value === 'object' && (!takesObject || Array.isArray(value) !== isList)) {
    const kind = Array.isArray(value) ? 'list' : 'structure or map';
    throw new ServiceError('SerializationException', `Start of ${kind} found where not expected.`);
  }
  if (typeof value !== 'object' && takesObject)
    throw new ServiceError('SerializationException', 'Unexpected token received from parser');
  if (takesObject) return walk(schema, value, decodeJson);
  return decodeScalar(schema, value);
}

/** Times are seconds since 1970, or a text of ISO 8601. */
function decodeScalar(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) {
    const time = new Date(typeof value === 'number' ? value * 1000 : String(value));
    if (typeof value === 'boolean' || Number.isNaN(time.getTime())) throw unconvertible(value, 'Timestamp');
    return time;
  }
  if (schema.isBooleanSchema()) {
    if (typeof value !== 'boolean') throw unconvertible(value, 'Boolean');
  } else if (schema.isNumericSchema() || schema.isBigIntegerSchema()) {
    if (typeof value !== 'number') throw unconvertible(value, 'Integer');
  } else if (typeof value !== 'string') {
    throw unconvertible(value, schema.isBlobSchema() ? 'Blob' : 'String');
  }
  return schema.isBlobSchema() ? Buffer.from(String(value), 'base64') : value;
}

const TOKENS: Readonly<Record<string, string>> = { string: 'STRING_VALUE', number: 'NUMBER_VALUE' };

function unconvertible(value: unknown, type: string): ServiceError {
  const token = TOKENS[typeof value] ?? `${String(value).toUpperCase()}_VALUE`;
  const article = type === 'Integer' ? 'an' : 'a';
  return new ServiceError('SerializationException', `${token} can not be converted to ${article} ${type}`);
}

/** The JSON document of an answer: times as seconds since 1970, with fraction. */
export function encodeJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return walk(schema, value, encodeJson);
}

function walk(schema: NormalizedSchema, value: unknown, each: typeof decodeJson): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (schema.isListSchema() && Array.isArray(value))
    return value.map((item) => each(schema.getValueSchema(), item));
  if (schema.isMapSchema()) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, each(schema.getValueSchema(), item)]),
    );
  }
  if (!schema.isStructSchema()) return value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    if (!Object.hasOwn(value, name)) continue;
    const content = each(member, Reflect.get(value, name));
    if (content !== undefined) result[name] = content;
  }
  return result;
}
