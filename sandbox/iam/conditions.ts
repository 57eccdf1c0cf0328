import { fitsArn, fitsPattern } from './match.ts';

/** What is known about a request, by the lower-case names of condition keys; most have one value. */
export type Context = ReadonlyMap<string, readonly string[]>;

export interface Condition {
  test: (wanted: string, given: string) => boolean;
  /** `…Not…` operators: true when no value fits, and when the key is absent. */
  negated: boolean;
  /** `…IfExists`. */
  ifExists: boolean;
  /** `ForAllValues:` or `ForAnyValue:`. */
  quantifier: 'all' | 'any' | undefined;
  /** `Null` asks whether the key is absent. */
  isNull: boolean;
  key: string;
  values: readonly string[];
}

const equal = (wanted: string, given: string) => wanted === given;
const equalIgnoringCase = (wanted: string, given: string) => wanted.toLowerCase() === given.toLowerCase();

const OPERATORS: Readonly<Record<string, { test: Condition['test']; negated?: true; isNull?: true }>> = {
  StringEquals: { test: equal },
  StringNotEquals: { test: equal, negated: true },
  StringEqualsIgnoreCase: { test: equalIgnoringCase },
  StringNotEqualsIgnoreCase: { test: equalIgnoringCase, negated: true },
  StringLike: { test: fitsPattern },
  StringNotLike: { test: fitsPattern, negated: true },
  ArnEquals: { test: fitsArn },
  ArnLike: { test: fitsArn },
  ArnNotEquals: { test: fitsArn, negated: true },
  ArnNotLike: { test: fitsArn, negated: true },
  Bool: { test: equalIgnoringCase },
  Null: { test: equalIgnoringCase, isNull: true },
};

/** The keys that the sandbox computes; those with a slash take a tag key behind it. */
const KEYS = [
  'aws:RequestedRegion',
  'aws:PrincipalArn',
  'aws:PrincipalAccount',
  'aws:ResourceTag/',
  'aws:RequestTag/',
  'aws:TagKeys',
  'ec2:ResourceTag/',
  'autoscaling:ResourceTag/',
  'elasticloadbalancing:ResourceTag/',
  'ssm:ResourceTag/',
  'ec2:CreateAction',
  'ec2:ImageID',
  'ec2:InstanceType',
  'ec2:IsLaunchTemplateResource',
  'ec2:LaunchTemplate',
  'ec2:Owner',
  'ec2:Public',
  'ec2:Region',
  'ssm:Overwrite',
  'iam:PassedToService',
] as const;

/** One line of a `Condition` element; throws an Error with a sentence for what is not known. */
export function parseCondition(operator: string, key: string, values: readonly string[]): Condition {
  const [, prefix, name = '', ifExists] =
    /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const known = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!known)
    throw new Error(
      `the condition operator ${operator} is not known; known are ${Object.keys(OPERATORS).join(', ')}, with IfExists, ForAllValues: and ForAnyValue:`,
    );
  const lower = key.toLowerCase();
  const isKnown = KEYS.some((candidate) =>
    candidate.endsWith('/')
      ? lower.startsWith(candidate.toLowerCase()) && lower.length > candidate.length
      : lower === candidate.toLowerCase(),
  );
  if (!isKnown)
    throw new Error(
      `the condition key ${key} is not known; known are ${KEYS.map((name) => (name.endsWith('/') ? `${name}<tag key>` : name)).join(', ')}`,
    );
  if (values.some((value) => value.includes('${')))
    throw new Error(`the condition on ${key} has a policy variable, which is not resolved here`);
  return {
    test: known.test,
    negated: known.negated ?? false,
    isNull: known.isNull ?? false,
    ifExists: ifExists !== undefined,
    quantifier: prefix === 'ForAllValues:' ? 'all' : prefix === 'ForAnyValue:' ? 'any' : undefined,
    key: lower,
    values,
  };
}

export function holds(condition: Condition, context: Context): boolean {
  const { negated, values, test } = condition;
  const given = context.get(condition.key) ?? [];
  if (condition.isNull) return values.some((value) => test(value, String(given.length === 0)));
  if (given.length === 0) {
    if (condition.quantifier !== undefined) return condition.quantifier === 'all';
    return condition.ifExists || negated;
  }
  const one = (value: string) => values.some((wanted) => test(wanted, value)) !== negated;
  return condition.quantifier === 'any' ? given.some(one) : given.every(one);
}
