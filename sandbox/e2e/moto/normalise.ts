/**
 * Two services never give the same ids, times and tokens. Here each id becomes the place where it was first seen, and
 * lists get an order that does not depend on ids; after this, equal answers are equal.
 */
export class Normaliser {
  readonly #symbols = new Map<string, string>();
  readonly #taken = new Map<string, number>();

  /** An answer of the step with this name. */
  normalise(step: string, answer: unknown): unknown {
    return this.#named(this.#ordered(answer), step);
  }

  /** Sorts lists: AWS promises no order for nearly all of them. Names of members are sorted as well. */
  #ordered(value: unknown): unknown {
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#ordered(item));
      return items.toSorted((a, b) => compareTexts(this.#sortKey(a), this.#sortKey(b)));
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).toSorted(([a], [b]) => compareTexts(a, b));
    return Object.fromEntries(entries.map(([name, member]) => [name, this.#ordered(member)]));
  }

  #sortKey(item: unknown): string {
    const known = this.#replace(item, (id) => this.#symbols.get(id) ?? 'unknown');
    return `${identityOf(known) ?? ''} ${JSON.stringify(known)}`;
  }

  #named(value: unknown, path: string): unknown {
    return this.#replace(value, (id, below) => this.#symbol(id, `${path}${below}`));
  }

  #symbol(id: string, place: string): string {
    const known = this.#symbols.get(id);
    if (known !== undefined) return known;
    const count = (this.#taken.get(place) ?? 0) + 1;
    this.#taken.set(place, count);
    const symbol = `<${place}${count === 1 ? '' : ` ${count}`}>`;
    this.#symbols.set(id, symbol);
    return symbol;
  }

  #replace(value: unknown, name: (id: string, path: string) => string, path = ''): unknown {
    if (typeof value === 'string')
      return OPAQUE.test(path) ? '<opaque>' : replaceIds(value, (id) => name(id, path));
    if (Array.isArray(value)) return value.map((item) => this.#replace(item, name, `${path}[]`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.#replace(member, name, `${path}.${key}`)]),
    );
  }
}

/** Members whose values mean nothing to anybody else. */
const OPAQUE =
  /\.(NextToken|NextMarker|KeyMaterial|KeyFingerprint|AccessKeyId|SecretAccessKey|SessionToken|PackedPolicySize)$/;

/** EC2's ids; the UUIDs and the 16 digits at the end of ARNs; but no time and no address. */
const ID =
  /\b[a-z]{1,8}-(?:[0-9a-f]{17}|[0-9a-f]{8})\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{16}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/g;
/** Not the blocks of addresses, which are settings. */
const ADDRESS = /\b(?:\d{1,3}[.-]){3}\d{1,3}\b(?!\/)/g;

function replaceIds(text: string, name: (id: string) => string): string {
  return text.replace(TIME, '<time>').replace(ID, name).replace(ADDRESS, '<address>');
}

/** What tells the items of a list apart, by the first of these members. */
const IDENTITIES = [
  'Key',
  'LaunchTemplateVersionNumber',
  'VersionNumber',
  'ParameterKey',
  'Priority',
  'Port',
  'DeviceName',
  'GroupName',
  'AlarmName',
  'KeyName',
  'Name',
];

/** The value of the member that tells an item apart from the others of its list, if it has one. */
export function identityOf(item: unknown): string | undefined {
  for (const name of IDENTITIES) {
    const value: unknown = Reflect.get(Object(item), name);
    if (typeof value === 'string' || typeof value === 'number') return `${name}=${value}`;
  }
  return undefined;
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
