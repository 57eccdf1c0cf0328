import type { NormalizedSchema } from '@smithy/core/schema';

/** Query parameters as a tree: `Filter.1.Name=x` becomes Filter → 1 → Name → x. */
interface Node {
  value?: string;
  children: Map<string, Node>;
}

/** Decodes the form body of an AWS Query or EC2 Query request into the operation's input. */
export function decodeQuery(schema: NormalizedSchema, parameters: URLSearchParams, ec2: boolean): unknown {
  const root: Node = { children: new Map() };
  for (const [key, value] of parameters) {
    let node = root;
    for (const part of key.split('.')) {
      let child = node.children.get(part);
      if (!child) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  return decode(schema, root, ec2) ?? {};
}

function decode(schema: NormalizedSchema, node: Node, ec2: boolean): unknown {
  if (schema.isStructSchema()) return decodeStructure(schema, node, ec2);
  if (schema.isListSchema()) return decodeList(schema, node, ec2);
  if (schema.isMapSchema()) return decodeMap(schema, node, ec2);
  const { value } = node;
  if (value === undefined) return undefined;
  if (schema.isBooleanSchema()) return value === 'true';
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) return Number(value);
  if (schema.isTimestampSchema()) return new Date(value);
  if (schema.isBlobSchema()) return Buffer.from(value, 'base64');
  return value;
}

function decodeStructure(schema: NormalizedSchema, node: Node, ec2: boolean): unknown {
  if (node.children.size === 0) return node.value === undefined ? undefined : {};
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(requestName(name, member, ec2));
    if (!child) continue;
    const value = decode(member, child, ec2);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** EC2 takes `ec2QueryName`, else the XML name (or the member's) with a capital first letter. */
function requestName(name: string, member: NormalizedSchema, ec2: boolean): string {
  const traits = member.getMergedTraits();
  if (ec2 && typeof traits.ec2QueryName === 'string') return traits.ec2QueryName;
  const key = traits.xmlName ?? name;
  return ec2 ? key.charAt(0).toUpperCase() + key.slice(1) : key;
}

function decodeList(schema: NormalizedSchema, node: Node, ec2: boolean): unknown {
  const member = schema.getValueSchema();
  const flat = ec2 || schema.getMergedTraits().xmlFlattened;
  const items = flat ? node : node.children.get(member.getMergedTraits().xmlName ?? 'member');
  if (!items) return node.value === '' ? [] : undefined;
  return numbered(items).map((item) => decode(member, item, ec2));
}

function decodeMap(schema: NormalizedSchema, node: Node, ec2: boolean): unknown {
  const entries = schema.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const result: Record<string, unknown> = {};
  for (const entry of entries ? numbered(entries) : []) {
    const name = entry.children.get(key.getMergedTraits().xmlName ?? 'key')?.value;
    const content = entry.children.get(value.getMergedTraits().xmlName ?? 'value');
    if (name !== undefined && content) result[name] = decode(value, content, ec2);
  }
  return result;
}

function numbered(node: Node): Node[] {
  return [...node.children]
    .filter(([key]) => /^\d+$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}
