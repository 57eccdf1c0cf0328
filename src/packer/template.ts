import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What has to be known of a template before Packer reads it. Only as much of the two languages is understood as
 * that takes, and what is not understood counts as not there: Packer itself says what is wrong with it.
 */
export interface TemplateFacts {
  /** The `required_plugins` blocks without comments and layout; `undefined` when there are none. */
  readonly requiredPlugins: string | undefined;
  /** The plugins that a legacy JSON template uses, as `packer plugins install` takes them; those of HashiCorp. */
  readonly jsonPlugins: readonly string[];
  /** The variables that are declared `sensitive`, with their defaults where those are plain texts. */
  readonly sensitive: ReadonlyMap<string, string | undefined>;
}

/** A file of a template, or of values for its variables. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** The files that Packer reads for a template: the file, or those of the folder. */
export async function templateFiles(path: string): Promise<SourceFile[]> {
  if ((await stat(path)).isDirectory()) return await filesIn(path, /\.pkr\.(hcl|json)$/);
  return [{ name: path, text: await readFile(path, 'utf8') }];
}

/** The files of values that Packer reads without being told: those of a template that is a folder. */
export async function automaticValueFiles(path: string): Promise<SourceFile[]> {
  if (!(await stat(path)).isDirectory()) return [];
  return await filesIn(path, /\.auto\.pkrvars\.(hcl|json)$/);
}

async function filesIn(folder: string, pattern: RegExp): Promise<SourceFile[]> {
  const names = (await readdir(folder)).filter((name) => pattern.test(name)).toSorted();
  return await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
}

export function factsOf(files: readonly SourceFile[]): TemplateFacts {
  const plugins: string[] = [];
  const jsonPlugins = new Set<string>();
  const sensitive = new Map<string, string | undefined>();
  for (const { name, text } of files) {
    const facts = name.endsWith('.json') ? factsOfJson(text) : factsOfHcl(text);
    plugins.push(...facts.plugins);
    for (const plugin of facts.jsonPlugins) jsonPlugins.add(plugin);
    for (const [variable, value] of facts.sensitive) sensitive.set(variable, value);
  }
  return {
    requiredPlugins: plugins.length > 0 ? plugins.join('\n') : undefined,
    jsonPlugins: [...jsonPlugins].toSorted(),
    sensitive,
  };
}

/** The plain texts that a file of values (`*.pkrvars.hcl`, `*.json`) gives to variables. */
export function valuesIn({ name, text }: SourceFile): Map<string, string> {
  if (!name.endsWith('.json')) return assignmentsIn(tokensOf(text));
  const document = parsedJson(text);
  return new Map(
    Object.entries(Object(document)).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}

interface FileFacts {
  plugins: string[];
  jsonPlugins: string[];
  sensitive: Map<string, string | undefined>;
}

/** Comments, heredocs, texts, names and numbers, and everything else by the character. */
const TOKEN =
  /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|<<[-~]?(\w+)\r?\n[\s\S]*?\n[ \t]*\1\b|"(?:\\.|[^"\\])*"|[\w.-]+|\S/g;

function tokensOf(text: string): string[] {
  return (text.match(TOKEN) ?? []).filter((token) => !/^(#|\/\/|\/\*)/.test(token));
}

function factsOfHcl(text: string): FileFacts {
  const facts: FileFacts = { plugins: [], jsonPlugins: [], sensitive: new Map() };
  for (const { head, body } of blocksIn(tokensOf(text))) {
    if (head[0] === 'packer') {
      for (const inner of blocksIn(body))
        if (inner.head[0] === 'required_plugins') facts.plugins.push(inner.body.join(' '));
    }
    if (head[0] === 'variable' && /(^| )sensitive = true( |$)/.test(body.join(' ')))
      facts.sensitive.set(plainText(head[1] ?? '') ?? '', assignmentsIn(body).get('default'));
  }
  return facts;
}

/** The blocks of one level: the words in front of their braces, and what is between them. */
function* blocksIn(tokens: readonly string[]): Generator<{ head: string[]; body: string[] }> {
  let head: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    if (token === '{') {
      const end = closing(tokens, index);
      yield { head, body: tokens.slice(index + 1, end) };
      index = end;
      head = [];
      // A map that is a value has `=` in front of it and is no block: its head is not a name.
    } else head = /^["\w]/.test(token) ? [...head, token].slice(-2) : [];
  }
}

function closing(tokens: readonly string[], start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    if (tokens[index] === '{') depth++;
    if (tokens[index] === '}' && --depth === 0) return index;
  }
  return tokens.length;
}

/** `name = "text"` of one level. */
function assignmentsIn(tokens: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let index = 0; index < tokens.length; index++) {
    if (tokens[index] === '{') index = closing(tokens, index);
    const [name = '', equals, value = ''] = tokens.slice(index, index + 3);
    const text = equals === '=' ? plainText(value) : undefined;
    if (text !== undefined) values.set(plainText(name) ?? name, text);
  }
  return values;
}

/** What a token in quotes stands for; `undefined` for another token. */
function plainText(token: string): string | undefined {
  if (!token.startsWith('"')) return undefined;
  const value = parsedJson(token);
  return typeof value === 'string' ? value : token.slice(1, -1);
}

function factsOfJson(text: string): FileFacts {
  const document = Object(parsedJson(text));
  const legacy: unknown = document['sensitive-variables'];
  const defaults = Object(document.variables);
  const sensitive = new Map(
    (Array.isArray(legacy) ? legacy : []).map((name) => [String(name), textOrNothing(defaults[name])]),
  );
  for (const [name, declaration] of Object.entries(Object(document.variable))) {
    // HCL in JSON may have each block in a list of its own.
    const { sensitive: isSensitive, default: otherwise } = Object([declaration].flat()[0]);
    if (isSensitive === true) sensitive.set(name, textOrNothing(otherwise));
  }
  const plugins = [document.packer].flat().flatMap((block) => {
    const required: unknown = Object(block).required_plugins;
    return required === undefined ? [] : [JSON.stringify(required)];
  });
  const { builders, provisioners, 'post-processors': postProcessors } = document;
  const used = [builders, provisioners, postProcessors].flat(3).flatMap((component) => {
    const type = typeof component === 'string' ? component : Object(component).type;
    return PLUGINS.find(([types]) => types.test(String(type)))?.[1] ?? [];
  });
  return { plugins, jsonPlugins: used.map((name) => `github.com/hashicorp/${name}`), sensitive };
}

/** Which of HashiCorp's plugins has the builders, provisioners and post-processors of these types. */
const PLUGINS: readonly (readonly [RegExp, string])[] = [
  [/^amazon-(ebs|ebssurrogate|ebsvolume|chroot|instance|import)$/, 'amazon'],
  [/^ansible(-local)?$/, 'ansible'],
  [/^chef-(client|solo)$/, 'chef'],
  [/^puppet-(masterless|server)$/, 'puppet'],
  [/^salt-masterless$/, 'salt'],
  [/^inspec$/, 'inspec'],
];

const textOrNothing = (value: unknown) => (typeof value === 'string' ? value : undefined);

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
