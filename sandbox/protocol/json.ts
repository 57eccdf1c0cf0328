import type { NormalizedSchema } from '@smithy/core/schema';

/** Decodes an AWS JSON request body: times are seconds since 1970. */
export function decodeJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isTimestampSchema())
    return typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
  if (schema.isBlobSchema()) return Buffer.from(String(value), 'base64');
  return walk(schema, value, decodeJson);
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
    const content = each(member, Reflect.get(value, name));
    if (content !== undefined) result[name] = content;
  }
  return result;
}
