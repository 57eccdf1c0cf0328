import { identityOf } from './normalise.ts';

/** One member in which two answers differ; absent values are `undefined`. */
export interface Difference {
  call: string;
  step: string;
  /** `Images[].Tags[].Value`, or `error`. */
  path: string;
  ours: unknown;
  theirs: unknown;
}

/** A difference that is meant, with the reason why. It has to occur. */
export interface Rule {
  /** Operations as in the steps; `*` stands for anything, in the paths as well. */
  calls: readonly string[];
  paths: readonly string[];
  /** What the difference is like; `other value` when both have the member. */
  is: 'left out by moto' | 'added by moto' | 'other value';
  because: string;
}

/** All members in which two normalised values differ. A member that one side lacks is told once, not its parts. */
export function differences(ours: unknown, theirs: unknown): Pick<Difference, 'path' | 'ours' | 'theirs'>[] {
  return [...walk('', ours, theirs)];
}

function* walk(
  path: string,
  ours: unknown,
  theirs: unknown,
): Generator<Pick<Difference, 'path' | 'ours' | 'theirs'>> {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    for (const [a, b] of paired(ours, theirs)) yield* walk(`${path}[]`, a, b);
  } else if (isObject(ours) && isObject(theirs)) {
    for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)]))
      yield* walk(path === '' ? name : `${path}.${name}`, Reflect.get(ours, name), Reflect.get(theirs, name));
  } else if (ours !== theirs) {
    yield { path, ours, theirs };
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Items that are about the same thing, else those at the same place. */
function paired(ours: readonly unknown[], theirs: readonly unknown[]): [unknown, unknown][] {
  const identities = new Set([...ours, ...theirs].map(identityOf));
  const distinct = (list: readonly unknown[]) => new Set(list.map(identityOf)).size === list.length;
  if (identities.has(undefined) || !distinct(ours) || !distinct(theirs)) {
    const longer = ours.length > theirs.length ? ours : theirs;
    return longer.map((_, index) => [ours[index], theirs[index]]);
  }
  const find = (list: readonly unknown[], identity: string | undefined) =>
    list.find((item) => identityOf(item) === identity);
  return [...identities].map((identity) => [find(ours, identity), find(theirs, identity)]);
}

/** What no rule allows, and the parts of rules that allowed nothing. */
export function judge(
  found: readonly Difference[],
  rules: readonly Rule[],
): { unexplained: Difference[]; stale: string[] } {
  const parts = rules.flatMap((rule) =>
    rule.calls.flatMap((call) =>
      rule.paths.map((path) => ({ call, path, is: rule.is, because: rule.because, used: false })),
    ),
  );
  const unexplained = found.filter((difference) => {
    const allowing = parts.filter(
      ({ call, path, is }) =>
        is === kindOf(difference) && matches(call, difference.call) && matches(path, difference.path),
    );
    for (const part of allowing) part.used = true;
    return allowing.length === 0;
  });
  const stale = parts
    .filter(({ used }) => !used)
    .map(({ call, path, is, because }) => `${call} ${path} ${is} (${because})`);
  return { unexplained, stale };
}

export function kindOf({ ours, theirs }: Pick<Difference, 'ours' | 'theirs'>): Rule['is'] {
  if (theirs === undefined) return 'left out by moto';
  return ours === undefined ? 'added by moto' : 'other value';
}

function matches(glob: string, text: string): boolean {
  const source = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(text);
}
