import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  Filter,
  ResourceType,
} from '@aws-sdk/client-ec2';
import { addTags } from '../../engine/tags.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { ec2Page, filtered, refuseSmallPage } from './query.ts';
import { checkedTags, refuseTooManyTags } from './tag-rules.ts';

export const tagHandlers: Handlers = { CreateTags, DeleteTags, DescribeTags };

/** All or nothing: every resource is looked at before the first one changes. */
function CreateTags(input: CreateTagsRequest, region: Region): undefined {
  const added = checkedTags(input.Tags ?? []);
  const resources = input.Resources ?? [];
  for (const id of resources) {
    refuseMissing(region, id);
    refuseTooManyTags({ ...region.tagsOf(id), ...added });
  }
  for (const id of resources) addTags(region, id, added);
}

/** Without tags all are deleted, except those of AWS itself; with a value, only where it is the value. */
function DeleteTags(input: DeleteTagsRequest, region: Region): undefined {
  for (const id of input.Resources ?? []) refuseMissing(region, id);
  for (const id of input.Resources ?? []) {
    const wanted = input.Tags ?? Object.keys(region.tagsOf(id)).map((Key) => ({ Key, Value: undefined }));
    const gone = new Map(wanted.map(({ Key = '', Value }) => [Key, Value]));
    const kept = Object.entries(region.tagsOf(id)).filter(
      ([key, value]) => key.startsWith('aws:') || !gone.has(key) || (gone.get(key) ?? value) !== value,
    );
    if (kept.length > 0) region.state.tags.set(id, Object.fromEntries(kept));
    else region.state.tags.delete(id);
  }
}

function DescribeTags(input: DescribeTagsRequest, region: Region): DescribeTagsResult {
  refuseSmallPage(input.MaxResults);
  const matching = filtered(region, candidates(region, input.Filters), input.Filters, {
    'resource-id': (tag) => tag.id,
    'resource-type': (tag) => resourceType(tag.id),
    key: (tag) => tag.key,
    value: (tag) => tag.value,
  });
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

/** The tags of the resources that a filter names, else all: the account may have tens of thousands. */
function* candidates(region: Region, filters: readonly Filter[] | undefined) {
  const named = filters?.find(({ Name }) => Name === 'resource-id')?.Values;
  const ids = named && !named.some((value) => /[*?\\]/.test(value)) ? named : region.state.tags.keys();
  for (const id of new Set(ids)) {
    for (const [key, value] of Object.entries(region.tagsOf(id))) yield { id, key, value };
  }
}

/** The kinds of resource that can be tagged: their table and the error for a missing one. */
const TAGGABLE = {
  ami: {
    table: 'images',
    type: 'image',
    code: 'InvalidAMIID.NotFound',
    missing: (id: string) => `The image id '[${id}]' does not exist`,
  },
  snap: {
    table: 'snapshots',
    type: 'snapshot',
    code: 'InvalidSnapshot.NotFound',
    missing: (id: string) => `The snapshot '${id}' does not exist.`,
  },
  i: {
    table: 'instances',
    type: 'instance',
    code: 'InvalidInstanceID.NotFound',
    missing: (id: string) => `The instance ID '${id}' does not exist`,
  },
  vol: {
    table: 'volumes',
    type: 'volume',
    code: 'InvalidVolume.NotFound',
    missing: (id: string) => `The volume '${id}' does not exist.`,
  },
  lt: {
    table: 'launchTemplates',
    type: 'launch-template',
    code: 'InvalidLaunchTemplateId.NotFound',
    missing: (id: string) => `The specified launch template, with template ID ${id}, does not exist.`,
  },
  sg: {
    table: 'securityGroups',
    type: 'security-group',
    code: 'InvalidGroup.NotFound',
    missing: (id: string) => `The security group '${id}' does not exist`,
  },
  key: {
    table: 'keyPairs',
    type: 'key-pair',
    code: 'InvalidKeyPair.NotFound',
    missing: (id: string) => `The key pair '${id}' does not exist`,
  },
  vpc: {
    table: 'vpcs',
    type: 'vpc',
    code: 'InvalidVpcID.NotFound',
    missing: (id: string) => `The vpc ID '${id}' does not exist`,
  },
  subnet: {
    table: 'subnets',
    type: 'subnet',
    code: 'InvalidSubnetID.NotFound',
    missing: (id: string) => `The subnet ID '${id}' does not exist`,
  },
  amiur: {
    table: 'imageUsageReports',
    type: 'image-usage-report',
    code: 'InvalidImageUsageReportId.NotFound',
    missing: (id: string) => `The image usage report '${id}' does not exist`,
  },
} as const;

const kinds = new Map<string, (typeof TAGGABLE)[keyof typeof TAGGABLE]>(Object.entries(TAGGABLE));

const kindOf = (id: string) => kinds.get(id.slice(0, id.lastIndexOf('-')));

const resourceType = (id: string): ResourceType => kindOf(id)?.type ?? 'instance';

function refuseMissing(region: Region, id: string): void {
  const kind = kindOf(id);
  if (!kind) throw new ServiceError('InvalidID', `The ID '${id}' is not valid`);
  const gone = kind.table === 'images' && region.state.images.get(id)?.deregisteredAt !== undefined;
  if (gone || !region.state[kind.table].has(id)) throw new ServiceError(kind.code, kind.missing(id));
}
