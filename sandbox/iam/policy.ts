import * as v from 'valibot';
import { parsed, Refusal } from '../refusal.ts';
import { type Condition, type Context, holds, parseCondition } from './conditions.ts';
import { fitsPattern } from './match.ts';

const oneOrMore = <S extends v.GenericSchema>(schema: S) => v.union([v.array(schema), schema]);
const action = v.pipe(
  v.string(),
  v.regex(/^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/i, 'An action is "*" or "service:Operation"'),
);
const resource = v.pipe(
  v.string(),
  v.regex(/^(\*|arn:.*:.*:.*:.*:.+)$/, 'A resource is "*" or an ARN'),
  v.check((text) => !text.includes('${'), 'Policy variables are not resolved here'),
);
const statement = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(['Allow', 'Deny']),
  Action: v.optional(oneOrMore(action)),
  NotAction: v.optional(oneOrMore(action)),
  Resource: v.optional(oneOrMore(resource)),
  NotResource: v.optional(oneOrMore(resource)),
  Condition: v.optional(
    v.record(v.string(), v.record(v.string(), oneOrMore(v.union([v.string(), v.boolean(), v.number()])))),
  ),
});
const policy = v.strictObject({
  Version: v.optional(v.picklist(['2012-10-17', '2008-10-17'])),
  Id: v.optional(v.string()),
  Statement: oneOrMore(statement),
});

export interface Statement {
  allows: boolean;
  fitsAction: (action: string) => boolean;
  fitsResource: (resource: string) => boolean;
  conditions: readonly Condition[];
}

/** A request to do one thing to one resource. */
export interface Ask {
  action: string;
  resource: string;
  context: Context;
}

export type Decision = 'allowed' | 'implicit deny' | 'explicit deny';

/** The statements of an identity-based policy; throws a `Refusal` for what is wrong or not understood. */
export function parsePolicy(document: unknown, what: string): Statement[] {
  const { Statement } = parsed(policy, document, what);
  return listOf(Statement).map((content, index) => {
    const where = `${what}, statement ${content.Sid ?? index + 1}`;
    return {
      allows: content.Effect === 'Allow',
      // Actions are compared without regard to case, resources with it.
      fitsAction: fits(where, 'Action', content.Action, content.NotAction, (text) => text.toLowerCase()),
      fitsResource: fits(where, 'Resource', content.Resource, content.NotResource, (text) => text),
      conditions: Object.entries(content.Condition ?? {}).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) => {
          try {
            return parseCondition(operator, key, listOf(values).map(String));
          } catch (error) {
            throw new Refusal(`${where}: ${error instanceof Error ? error.message : error}.`, {
              cause: error,
            });
          }
        }),
      ),
    };
  });
}

function fits(
  where: string,
  name: string,
  positive: string | readonly string[] | undefined,
  negative: string | readonly string[] | undefined,
  form: (text: string) => string,
): (text: string) => boolean {
  if ((positive === undefined) === (negative === undefined))
    throw new Refusal(`${where}: it needs either ${name} or Not${name}.`);
  const patterns = listOf(positive ?? negative ?? []).map(form);
  return (text) => patterns.some((pattern) => fitsPattern(pattern, form(text))) === (positive !== undefined);
}

const listOf = <T>(value: T | readonly T[]): readonly T[] => (isList(value) ? value : [value]);
const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);

/** An explicit denial beats an allowance, and without any of both nothing is allowed. */
export function decide(statements: readonly Statement[], ask: Ask): Decision {
  const applying = statements.filter(
    (statement) =>
      statement.fitsAction(ask.action) &&
      statement.fitsResource(ask.resource) &&
      statement.conditions.every((condition) => holds(condition, ask.context)),
  );
  if (applying.some((statement) => !statement.allows)) return 'explicit deny';
  return applying.length > 0 ? 'allowed' : 'implicit deny';
}
