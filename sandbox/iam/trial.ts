import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { ACCOUNT } from '../engine/world.ts';
import { type Ask, decide, parsePolicy } from './policy.ts';

/** The policies in infrastructure/iam, as somebody fills them in for the application `octo/shop`. */

const Policy = v.object({
  Version: v.string(),
  Statement: v.array(v.looseObject({ Sid: v.string(), Action: v.union([v.string(), v.array(v.string())]) })),
});
export type Policy = v.InferOutput<typeof Policy>;

export function readPolicy(file: string, environment = 'dev'): Policy {
  const text = readFileSync(`infrastructure/iam/${file}`, 'utf8')
    .replaceAll('111122223333', ACCOUNT)
    .replaceAll('org/shop', 'octo/shop')
    .replaceAll('production', environment);
  return v.parse(Policy, JSON.parse(text));
}

export const statementNames = ({ Statement }: Policy) => Statement.map(({ Sid }) => Sid);

export const without = (policy: Policy, sid: string): Policy => ({
  ...policy,
  Statement: policy.Statement.filter(({ Sid }) => Sid !== sid),
});

/** The actions of the statements that no granted request needed, as `Statement: service:Action`. */
export function unused(policy: Policy, granted: readonly Ask[]): string[] {
  return policy.Statement.flatMap((statement) =>
    [statement.Action].flat().flatMap((Action) => {
      const alone = parsePolicy({ ...policy, Statement: [{ ...statement, Action }] }, 'One action');
      const isUsed = granted.some((ask) => decide(alone, ask) === 'allowed');
      return isUsed ? [] : [`${statement.Sid}: ${Action}`];
    }),
  );
}
