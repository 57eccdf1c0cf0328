import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { ServiceError } from '../../protocol/error.ts';

/** Tags that AWS itself sets do not count. */
const MOST_TAGS = 50;

/** The tags by key, or the error that EC2 has for a key or value that it does not take. */
export function checkedTags(tags: readonly Tag[]): Record<string, string> {
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
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function refuseTooManyTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).filter((key) => !key.startsWith('aws:')).length > MOST_TAGS)
    throw new ServiceError(
      'TagLimitExceeded',
      `The maximum number of Tags for a resource (${MOST_TAGS}) has been reached.`,
    );
}

/** The tags that a request wants for one of the kinds of resource that its operation makes. */
export function requestedTags<T extends string>(
  specifications: readonly TagSpecification[] | undefined,
  type: NoInfer<T>,
  made: readonly T[],
): Record<string, string> {
  const types: readonly string[] = made;
  for (const { ResourceType = '' } of specifications ?? []) {
    if (!types.includes(ResourceType))
      throw new ServiceError(
        'InvalidParameterValue',
        `'${ResourceType}' is not a valid taggable resource type for this operation.`,
      );
  }
  const tags = checkedTags(
    (specifications ?? [])
      .filter(({ ResourceType }) => ResourceType === type)
      .flatMap(({ Tags }) => Tags ?? []),
  );
  refuseTooManyTags(tags);
  return tags;
}
