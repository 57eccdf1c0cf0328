import type { Parameter } from '@aws-sdk/client-ssm';
import type { ParameterRecord } from '../../engine/records/services.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';

/** Parameters by name, by ARN, and with `:version` or `:label`. */

export const validationException = (message: string) => new ServiceError('ValidationException', message);

/** AWS answers this error without any message. */
export const parameterNotFound = () => new ServiceError('ParameterNotFound', '');

/** AWS's own parameters: anyone may read them, nobody writes them, and they are not listed among the account's. */
export const isPublic = (name: string) => name.startsWith('/aws/');

/** One slash between `parameter` and the name; AWS's own have no account. */
export function parameterArn(region: Region, name: string): string {
  const account = isPublic(name) ? '' : ACCOUNT;
  return `arn:aws:ssm:${region.name}:${account}:parameter/${name.replace(/^\//, '')}`;
}

/** The version that a name with or without a selector means, or the error for what is missing. */
export function readParameter(region: Region, wanted: string, withDecryption = false): Parameter {
  const { record, selector } = findParameter(region, wanted);
  const number = selector === undefined ? record.versions.length : versionOf(record, selector);
  const content = record.versions[number - 1];
  if (!content)
    throw new ServiceError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${record.name}. Verify the version and try again.`,
    );
  const secret = record.type === 'SecureString' && !withDecryption;
  return {
    Name: record.name,
    Type: typeOf(record),
    Value: secret ? encrypted(content.value) : content.value,
    Version: number,
    LastModifiedDate: new Date(content.modifiedAt),
    ARN: parameterArn(region, record.name),
    DataType: record.dataType,
    ...(selector === undefined ? {} : { Selector: `:${selector}` }),
  };
}

export function typeOf(record: ParameterRecord): 'String' | 'StringList' | 'SecureString' {
  return record.type === 'SecureString' || record.type === 'StringList' ? record.type : 'String';
}

/** Stands for the cipher text. */
const encrypted = (value: string) =>
  Buffer.from([...Buffer.from(value)].map((byte) => byte ^ 0x5a)).toString('base64');

function findParameter(
  region: Region,
  wanted: string,
): { record: ParameterRecord; selector: string | undefined } {
  const path = /^arn:aws[a-z-]*:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(wanted)?.[1];
  const [name = '', selector, ...rest] = (path ?? wanted).split(':');
  if (rest.length > 0)
    throw validationException(
      'Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>',
    );
  const { parameters } = region.state;
  // The ARN does not tell `name` from `/name`.
  const record = parameters.get(name) ?? (path === undefined ? undefined : parameters.get(name.slice(1)));
  if (!record) throw parameterNotFound();
  return { record, selector };
}

function versionOf(record: ParameterRecord, selector: string): number {
  if (/^\d+$/.test(selector)) return Number(selector);
  return record.labels?.[selector] ?? 0;
}

/** The record by its plain name, for operations that take nothing else. */
export function requireParameter(region: Region, name: string | undefined): ParameterRecord {
  const record = region.state.parameters.get(name ?? '');
  if (!record) throw parameterNotFound();
  return record;
}
