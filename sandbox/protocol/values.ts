import type { NormalizedSchema } from '@smithy/core/schema';
import { ServiceError } from './error.ts';

export type Wire = 'ec2-query' | 'query' | 'json';

/**
 * Scalars of requests, refused as AWS refuses them before it looks at anything else. That EC2 answers
 * InvalidParameterValue, the Query services MalformedInput and the JSON services SerializationException is known;
 * the exact texts are an inference.
 */
export function parseText(schema: NormalizedSchema, text: string, name: string, wire: Wire): unknown {
  if (schema.isBooleanSchema()) return parseBoolean(text, name, wire);
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) return parseNumber(text, name, wire);
  if (schema.isTimestampSchema()) return parseTime(text, name, wire);
  if (schema.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}

function parseBoolean(text: string, name: string, wire: Wire): boolean {
  const value = text.toLowerCase();
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw malformed(wire, name, text, 'a boolean', "Must be 'true' or 'false'");
}

/** The members that are not whole numbers, which the schemas do not tell apart. */
const FRACTIONAL =
  /^(Threshold|EvaluateLowSampleCountPercentile|Min|Max|MemoryGiBPerVCpu|.*Gbps|TotalLocalStorageGB)$/;

function parseNumber(text: string, name: string, wire: Wire): number {
  const value = Number(text);
  const fits = FRACTIONAL.test(name)
    ? text.trim() !== '' && Number.isFinite(value)
    : /^[+-]?\d{1,18}$/.test(text);
  if (fits) return value;
  throw malformed(wire, name, text, 'an integer', 'Must be an integer');
}

function parseTime(text: string, name: string, wire: Wire): Date {
  const time = new Date(/^\d{4}-\d\d-\d\d/.test(text) ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  if (wire === 'query') throw new ServiceError('MalformedInput', 'timestamp must follow ISO8601');
  throw malformed(wire, name, text, 'a timestamp', 'Must be a timestamp of ISO 8601');
}

function malformed(wire: Wire, name: string, text: string, kind: string, rule: string): ServiceError {
  if (wire === 'ec2-query') {
    return new ServiceError(
      'InvalidParameterValue',
      `Value (${text}) for parameter ${name.charAt(0).toLowerCase()}${name.slice(1)} is invalid. ${rule}.`,
    );
  }
  return new ServiceError('MalformedInput', `${text} can not be converted to ${kind}`);
}
