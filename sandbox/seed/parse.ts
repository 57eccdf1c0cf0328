import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';
import { didYouMean, inputSchema, memberProblems, unknownKey } from './members.ts';
import { SECTIONS, type SectionName, type Seed, seedSchema, VERSION_KEYS } from './schema.ts';

/** Everything that is wrong with a seed file. */
export class SeedError extends Error {
  override name = 'SeedError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The seed file has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((each) => `  - ${each}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Reads a seed from JSON or YAML. Throws a SeedError with all problems at once; nothing was made by then. */
export function parseSeed(text: string): Seed {
  const content = read(text);
  const result = v.safeParse(seedSchema, content);
  const problems = [
    ...(Array.isArray(content) ? [NO_OBJECT] : (result.issues ?? []).map(issueText)),
    ...strangers(content),
    // Names are looked up as soon as every value has its type.
    ...(result.typed ? references(result.output) : []),
  ];
  if (problems.length > 0 || !result.success) throw new SeedError(problems);
  return result.output;
}

const NO_OBJECT = 'It must be an object';

/** JSON is YAML too, but is read a hundred times as fast as such. */
function read(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    throw new SeedError([error instanceof Error ? error.message : String(error)]);
  }
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1);
  if (issue.input === undefined) return `${path} is missing`;
  return path === ''
    ? 'It must be an object'
    : `${path} ${issue.message}, but is ${JSON.stringify(issue.input)}`;
}

const isSection = (key: string): key is SectionName => key in SECTIONS;

/** Keys that neither the seed nor the AWS call knows, and members with values of a wrong type. */
function strangers(content: unknown): string[] {
  if (Array.isArray(content)) return [];
  const known = Object.keys(seedSchema.entries);
  return Object.entries(Object(content)).flatMap(([key, items]) => {
    if (!known.includes(key)) return [unknownKey(key, key, known)];
    if (!isSection(key) || !Array.isArray(items)) return [];
    return items.flatMap((item, index) => itemProblems(key, item, `${key}[${index}]`));
  });
}

function itemProblems(section: SectionName, item: unknown, path: string): string[] {
  const { keys, operation } = SECTIONS[section];
  const problems = ownProblems(item, Object.keys(keys), operation, path);
  if (section !== 'launchTemplates') return problems;
  const versions: unknown = Reflect.get(Object(item), 'versions');
  const data = inputSchema(operation).getMemberSchema('LaunchTemplateData');
  const ofVersions = (Array.isArray(versions) ? versions : []).flatMap((version, index) =>
    splitProblems(version, VERSION_KEYS, data, `${path}.versions[${index}]`),
  );
  return [...problems, ...ofVersions];
}

function ownProblems(item: unknown, own: readonly string[], operation: string, path: string): string[] {
  return splitProblems(item, own, inputSchema(operation), path);
}

function splitProblems(
  item: unknown,
  own: readonly string[],
  schema: ReturnType<typeof inputSchema>,
  path: string,
): string[] {
  const members = [...schema.structIterator()].map(([name]) => name);
  return Object.entries(Object(item)).flatMap(([key, value]) => {
    if (own.includes(key)) return [];
    if (!members.includes(key)) return [unknownKey(`${path}.${key}`, key, [...own, ...members])];
    return memberProblems(schema.getMemberSchema(key), value, `${path}.${key}`);
  });
}

/** Names that are used and not there, or there twice. */
function references(seed: Seed): string[] {
  const names = namesBySection(seed);
  const missing = (
    path: string,
    name: string | undefined,
    section: SectionName,
    item: { region?: string | undefined },
  ) => {
    const region = item.region ?? seed.region;
    const known = names.get(`${section} ${region}`);
    if (name === undefined || known?.has(name)) return [];
    return [
      `${path}: there is no "${name}" among the ${section} of ${region}${didYouMean(name, [...(known ?? [])])}`,
    ];
  };
  return [
    ...Object.keys(SECTIONS)
      .filter(isSection)
      .flatMap((section) => twice(seed, section)),
    ...seed.launchTemplates.flatMap((template, index) =>
      template.versions.flatMap(({ image }, number) =>
        missing(`launchTemplates[${index}].versions[${number}].image`, image, 'images', template),
      ),
    ),
    ...seed.groups.flatMap((group, index) => [
      ...missing(`groups[${index}].launchTemplate`, group.launchTemplate, 'launchTemplates', group),
      ...(group.targetGroups ?? []).flatMap((name, place) =>
        missing(`groups[${index}].targetGroups[${place}]`, name, 'targetGroups', group),
      ),
    ]),
    ...seed.parameters.flatMap((parameter, index) =>
      parameter.image === undefined && parameter.value === undefined
        ? [`parameters[${index}] needs a "value", or an "image" whose id is its value`]
        : missing(`parameters[${index}].image`, parameter.image, 'images', parameter),
    ),
  ];
}

/** The names that there are, by section and Region. */
function namesBySection(seed: Seed): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const section of Object.keys(SECTIONS).filter(isSection)) {
    for (const { name, region = seed.region } of seed[section]) {
      const key = `${section} ${region}`;
      names.set(key, (names.get(key) ?? new Set()).add(name));
    }
  }
  return names;
}

function twice(seed: Seed, section: SectionName): string[] {
  const seen = new Set<string>();
  return seed[section].flatMap(({ name, region = seed.region }, index) => {
    const key = `${region} ${name}`;
    if (seen.has(key)) return [`${section}[${index}]: there are two called "${name}" in ${region}`];
    seen.add(key);
    return [];
  });
}
