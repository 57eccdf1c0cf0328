/**
 * Reads as much of a Packer template as the stand-in needs: JSON templates, and HCL2 files of variables and
 * `amazon-ebs` sources whose values are texts with `${var.name}`, booleans, numbers, lists and maps.
 */

export type Value = string | number | boolean | Value[] | { [key: string]: Value };
export type Attributes = { [key: string]: Value };

export interface Template {
  /** Defaults of the declared variables; `undefined`: a value is required. */
  variables: Map<string, string | undefined>;
  sources: { name: string; attributes: Attributes }[];
}

export class TemplateError extends Error {
  override name = 'TemplateError';
}

/** Parses a template; `valueOf` resolves variables while the sources are read. */
export function readTemplate(
  text: string,
  isJson: boolean,
): {
  declared: Template['variables'];
  sourcesWith(variables: ReadonlyMap<string, string>): Template['sources'];
} {
  return isJson ? readJson(text) : readHcl(text);
}

function readJson(text: string) {
  const document: { variables?: Record<string, string | null>; builders?: Attributes[] } = JSON.parse(text);
  const fill = (value: Value, variables: ReadonlyMap<string, string>): Value => {
    if (Array.isArray(value)) return value.map((item) => fill(item, variables));
    if (typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, variables)]));
    if (typeof value !== 'string') return value;
    return value
      .replace(/\{\{\s*user `([^`]+)`\s*\}\}/g, (_all, name: string) => variables.get(name) ?? '')
      .replace(/\{\{\s*timestamp\s*\}\}/g, () => String(Math.floor(Date.now() / 1000)));
  };
  const env = (value: string | null) =>
    value?.replace(/\{\{\s*env `([^`]+)`\s*\}\}/g, (_all, name: string) => process.env[name] ?? '');
  return {
    declared: new Map(
      Object.entries(document.variables ?? {}).map(([name, value]) => [name, env(value) ?? undefined]),
    ),
    sourcesWith: (variables: ReadonlyMap<string, string>) =>
      (document.builders ?? [])
        .filter((builder) => builder.type === 'amazon-ebs')
        .map((builder) => {
          const attributes = fill(builder, variables);
          return {
            name: `amazon-ebs${typeof builder.name === 'string' ? `.${builder.name}` : ''}`,
            attributes: isAttributes(attributes) ? attributes : {},
          };
        }),
  };
}

export function isAttributes(value: Value | undefined): value is Attributes {
  return typeof value === 'object' && !Array.isArray(value);
}

interface Block {
  type: string;
  labels: string[];
  body: string[];
}

const TOKEN =
  /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|\$\{[^}]*\}|[^"\\])*"|[A-Za-z_][\w.-]*|-?\d+(?:\.\d+)?|[{}[\]=,:()]|\S/g;

function readHcl(text: string) {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !/^(#|\/\/|\/\*)/.test(token));
  const blocks = [...blocksOf(tokens)];
  const none = new Map<string, string>();
  const declared = new Map(
    blocks
      .filter((block) => block.type === 'variable')
      .map((block) => {
        const { default: otherwise } = attributesOf(block.body, none);
        return [block.labels[0] ?? '', otherwise === undefined ? undefined : String(otherwise)] as const;
      }),
  );
  return {
    declared,
    sourcesWith: (variables: ReadonlyMap<string, string>) =>
      blocks
        .filter((block) => block.type === 'source' && block.labels[0] === 'amazon-ebs')
        .map((block) => ({
          name: `amazon-ebs.${block.labels[1]}`,
          attributes: attributesOf(block.body, variables),
        })),
  };
}

/** Top-level blocks: a type, labels, and the tokens between their braces. */
function* blocksOf(tokens: readonly string[]): Generator<Block> {
  for (let index = 0; index < tokens.length; ) {
    const type = tokens[index++] ?? '';
    const labels: string[] = [];
    for (let token = tokens[index]; token?.startsWith('"'); token = tokens[++index])
      labels.push(token.slice(1, -1));
    if (tokens[index] !== '{') throw new TemplateError(`The stand-in expected a block after "${type}".`);
    const end = closing(tokens, index);
    yield { type, labels, body: tokens.slice(index + 1, end) };
    index = end + 1;
  }
}

function closing(tokens: readonly string[], start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    if (tokens[index] === '{') depth++;
    if (tokens[index] === '}' && --depth === 0) return index;
  }
  throw new TemplateError('A block of the template is not closed.');
}

/** `name = value` pairs; nested blocks (such as provisioners' settings) are passed over. */
function attributesOf(tokens: readonly string[], variables: ReadonlyMap<string, string>): Attributes {
  const attributes: Attributes = {};
  for (let index = 0; index < tokens.length; ) {
    const name = unquoted(tokens[index++] ?? '');
    const separator = tokens[index];
    if (separator === '{') {
      index = closing(tokens, index) + 1;
      continue;
    }
    if (separator !== '=' && separator !== ':')
      throw new TemplateError(`The stand-in expected "=" after ${name}.`);
    const [value, next] = valueAt(tokens, index + 1, variables);
    attributes[name] = value;
    index = tokens[next] === ',' ? next + 1 : next;
  }
  return attributes;
}

function valueAt(
  tokens: readonly string[],
  index: number,
  variables: ReadonlyMap<string, string>,
): [Value, number] {
  const token = tokens[index] ?? '';
  if (token === '{') {
    const end = closing(tokens, index);
    return [attributesOf(tokens.slice(index + 1, end), variables), end + 1];
  }
  if (token === '[') {
    const items: Value[] = [];
    let next = index + 1;
    while (tokens[next] !== ']') {
      const [item, after] = valueAt(tokens, next, variables);
      items.push(item);
      next = tokens[after] === ',' ? after + 1 : after;
    }
    return [items, next + 1];
  }
  if (tokens[index + 1] === '(')
    throw new TemplateError(`The stand-in cannot call ${token}(): install Packer for this template.`);
  if (token.startsWith('"'))
    return [
      unquoted(token).replace(/\$\{([^}]+)\}/g, (_all, expression: string) =>
        reference(expression.trim(), variables),
      ),
      index + 1,
    ];
  if (token === 'true' || token === 'false') return [token === 'true', index + 1];
  if (/^-?\d/.test(token)) return [Number(token), index + 1];
  if (token === 'string' || token === 'number' || token === 'bool') return [token, index + 1];
  return [reference(token, variables), index + 1];
}

function reference(expression: string, variables: ReadonlyMap<string, string>): string {
  const [, name] = /^var\.(\w+)$/.exec(expression) ?? [];
  const value = name === undefined ? undefined : variables.get(name);
  if (value === undefined)
    throw new TemplateError(`The stand-in cannot evaluate ${expression}: install Packer for this template.`);
  return value;
}

const unquoted = (token: string) =>
  token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token;
