import { NormalizedSchema } from '@smithy/core/schema';
import type { Wire } from './values.ts';

/**
 * The services' operations, read from the schemas that the SDK's own clients export
 * (`StartInstanceRefresh$` = [9, namespace, name, traits, input, output]).
 */
export interface Service {
  name: ServiceName;
  /** What its clients speak; one that speaks JSON answers Query requests of older clients as well. */
  wire: Wire;
  /** XML namespace of answers. */
  namespace: string;
  /** `Version` parameter of Query requests; distinguishes the two generations of load balancers. */
  version: string;
  /** Prefix of `X-Amz-Target` in JSON requests. */
  target?: string;
  operations: ReadonlyMap<string, Operation>;
}

export type ServiceName = 'ec2' | 'autoscaling' | 'elb' | 'elbv2' | 'sts' | 'ssm' | 'sns' | 'cloudwatch';

export interface Operation {
  name: string;
  input: NormalizedSchema;
  output: NormalizedSchema;
}

const OPERATION_SCHEMA = 9;

/** All operations that a client module exports, by name. */
export function operationsOf(clientModule: object): Map<string, Operation> {
  const operations = new Map<string, Operation>();
  for (const value of Object.values(clientModule)) {
    if (!Array.isArray(value) || value[0] !== OPERATION_SCHEMA) continue;
    const [, , name, , input, output] = value;
    operations.set(name, {
      name,
      input: NormalizedSchema.of(input()),
      output: NormalizedSchema.of(output()),
    });
  }
  return operations;
}

/**
 * The members that a request must have. Structures do not count: an empty one leaves no trace in a Query request,
 * and AWS takes it (`LaunchTemplateData` beside a `SourceVersion`, for instance).
 */
export function requiredMembers(schema: NormalizedSchema): readonly string[] {
  if (!schema.isStructSchema()) return [];
  const structure: unknown = schema.getSchema();
  if (!Array.isArray(structure)) return [];
  const [, , , , names, , required = 0] = structure;
  const first: string[] = names.slice(0, required);
  return first.filter((name) => !schema.getMemberSchema(name).isStructSchema());
}
