import { distance } from 'fastest-levenshtein';
import * as v from 'valibot';
import { ConfigurationError } from '../errors.ts';
import { type Inputs, MODES, type Mode, schemas } from './schema.ts';

const PREFIX = 'INPUT_';

/** The inputs that were given, by name; the runner passes them as INPUT_* variables, empty when not given. */
export function givenInputs(env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const given = new Map<string, string>();
  for (const [key, value] of Object.entries(env)) {
    if (key.startsWith(PREFIX) && value !== undefined && value.trim() !== '') {
      given.set(key.slice(PREFIX.length).toLowerCase(), value.trim());
    }
  }
  return given;
}

/**
 * Checks every input and returns them as one of the modes' types, with warnings for names that nobody knows.
 * Throws a ConfigurationError with all problems at once; nothing was called by then.
 */
export function parseInputs(given: ReadonlyMap<string, string>): { inputs: Inputs; warnings: string[] } {
  const mode = given.get('mode');
  switch (mode) {
    case 'bake':
    case 'promote':
    case 'prune':
      return parseMode(mode, given);
    default: {
      const { problems } = strangers(given, undefined);
      const choices = MODES.join(', ');
      const problem =
        mode === undefined
          ? `The input "mode" is missing: it must be one of ${choices}.`
          : `The input "mode" must be one of ${choices}, but is "${mode}".`;
      throw new ConfigurationError([problem, ...problems]);
    }
  }
}

function parseMode(mode: Mode, given: ReadonlyMap<string, string>): { inputs: Inputs; warnings: string[] } {
  const { problems, warnings } = strangers(given, mode);
  const own = Object.fromEntries([...given].filter(([name]) => name in schemas[mode].entries));
  const result = v.safeParse(schemas[mode], own);
  problems.push(...(result.issues ?? []).map(problemOf), ...combinations(mode, given));
  if (problems.length > 0 || !result.success) throw new ConfigurationError(problems);
  // The schema's output with the names that the code uses: what CamelKeys says of it.
  const inputs = Object.fromEntries(
    Object.entries(result.output).map(([name, value]) => [camel(name), value]),
  ) as Inputs;
  return { inputs, warnings };
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const name = String(issue.path?.[0]?.key ?? '');
  const text: unknown = Reflect.get(Object(issue.path?.[0]?.input), name);
  if (text === undefined) return `The input "${name}" is missing.`;
  return `The input "${name}" ${issue.message}, but is "${shortened(String(text))}".`;
}

const shortened = (value: string) => (value.length > 80 ? `${value.slice(0, 77)}...` : value);

const camel = (name: string) => name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** Inputs that do not belong: of another mode, or of no mode at all. */
function strangers(
  given: ReadonlyMap<string, string>,
  mode: Mode | undefined,
): { problems: string[]; warnings: string[] } {
  const problems: string[] = [];
  const warnings: string[] = [];
  const known = new Set(MODES.flatMap((each) => Object.keys(schemas[each].entries)));
  for (const name of given.keys()) {
    if (mode !== undefined && name in schemas[mode].entries) continue;
    const owners = MODES.filter((each) => name in schemas[each].entries);
    if (owners.length > 0) {
      if (mode !== undefined)
        problems.push(`The input "${name}" belongs to the mode ${owners.join(' or ')}, not to ${mode}.`);
      continue;
    }
    const near = nearest(name, known);
    if (near) problems.push(`There is no input "${name}". Did you mean "${near}"?`);
    else warnings.push(`There is no input "${name}": it is ignored.`);
  }
  return { problems, warnings };
}

/** The known name that this one was probably meant to be: at most a quarter of its letters differ. */
function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  const closest = [...known]
    .map((other) => ({ other, steps: distance(name, other) }))
    .toSorted((a, b) => a.steps - b.steps)[0];
  return closest && closest.steps <= Math.max(1, Math.floor(name.length / 4)) ? closest.other : undefined;
}

/** Rules about several inputs together. */
function combinations(mode: Mode, given: ReadonlyMap<string, string>): string[] {
  if (mode !== 'promote') return [];
  const problems: string[] = [];
  const [named, tagged] = [given.has('auto-scaling-groups'), given.has('auto-scaling-group-tags')];
  // A plan can do without groups: it then compares images alone.
  if (named ? tagged : !tagged && given.get('dry-run') !== 'true') {
    problems.push(
      'Say which groups: give either "auto-scaling-groups" (names) or "auto-scaling-group-tags" (KEY=VALUE, one a line).',
    );
  }
  const choices = ['commit', 'version', 'branch'].filter((name) => given.has(name));
  if (!given.has('ami-id') && choices.length > 1) {
    problems.push(
      `The inputs ${choices.map((name) => `"${name}"`).join(' and ')} each choose an image: give one of them (beside "ami-id" they only describe it).`,
    );
  }
  for (const name of choices.filter((choice) => choice !== 'commit')) {
    if (given.get('rollback') === 'true' && !given.has('ami-id'))
      problems.push(
        `The input "rollback" goes back to the image promoted before, or to "ami-id" or "commit": it cannot be combined with "${name}".`,
      );
  }
  return problems;
}
