import { type Filter, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Context } from '../context.ts';
import { describeImage, type Image, imageFrom } from '../image.ts';
import { COMMIT_ALIAS, TAG, tagFilter } from '../tags.ts';
import { type FinishedImage, finishedFrom } from './finish-image.ts';
import type { BakeJob } from './job.ts';
import { imageOfContent, imageOfRun, isGood } from './reusable.ts';

/** An image that can be returned instead of building one. */
export interface ReusableImage extends Image {
  /** What there is to know of it already; absent while it is pending. */
  finished?: FinishedImage;
  /** The others of the same build, in other Regions or by other sources of the template. */
  others: FinishedImage[];
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
  const image = await withOthers(context, job, imageOfRun(ofRecipe, { untested }), { untested });
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
  const image = await withOthers(context, job, imageOfContent(found, rule), rule);
  if (image) context.log.info(`${describeImage(image)} was made of the same content.`);
  return image;
}

/** The image with the others that its template made in the same build; not, when one of them is gone. */
async function withOthers(
  { aws, log }: Context,
  job: BakeJob,
  image: ReusableImage | undefined,
  rule: { untested: boolean },
): Promise<ReusableImage | undefined> {
  if (!image) return undefined;
  const others: FinishedImage[] = [];
  const regions = image.tags[TAG.regions]?.split(' ') ?? [];
  for (const region of new Set(regions)) {
    const filter = tagFilter(TAG.fingerprint, image.tags[TAG.fingerprint] ?? '');
    const there = (await images({ aws: aws.inRegion(region) }, job, filter)).flatMap((other) =>
      isOfBuild(image, other) && isGood(other, rule) ? (other.finished ?? []) : [],
    );
    if (there.length < regions.filter((name) => name === region).length) {
      log.info(`${image.id} is not reused: an image in ${region} that was made with it is gone.`);
      return undefined;
    }
    others.push(...there.filter(({ imageId }) => imageId !== image.id));
  }
  return { ...image, others };
}

/** Images of one build have been built at the very same time by the same run. */
const isOfBuild = (a: Image, b: Image) =>
  [TAG.run, TAG.built].every((key) => a.tags[key] !== undefined && a.tags[key] === b.tags[key]);

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
        others: [],
        ...(image.State === 'available' ? { finished: finishedFrom(aws.region, image) } : {}),
      });
  }
  return found;
}
