import type {
  AddTagsToResourceRequest,
  ListTagsForResourceRequest,
  ListTagsForResourceResult,
  RemoveTagsFromResourceRequest,
  Tag,
} from '@aws-sdk/client-ssm';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { parameterArn } from './names.ts';

/** Tags of parameters; other resources of Systems Manager are not simulated. */
export const ssmTagHandlers: Handlers = {
  AddTagsToResource,
  RemoveTagsFromResource,
  ListTagsForResource,
};

function AddTagsToResource(input: AddTagsToResourceRequest, region: Region): object {
  setTags(region, requireResource(region, input), input.Tags);
  return {};
}

function RemoveTagsFromResource(input: RemoveTagsFromResourceRequest, region: Region): object {
  const arn = requireResource(region, input);
  const kept = Object.entries(region.state.arnTags.get(arn) ?? {}).filter(
    ([key]) => !input.TagKeys?.includes(key),
  );
  region.state.arnTags.set(arn, Object.fromEntries(kept));
  return {};
}

function ListTagsForResource(input: ListTagsForResourceRequest, region: Region): ListTagsForResourceResult {
  const tags = region.state.arnTags.get(requireResource(region, input)) ?? {};
  return { TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

export function setTags(region: Region, arn: string, tags: readonly Tag[] | undefined): void {
  if (!tags?.length) return;
  const added = Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  region.state.arnTags.set(arn, { ...region.state.arnTags.get(arn), ...added });
}

function requireResource(
  region: Region,
  { ResourceType, ResourceId = '' }: { ResourceType?: string | undefined; ResourceId?: string | undefined },
): string {
  if (ResourceType !== 'Parameter') throw new ServiceError('InvalidResourceType', '');
  if (!region.state.parameters.has(ResourceId)) throw new ServiceError('InvalidResourceId', '');
  return parameterArn(region, ResourceId);
}
