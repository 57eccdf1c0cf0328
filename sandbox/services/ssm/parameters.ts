import type {
  DeleteParameterRequest,
  DeleteParametersRequest,
  DeleteParametersResult,
  GetParameterHistoryRequest,
  GetParameterHistoryResult,
  GetParameterRequest,
  GetParameterResult,
  GetParametersRequest,
  GetParametersResult,
  LabelParameterVersionRequest,
  LabelParameterVersionResult,
  PutParameterRequest,
  PutParameterResult,
} from '@aws-sdk/client-ssm';
import { putParameter } from '../../engine/parameters.ts';
import type { ParameterRecord } from '../../engine/records/services.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { ssmPage } from './lists.ts';
import {
  isPublic,
  parameterArn,
  readParameter,
  requireParameter,
  typeOf,
  validationException,
} from './names.ts';
import { setTags } from './tags.ts';

export const parameterHandlers: Handlers = {
  PutParameter,
  GetParameter,
  GetParameters,
  GetParameterHistory,
  LabelParameterVersion,
  DeleteParameter,
  DeleteParameters,
};

const TYPES = ['SecureString', 'StringList', 'String'];
const DATA_TYPES = ['text', 'aws:ec2:image', 'aws:ssm:integration'];

function PutParameter(input: PutParameterRequest, region: Region): PutParameterResult {
  const { Name: name = '', Value: value = '', Type, DataType } = input;
  requireOwnName(name);
  if (Type !== undefined && !TYPES.includes(Type))
    throw validationException(
      `1 validation error detected: Value '${Type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [${TYPES.join(', ')}]`,
    );
  if (DataType !== undefined && !DATA_TYPES.includes(DataType))
    throw validationException(
      `The following data type is not supported: ${DataType}. (Data type names are all lowercase.)`,
    );
  const known = region.state.parameters.get(name);
  if (known && !input.Overwrite)
    throw new ServiceError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  if (input.Overwrite && input.Tags?.length)
    throw validationException(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To add tags to an existing parameter, please use AddTagsToResource.",
    );
  const type = Type ?? known?.type;
  if (type === undefined)
    throw validationException('A parameter type is required when you create a parameter.');
  if (known && DataType !== undefined && DataType !== known.dataType)
    throw validationException(
      `The data type of an existing parameter can't be changed from ${known.dataType} to ${DataType}.`,
    );
  const tier = acceptTier(input, known);
  const allowedPattern = input.AllowedPattern ?? known?.allowedPattern;
  requireValue(value, allowedPattern);
  const keyId = type === 'SecureString' ? (input.KeyId ?? known?.keyId ?? 'alias/aws/ssm') : undefined;
  const description = input.Description ?? known?.description;
  setTags(region, parameterArn(region, name), input.Tags);
  putParameter(region, {
    name,
    value,
    settings: {
      type,
      dataType: DataType ?? known?.dataType ?? 'text',
      ...(tier === 'Advanced' ? { tier } : {}),
      ...(description === undefined ? {} : { description }),
      ...(allowedPattern === undefined ? {} : { allowedPattern }),
      ...(keyId === undefined ? {} : { keyId }),
    },
  });
  return { Version: (known?.versions.length ?? 0) + 1, Tier: tier };
}

function requireOwnName(name: string): void {
  if (/^\/?aws/i.test(name))
    throw new ServiceError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  if (/^\/?ssm/i.test(name) || !/^[\w./-]+$/.test(name))
    throw validationException(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  if (name.includes('/') && !name.startsWith('/'))
    throw validationException('Parameter name must be a fully qualified name.');
}

const STANDARD_CHARACTERS = 4096;
const ADVANCED_CHARACTERS = 8192;
const ADVICE =
  'For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html';

function acceptTier(
  { Tier, Value = '' }: PutParameterRequest,
  known: ParameterRecord | undefined,
): 'Standard' | 'Advanced' {
  const long = Value.length > STANDARD_CHARACTERS;
  const wanted =
    Tier === 'Intelligent-Tiering'
      ? long
        ? 'Advanced'
        : (known?.tier ?? 'Standard')
      : (Tier ?? known?.tier ?? 'Standard');
  if (known?.tier === 'Advanced' && wanted === 'Standard')
    throw validationException(
      `This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter. ${ADVICE}`,
    );
  if (wanted === 'Standard' && long)
    throw validationException(
      `Standard tier parameters support a maximum parameter value of ${STANDARD_CHARACTERS} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. ${ADVICE}`,
    );
  if (Value.length > ADVANCED_CHARACTERS)
    throw validationException(
      `Advanced tier parameters support a maximum parameter value of ${ADVANCED_CHARACTERS} characters.`,
    );
  return wanted;
}

function requireValue(value: string, allowedPattern: string | undefined): void {
  if (value === '')
    throw validationException(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (/\{\{.*\}\}/s.test(value))
    throw validationException(
      `Parameter value: '${value}' failed to satisfy constraint: Parameter value can't nest another parameter. Do not use "{{}}" in the value.`,
    );
  if (allowedPattern !== undefined && !expression(allowedPattern).test(value))
    throw new ServiceError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
}

function expression(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new ServiceError(
      'InvalidAllowedPatternException',
      `The regular expression is not valid: ${pattern}`,
    );
  }
}

function GetParameter(input: GetParameterRequest, region: Region): GetParameterResult {
  return { Parameter: readParameter(region, input.Name ?? '', input.WithDecryption) };
}

const MISSING = ['ParameterNotFound', 'ParameterVersionNotFound'];

/** Sorted by name, each once; missing names and versions are listed apart. */
function GetParameters(input: GetParametersRequest, region: Region): GetParametersResult {
  const names = [...new Set(input.Names ?? [])];
  if (names.length > 10)
    throw validationException(
      `1 validation error detected: Value '[${names.join(', ')}]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10`,
    );
  const InvalidParameters: string[] = [];
  const found = names.flatMap((name) => {
    try {
      return readParameter(region, name, input.WithDecryption);
    } catch (error) {
      if (!(error instanceof ServiceError) || !MISSING.includes(error.code)) throw error;
      InvalidParameters.push(name);
      return [];
    }
  });
  return {
    Parameters: found.toSorted((a, b) => ((a.Name ?? '') < (b.Name ?? '') ? -1 : 1)),
    InvalidParameters,
  };
}

/** All versions, oldest first. */
function GetParameterHistory(input: GetParameterHistoryRequest, region: Region): GetParameterHistoryResult {
  const record = requireParameter(region, input.Name);
  const all = record.versions.map(({ value, modifiedAt }, index) => ({
    value,
    modifiedAt,
    number: index + 1,
  }));
  const { items, next } = ssmPage(all, input, 50);
  const Parameters = items.map(({ number, modifiedAt }) => {
    const { Value, DataType } = readParameter(region, `${record.name}:${number}`, input.WithDecryption);
    return {
      Name: record.name,
      Type: typeOf(record),
      Value,
      DataType,
      Version: number,
      Labels: Object.entries(record.labels ?? {}).flatMap(([label, of]) => (of === number ? label : [])),
      Tier: record.tier ?? ('Standard' as const),
      LastModifiedDate: new Date(modifiedAt),
      Policies: [],
    };
  });
  return { Parameters, ...next };
}

/** A label is on one version at a time: it moves. */
function LabelParameterVersion(
  input: LabelParameterVersionRequest,
  region: Region,
): LabelParameterVersionResult {
  const record = requireParameter(region, input.Name);
  const number = input.ParameterVersion ?? record.versions.length;
  if (!record.versions[number - 1])
    throw new ServiceError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${number} of ${record.name}. Verify the version and try again.`,
    );
  const isValid = (label: string) => /^(?!\d|aws|ssm)[\w.-]{1,100}$/i.test(label);
  const labels = input.Labels ?? [];
  const valid = labels.filter(isValid).map((label) => [label, number]);
  record.labels = { ...record.labels, ...Object.fromEntries(valid) };
  return { InvalidLabels: labels.filter((label) => !isValid(label)), ParameterVersion: number };
}

function DeleteParameter(input: DeleteParameterRequest, region: Region): object {
  remove(region, requireParameter(region, input.Name));
  return {};
}

function DeleteParameters(input: DeleteParametersRequest, region: Region): DeleteParametersResult {
  const [DeletedParameters, InvalidParameters]: [string[], string[]] = [[], []];
  for (const name of new Set(input.Names ?? [])) {
    const record = region.state.parameters.get(name);
    if (record) remove(region, record);
    (record ? DeletedParameters : InvalidParameters).push(name);
  }
  return { DeletedParameters, InvalidParameters };
}

function remove(region: Region, record: ParameterRecord): void {
  if (isPublic(record.name)) requireOwnName(record.name);
  region.state.parameters.delete(record.name);
  region.state.arnTags.delete(parameterArn(region, record.name));
}
