import type { NormalizedSchema } from '@smithy/core/schema';
import fc from 'fast-check';
import type { RawRequest } from '../../../../sandbox/protocol/request.ts';
import { type Operation, requiredMembers, type Service } from '../../../../sandbox/protocol/schema.ts';

/** Requests that have an operation's parameters, with values of every kind: fitting, odd and malformed. */

/** Texts that have broken programs before, and ones that mean something to the services. */
const TEXTS = [
  '',
  ' ',
  '*',
  '0',
  '-1',
  '1',
  '50',
  '1e999',
  '99999999999999999999',
  'true',
  'self',
  '$Latest',
  '$Default',
  '__proto__',
  'constructor',
  'toString',
  'tag:constructor',
  'tag:Name',
  'resolve:ssm:/none',
  'arn:aws:iam::123456789012:role/x',
  '2026-11-02T09:00:00Z',
  '9999-99-99',
  '\u0000\u0001\ud800',
  '</Message><Code>',
  'ä€𝄞',
  'a'.repeat(5000),
];

function text(known: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('', ...known) },
    { weight: 2, arbitrary: fc.constantFrom(...TEXTS) },
    { weight: 1, arbitrary: fc.string() },
    { weight: 1, arbitrary: fc.integer({ min: -2, max: 2000 }).map(String) },
  );
}

/** Small ones for the most part, and those at the edges. */
const number = fc
  .oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 300 }) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 0, 1, 10_000, 2 ** 31 - 1, 2 ** 53 - 1) },
  )
  .map(String);

/** A value for a schema; scalars are texts, which is what a Query request has. */
function anyValue(schema: NormalizedSchema, known: readonly string[], depth: number): fc.Arbitrary<unknown> {
  if (depth > 5) return text(known);
  if (schema.isStructSchema()) {
    const required = new Set(requiredMembers(schema));
    const members = [...schema.structIterator()].map(([name, member]) => [
      name,
      sometimes(anyValue(member, known, depth + 1), depth === 0 && required.has(name)),
    ]);
    return fc.record(Object.fromEntries(members));
  }
  if (schema.isListSchema())
    return fc.array(anyValue(schema.getValueSchema(), known, depth + 1), { maxLength: 3 });
  if (schema.isMapSchema())
    return fc.dictionary(text(known), anyValue(schema.getValueSchema(), known, depth + 1), { maxKeys: 2 });
  if (schema.isBooleanSchema()) return mostly(fc.constantFrom('true', 'false'), text(known));
  if (schema.isNumericSchema()) return mostly(number, text(known));
  return text(known);
}

/** Requests with a malformed scalar do not come far: most of them should have none. */
const mostly = (usual: fc.Arbitrary<string>, odd: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: odd });

const sometimes = (value: fc.Arbitrary<unknown>, required: boolean) =>
  fc.oneof(
    { weight: required ? 10 : 1, arbitrary: value },
    { weight: required ? 1 : 3, arbitrary: fc.constant(undefined) },
  );

/** A request for an operation, as a client with a fuzzy mind would send it. */
export function requestFor(
  service: Service,
  operation: Operation,
  known: readonly string[],
): fc.Arbitrary<RawRequest> {
  return anyValue(operation.input, known, 0).map((input) => {
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20261102/us-east-1/x/aws4_request, …',
    };
    if (service.wire === 'json') {
      const target = `${service.target}.${operation.name}`;
      const body = JSON.stringify(typed(operation.input, input));
      return { method: 'POST', query: '', headers: { ...headers, 'x-amz-target': target }, body };
    }
    const parameters = new URLSearchParams({ Action: operation.name, Version: service.version });
    addParameters(parameters, operation.input, '', input, service.wire === 'ec2-query');
    return { method: 'POST', query: '', headers, body: parameters.toString() };
  });
}

/** Texts of numbers and booleans as such. */
function typed(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (typeof value === 'string') {
    if (schema.isNumericSchema() && /^-?\d{1,5}$/.test(value)) return Number(value);
    return schema.isBooleanSchema() && /^(true|false)$/.test(value) ? value === 'true' : value;
  }
  if (Array.isArray(value)) return value.map((item) => typed(schema.getValueSchema(), item));
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, item]) => [
      name,
      typed(schema.isMapSchema() ? schema.getValueSchema() : schema.getMemberSchema(name), item),
    ]),
  );
}

function addParameters(
  parameters: URLSearchParams,
  schema: NormalizedSchema,
  name: string,
  value: unknown,
  ec2: boolean,
): void {
  if (value === undefined) return;
  const under = (part: string) => (name === '' ? part : `${name}.${part}`);
  const traits = schema.getMergedTraits();
  if (Array.isArray(value) && schema.isListSchema()) {
    const member = schema.getValueSchema();
    const flat = ec2 || traits.xmlFlattened ? '' : `${member.getMergedTraits().xmlName ?? 'member'}.`;
    for (const [index, item] of value.entries())
      addParameters(parameters, member, under(`${flat}${index + 1}`), item, ec2);
  } else if (typeof value === 'object' && schema.isMapSchema()) {
    for (const [index, [key, item]] of Object.entries(Object(value)).entries()) {
      parameters.append(under(`entry.${index + 1}.key`), key);
      addParameters(parameters, schema.getValueSchema(), under(`entry.${index + 1}.value`), item, ec2);
    }
  } else if (typeof value === 'object' && schema.isStructSchema()) {
    for (const [member, memberSchema] of schema.structIterator()) {
      const { ec2QueryName, xmlName } = memberSchema.getMergedTraits();
      const key = xmlName ?? member;
      const capital = ec2 ? key.charAt(0).toUpperCase() + key.slice(1) : key;
      const wireName = ec2 && typeof ec2QueryName === 'string' ? ec2QueryName : capital;
      addParameters(parameters, memberSchema, under(wireName), Reflect.get(Object(value), member), ec2);
    }
  } else parameters.append(name, String(value));
}
