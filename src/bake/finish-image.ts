import {
  CreateTagsCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type Image as Ec2Image,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { isTransient } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { DeploymentError, errorCode } from '../errors.ts';
import { TAG, type Tags, tagsOf, toTagList } from '../tags.ts';

/** An image that is available, and tagged with its snapshots. */
export interface FinishedImage {
  region: string;
  imageId: string;
  name: string;
  /** Milliseconds since 1970. */
  created: number;
  architecture: string;
  snapshotIds: string[];
  isEncrypted: boolean;
  /** Names of the devices that are EBS volumes. */
  devices: string[];
  /** The image that it was built on, as far as anybody knows. */
  baseImageId: string | undefined;
  tags: Tags;
}

const PAUSE_MS = 15_000;

/**
 * Waits until an image is available, however long its snapshots take, and tags the snapshots. The SDK's own waiter
 * gives up after ten minutes, which a large disk exceeds. `deadline` is in milliseconds since 1970; without tags,
 * none are written.
 *
 * @throws DeploymentError when AWS could not make the image, or the time is over
 */
export async function finishImage(
  context: Context,
  region: string,
  imageId: string,
  { tags, deadline }: { tags: Tags | undefined; deadline: number },
): Promise<FinishedImage> {
  const { clock, log, signal } = context;
  const aws = context.aws.inRegion(region);
  let said = '';
  for (;;) {
    const image = await look(aws, imageId);
    const state = image?.State ?? 'not visible yet';
    if (image && state === 'available') return await finish(aws, image, tags);
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
    const now = `${imageId} in ${region} is ${state}${await snapshotProgress(aws, image)}`;
    if (now !== said) log.info(now);
    said = now;
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** A young image has no snapshot ids: they are read only when it is available. */
async function finish(aws: Aws, image: Ec2Image, tags: Tags | undefined): Promise<FinishedImage> {
  const known = finishedFrom(aws.region, image);
  if (!tags) return known;
  const baseImageId = tags[TAG.baseImage] ?? known.baseImageId;
  const all = { ...tags, ...(baseImageId === undefined ? {} : { [TAG.baseImage]: baseImageId }) };
  // A base image that only the template knows is on the image from now on.
  const isTold = known.tags[TAG.baseImage] === baseImageId;
  const resources = isTold ? known.snapshotIds : [known.imageId, ...known.snapshotIds];
  if (resources.length > 0)
    await aws.ec2.send(new CreateTagsCommand({ Resources: resources, Tags: toTagList(all) }));
  return { ...known, baseImageId, tags: { ...known.tags, ...all } };
}

/** An available image as EC2 describes it. */
export function finishedFrom(region: string, image: Ec2Image): FinishedImage {
  const tags = tagsOf(image);
  return {
    region,
    imageId: image.ImageId ?? '',
    name: image.Name ?? '',
    created: Date.parse(image.CreationDate ?? ''),
    architecture: image.Architecture ?? '',
    snapshotIds: snapshotsOf(image),
    isEncrypted: (image.BlockDeviceMappings ?? []).some(({ Ebs }) => Ebs?.Encrypted === true),
    devices: (image.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) =>
      Ebs && DeviceName !== undefined ? [DeviceName] : [],
    ),
    baseImageId: tags[TAG.baseImage] ?? image.SourceImageId,
    tags,
  };
}

function snapshotsOf(image: Ec2Image): string[] {
  return (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
}

/** `undefined` while AWS does not show a young image yet, or could not be asked. */
async function look(aws: Aws, imageId: string): Promise<Ec2Image | undefined> {
  try {
    const { Images: [image] = [] } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    return image;
  } catch (error) {
    if (errorCode(error) === 'InvalidAMIID.NotFound' || isTransient(error)) return undefined;
    throw error;
  }
}

/** How far the copying of the disks is; it is only said, so that no answer is no trouble. */
async function snapshotProgress(aws: Aws, image: Ec2Image | undefined): Promise<string> {
  const ids = image ? snapshotsOf(image) : [];
  if (ids.length === 0) return '';
  try {
    const { Snapshots = [] } = await aws.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: ids }));
    return `: ${Snapshots.map(({ SnapshotId, Progress }) => `${SnapshotId} ${Progress || '0%'}`).join(', ')}`;
  } catch {
    return '';
  }
}
