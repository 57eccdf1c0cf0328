import type {
  CreateKeyPairRequest,
  DeleteKeyPairRequest,
  DeleteKeyPairResult,
  DescribeKeyPairsRequest,
  DescribeKeyPairsResult,
  KeyPair,
} from '@aws-sdk/client-ec2';
import type { KeyPairRecord } from '../../engine/records/ec2.ts';
import { addTags } from '../../engine/tags.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { newKey } from './key-material.ts';
import { type FilterValues, filtered, tagList } from './query.ts';
import { requestedTags } from './tag-rules.ts';

export const keyPairHandlers: Handlers = { CreateKeyPair, DescribeKeyPairs, DeleteKeyPair };

const invalid = (message: string) => new ServiceError('InvalidParameterValue', message);

function CreateKeyPair(input: CreateKeyPairRequest, region: Region): KeyPair {
  const name = checkedName(region, input.KeyName);
  const type = chosen(input.KeyType, ['rsa', 'ed25519'], 'keyType') ?? 'rsa';
  const format = chosen(input.KeyFormat, ['ppk', 'pem'], 'keyFormat') ?? 'pem';
  const tags = requestedTags(input.TagSpecifications, 'key-pair', ['key-pair']);
  if (format === 'ppk')
    throw new ServiceError('UnsupportedOperation', 'The sandbox makes no keys in the format of PuTTY.');
  const { privateKey, publicKey, fingerprint } = newKey(type);
  const id = region.world.newId('key');
  region.state.keyPairs.set(id, { id, name, createdAt: region.now, type, publicKey, fingerprint });
  addTags(region, id, tags);
  return {
    KeyName: name,
    KeyPairId: id,
    KeyMaterial: privateKey,
    KeyFingerprint: fingerprint,
    ...tagList(region, id),
  };
}

function checkedName(region: Region, name = ''): string {
  if (name === '')
    throw new ServiceError('MissingParameter', 'The request must contain the parameter KeyName');
  if (name !== name.trim()) throw invalid(`Invalid value '${name}' for keyName. It should be trimmed`);
  if (name.length > 255)
    throw invalid('Value for parameter KeyName is invalid. Length exceeds maximum of 255.');
  if (/[^\x20-\x7e]/.test(name))
    throw invalid('Value for parameter KeyName is invalid. Character sets beyond ASCII are not supported.');
  if ([...region.state.keyPairs.values()].some((pair) => pair.name === name))
    throw new ServiceError('InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`);
  return name;
}

/** One of the values that there are, which the SDK's types promise and a wire does not. */
function chosen<T extends string>(value: string | undefined, values: readonly T[], member: string) {
  const found = values.find((candidate) => candidate === value);
  if (value === undefined || found !== undefined) return found;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
  );
}

const keyPairFilters: FilterValues<KeyPairRecord> = {
  fingerprint: (pair) => pair.fingerprint,
  'key-name': (pair) => pair.name,
  'key-pair-id': (pair) => pair.id,
};

/** All or nothing for names and ids; each pair once, however often it is asked for. */
function DescribeKeyPairs(input: DescribeKeyPairsRequest, region: Region): DescribeKeyPairsResult {
  const all = [...region.state.keyPairs.values()];
  for (const name of input.KeyNames ?? []) {
    if (!all.some((pair) => pair.name === name))
      throw new ServiceError('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
  }
  for (const id of input.KeyPairIds ?? []) {
    if (!/^key-(?!0{17})[0-9a-f]{17}$/.test(id)) throw invalid(`Invalid value '${id}' for keyPairId.`);
    if (!region.state.keyPairs.has(id))
      throw new ServiceError('InvalidKeyPair.NotFound', `The key pair '${id}' does not exist`);
  }
  const asked = all.filter(
    (pair) =>
      (!input.KeyNames?.length || input.KeyNames.includes(pair.name)) &&
      (!input.KeyPairIds?.length || input.KeyPairIds.includes(pair.id)),
  );
  const matching = filtered(region, asked, input.Filters, keyPairFilters, (pair) => pair.id);
  return {
    KeyPairs: matching.map((pair) => ({
      KeyName: pair.name,
      KeyPairId: pair.id,
      KeyType: pair.type,
      KeyFingerprint: pair.fingerprint,
      CreateTime: new Date(pair.createdAt),
      ...(input.IncludePublicKey ? { PublicKey: `${pair.publicKey} ${pair.name}\n` } : {}),
      ...tagList(region, pair.id),
    })),
  };
}

/** Deleting a key pair that is not there succeeds, as in EC2. */
function DeleteKeyPair(input: DeleteKeyPairRequest, region: Region): DeleteKeyPairResult {
  const pair = [...region.state.keyPairs.values()].find(
    (candidate) => candidate.name === input.KeyName || candidate.id === input.KeyPairId,
  );
  if (!pair) return { Return: true };
  region.state.keyPairs.delete(pair.id);
  region.state.tags.delete(pair.id);
  return { Return: true, KeyPairId: pair.id };
}
