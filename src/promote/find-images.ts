import { type Filter, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { type Image, imageFrom } from '../image.ts';
import { COMMIT_ALIAS, markKey, TAG, tagFilter } from '../tags.ts';
import type { ImageChoice } from './choose-image.ts';

/** Images that a choice could mean. Which of them is meant is decided by `pickImages`. */
export async function findCandidates(
  aws: Aws,
  choice: ImageChoice,
  facts: { application: string; environment: string; owners: readonly string[] },
): Promise<Image[]> {
  if (choice.by === 'ami-id') return await imagesWithIds(aws, choice.imageIds);
  const application = tagFilter(TAG.application, facts.application);
  const found = await Promise.all(
    filtersFor(choice, facts.environment).map((filter) =>
      images(aws, { Owners: [...facts.owners], Filters: [application, filter] }),
    ),
  );
  return [...new Map(found.flat().map((image) => [image.id, image])).values()];
}

/** Each filter is a question of its own: the commit that was built, and those that reused the image. */
function filtersFor(choice: Exclude<ImageChoice, { by: 'ami-id' }>, environment: string): Filter[] {
  switch (choice.by) {
    case 'commit': {
      // A short SHA stands for any commit that begins with it.
      const wanted = choice.commit.length < 40 ? `${choice.commit}*` : choice.commit;
      return [
        { Name: `tag:${TAG.commit}`, Values: [wanted] },
        { Name: 'tag-key', Values: [`${COMMIT_ALIAS}${wanted}`] },
      ];
    }
    case 'version':
      return [tagFilter(TAG.version, choice.version)];
    case 'branch':
      return [tagFilter(TAG.branch, choice.branch), { Name: 'tag-key', Values: [`${COMMIT_ALIAS}*`] }];
    case 'previous':
      return [{ Name: 'tag-key', Values: [markKey('promoted', environment)] }];
  }
}

/** A filter instead of a list of ids: an id that does not exist is then an absent image and no error. */
export async function imagesWithIds(aws: Aws, ids: readonly string[]): Promise<Image[]> {
  if (ids.length === 0) return [];
  return await images(aws, {
    Filters: [{ Name: 'image-id', Values: [...new Set(ids)] }],
    IncludeDisabled: true,
  });
}

async function images(
  aws: Aws,
  request: { Owners?: string[]; Filters: Filter[]; IncludeDisabled?: boolean },
): Promise<Image[]> {
  const found: Image[] = [];
  for await (const page of paginateDescribeImages({ client: aws.ec2 }, request))
    found.push(...(page.Images ?? []).map(imageFrom));
  return found;
}
