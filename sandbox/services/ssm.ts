import type {
  DeleteParameterRequest,
  DescribeParametersRequest,
  DescribeParametersResult,
  GetParameterRequest,
  GetParameterResult,
  GetParametersRequest,
  GetParametersResult,
  Parameter,
  PutParameterRequest,
  PutParameterResult,
} from '@aws-sdk/client-ssm';
import type { ParameterRecord } from '../engine/state.ts';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError } from '../protocol/error.ts';
import { page } from './pages.ts';
import type { Handlers } from './service.ts';

export const ssmHandlers: Handlers = {
  PutParameter,
  GetParameter,
  GetParameters,
  DescribeParameters,
  DeleteParameter,
};

function PutParameter(input: PutParameterRequest, region: Region): PutParameterResult {
  const name = input.Name ?? '';
  const known = region.state.parameters.get(name);
  if (known && !input.Overwrite) {
    throw new ServiceError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  const record: ParameterRecord = known ?? {
    name,
    type: input.Type ?? 'String',
    dataType: input.DataType ?? 'text',
    versions: [],
  };
  record.versions.push({ value: input.Value ?? '', modifiedAt: region.now });
  region.state.parameters.set(name, record);
  return { Version: record.versions.length, Tier: 'Standard' };
}

function GetParameter(input: GetParameterRequest, region: Region): GetParameterResult {
  const parameter = read(region, input.Name ?? '');
  // AWS answers this error without any message.
  if (!parameter) throw new ServiceError('ParameterNotFound', '');
  return { Parameter: parameter };
}

/** Sorted by name, each once; missing names and versions are listed apart. */
function GetParameters(input: GetParametersRequest, region: Region): GetParametersResult {
  const names = [...new Set(input.Names ?? [])];
  const found = names.flatMap((name) => read(region, name) ?? []);
  return {
    Parameters: found.toSorted((a, b) => ((a.Name ?? '') < (b.Name ?? '') ? -1 : 1)),
    InvalidParameters: names.filter((name) => !read(region, name)),
  };
}

function read(region: Region, selector: string): Parameter | undefined {
  const [name = '', version] = selector.split(':');
  const record = region.state.parameters.get(name);
  const number = version === undefined ? (record?.versions.length ?? 0) : Number(version);
  const content = record?.versions[number - 1];
  if (!record || !content) return undefined;
  return {
    Name: name,
    Type:
      record.type === 'SecureString'
        ? 'SecureString'
        : record.type === 'StringList'
          ? 'StringList'
          : 'String',
    Value: content.value,
    Version: number,
    LastModifiedDate: new Date(content.modifiedAt),
    ARN: `arn:aws:ssm:${region.name}:${ACCOUNT}:parameter/${name.replace(/^\//, '')}`,
    DataType: record.dataType,
    ...(version === undefined ? {} : { Selector: `:${version}` }),
  };
}

function DescribeParameters(input: DescribeParametersRequest, region: Region): DescribeParametersResult {
  const wanted = input.ParameterFilters?.filter((filter) => filter.Key === 'DataType').flatMap(
    (filter) => filter.Values ?? [],
  );
  const matching = ownParameters(region).filter(
    (record) => !wanted?.length || wanted.includes(record.dataType),
  );
  const { items, nextToken } = page(matching, {
    token: input.NextToken,
    size: input.MaxResults,
    otherwise: 50,
    query: input.ParameterFilters,
    badToken: (token) => new ServiceError('InvalidNextToken', `The following token is invalid: ${token}.`),
  });
  const Parameters = items.map((record) => ({
    Name: record.name,
    DataType: record.dataType,
    Version: record.versions.length,
  }));
  return { Parameters, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
}

/** AWS's public parameters can be read, but are not listed among the account's. */
function ownParameters(region: Region): ParameterRecord[] {
  return [...region.state.parameters.values()].filter((record) => !record.name.startsWith('/aws/'));
}

function DeleteParameter(input: DeleteParameterRequest, region: Region): object {
  if (!region.state.parameters.delete(input.Name ?? '')) throw new ServiceError('ParameterNotFound', '');
  return {};
}
