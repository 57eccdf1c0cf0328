/** One member that differs between two launch template versions. */
export interface Difference {
  /** Such as `MetadataOptions.HttpTokens`. */
  member: string;
  before: string;
  after: string;
}

/** Members whose values are not shown: they often hold secrets. */
const HIDDEN = /^UserData$/;

/** What differs between the data of two launch template versions, member by member; lists are compared as a whole. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (isObject(before) && isObject(after)) {
    const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
    return members.flatMap((member) =>
      differences(before[member], after[member], path === '' ? member : `${path}.${member}`),
    );
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const shown = (value: unknown) => {
    if (value === undefined) return '';
    if (HIDDEN.test(path)) return '(not shown)';
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return [{ member: path, before: shown(before), after: shown(after) }];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
