import * as v from 'valibot';

/** Something that a person gave to the sandbox itself, not to AWS, and that it cannot take. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** The value as the schema has it, or a `Refusal` that says where it does not fit and what would. */
export function parsed<S extends v.GenericSchema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new Refusal(`${what}${path === null ? '' : `, ${path}`}: ${issue.message}.`);
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${what} is no JSON: ${error instanceof Error ? error.message : error}.`, {
      cause: error,
    });
  }
}
