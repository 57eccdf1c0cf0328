import type { Context } from '../context.ts';
import type { BakeInputs } from '../inputs/schema.ts';
import { findBaseImage } from './base-image.ts';
import { prepareBuild } from './build.ts';
import { refuseBadInputs } from './check.ts';
import { computeFingerprint } from './compute-fingerprint.ts';
import { deliver } from './deliver.ts';
import { findImageOfContent, findImageOfRun } from './find-reusable.ts';
import { type BakeJob, jobOf } from './job.ts';
import { buildOrJoin, type Obtained, reuse } from './obtain.ts';
import { reportBuildPlan, reportImages, reportReusePlan } from './outcome.ts';
import { preflight } from './preflight.ts';

/** Makes the one image of a commit, or returns the one that was made of the same content: the steps, in order. */
export async function bake(inputs: BakeInputs, context: Context): Promise<void> {
  refuseBadInputs(inputs, context.run.workspace, context.aws.region);
  const job = await jobOf(inputs, context);
  context.report.set({ commit: job.identity.commit });
  await preflight(context, inputs);
  const obtained = await obtain(context, job);
  if (obtained === undefined) return;
  reportImages(context, job, await deliver(context, job, obtained));
}

/** The image of this run, else of this content, else a new one; `undefined` when only the plan was asked for. */
async function obtain(context: Context, job: BakeJob): Promise<Obtained | undefined> {
  const { log, report } = context;
  const { dryRun, baseImage } = job.inputs;
  const earlier = await findImageOfRun(context, job);
  if (earlier) return dryRun ? reportReusePlan(context, job, earlier) : await reuse(context, job, earlier);

  const base =
    baseImage === undefined
      ? undefined
      : await log.group('Find the base image', () => findBaseImage(context, baseImage));
  const fingerprint = await log.group('Fingerprint', () => computeFingerprint(context, job, base));
  report.set({ fingerprint, 'base-ami-id': base?.id });
  const made = await findImageOfContent(context, job, fingerprint, { alone: false });
  if (made) return dryRun ? reportReusePlan(context, job, made) : await reuse(context, job, made);

  const prepared = await prepareBuild(context, job, base?.id);
  if (dryRun) return reportBuildPlan(context, job, prepared);
  return await buildOrJoin(context, job, { base, fingerprint, prepared });
}
