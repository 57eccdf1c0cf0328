import { marksOf } from '../tags.ts';
import { imagesToRemove, type Plan, versionsToRemove } from './plan.ts';

export interface GuardLimits {
  application: string;
  region: string;
  maxDeletions: number;
  maxDeletionPercent: number;
}

/**
 * Why a plan must not be carried out, one sentence each, with what to change; none when it may. They catch what the
 * rules cannot see: a look into the wrong account or Region, a wrong input, images that are hidden from the role.
 */
export function objectionsTo(plan: Plan, limits: GuardLimits): string[] {
  const images = imagesToRemove(plan);
  if (images.length + versionsToRemove(plan).length === 0) return [];
  return [
    ...nothingVisible(plan, limits),
    ...nothingInUse(plan, limits),
    ...tooMany(images.length, plan.images.length, limits),
  ];
}

function nothingVisible({ images }: Plan, { application, region }: GuardLimits): string[] {
  if (images.length > 0) return [];
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
