import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { resourcesWithTag } from '../../engine/indexes.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import { page } from '../pages.ts';

/** A resource's values for each filter that the call knows, besides the tag filters. */
export type FilterValues<T> = Readonly<
  Record<string, (item: T) => string | number | boolean | undefined | readonly string[]>
>;

/**
 * Keeps what passes all filters: values of one filter are alternatives and may have the wildcards * and ?. Without
 * `idOf` the items have no tags to be filtered by.
 */
export function filtered<T>(
  region: Region,
  items: Iterable<T>,
  filters: readonly Filter[] | undefined,
  known: FilterValues<T>,
  idOf?: (item: T) => string,
): T[] {
  const tests = (filters ?? []).map((filter) => filterTest(region, filter, known, idOf));
  const result: T[] = [];
  for (const item of items) {
    if (tests.every((test) => test(item))) result.push(item);
  }
  return result;
}

/**
 * The ids that can pass, when a filter asks for tags with exact values: a table of many thousands is then not looked
 * at item by item. All filters are tested afterwards all the same.
 */
export function taggedIds(
  region: Region,
  filters: readonly Filter[] | undefined,
): ReadonlySet<string> | undefined {
  for (const { Name = '', Values = [] } of filters ?? []) {
    if (Name.startsWith('tag:') && !Values.some(isPattern))
      return resourcesWithTag(region.state.tags, Name.slice(4), Values);
  }
  return undefined;
}

const isPattern = (value: string) => /[*?\\]/.test(value);

function filterTest<T>(
  region: Region,
  { Name = '', Values = [] }: Filter,
  known: FilterValues<T>,
  idOf: ((item: T) => string) | undefined,
): (item: T) => boolean {
  const matches = valueTest(Values);
  if (idOf && Name.startsWith('tag:')) {
    const key = Name.slice(4);
    return (item) => {
      const tags = region.tagsOf(idOf(item));
      return Object.hasOwn(tags, key) && matches(tags[key] ?? '');
    };
  }
  if (idOf && Name === 'tag-key') return (item) => Object.keys(region.tagsOf(idOf(item))).some(matches);
  const valuesOf = Object.hasOwn(known, Name) ? known[Name] : undefined;
  if (!valuesOf) throw new ServiceError('InvalidParameterValue', `The filter '${Name}' is invalid`);
  return (item) => {
    const value = valuesOf(item);
    if (value === undefined) return false;
    return typeof value === 'object' ? value.some(matches) : matches(String(value));
  };
}

function valueTest(values: readonly string[]): (value: string) => boolean {
  const exact = new Set(values.filter((value) => !isPattern(value)));
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
    // EC2 tells what is inside the token, not the token.
    badToken: (token) =>
      new ServiceError(
        'InvalidParameterValue',
        `invalid value for parameter next-token: ${Buffer.from(token, 'base64').toString()}`,
      ),
  });
  return { items: content, next: nextToken === undefined ? {} : { NextToken: nextToken } };
}

/** The smallest page of most of EC2's lists; the text says "greater than 5" although 5 is accepted. */
export function refuseSmallPage(maxResults: number | undefined): void {
  if (maxResults !== undefined && maxResults < 5) {
    throw new ServiceError(
      'InvalidParameterValue',
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value greater than 5.`,
    );
  }
}

/** What most lists check of their pages. */
export function checkPages(
  ids: readonly string[] | undefined,
  maxResults: number | undefined,
  parameter: string,
): void {
  refuseIdsWithPages(ids, maxResults, parameter);
  refuseSmallPage(maxResults);
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

/** A dry run's answer, for the calls that look at their parameters first. */
export function answerDryRun(input: { DryRun?: boolean | undefined }): void {
  if (input.DryRun)
    throw new ServiceError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}

/** What an earlier call with the same client token made; the same token with other parameters is refused. */
export function repeated(
  region: Region,
  operation: string,
  input: { ClientToken?: string | undefined },
  mismatch: string,
): string | undefined {
  const earlier =
    input.ClientToken === undefined
      ? undefined
      : region.state.tokens.get(`${operation} ${input.ClientToken}`);
  if (earlier && earlier.request !== JSON.stringify(input))
    throw new ServiceError('IdempotentParameterMismatch', mismatch);
  return earlier?.id;
}

/** Keeps what a call made, for `repeated`. */
export function remember(
  region: Region,
  operation: string,
  input: { ClientToken?: string | undefined },
  id: string,
): void {
  if (input.ClientToken !== undefined)
    region.state.tokens.set(`${operation} ${input.ClientToken}`, { request: JSON.stringify(input), id });
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
