import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
} from '@aws-sdk/client-ec2';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { ec2Page, filtered } from './query.ts';

export const tagHandlers: Handlers = { CreateTags, DeleteTags, DescribeTags };

const MOST_TAGS = 50;

function CreateTags(input: CreateTagsRequest, region: Region): undefined {
  const tags = input.Tags ?? [];
  for (const { Key = '', Value = '' } of tags) {
    if (Key.startsWith('aws:')) {
      throw new ServiceError(
        'InvalidParameterValue',
        `Value ( ${Key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
      );
    }
    if (Key.length > 127)
      throw new ServiceError(
        'InvalidParameterValue',
        "Tag key exceeds the maximum length of '127' characters",
      );
    if (Value.length > 256)
      throw new ServiceError(
        'InvalidParameterValue',
        "Tag value exceeds the maximum length of '256' characters",
      );
  }
  const added = Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  const resources = input.Resources ?? [];
  for (const id of resources) {
    refuseMissing(region, id);
    const count = Object.keys({ ...region.tagsOf(id), ...added }).filter(
      (key) => !key.startsWith('aws:'),
    ).length;
    if (count > MOST_TAGS)
      throw new ServiceError(
        'TagLimitExceeded',
        `The maximum number of Tags for a resource (${MOST_TAGS}) has been reached.`,
      );
  }
  for (const id of resources) region.state.tags.set(id, { ...region.tagsOf(id), ...added });
}

function DeleteTags(input: DeleteTagsRequest, region: Region): undefined {
  for (const id of input.Resources ?? []) {
    const tags = { ...region.tagsOf(id) };
    for (const { Key = '', Value } of input.Tags ?? []) {
      if (Value === undefined || tags[Key] === Value) delete tags[Key];
    }
    region.state.tags.set(id, tags);
  }
}

function DescribeTags(input: DescribeTagsRequest, region: Region): DescribeTagsResult {
  const all = [...region.state.tags].flatMap(([id, tags]) =>
    Object.entries(tags).map(([key, value]) => ({ id, key, value })),
  );
  const matching = filtered(
    region,
    all,
    input.Filters,
    {
      'resource-id': (tag) => tag.id,
      'resource-type': (tag) => resourceType(tag.id),
      key: (tag) => tag.key,
      value: (tag) => tag.value,
    },
    (tag) => tag.id,
  );
  const { items, next } = ec2Page(matching, input);
  return {
    Tags: items.map((tag) => ({
      ResourceId: tag.id,
      ResourceType: resourceType(tag.id),
      Key: tag.key,
      Value: tag.value,
    })),
    ...next,
  };
}

/** The kinds of resource that can be tagged: their table and the error for a missing one. */
const TAGGABLE = {
  ami: {
    table: 'images',
    type: 'image',
    missing: (id: string) =>
      new ServiceError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`),
  },
  snap: {
    table: 'snapshots',
    type: 'snapshot',
    missing: (id: string) =>
      new ServiceError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`),
  },
  i: {
    table: 'instances',
    type: 'instance',
    missing: (id: string) =>
      new ServiceError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`),
  },
  vol: {
    table: 'volumes',
    type: 'volume',
    missing: (id: string) => new ServiceError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`),
  },
  lt: {
    table: 'launchTemplates',
    type: 'launch-template',
    missing: (id: string) =>
      new ServiceError(
        'InvalidLaunchTemplateId.NotFound',
        `The specified launch template, with template ID ${id}, does not exist.`,
      ),
  },
  sg: {
    table: 'securityGroups',
    type: 'security-group',
    missing: (id: string) =>
      new ServiceError('InvalidGroup.NotFound', `The security group '${id}' does not exist`),
  },
  key: {
    table: 'keyPairs',
    type: 'key-pair',
    missing: (id: string) =>
      new ServiceError('InvalidKeyPair.NotFound', `The key pair '${id}' does not exist`),
  },
  vpc: {
    table: 'vpcs',
    type: 'vpc',
    missing: (id: string) => new ServiceError('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`),
  },
  subnet: {
    table: 'subnets',
    type: 'subnet',
    missing: (id: string) =>
      new ServiceError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`),
  },
} as const;

function kindOf(id: string) {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  return Object.entries(TAGGABLE).find(([name]) => name === prefix)?.[1];
}

const resourceType = (id: string) => kindOf(id)?.type ?? 'instance';

function refuseMissing(region: Region, id: string): void {
  const kind = kindOf(id);
  if (!kind) throw new ServiceError('InvalidID', `The ID '${id}' is not valid`);
  const gone = kind.table === 'images' && region.state.images.get(id)?.deregisteredAt !== undefined;
  if (gone || !region.state[kind.table].has(id)) throw kind.missing(id);
}
