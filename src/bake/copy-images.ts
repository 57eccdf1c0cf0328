import { createHash } from 'node:crypto';
import {
  CopyImageCommand,
  DeregisterImageCommand,
  type Image as Ec2Image,
  paginateDescribeImages,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { explained } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { DeploymentError, errorCode, messageOf } from '../errors.ts';
import { imageFrom } from '../image.ts';
import { identityIn, TAG, tagFilter, tagsOf, toTagList, withoutMarks } from '../tags.ts';
import { adoptImage } from './adopt.ts';
import { type FinishedImage, finishImage } from './finish-image.ts';
import type { BakeJob } from './job.ts';
import { theImage } from './the-image.ts';

/**
 * Gives every Region of `copy-to-regions` a copy, and waits for them, however long. A copy has the tags from its
 * first moment on. One that is there already is this commit's as well; one that has failed is made again. Copies are
 * added to `images`, also when another Region's fails.
 *
 * @throws DeploymentError that names each Region without a copy
 */
export async function copyImages(context: Context, job: BakeJob, images: FinishedImage[]): Promise<void> {
  const { aws, signal } = context;
  const isHere = images.some(({ region }) => region === aws.region);
  const source = theImage(images, isHere ? aws.region : (images[0]?.region ?? aws.region));
  const there = new Set(images.map(({ region }) => region));
  const regions = [...new Set(job.inputs.copyToRegions)].filter((region) => !there.has(region));
  const outcomes = await Promise.allSettled(
    regions.map((region) => copyTo(context, job, source, aws.inRegion(region))),
  );
  signal.throwIfAborted();
  const problems: string[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') images.push(outcome.value);
    else problems.push(`${regions[index]}: ${messageOf(explained(outcome.reason))}`);
  }
  if (problems.length > 0)
    throw new DeploymentError(
      `${source.imageId} has no copy in these Regions. ${problems.join(' ')} If AWS speaks of a key, look at "kms-key-ids" and at the key's policy.`,
    );
}

async function copyTo(
  context: Context,
  job: BakeJob,
  source: FinishedImage,
  aws: Aws,
): Promise<FinishedImage> {
  const { copy, failed } = await findCopies(aws, source);
  // Their names would be in the way.
  for (const ImageId of failed)
    await aws.ec2.send(new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots: true }));
  const known = copy ?? (await startCopy(context, job, source, aws, failed));
  if (typeof known !== 'string') {
    context.log.info(`${aws.region}: ${known.ImageId} is there.`);
    await adoptImage(context, job, aws, imageFrom(known));
  }
  const imageId = typeof known === 'string' ? known : (known.ImageId ?? '');
  const finished = await finishImage(context, aws.region, imageId, {
    tags: undefined,
    deadline: job.deadline,
  });
  return { ...finished, baseImageId: source.baseImageId };
}

/** The copy that is there or on its way, and those that came to nothing. */
async function findCopies(
  aws: Aws,
  { imageId, tags }: FinishedImage,
): Promise<{ copy: Ec2Image | undefined; failed: string[] }> {
  const Filters = [
    { Name: 'source-image-id', Values: [imageId] },
    tagFilter(TAG.application, tags[TAG.application] ?? ''),
  ];
  const found: Ec2Image[] = [];
  for await (const page of paginateDescribeImages({ client: aws.ec2 }, { Owners: ['self'], Filters }))
    found.push(...(page.Images ?? []));
  return {
    copy: found.find(
      (image) =>
        (image.State === 'available' || image.State === 'pending') &&
        tagsOf(image)[TAG.quarantined] === undefined,
    ),
    failed: found.flatMap(({ State, ImageId }) => (State === 'failed' ? (ImageId ?? []) : [])),
  };
}

/** Codes of the answer to a copy that somebody else has just begun. */
const BEGUN = new Set(['InvalidAMIName.Duplicate', 'IdempotentParameterMismatch']);

/** The id of a new copy; or the copy that an identical bake began a moment before. */
async function startCopy(
  { log }: Context,
  { inputs }: BakeJob,
  source: FinishedImage,
  aws: Aws,
  failed: readonly string[],
): Promise<string | Ec2Image> {
  const key = inputs.kmsKeyIds[aws.region];
  const snapshotTags = { ...inputs.tags, ...identityIn(source.tags) };
  try {
    const { ImageId = '' } = await aws.ec2.send(
      new CopyImageCommand({
        SourceRegion: source.region,
        SourceImageId: source.imageId,
        Name: source.name,
        Description: `Copy of ${source.imageId} in ${source.region}`,
        ...(key === undefined ? {} : { Encrypted: true, KmsKeyId: key }),
        // When an answer is lost, the same question gets the same copy, and not that which has failed.
        ClientToken: tokenOf([source.imageId, aws.region, key ?? '', ...failed]),
        TagSpecifications: [
          { ResourceType: 'image', Tags: toTagList(withoutMarks(source.tags)) },
          { ResourceType: 'snapshot', Tags: toTagList(snapshotTags) },
        ],
      }),
    );
    log.info(`${aws.region}: ${ImageId} is being made.`);
    return ImageId;
  } catch (error) {
    const { copy } = BEGUN.has(errorCode(error)) ? await findCopies(aws, source) : { copy: undefined };
    if (!copy) throw error;
    return copy;
  }
}

const tokenOf = (parts: readonly string[]) => createHash('sha256').update(parts.join(' ')).digest('hex');
