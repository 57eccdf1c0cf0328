import type {
  AddTagsInput,
  AddTagsOutput,
  DescribeTagsInput,
  DescribeTagsOutput,
  RemoveTagsInput,
  RemoveTagsOutput,
  Tag,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { findListener, findLoadBalancer, findRule, findTargetGroup } from './resources.ts';

export const elbTagHandlers: Handlers = { AddTags, RemoveTags, DescribeTags };

const MOST_TAGS = 50;

function AddTags(input: AddTagsInput, region: Region): AddTagsOutput {
  for (const arn of input.ResourceArns ?? []) requireResource(region, arn);
  for (const arn of input.ResourceArns ?? []) setTags(region, arn, input.Tags);
  return {};
}

function RemoveTags(input: RemoveTagsInput, region: Region): RemoveTagsOutput {
  for (const arn of input.ResourceArns ?? []) requireResource(region, arn);
  for (const arn of input.ResourceArns ?? []) {
    const kept = Object.entries(region.state.arnTags.get(arn) ?? {}).filter(
      ([key]) => !input.TagKeys?.includes(key),
    );
    region.state.arnTags.set(arn, Object.fromEntries(kept));
  }
  return {};
}

function DescribeTags(input: DescribeTagsInput, region: Region): DescribeTagsOutput {
  const arns = input.ResourceArns ?? [];
  if (arns.length > 20) throw validationError('At most 20 resources can be described at once');
  for (const arn of arns) requireResource(region, arn);
  const TagDescriptions = arns.map((ResourceArn) => ({
    ResourceArn,
    Tags: Object.entries(region.state.arnTags.get(ResourceArn) ?? {}).map(([Key, Value]) => ({ Key, Value })),
  }));
  return { TagDescriptions };
}

/** Adds tags to a resource; also those that a resource is created with. */
export function setTags(region: Region, arn: string, tags: readonly Tag[] | undefined): void {
  if (!tags?.length) return;
  const keys = tags.map(({ Key = '' }) => Key);
  const duplicate = keys.find((key, index) => keys.indexOf(key) < index);
  if (duplicate !== undefined)
    throw new ServiceError('DuplicateTagKeys', 'A tag key was specified more than once');
  const all = {
    ...(region.state.arnTags.get(arn) ?? {}),
    ...Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])),
  };
  if (Object.keys(all).length > MOST_TAGS)
    throw new ServiceError('TooManyTags', "You've reached the limit on the number of tags per resource");
  region.state.arnTags.set(arn, all);
}

function requireResource(region: Region, arn: string): void {
  const kind = arn.split(':')[5]?.split('/')[0];
  if (kind === 'loadbalancer') findLoadBalancer(region, arn);
  else if (kind === 'listener') findListener(region, arn);
  // A default rule is its listener's.
  else if (kind === 'listener-rule' && !isDefaultRule(region, arn)) findRule(region, arn);
  else if (kind === 'targetgroup') findTargetGroup(region, arn);
  else if (kind !== 'listener-rule') throw validationError(`'${arn}' is not a valid load balancer ARN`);
}

const isDefaultRule = (region: Region, arn: string) =>
  [...region.state.listeners.keys()].some((listener) => arn === defaultRuleArn(listener));

/** The default rule has no record: its ARN is its listener's, with a suffix that follows from it. */
export function defaultRuleArn(listenerArn: string): string {
  return `${listenerArn.replace(':listener/', ':listener-rule/')}/${listenerArn.slice(-16).split('').reverse().join('')}`;
}
