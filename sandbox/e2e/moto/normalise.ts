/**
 * Two services never give the same ids, times and tokens. Here each id becomes the place where it was first seen, and
 * lists get an order that does not depend on ids; after this, equal answers are equal.
 */
export class Normaliser {
  readonly #symbols = new Map<string, string>();
  readonly #taken = new Map<string, number>();

  /** An answer of the step with this name. */
  normalise(step: string, answer: unknown): unknown {
    const ordered = this.#ordered(answer);
    for (const { id, path } of idsOf(ordered)) this.#learn(id, `${step}${path}`);
    return replace(ordered, (id) => this.#symbols.get(id) ?? id);
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
    const known = replace(item, (id) => this.#symbols.get(id) ?? 'unknown');
    return `${identityOf(known) ?? ''} ${JSON.stringify(known)}`;
  }

  #learn(id: string, place: string): void {
    if (this.#symbols.has(id)) return;
    const count = (this.#taken.get(place) ?? 0) + 1;
    this.#taken.set(place, count);
    this.#symbols.set(id, `<${place}${count === 1 ? '' : ` ${count}`}>`);
  }
}

/** The ids of an answer in an order that more or fewer members hardly change: the outer ones first, ARNs last. */
function idsOf(answer: unknown): { id: string; path: string }[] {
  const found: { id: string; path: string; depth: number }[] = [];
  replace(answer, (id, path) => {
    const depth = path.split('.').length + (path.endsWith('Id') ? 0 : 0.5);
    found.push({ id, path, depth });
    return id;
  });
  return found.toSorted((a, b) => a.depth - b.depth);
}

/** The same value with another text for each id; what differs in any case is masked. */
function replace(value: unknown, name: (id: string, path: string) => string, path = ''): unknown {
  if (typeof value === 'string') {
    if (OPAQUE.test(path)) return '<opaque>';
    return value
      .replace(TIME, '<time>')
      .replace(ID, (id) => name(id, path))
      .replace(ADDRESS, '<address>');
  }
  if (Array.isArray(value)) return value.map((item) => replace(item, name, `${path}[]`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, replace(member, name, `${path}.${key}`)]),
  );
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
