import type { ImageRecord } from './records/ec2.ts';

/**
 * A table that is searched by more than its ids. It is a Map, saved and loaded as one; an index on it is made of what
 * is there at its first use and follows the changes from then on, so that it never has to be saved.
 *
 * What an index reads of a record must not change while the record is in the table: an image's name and snapshots
 * never do. What does change (an image is deregistered) is for the caller to look at in the records found.
 */
export class IndexedTable<T> extends Map<string, T> {
  /** Told the id of each record that came, went or was replaced. Not `#private`: the Map's constructor already calls `set`. */
  declare listeners: ((id: string) => void)[] | undefined;

  override set(id: string, record: T): this {
    super.set(id, record);
    for (const listener of this.listeners ?? []) listener(id);
    return this;
  }

  override delete(id: string): boolean {
    const existed = super.delete(id);
    for (const listener of this.listeners ?? []) listener(id);
    return existed;
  }

  override clear(): void {
    for (const id of [...this.keys()]) this.delete(id);
  }
}

/** Finds the ids of the records that have a term, such as a name. */
export function indexBy<T>(
  termsOf: (record: T) => readonly string[],
): (table: IndexedTable<T>, term: string) => readonly string[] {
  const indexes = new WeakMap<IndexedTable<T>, Index<T>>();
  return (table, term) => {
    let index = indexes.get(table);
    if (!index) {
      index = new Index(table, termsOf);
      indexes.set(table, index);
    }
    return index.find(term);
  };
}

class Index<T> {
  readonly #table: IndexedTable<T>;
  readonly #termsOf: (record: T) => readonly string[];
  readonly #ids = new Map<string, Set<string>>();
  /** The terms under which a record was entered, so that they can be taken out when it has gone. */
  readonly #entered = new Map<string, readonly string[]>();

  constructor(table: IndexedTable<T>, termsOf: (record: T) => readonly string[]) {
    this.#table = table;
    this.#termsOf = termsOf;
    for (const id of table.keys()) this.#enter(id);
    table.listeners = [...(table.listeners ?? []), (id) => this.#enter(id)];
  }

  find(term: string): readonly string[] {
    return [...(this.#ids.get(term) ?? [])];
  }

  #enter(id: string): void {
    for (const term of this.#entered.get(id) ?? []) this.#ids.get(term)?.delete(id);
    const record = this.#table.get(id);
    if (record === undefined) {
      this.#entered.delete(id);
      return;
    }
    const terms = this.#termsOf(record);
    this.#entered.set(id, terms);
    for (const term of terms) {
      const ids = this.#ids.get(term);
      if (ids) ids.add(id);
      else this.#ids.set(term, new Set([id]));
    }
  }
}

/** Images by their name, whatever became of them. */
export const imageIdsWithName = indexBy<ImageRecord>(({ image }) => [image.Name]);

/** Images by each of their snapshots, whatever became of them. */
export const imageIdsWithSnapshot = indexBy<ImageRecord>(
  ({ image }) => image.BlockDeviceMappings?.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []) ?? [],
);

/** Resources by each of their tags. */
const idsWithTag = indexBy<Readonly<Record<string, string>>>((tags) =>
  Object.entries(tags).map(([key, value]) => tagTerm(key, value)),
);

/** A key cannot have a line break in it: no two tags are the same term. */
const tagTerm = (key: string, value: string) => `${key}\n${value}`;

/** The resources of all kinds that have a tag with one of these values. */
export function resourcesWithTag(
  tags: IndexedTable<Readonly<Record<string, string>>>,
  key: string,
  values: readonly string[],
): ReadonlySet<string> {
  return new Set(values.flatMap((value) => idsWithTag(tags, tagTerm(key, value))));
}
