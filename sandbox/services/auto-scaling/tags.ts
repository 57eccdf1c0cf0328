import type {
  CreateOrUpdateTagsType,
  DeleteTagsType,
  DescribeTagsType,
  Filter,
  Tag,
  TagDescription,
  TagsType,
} from '@aws-sdk/client-auto-scaling';
import type { GroupRecord } from '../../engine/records/auto-scaling.ts';
import type { Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { autoScalingPage, findGroup } from './requests.ts';

export const groupTagHandlers: Handlers = { CreateOrUpdateTags, DeleteTags, DescribeTags };

function CreateOrUpdateTags(input: CreateOrUpdateTagsType, region: Region): undefined {
  // All groups are looked up before any of them changes.
  const tags = (input.Tags ?? []).map((tag) => ({ tag, group: findGroup(region, tag.ResourceId) }));
  for (const { tag, group } of tags) setTags(group, [tag]);
}

export function setTags(group: GroupRecord, tags: readonly Tag[] | undefined): void {
  for (const { Key = '', Value = '', PropagateAtLaunch = false } of tags ?? []) {
    group.tags = [
      ...group.tags.filter((tag) => tag.key !== Key),
      { key: Key, value: Value, propagate: PropagateAtLaunch },
    ];
  }
}

/** A tag goes by its key; a value that is given has to fit (API reference). */
function DeleteTags(input: DeleteTagsType, region: Region): undefined {
  for (const { ResourceId, Key, Value } of input.Tags ?? []) {
    const group = findGroup(region, ResourceId);
    group.tags = group.tags.filter((tag) => tag.key !== Key || (Value !== undefined && tag.value !== Value));
  }
}

export function describeTags(group: GroupRecord): TagDescription[] {
  return group.tags
    .map((tag) => ({
      ResourceId: group.name,
      ResourceType: 'auto-scaling-group',
      Key: tag.key,
      Value: tag.value,
      PropagateAtLaunch: tag.propagate,
    }))
    .toSorted((a, b) => (a.Key < b.Key ? -1 : 1));
}

function DescribeTags(input: DescribeTagsType, region: Region): TagsType {
  const tags = [...region.state.groups.values()]
    .flatMap(describeTags)
    .filter((tag) => (input.Filters ?? []).every((filter) => passes(tag, filter)));
  const { items, next } = autoScalingPage(tags, input, 50);
  return { Tags: items, ...next };
}

function passes(tag: TagDescription, { Name = '', Values = [] }: Filter): boolean {
  switch (Name) {
    case 'auto-scaling-group':
      return Values.includes(tag.ResourceId ?? '');
    case 'key':
      return Values.includes(tag.Key ?? '');
    case 'value':
      return Values.includes(tag.Value ?? '');
    case 'propagate-at-launch':
      return Values.some((value) => value.toLowerCase() === String(tag.PropagateAtLaunch));
    default:
      throw validationError(
        `Filter type ${Name} is not correct. Allowed Filter types are: auto-scaling-group key value propagate-at-launch`,
      );
  }
}
