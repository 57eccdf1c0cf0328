import { type Filter, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { type Image, imageFrom } from '../image.ts';
import { markKey, TAG, tagFilter } from '../tags.ts';
import type { ImageChoice } from './choose-image.ts';

/** The images that a choice could mean, and the present ones, which a rollback needs. */
export async function findImages(
  aws: Aws,
  choice: ImageChoice,
  facts: { application: string; environment: string; presentIds: readonly string[] },
): Promise<{ candidates: Image[]; present: Image[] }> {
  const asked = choice.by === 'ami-id' ? [choice.imageId, ...facts.presentIds] : facts.presentIds;
  const [byId, byTags] = await Promise.all([
    imagesWithIds(aws, asked),
    choice.by === 'ami-id' ? [] : ownImages(aws, tagFilters(choice, facts)),
  ]);
  const isCandidate = (image: Image) => choice.by === 'ami-id' && image.id === choice.imageId;
  return {
    candidates: [...byId.filter(isCandidate), ...byTags],
    present: byId.filter((image) => facts.presentIds.includes(image.id)),
  };
}

function tagFilters(
  choice: Exclude<ImageChoice, { by: 'ami-id' }>,
  facts: { application: string; environment: string },
): Filter[] {
  const application = tagFilter(TAG.application, facts.application);
  switch (choice.by) {
    case 'commit':
      // A short SHA stands for any commit that begins with it.
      return [
        application,
        {
          Name: `tag:${TAG.commit}`,
          Values: [choice.commit.length < 40 ? `${choice.commit}*` : choice.commit],
        },
      ];
    case 'version':
      return [application, tagFilter(TAG.version, choice.version)];
    case 'previous':
      return [application, { Name: 'tag-key', Values: [markKey('promoted', facts.environment)] }];
  }
}

async function ownImages(aws: Aws, filters: Filter[]): Promise<Image[]> {
  const images: Image[] = [];
  for await (const page of paginateDescribeImages(
    { client: aws.ec2 },
    { Owners: ['self'], Filters: filters },
  )) {
    images.push(...(page.Images ?? []).map(imageFrom));
  }
  return images;
}

/** A filter instead of a list of ids: an id that does not exist is then an absent image and no error. */
async function imagesWithIds(aws: Aws, ids: readonly string[]): Promise<Image[]> {
  if (ids.length === 0) return [];
  const images: Image[] = [];
  for await (const page of paginateDescribeImages(
    { client: aws.ec2 },
    { Filters: [{ Name: 'image-id', Values: [...new Set(ids)] }], IncludeDisabled: true },
  )) {
    images.push(...(page.Images ?? []).map(imageFrom));
  }
  return images;
}
