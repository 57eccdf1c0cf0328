import type { Context } from '../context.ts';
import { describeImage, type Image } from '../image.ts';
import { duration, table } from '../report.ts';
import { TAG } from '../tags.ts';
import type { PreparedBuild } from './build.ts';
import type { FinishedImage } from './finish-image.ts';
import type { BakeJob } from './job.ts';
import type { Obtained } from './obtain.ts';

/** What a bake tells at its end: outputs and the job summary. */

export function reportBuildPlan(
  { report, log }: Context,
  { inputs, identity }: BakeJob,
  { packerVersion }: PreparedBuild,
): undefined {
  const plan = `Packer ${packerVersion} would build \`${inputs.template}\` for commit ${identity.commit}. The template is valid; nothing was built.`;
  log.info(plan);
  report.write(`## 📝 Plan: bake\n\n${plan}`);
}

export function reportReusePlan({ report, log }: Context, image: Image): undefined {
  const plan = `${describeImage(image)} would be reused; nothing was changed.`;
  log.info(plan);
  report.write(`## 📝 Plan: bake\n\n${plan}`);
}

/** The image of the Region that the step works in comes first; a template can build in others only. */
export function setImageOutputs({ report, aws }: Context, { images, reused }: Obtained): void {
  const own = images.find((image) => image.region === aws.region) ?? images[0];
  report.set({
    'ami-id': own?.imageId,
    'ami-ids': Object.fromEntries(images.map((image) => [image.region, image.imageId])),
    'snapshot-ids': own?.snapshotIds,
    'base-ami-id': own?.baseImageId,
    fingerprint: own?.tags[TAG.fingerprint],
    reused,
  });
}

export function reportImages(context: Context, job: BakeJob, obtained: Obtained): void {
  const { report, log, clock } = context;
  const { identity, started } = job;
  setImageOutputs(context, obtained);
  const seconds = Math.round((clock.now() - started) / 1000);
  const origin = identity.version ?? identity.branch ?? '';
  const done = obtained.reused
    ? `Commit ${identity.commit} (${origin}) has the same content as an image that was there: nothing was built.`
    : `Commit ${identity.commit} (${origin}) in ${duration(seconds)}.`;
  report.write(
    [
      `## ✅ ${obtained.reused ? 'Reused' : 'Baked'}: ${identity.application}`,
      done,
      imageTable(obtained.images),
    ].join('\n\n'),
  );
  const ids = obtained.images.map((image) => `${image.imageId} (${image.region})`).join(', ');
  log.info(`${obtained.reused ? 'Reused' : 'Baked'} ${ids}`);
}

function imageTable(images: readonly FinishedImage[]): string {
  const rows = images.map(({ region, imageId, snapshotIds, baseImageId = '' }) => [
    region,
    `\`${imageId}\``,
    snapshotIds.join(', '),
    baseImageId,
  ]);
  return table(['Region', 'Image', 'Snapshots', 'Built on'], rows);
}
