import { type Image as Ec2Image, type Filter, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Context } from '../context.ts';
import { type Image, imageFrom, newestFirst } from '../image.ts';
import { TAG, tagFilter, tagValue } from '../tags.ts';

/** An image of the account, with what prune has to know besides. */
export interface PrunableImage extends Image {
  /** The snapshots that go with it, with the sizes of their volumes. */
  snapshots: readonly { id: string; gib: number }[];
  /** Somebody forbade to deregister it (or lifted that less than a day ago, with a cooldown). */
  deregistrationProtection: boolean;
  /** What it was copied from, or the image of the instance that it was made of. */
  source?: { id: string; region: string };
  /** Since when, or from when on, it is deprecated: milliseconds since 1970. */
  deprecation?: number;
}

type Reading = Pick<Context, 'aws' | 'signal'>;

/** All images of the account in this Region, whatever their application and state, newest first. */
export const readAllImages = async (reading: Reading): Promise<PrunableImage[]> =>
  await readImages(reading, []);

/** The application's images as they are now. */
export const readImagesOf = async (reading: Reading, application: string): Promise<PrunableImage[]> =>
  // Asked once more: whatever the filter's pattern matched, nothing else may be removed.
  imagesOf(await readImages(reading, [tagFilter(TAG.application, application)]), application);

/** These images as they are now, at most 200; those that are gone are left out. */
export const readImagesById = async (reading: Reading, ids: readonly string[]): Promise<PrunableImage[]> =>
  await readImages(reading, [{ Name: 'image-id', Values: [...ids] }]);

/** The images with exactly the application's tag. Images without it are never touched. */
export const imagesOf = (images: readonly PrunableImage[], application: string): PrunableImage[] =>
  images.filter((image) => isOfApplication(image, application));

export const isOfApplication = ({ tags }: Image, application: string) =>
  tags[TAG.application] === tagValue(application);

async function readImages({ aws, signal }: Reading, Filters: Filter[]): Promise<PrunableImage[]> {
  const request = {
    Owners: ['self'],
    ...(Filters.length > 0 ? { Filters } : {}),
    IncludeDisabled: true,
    IncludeDeprecated: true,
  };
  const images: PrunableImage[] = [];
  const pages = paginateDescribeImages({ client: aws.ec2, pageSize: 1000 }, request, { abortSignal: signal });
  for await (const page of pages) images.push(...(page.Images ?? []).map(prunableImage));
  return images.filter(({ state }) => state !== 'deregistered').toSorted(newestFirst);
}

export function prunableImage(image: Ec2Image): PrunableImage {
  const protection = image.DeregistrationProtection ?? 'disabled';
  const { SourceImageId: id, SourceImageRegion: region = '' } = image;
  const deprecation = Date.parse(image.DeprecationTime ?? '');
  return {
    ...imageFrom(image),
    snapshots: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) =>
      Ebs?.SnapshotId === undefined ? [] : [{ id: Ebs.SnapshotId, gib: Ebs.VolumeSize ?? 0 }],
    ),
    deregistrationProtection: protection !== 'disabled',
    ...(id === undefined ? {} : { source: { id, region } }),
    ...(Number.isNaN(deprecation) ? {} : { deprecation }),
  };
}
