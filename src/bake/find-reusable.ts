import { type Filter, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Context } from '../context.ts';
import { describeImage, type Image, imageFrom } from '../image.ts';
import { COMMIT_ALIAS, TAG, tagFilter } from '../tags.ts';
import { type FinishedImage, finishedFrom } from './finish-image.ts';
import type { BakeJob } from './job.ts';
import { imageOfContent, imageOfRun } from './reusable.ts';
import { siblingsIn } from './siblings.ts';

/** An image that can be returned instead of building one. */
export interface ReusableImage extends Image {
  /** What there is to know of it already; absent while it is pending. */
  finished?: FinishedImage;
  /** All images of its build, itself among them; absent where it is the only one. */
  build?: FinishedImage[];
}

/**
 * A run that is run again gets the image of its earlier attempt: approvals and later jobs rely on it, and a moved base
 * image must not change what was approved. `undefined` for a first attempt, or without such an image.
 */
export async function findImageOfRun(context: Context, job: BakeJob): Promise<ReusableImage | undefined> {
  const { run, log } = context;
  if (run.attempt <= 1 || job.inputs.rebuild) return undefined;
  const alias = {
    Name: `tag:${COMMIT_ALIAS}${job.identity.commit}`,
    Values: [`* ${run.id} *`, `* ${run.id}`],
  };
  const found = await Promise.all(
    [tagFilter(TAG.run, run.url), alias].map((filter) => images(context, job, filter)),
  );
  const ofRecipe = found.flat().filter((image) => image.tags[TAG.fingerprint]?.startsWith(job.recipe));
  const untested = job.inputs.smokeTest !== 'none';
  const image = await withBuild(context, job, imageOfRun(ofRecipe, { untested }), { untested });
  if (image) log.notice(`This is attempt ${run.attempt} of the run: its image is ${describeImage(image)}.`);
  return image;
}

/**
 * The image that was made of the same content. `alone` says that no other bake of it is under way: then an image whose
 * smoke test was broken off can be tested again.
 */
export async function findImageOfContent(
  context: Context,
  job: BakeJob,
  fingerprint: string,
  { alone }: { alone: boolean },
): Promise<ReusableImage | undefined> {
  const { reuse, rebuild, reuseMaxAgeDays, smokeTest } = job.inputs;
  if (!reuse || rebuild) return undefined;
  const found = await images(context, job, tagFilter(TAG.fingerprint, fingerprint));
  const rule = {
    now: context.clock.now(),
    maxAgeDays: reuseMaxAgeDays,
    untested: alone && smokeTest !== 'none',
  };
  const image = await withBuild(context, job, imageOfContent(found, rule), rule);
  if (image) context.log.info(`${describeImage(image)} was made of the same content.`);
  return image;
}

/** The image with those of the same build, for other architectures or Regions; not, when one of them is gone. */
async function withBuild(
  { aws, log }: Context,
  job: BakeJob,
  image: ReusableImage | undefined,
  rule: { untested: boolean },
): Promise<ReusableImage | undefined> {
  if (image?.tags[TAG.images] === undefined) return image;
  const places = siblingsIn(image.tags, { region: aws.region, imageId: image.id });
  if (!places) return undefined;
  const build: FinishedImage[] = [];
  for (const { region, imageId } of places) {
    const filter = { Name: 'image-id', Values: [imageId] };
    const found = imageOfRun(await images({ aws: aws.inRegion(region) }, job, filter), rule);
    if (!found?.finished) {
      log.info(`${image.id} is not reused: ${imageId} in ${region}, of the same build, is gone or no good.`);
      return undefined;
    }
    build.push(found.finished);
  }
  return { ...image, build };
}

async function images(
  { aws }: Pick<Context, 'aws'>,
  { identity }: BakeJob,
  filter: { Name: string; Values: string[] },
): Promise<ReusableImage[]> {
  const Filters: Filter[] = [tagFilter(TAG.application, identity.application), filter];
  const found: ReusableImage[] = [];
  for await (const { Images = [] } of paginateDescribeImages(
    { client: aws.ec2 },
    { Owners: ['self'], Filters },
  )) {
    for (const image of Images)
      found.push({
        ...imageFrom(image),
        ...(image.State === 'available' ? { finished: finishedFrom(aws.region, image) } : {}),
      });
  }
  return found;
}
