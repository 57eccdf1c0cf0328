import { marksOf } from '../tags.ts';
import type { Plan } from './plan.ts';
import { versionsToRemove } from './plan.ts';
import type { Step } from './steps.ts';

export interface GuardLimits {
  application: string;
  region: string;
  maxDeletions: number;
  maxDeletionPercent: number;
  /** What AWS's clock is ahead of the runner's, in milliseconds, by the dates of its answers. */
  clockOffset: number;
}

/**
 * Why a plan must not be carried out, one sentence each, with what to change; none when it may. They catch what the
 * rules cannot see: a look into the wrong account or Region, a wrong input, images that are hidden from the role.
 *
 * @param leftovers how many other things are to go: leftovers of builds, and snapshots without an image
 */
export function objectionsTo(
  plan: Plan,
  steps: ReadonlyMap<string, Step>,
  leftovers: number,
  limits: GuardLimits,
): string[] {
  const changed = [...steps.values()].filter(({ kind }) => kind !== 'wait').length;
  if (changed + versionsToRemove(plan).length + leftovers === 0) return [];
  return [
    ...wrongTime(limits),
    ...nothingVisible(plan, limits),
    ...nothingInUse(plan, limits),
    ...tooMany(changed, plan.images.length, limits),
    ...tooManyLeftovers(leftovers, limits),
  ];
}

/** AWS itself refuses requests whose clock is off by more. */
const FIVE_MINUTES_MS = 5 * 60_000;

/** Every age is measured with the runner's clock, against times that AWS wrote. */
function wrongTime({ clockOffset }: GuardLimits): string[] {
  if (Math.abs(clockOffset) < FIVE_MINUTES_MS) return [];
  const minutes = Math.round(Math.abs(clockOffset) / 60_000);
  return [
    `The clock of this runner is ${minutes} minutes ${clockOffset < 0 ? 'ahead of' : 'behind'} AWS's, so the ages of images are wrong. Nothing is removed: set the runner's clock.`,
  ];
}

function nothingVisible({ images, versions }: Plan, { application, region }: GuardLimits): string[] {
  if (images.length > 0 || !versions.some(({ ours, decision }) => ours && decision === 'remove')) return [];
  return [
    `There is no image of ${application} in ${region}, but there are launch template versions of it. Nothing is removed: check the inputs "application" and "aws-region", and whether "Allowed AMIs" hides the images. Versions of an application that is gone go with their launch template.`,
  ];
}

/** Promotions leave marks; what was promoted is in use somewhere, unless this is the wrong place to look for it. */
function nothingInUse({ images }: Plan, { application, region }: GuardLimits): string[] {
  const promoted = images.filter(({ image }) => marksOf(image.tags, 'promoted').length > 0).length;
  const inUse = images.some(
    (decision) => decision.decision === 'keep' && decision.reasons.some(({ rule }) => rule === 'in-use'),
  );
  if (images.length === 0 || promoted === 0 || inUse) return [];
  return [
    `Nothing in ${region} uses any image of ${application}, although ${promoted} were promoted. Nothing is removed: check the Region and the role, or name the images that are used elsewhere in "in-use-ami-ids".`,
  ];
}

function tooMany(count: number, all: number, { maxDeletions, maxDeletionPercent }: GuardLimits): string[] {
  const percent = all === 0 ? 0 : (100 * count) / all;
  return [
    ...(count > maxDeletions
      ? [
          `${count} images would be removed, more than "max-deletions" allows (${maxDeletions}). Look at the plan; if it is right, raise "max-deletions" to ${count}.`,
        ]
      : []),
    ...(percent > maxDeletionPercent
      ? [
          `${count} of ${all} images would be removed, more than "max-deletion-percent" allows (${maxDeletionPercent}). Look at the plan; if it is right, raise "max-deletion-percent" to ${Math.ceil(percent)}.`,
        ]
      : []),
  ];
}

/** Images that are hidden from the role would make leftovers of all their snapshots. */
function tooManyLeftovers(count: number, { maxDeletions }: GuardLimits): string[] {
  if (count <= maxDeletions) return [];
  return [
    `${count} leftovers would be removed, more than "max-deletions" allows (${maxDeletions}). Look at them; if they are right, raise "max-deletions" to ${count}, or set "orphans" to false.`,
  ];
}
