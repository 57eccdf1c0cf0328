import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import type { Context } from '../context.ts';
import type { Image } from '../image.ts';
import type { TimedPhase } from '../packer/build-log.ts';
import type { TemporaryResource } from '../packer/output.ts';
import { identityIn, identityTags, TAG, type Tags, tagValue, toTagList, unfinishedMark } from '../tags.ts';
import { adoptImage } from './adopt.ts';
import type { PreparedBuild } from './build.ts';
import { sweepIfNeeded, sweepLeftovers } from './clean-up.ts';
import { findImageOfContent, type ReusableImage } from './find-reusable.ts';
import { type FinishedImage, finishImage } from './finish-image.ts';
import type { BakeJob } from './job.ts';
import { lock, lockName } from './lock.ts';
import { isUntested, smokeTest } from './smoke-test.ts';
import { watchOver } from './watch-over.ts';

/** Images of what was asked for: available, tagged, and tested where that was asked for. */
export interface Obtained {
  images: readonly FinishedImage[];
  reused: boolean;
  /** Of the build, when there was one. */
  phases: readonly TimedPhase[];
}

/** An image that was made before becomes the image of this commit as well. */
export async function reuse(context: Context, job: BakeJob, image: ReusableImage): Promise<Obtained> {
  if (!isUntested(job.inputs.smokeTest, image.tags)) return await adopt(context, job, image);
  return await watchOver(context, job, undefined, () => adopt(context, job, image));
}

async function adopt(context: Context, job: BakeJob, image: ReusableImage): Promise<Obtained> {
  const { log, aws } = context;
  const all = await log.group(`Reuse ${image.id}`, async () => {
    const there = image.finished ?? (await waitFor(context, job, image.id, aws.region, undefined));
    // The bake that made it may have ended before this.
    await tagSnapshots(context, there);
    return [there, ...image.others];
  });
  const images: FinishedImage[] = [];
  for (const one of await smokeTest(context, job, all)) {
    const adopted = { id: one.imageId, tags: one.tags };
    const added = await adoptImage(context, job, aws.inRegion(one.region), adopted);
    images.push({ ...one, tags: { ...one.tags, ...added } });
  }
  await sweepIfNeeded(context, lockName(job.identity.application, image.tags[TAG.fingerprint] ?? ''));
  return { images, reused: true, phases: [] };
}

/** What is built when nothing can be reused. */
export interface BuildPlan {
  base: Image | undefined;
  fingerprint: string;
  prepared: PreparedBuild;
}

/**
 * Builds, unless another bake of the same content is at it: then its image is waited for, and reused. Whoever builds
 * keeps the others waiting until the image is tested.
 */
export async function buildOrJoin(context: Context, job: BakeJob, plan: BuildPlan): Promise<Obtained> {
  const { reuse: mayReuse, rebuild } = job.inputs;
  const name = lockName(job.identity.application, plan.fingerprint);
  if (!mayReuse || rebuild)
    return await watchOver(context, job, undefined, (onResource) => build(context, job, plan, onResource));
  return await watchOver(context, job, name, async (onResource) => {
    for (;;) {
      const locked = await lock(context, job, name);
      try {
        // Between the first look and the lock, another bake may have come to its end.
        const made =
          locked.kind === 'none'
            ? undefined
            : await findImageOfContent(context, job, plan.fingerprint, { alone: locked.kind === 'held' });
        if (made) return await adopt(context, job, made);
        if (locked.kind !== 'waited') return await build(context, job, plan, onResource);
      } finally {
        if (locked.kind === 'held') await locked.release();
      }
    }
  });
}

async function build(
  context: Context,
  job: BakeJob,
  { base, fingerprint, prepared }: BuildPlan,
  onResource: (resource: TemporaryResource) => void,
): Promise<Obtained> {
  const { log, clock } = context;
  const { inputs, identity } = job;
  const tags: Tags = {
    ...inputs.tags,
    ...identityTags({ ...identity, fingerprint, ...(base ? { baseImage: base.id } : {}) }),
  };
  await sweepLeftovers(context);
  const untested = { [TAG.quarantined]: unfinishedMark('smoke test', clock.now(), job.builder) };
  const first = inputs.smokeTest === 'none' ? tags : { ...tags, ...untested };
  let phases: readonly TimedPhase[] = [];
  const built = await prepared.run(first, {
    onResource,
    onPhases: (timed) => {
      phases = timed;
    },
  });
  const images = await log.group('Wait until available', () =>
    Promise.all(built.map(({ region, amiId }) => waitFor(context, job, amiId, region, tags))),
  );
  await noteRegions(context, images);
  return { images: await smokeTest(context, job, images), reused: false, phases };
}

async function waitFor(
  context: Context,
  { deadline }: BakeJob,
  imageId: string,
  region: string,
  tags: Tags | undefined,
): Promise<FinishedImage> {
  return await finishImage(context, region, imageId, { tags, deadline });
}

async function tagSnapshots({ aws }: Context, { snapshotIds, tags }: FinishedImage): Promise<void> {
  if (snapshotIds.length > 0)
    await aws.ec2.send(new CreateTagsCommand({ Resources: snapshotIds, Tags: toTagList(identityIn(tags)) }));
}

/**
 * A template can make several images, in several Regions: whoever reuses one gets all of them. Each has the Region of
 * each, so that it can be told whether one is gone.
 */
async function noteRegions({ aws }: Context, images: readonly FinishedImage[]): Promise<void> {
  if (images.length < 2) return;
  const regions = { [TAG.regions]: tagValue(images.map(({ region }) => region).join(' ')) };
  for (const { region, imageId } of images)
    await aws
      .inRegion(region)
      .ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags: toTagList(regions) }));
}
