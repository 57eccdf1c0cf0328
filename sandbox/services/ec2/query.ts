import type { Filter, Tag, TagSpecification } from '@aws-sdk/client-ec2';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import { page } from '../pages.ts';

/** A resource's values for each filter that the call knows, besides the tag filters. */
export type FilterValues<T> = Readonly<
  Record<string, (item: T) => string | number | boolean | undefined | readonly string[]>
>;

/** Keeps what passes all filters: values of one filter are alternatives and may have the wildcards * and ?. */
export function filtered<T>(
  region: Region,
  items: Iterable<T>,
  filters: readonly Filter[] | undefined,
  known: FilterValues<T>,
  idOf: (item: T) => string,
): T[] {
  const tests = (filters ?? []).map((filter) => filterTest(region, filter, known, idOf));
  const result: T[] = [];
  for (const item of items) {
    if (tests.every((test) => test(item))) result.push(item);
  }
  return result;
}

function filterTest<T>(
  region: Region,
  { Name = '', Values = [] }: Filter,
  known: FilterValues<T>,
  idOf: (item: T) => string,
): (item: T) => boolean {
  const matches = valueTest(Values);
  if (Name.startsWith('tag:')) {
    const key = Name.slice(4);
    return (item) => {
      const tags = region.tagsOf(idOf(item));
      return Object.hasOwn(tags, key) && matches(tags[key] ?? '');
    };
  }
  if (Name === 'tag-key') return (item) => Object.keys(region.tagsOf(idOf(item))).some(matches);
  const valuesOf = Object.hasOwn(known, Name) ? known[Name] : undefined;
  if (!valuesOf) throw new ServiceError('InvalidParameterValue', `The filter '${Name}' is invalid`);
  return (item) => {
    const value = valuesOf(item);
    if (value === undefined) return false;
    return typeof value === 'object' ? value.some(matches) : matches(String(value));
  };
}

function valueTest(values: readonly string[]): (value: string) => boolean {
  const exact = new Set(values.filter((value) => !/[*?\\]/.test(value)));
  const patterns = values.filter((value) => !exact.has(value)).map(wildcard);
  return (value) => exact.has(value) || patterns.some((pattern) => pattern.test(value));
}

function wildcard(value: string): RegExp {
  const source = value.replace(/\\(.)|([.+^${}()|[\]\\])|(\*)|(\?)/g, (_all, literal, special, star) => {
    if (literal !== undefined) return `\\${literal}`;
    if (special !== undefined) return `\\${special}`;
    return star === undefined ? '.' : '.*';
  });
  return new RegExp(`^${source}$`, 's');
}

/** Pages as EC2 has them: everything at once when MaxResults is not given. */
export function ec2Page<T>(
  items: readonly T[],
  input: { NextToken?: string | undefined; MaxResults?: number | undefined; Filters?: unknown },
): { items: T[]; next: { NextToken?: string } } {
  const { items: content, nextToken } = page(items, {
    token: input.NextToken,
    size: input.MaxResults,
    otherwise: Number.POSITIVE_INFINITY,
    query: input.Filters,
    badToken: (token) =>
      new ServiceError('InvalidParameterValue', `invalid value for parameter next-token: ${token}`),
  });
  return { items: content, next: nextToken === undefined ? {} : { NextToken: nextToken } };
}

/** AWS refuses an id and a page size together. */
export function refuseIdsWithPages(
  ids: readonly string[] | undefined,
  maxResults: number | undefined,
  parameter: string,
): void {
  if (ids?.length && maxResults !== undefined) {
    throw new ServiceError(
      'InvalidParameterCombination',
      `The parameter ${parameter} cannot be used with the parameter maxResults`,
    );
  }
}

/** The tags of a resource as lists show them. */
export function tagList(region: Region, id: string): { Tags?: Tag[] } {
  const tags = region.state.tags.get(id);
  if (!tags) return {};
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

/** The tags that a request wants for a type of resource. */
export function requestedTags(
  specifications: readonly TagSpecification[] | undefined,
  type: string,
): Record<string, string> {
  const tags = (specifications ?? [])
    .filter((specification) => specification.ResourceType === type)
    .flatMap(({ Tags }) => Tags ?? []);
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** The items with these ids in order, or the error that names the first missing one. */
export function byIds<T>(
  table: ReadonlyMap<string, T>,
  ids: readonly string[] | undefined,
  notFound: (id: string) => ServiceError,
): T[] {
  if (!ids?.length) return [...table.values()];
  return ids.map((id) => {
    const item = table.get(id);
    if (item === undefined) throw notFound(id);
    return item;
  });
}
