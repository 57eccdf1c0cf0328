import type { NormalizedSchema } from '@smithy/core/schema';

type Encoder = (value: unknown) => string;

const encoders = new WeakMap<NormalizedSchema, Encoder>();

/** The XML of a structure's members, without an element around them. */
export function encodeXml(schema: NormalizedSchema, value: unknown): string {
  return encoderOf(schema)(value);
}

/** Encoders are made once per schema: a page of a thousand images is then plain string concatenation. */
function encoderOf(schema: NormalizedSchema): Encoder {
  let encoder = encoders.get(schema);
  if (!encoder) {
    encoder = makeEncoder(schema);
    encoders.set(schema, encoder);
  }
  return encoder;
}

function makeEncoder(schema: NormalizedSchema): Encoder {
  if (schema.isUnitSchema()) return () => '';
  if (schema.isStructSchema()) return structureEncoder(schema);
  if (schema.isTimestampSchema()) return (value) => (value instanceof Date ? value.toISOString() : '');
  if (schema.isBlobSchema())
    return (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : '');
  return (value) => escapeXml(String(value));
}

function structureEncoder(schema: NormalizedSchema): Encoder {
  const members: { name: string; encode: Encoder }[] = [];
  for (const [name, member] of schema.structIterator())
    members.push({ name, encode: memberEncoder(name, member) });
  return (value) => {
    if (typeof value !== 'object' || value === null) return '';
    let xml = '';
    for (const { name, encode } of members) {
      const content: unknown = Reflect.get(value, name);
      if (content !== undefined && content !== null) xml += encode(content);
    }
    return xml;
  };
}

/**
 * A member with its element: lists and maps differ in whether there is one element around all items.
 * Encoders of contents are made at their first use, so that recursive structures end.
 */
function memberEncoder(name: string, member: NormalizedSchema): Encoder {
  const traits = member.getMergedTraits();
  const tag = traits.xmlName ?? name;
  if (member.isListSchema()) {
    const item = member.getValueSchema();
    const itemTag = traits.xmlFlattened ? tag : (item.getMergedTraits().xmlName ?? 'member');
    let encodeItem: Encoder | undefined;
    return (value) => {
      if (!Array.isArray(value)) return '';
      encodeItem ??= encoderOf(item);
      let items = '';
      for (const entry of value) items += `<${itemTag}>${encodeItem(entry)}</${itemTag}>`;
      return traits.xmlFlattened ? items : `<${tag}>${items}</${tag}>`;
    };
  }
  if (member.isMapSchema()) {
    const [key, content] = [member.getKeySchema(), member.getValueSchema()];
    const keyTag = key.getMergedTraits().xmlName ?? 'key';
    const valueTag = content.getMergedTraits().xmlName ?? 'value';
    return (value) => {
      const entries = Object.entries(Object(value))
        .map(
          ([k, v]) =>
            `<${keyTag}>${escapeXml(k)}</${keyTag}><${valueTag}>${encoderOf(content)(v)}</${valueTag}>`,
        )
        .map((entry) => (traits.xmlFlattened ? `<${tag}>${entry}</${tag}>` : `<entry>${entry}</entry>`))
        .join('');
      return traits.xmlFlattened ? entries : `<${tag}>${entries}</${tag}>`;
    };
  }
  let encodeValue: Encoder | undefined;
  return (value) => {
    encodeValue ??= encoderOf(member);
    return `<${tag}>${encodeValue(value)}</${tag}>`;
  };
}

const NEEDS_ESCAPE = /[&<>"\r]/;

/** Characters that XML 1.0 cannot have, not even escaped, and lone halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it is about
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

export function escapeXml(text: string): string {
  // What cannot be said in XML is replaced; an unreadable answer would help nobody.
  const sayable =
    NOT_XML.test(text) || !text.isWellFormed() ? text.toWellFormed().replace(ALL_NOT_XML, '\ufffd') : text;
  if (!NEEDS_ESCAPE.test(sayable)) return sayable;
  return sayable
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}

const ALL_NOT_XML = new RegExp(NOT_XML, 'g');
