import { explained } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { DeploymentError, messageOf } from '../errors.ts';
import { describeImage, type Image } from '../image.ts';
import type { TimedPhase } from '../packer/build-log.ts';
import { imagesByRegion } from '../packer/output.ts';
import { type Announcement, duration, table } from '../report.ts';
import { TAG } from '../tags.ts';
import type { PreparedBuild } from './build.ts';
import { type Delivered, deliverySteps } from './deliver.ts';
import type { FinishedImage } from './finish-image.ts';
import type { BakeJob } from './job.ts';
import type { Progress } from './progress.ts';

/** What a bake tells at its end: outputs and the job summary. */

export function reportBuildPlan(context: Context, job: BakeJob, { packerVersion }: PreparedBuild): undefined {
  const { inputs, identity } = job;
  reportPlan(
    context,
    job,
    `Packer ${packerVersion} would build \`${inputs.template}\` for commit ${identity.commit}. The template is valid; nothing was built.`,
  );
}

export function reportReusePlan(context: Context, job: BakeJob, image: Image): undefined {
  reportPlan(context, job, `${describeImage(image)} would be reused; nothing was changed.`);
}

function reportPlan(context: Context, job: BakeJob, plan: string): void {
  const { report, log } = context;
  const { smokeTest } = job.inputs;
  const after = [
    ...(smokeTest === 'none' ? [] : [`Smoke test (${smokeTest}), unless the image has passed it`]),
    ...deliverySteps(context, job, []).map(({ title }) => title),
  ];
  const list = after.length === 0 ? [] : ['Then:', after.map((step) => `1. ${step}`).join('\n')];
  for (const line of [plan, ...list]) log.info(line);
  report.write(['## 📝 Plan: bake', plan, ...list].join('\n\n'));
}

/**
 * Outputs and summary. The image of the Region that the step works in comes first; a template can build in others only.
 *
 * @throws DeploymentError when something that was asked for is not finished
 */
export function reportImages(context: Context, job: BakeJob, delivered: Delivered): void {
  const { report, log, aws } = context;
  const { images, reused, progress } = delivered;
  const own = images.find((image) => image.region === aws.region) ?? images[0];
  const region = own?.region ?? aws.region;
  const byRegion = imagesByRegion(images.map((image) => ({ region: image.region, amiId: image.imageId })));
  report.set({
    'ami-id': byRegion.get(region),
    'ami-ids': Object.fromEntries(byRegion),
    'snapshot-ids': images.filter((image) => image.region === region).flatMap((image) => image.snapshotIds),
    'base-ami-id': own?.baseImageId,
    fingerprint: own?.tags[TAG.fingerprint],
    reused,
  });
  report.write(summary(context, job, delivered));
  report.announce(announcement(context, job, delivered));
  const ids = images.map((image) => `${image.imageId} (${image.region})`).join(', ');
  log.info(`${reused ? 'Reused' : 'Baked'} ${ids}`);
  if ('failure' in progress) throw unfinished(progress, ids);
}

function summary({ clock }: Context, { identity, started }: BakeJob, delivered: Delivered): string {
  const { images, reused, progress, phases } = delivered;
  const seconds = Math.round((clock.now() - started) / 1000);
  const origin = identity.version ?? identity.branch ?? '';
  const done = reused
    ? `Commit ${identity.commit} (${origin}) has the same content as an image that was there: nothing was built.`
    : `Commit ${identity.commit} (${origin}) in ${duration(seconds)}.`;
  const head = 'failure' in progress ? '❌ Not finished' : reused ? '✅ Reused' : '✅ Baked';
  const title = `## ${head}: ${identity.application}`;
  return [title, done, imageTable(images), ...stepTable(progress), ...phaseTable(phases)].join('\n\n');
}

/** The bake in a few lines for a chat. */
function announcement({ clock }: Context, job: BakeJob, delivered: Delivered): Announcement {
  const { images, reused, progress } = delivered;
  const { commit, branch, version } = job.identity;
  const origin = version ?? branch;
  const after = duration(Math.round((clock.now() - job.started) / 1000));
  const unfinishedSteps = progress.steps.filter(({ state }) => state !== 'done');
  return {
    title: 'failure' in progress ? '❌ Image not delivered' : reused ? '✅ Image reused' : '✅ Image baked',
    text: [
      `${images.map(({ imageId, region }) => `${imageId} (${region})`).join(', ')}: commit ${commit.slice(0, 12)}${origin === undefined ? '' : `, ${origin}`}`,
      ...unfinishedSteps.map(({ title, state }) => `${title}: ${state}`),
      ...('failure' in progress ? [messageOf(explained(progress.failure))] : []),
      `After ${after}.`,
    ].join('\n'),
  };
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

/** Where the time of the build went. */
function phaseTable(phases: readonly TimedPhase[]): string[] {
  if (phases.length === 0) return [];
  const rows = phases.map(({ build, title, ms }) => [build, title, duration(ms / 1000)]);
  return [table(['Build', 'Phase', 'Time'], rows)];
}

const STATES = { done: '✅ done', failed: '❌ failed', 'not begun': '⏳ not begun' };

function stepTable(progress: Progress): string[] {
  if (progress.steps.length === 0) return [];
  const rows = progress.steps.map(({ title, state }) => [title, STATES[state]]);
  return [
    table(['Afterwards', 'State'], rows),
    ...('failure' in progress ? [messageOf(explained(progress.failure))] : []),
  ];
}

function unfinished({ steps, failure }: Progress, ids: string): DeploymentError {
  const failed = steps.find(({ state }) => state === 'failed')?.title ?? '';
  const left = steps.filter(({ state }) => state === 'not begun').map(({ title }) => title);
  const rest = left.length === 0 ? '' : ` Not begun: ${left.join('; ')}.`;
  return new DeploymentError(
    `"${failed}" failed: ${messageOf(explained(failure))}${rest} ${ids} stays; run the bake again to finish, the image is not built a second time.`,
    { cause: failure },
  );
}
