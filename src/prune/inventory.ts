import { type Image as Ec2Image, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Context } from '../context.ts';
import { type Image, imageFrom, newestFirst } from '../image.ts';
import { TAG, tagFilter, tagValue } from '../tags.ts';

/** An image of the application, with what prune has to know besides. */
export interface PrunableImage extends Image {
  /** The snapshots that go with it, with the sizes of their volumes. */
  snapshots: readonly { id: string; gib: number }[];
  /** Somebody forbade to deregister it (or lifted that less than a day ago, with a cooldown). */
  deregistrationProtection: boolean;
}

/**
 * All images of the application in this account and Region, whatever their state, newest first. Images without the
 * application's tag are never among them.
 */
export async function readImages(
  { aws, signal }: Pick<Context, 'aws' | 'signal'>,
  application: string,
): Promise<PrunableImage[]> {
  const request = {
    Owners: ['self'],
    Filters: [tagFilter(TAG.application, application)],
    IncludeDisabled: true,
    IncludeDeprecated: true,
  };
  const images: PrunableImage[] = [];
  const pages = paginateDescribeImages({ client: aws.ec2, pageSize: 1000 }, request, { abortSignal: signal });
  for await (const page of pages) images.push(...(page.Images ?? []).map(prunableImage));
  // Asked once more: whatever the filter's pattern matched, nothing else may be removed.
  const ours = images.filter(({ tags }) => tags[TAG.application] === tagValue(application));
  return ours.filter(({ state }) => state !== 'deregistered').toSorted(newestFirst);
}

export function prunableImage(image: Ec2Image): PrunableImage {
  const protection = image.DeregistrationProtection ?? 'disabled';
  return {
    ...imageFrom(image),
    snapshots: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) =>
      Ebs?.SnapshotId === undefined ? [] : [{ id: Ebs.SnapshotId, gib: Ebs.VolumeSize ?? 0 }],
    ),
    deregistrationProtection: protection !== 'disabled',
  };
}
