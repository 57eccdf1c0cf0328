import type { Context } from '../context.ts';
import { copyImages } from './copy-images.ts';
import type { FinishedImage } from './finish-image.ts';
import type { BakeJob } from './job.ts';
import type { Obtained } from './obtain.ts';
import { type Progress, runSteps, type Step } from './progress.ts';
import { deprecateImages, protectImages } from './protect.ts';
import { publishImages } from './publish.ts';
import { shareImages } from './share.ts';

/** The images in all Regions, and how far everything came that was asked for. */
export interface Delivered extends Obtained {
  progress: Progress;
}

/**
 * Brings an image that is there and tested to those who wait for it. Running it again goes on where it ended. It does
 * not reject for what fails on the way: the images are there all the same, and the report says what is not finished.
 */
export async function deliver(context: Context, job: BakeJob, obtained: Obtained): Promise<Delivered> {
  const images = [...obtained.images];
  const progress = await runSteps(context, deliverySteps(context, job, images));
  return { ...obtained, images, progress };
}

/** What there is to do, in its order. The copies are added to `images`, so that what follows is done to them as well. */
export function deliverySteps(context: Context, job: BakeJob, images: FinishedImage[]): Step[] {
  const { copyToRegions, shareWith, ssmParameter, deprecateAfterDays, deregistrationProtection } = job.inputs;
  const steps: Step[] = [];
  const add = (title: string, run: Step['run']) => void steps.push({ title, run });
  if (copyToRegions.length > 0)
    add(`Copy to ${copyToRegions.join(', ')}`, () => copyImages(context, job, images));
  if (shareWith.length > 0)
    add(`Share with ${shareWith.join(', ')}`, () => shareImages(context, job.inputs, images));
  if (ssmParameter !== undefined)
    add(`Publish in the parameter ${ssmParameter}`, () => publishImages(context, ssmParameter, images));
  if (deprecateAfterDays !== undefined)
    add(`Deprecate after ${deprecateAfterDays} days`, () =>
      deprecateImages(context, deprecateAfterDays, images),
    );
  if (deregistrationProtection) add('Protect from being deregistered', () => protectImages(context, images));
  return steps;
}
