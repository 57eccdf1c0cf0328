import { CreateTagsCommand, DescribeImagesCommand, type Image } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { isTransient } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { DeploymentError, errorCode } from '../errors.ts';
import { type Tags, toTagList } from '../tags.ts';

/** An image that is finished: available, and tagged with its snapshots. */
export interface FinishedImage {
  region: string;
  imageId: string;
  snapshotIds: string[];
}

const PAUSE_MS = 15_000;

/** Puts the tags on an image the moment it exists, so that no image without them is left behind. */
export async function tagImage(aws: Aws, imageId: string, tags: Tags): Promise<void> {
  await aws.ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags: toTagList(tags) }));
}

/**
 * Waits until an image is available, however long its snapshots take, and tags the snapshots. The SDK's own waiter
 * gives up after ten minutes, which a large disk exceeds. `deadline` is in milliseconds since 1970.
 */
export async function finishImage(
  context: Context,
  region: string,
  imageId: string,
  tags: Tags,
  deadline: number,
): Promise<FinishedImage> {
  const { clock, log, signal } = context;
  const aws = context.aws.inRegion(region);
  for (;;) {
    const image = await look(aws, imageId);
    const state = image?.State ?? 'not visible yet';
    if (image && state === 'available') {
      // A young image has no snapshot ids: they are read only now.
      const snapshotIds = (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
      if (snapshotIds.length > 0)
        await aws.ec2.send(new CreateTagsCommand({ Resources: snapshotIds, Tags: toTagList(tags) }));
      return { region, imageId, snapshotIds };
    }
    if (state !== 'pending' && image) {
      throw new DeploymentError(
        `The image ${imageId} in ${region} ended ${state}: ${image.StateReason?.Message ?? 'AWS gives no reason'}. Run the bake again.`,
      );
    }
    if (clock.now() >= deadline) {
      throw new DeploymentError(
        `The image ${imageId} in ${region} was still ${state} when timeout-minutes was over. It has its tags; raise timeout-minutes for large disks.`,
      );
    }
    log.info(`${imageId} is ${state}`);
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** `undefined` while AWS does not show a young image yet, or could not be asked. */
async function look(aws: Aws, imageId: string): Promise<Image | undefined> {
  try {
    const { Images: [image] = [] } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    return image;
  } catch (error) {
    if (errorCode(error) === 'InvalidAMIID.NotFound' || isTransient(error)) return undefined;
    throw error;
  }
}
