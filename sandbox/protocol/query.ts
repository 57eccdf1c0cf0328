import type { NormalizedSchema } from '@smithy/core/schema';
import { ServiceError } from './error.ts';
import { parseText } from './values.ts';

/** Query parameters as a tree: `Filter.1.Name=x` becomes Filter → 1 → Name → x. */
interface Node {
  /** The parameter's name up to here. */
  path: string;
  value?: string;
  children: Map<string, Node>;
}

type QueryWire = 'ec2-query' | 'query';

/** Parameters that every call may have: they name it, and sign it in the query string. */
const COMMON = /^(Action|Version|Timestamp|Expires|AWSAccessKeyId|Signature\w*|SecurityToken|X-Amz-.*)$/;

/** No operation has a parameter of so many parts; longer names are not taken apart. */
const MOST_PARTS = 24;

/** Decodes the parameters of an AWS Query or EC2 Query request into the operation's input. */
export function decodeQuery(
  schema: NormalizedSchema,
  parameters: Iterable<[string, string]>,
  wire: QueryWire,
): object {
  const root = treeOf(parameters);
  return Object(decodeStructure(schema, root, wire) ?? {});
}

function treeOf(parameters: Iterable<[string, string]>): Node {
  const root: Node = { path: '', children: new Map() };
  for (const [key, value] of parameters) {
    if (COMMON.test(key)) continue;
    const parts = key.split('.', MOST_PARTS + 1);
    let node = root;
    for (const part of parts.length > MOST_PARTS ? [key] : parts) {
      let child = node.children.get(part);
      if (!child) {
        child = { path: node.path === '' ? part : `${node.path}.${part}`, children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  return root;
}

function decode(schema: NormalizedSchema, name: string, node: Node, wire: QueryWire): unknown {
  if (schema.isStructSchema()) return decodeStructure(schema, node, wire);
  if (schema.isListSchema()) return decodeList(schema, name, node, wire);
  if (schema.isMapSchema()) return decodeMap(schema, name, node, wire);
  if (node.value !== undefined) return parseText(schema, node.value, name, wire);
  refuseUnknown(wire, node.children.values());
  return undefined;
}

function decodeStructure(schema: NormalizedSchema, node: Node, wire: QueryWire): unknown {
  if (node.children.size === 0) return node.value === undefined ? undefined : {};
  const result: Record<string, unknown> = {};
  const unknown = new Map(node.children);
  for (const [name, member] of schema.structIterator()) {
    const key = requestName(name, member, wire);
    const child = node.children.get(key);
    if (!child) continue;
    unknown.delete(key);
    const value = decode(member, name, child, wire);
    if (value !== undefined) result[name] = value;
  }
  refuseUnknown(wire, unknown.values());
  return result;
}

/** EC2 refuses what it does not know; the other Query services pass over it. */
function refuseUnknown(wire: QueryWire, nodes: Iterable<Node>): void {
  const [node] = nodes;
  if (node && wire === 'ec2-query')
    throw new ServiceError('UnknownParameter', `The parameter ${firstLeaf(node)} is not recognized`);
}

function firstLeaf(node: Node): string {
  let leaf = node;
  while (leaf.value === undefined) {
    const [next] = leaf.children.values();
    if (!next) break;
    leaf = next;
  }
  return leaf.path;
}

/** EC2 takes `ec2QueryName`, else the XML name (or the member's) with a capital first letter. */
function requestName(name: string, member: NormalizedSchema, wire: QueryWire): string {
  const traits = member.getMergedTraits();
  if (wire === 'ec2-query' && typeof traits.ec2QueryName === 'string') return traits.ec2QueryName;
  const key = traits.xmlName ?? name;
  return wire === 'ec2-query' ? key.charAt(0).toUpperCase() + key.slice(1) : key;
}

function decodeList(schema: NormalizedSchema, name: string, node: Node, wire: QueryWire): unknown {
  const member = schema.getValueSchema();
  const flat = wire === 'ec2-query' || schema.getMergedTraits().xmlFlattened;
  const items = flat ? node : node.children.get(member.getMergedTraits().xmlName ?? 'member');
  if (!items) return node.value === '' ? [] : undefined;
  refuseUnknown(
    wire,
    [...items.children].filter(([key]) => !NUMBER.test(key)).map(([, child]) => child),
  );
  return numbered(items)
    .map((item) => decode(member, name, item, wire))
    .filter((item) => item !== undefined);
}

function decodeMap(schema: NormalizedSchema, name: string, node: Node, wire: QueryWire): unknown {
  const entries = schema.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const result: [string, unknown][] = [];
  for (const entry of entries ? numbered(entries) : []) {
    const entryName = entry.children.get(key.getMergedTraits().xmlName ?? 'key')?.value;
    const content = entry.children.get(value.getMergedTraits().xmlName ?? 'value');
    if (entryName !== undefined && content) result.push([entryName, decode(value, name, content, wire)]);
  }
  return Object.fromEntries(result);
}

const NUMBER = /^\d+$/;

function numbered(node: Node): Node[] {
  return [...node.children]
    .filter(([key]) => NUMBER.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}
