import type { TemplateFacts } from './template.ts';

/** Shorter values are in every other word of a log; of what only looks secret, more has to be there. */
const SHORTEST = { declared: 3, likely: 6 };

const LOOKS_SECRET =
  /pass(word|wd|phrase)|secret|token|credential|(private|api|access|signing|encryption)_?key/i;

export interface Values {
  /** The variables that the workflow gives. */
  variables: Readonly<Record<string, string>>;
  /** What the variable files give. */
  files: readonly ReadonlyMap<string, string>[];
  /** Packer's environment; `PKR_VAR_<name>` gives a variable. */
  env: Readonly<Record<string, string>>;
}

/**
 * The values that Packer may print and nobody should read.
 *
 * - `declared`: those of variables that the template calls sensitive. Packer before 1.15.1 prints them in the form
 *   of output that we read.
 * - `likely`: besides, what is named like a secret, among the variables and in the environment.
 */
export function secretsIn(
  { sensitive }: TemplateFacts,
  { variables, files, env }: Values,
): { declared: string[]; likely: string[] } {
  const given = [
    ...Object.entries(variables),
    ...files.flatMap((file) => [...file]),
    ...Object.entries(env).flatMap(([key, value]) =>
      key.startsWith('PKR_VAR_') ? [[key.slice('PKR_VAR_'.length), value] as const] : [],
    ),
  ];
  const defaults = [...sensitive.values()].flatMap((value) => value ?? []);
  const declared = given.flatMap(([name, value]) => (sensitive.has(name) ? [value] : []));
  const likely = [...given, ...Object.entries(env)].flatMap(([name, value]) =>
    LOOKS_SECRET.test(name) && !/_FILE$|_URL$|_URI$/i.test(name) ? [value] : [],
  );
  return {
    declared: distinct([...declared, ...defaults], SHORTEST.declared),
    likely: distinct(likely, SHORTEST.likely),
  };
}

/** Replaces each of the values by `***`, longer ones first, since one may be a part of another. */
export function masker(secrets: readonly string[]): (text: string) => string {
  const lines = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]);
  const parts = distinct(lines, SHORTEST.declared);
  const ordered = parts.toSorted((a, b) => b.length - a.length);
  return (text) => ordered.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}

function distinct(values: readonly string[], shortest: number): string[] {
  return [...new Set(values.map((value) => value.trim()))].filter((value) => value.length >= shortest);
}
