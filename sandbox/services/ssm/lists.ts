import type {
  DescribeParametersRequest,
  DescribeParametersResult,
  GetParametersByPathRequest,
  GetParametersByPathResult,
  ParameterMetadata,
  ParameterStringFilter,
} from '@aws-sdk/client-ssm';
import type { ParameterRecord } from '../../engine/records/services.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import { page } from '../pages.ts';
import type { Handlers } from '../service.ts';
import { isPublic, parameterArn, readParameter, typeOf, validationException } from './names.ts';

export const parameterListHandlers: Handlers = { GetParametersByPath, DescribeParameters };

const BY_PATH_KEYS = ['Type', 'KeyId', 'Label'];
const DESCRIBE_KEYS = ['Path', 'Name', 'Type', 'KeyId', 'Label', 'Tier', 'DataType'];

/** Direct children, or everything below; the upper levels first. With a filter of types in plain order of names. */
function GetParametersByPath(input: GetParametersByPathRequest, region: Region): GetParametersByPathResult {
  const { Path: path = '', Recursive: recursive = false, ParameterFilters: filters = [] } = input;
  if (!path.startsWith('/'))
    throw validationException(
      'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/".',
    );
  requireKeys(filters, BY_PATH_KEYS);
  const plain = filters.some(({ Key }) => Key === 'Type');
  const found = [...region.state.parameters.values()]
    .filter((record) => isBelow(record.name, path, recursive))
    .filter((record) => filters.every((filter) => passes(region, record, filter)))
    .toSorted((a, b) => (plain ? 0 : levelOf(a.name) - levelOf(b.name)) || (a.name < b.name ? -1 : 1));
  const { items, next } = ssmPage(found, input, 10);
  return {
    Parameters: items.map((record) => readParameter(region, record.name, input.WithDecryption)),
    ...next,
  };
}

function DescribeParameters(input: DescribeParametersRequest, region: Region): DescribeParametersResult {
  // The older kind of filter has the same keys, without options.
  const older = (input.Filters ?? []).map(({ Key, Values }) => ({ Key, Values, Option: 'Equals' }));
  const filters = [...(input.ParameterFilters ?? []), ...older];
  requireKeys(filters, DESCRIBE_KEYS, true);
  for (const { Key, Option } of filters) requireOption(Key, Option);
  const found = [...region.state.parameters.values()]
    .filter((record) => !isPublic(record.name))
    .filter((record) => filters.every((filter) => passes(region, record, filter)));
  const { items, next } = ssmPage(found, input, 50);
  return { Parameters: items.map((record) => metadata(region, record)), ...next };
}

function metadata(region: Region, record: ParameterRecord): ParameterMetadata {
  return {
    Name: record.name,
    ARN: parameterArn(region, record.name),
    Type: typeOf(record),
    LastModifiedDate: new Date(record.versions.at(-1)?.modifiedAt ?? 0),
    LastModifiedUser: `arn:aws:iam::${ACCOUNT}:user/sandbox`,
    Version: record.versions.length,
    Tier: record.tier ?? 'Standard',
    Policies: [],
    DataType: record.dataType,
    ...(record.keyId === undefined ? {} : { KeyId: record.keyId }),
    ...(record.description === undefined ? {} : { Description: record.description }),
    ...(record.allowedPattern === undefined ? {} : { AllowedPattern: record.allowedPattern }),
  };
}

function requireKeys(filters: readonly ParameterStringFilter[], keys: readonly string[], tags = false): void {
  const unknown = filters.find(({ Key = '' }) => !keys.includes(Key) && !(tags && Key.startsWith('tag:')));
  if (unknown)
    throw new ServiceError(
      'InvalidFilterKey',
      `The following filter key is not valid: ${unknown.Key}. Valid filter keys include: [${keys.join(', ')}].`,
    );
}

function requireOption(key: string | undefined, option: string | undefined): void {
  const valid =
    key === 'Path'
      ? ['Recursive', 'OneLevel']
      : key === 'Name'
        ? ['BeginsWith', 'Equals', 'Contains']
        : ['Equals'];
  if (option !== undefined && !valid.includes(option))
    throw new ServiceError(
      'InvalidFilterOption',
      `The following filter option is not valid: ${option}. Valid options include: [${valid.join(', ')}].`,
    );
}

/** Values of one filter are alternatives. */
function passes(region: Region, record: ParameterRecord, filter: ParameterStringFilter): boolean {
  const { Key = '', Option = 'Equals', Values = [] } = filter;
  if (Key === 'Path') return Values.some((path) => isBelow(record.name, path, Option === 'Recursive'));
  if (Key === 'Label') return Values.some((label) => record.labels?.[label] !== undefined);
  if (Key.startsWith('tag:')) {
    const value = region.state.arnTags.get(parameterArn(region, record.name))?.[Key.slice(4)];
    return value !== undefined && (Values.length === 0 || Values.includes(value));
  }
  const content = contentOf(record, Key);
  return Values.some((value) => {
    if (Option === 'BeginsWith') return content?.startsWith(value);
    return Option === 'Contains' ? content?.includes(value) : content === value;
  });
}

function contentOf(record: ParameterRecord, key: string): string | undefined {
  if (key === 'Name') return record.name;
  if (key === 'Type') return record.type;
  if (key === 'DataType') return record.dataType;
  return key === 'Tier' ? (record.tier ?? 'Standard') : record.keyId;
}

function isBelow(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return name.startsWith(prefix) && (recursive || !name.slice(prefix.length).includes('/'));
}

const levelOf = (name: string) => name.split('/').length;

/** Pages as Systems Manager has them; `most` items at most. */
export function ssmPage<T>(
  items: readonly T[],
  input: { NextToken?: string | undefined; MaxResults?: number | undefined },
  most: number,
): { items: T[]; next: { NextToken?: string } } {
  const { NextToken, MaxResults, ...query } = input;
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > most)) {
    const bound = MaxResults < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
    throw validationException(
      `1 validation error detected: Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  const { items: content, nextToken } = page(items, {
    token: NextToken,
    size: MaxResults,
    otherwise: most,
    query,
    badToken: (token) => new ServiceError('InvalidNextToken', `The following token is invalid: ${token}.`),
  });
  return { items: content, next: nextToken === undefined ? {} : { NextToken: nextToken } };
}
