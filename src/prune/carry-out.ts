import type { Context } from '../context.ts';
import { lookAgain } from './facts.ts';
import { inBatches } from './lists.ts';
import { decideImagesNow, imagesToRemove, makePlan, type PlanRules, versionsToRemove } from './plan.ts';
import type { Pruning } from './pruning.ts';
import { removeImage } from './remove-images.ts';
import { removeVersions } from './remove-versions.ts';
import { versionId } from './template-versions.ts';

/** So many images are deregistered before the account is looked at again. */
const IMAGES_A_LOOK = 50;

/**
 * Deletes the versions of the plan that are still free in a second look. They go before the images, because an image
 * that only they hold is free then.
 *
 * @throws the signal's reason when the step was cancelled
 */
export async function removeOldVersions(context: Context, rules: PlanRules, pruning: Pruning): Promise<void> {
  const { plan, removal } = pruning;
  const planned = versionsToRemove(plan);
  if (planned.length === 0) return;
  await context.log.group(`Delete ${planned.length} launch template versions`, async () => {
    pruning.facts = await lookAgain(context, rules.application, pruning.facts);
    const free = new Set(versionsToRemove(makePlan(pruning.facts, rules)).map(versionId));
    const going = planned.filter((version) => free.has(versionId(version)));
    for (const version of planned) {
      if (!free.has(versionId(version))) spare(context, versionId(version), 'it is in use now', pruning);
    }
    const gone = await removeVersions(context, going, removal);
    pruning.facts = {
      ...pruning.facts,
      versions: pruning.facts.versions.filter((version) => !gone.has(versionId(version))),
    };
  });
}

/**
 * Deregisters the images of the plan. Each batch is looked at once more right before: state, tags, and what uses the
 * images now, through versions that could not be deleted too.
 *
 * @throws the signal's reason when the step was cancelled, between two images
 */
export async function removeOldImages(context: Context, rules: PlanRules, pruning: Pruning): Promise<void> {
  const { plan, removal } = pruning;
  const planned = imagesToRemove(plan);
  if (planned.length === 0) return;
  await context.log.group(`Deregister ${planned.length} images`, async () => {
    for (const batch of inBatches(planned, IMAGES_A_LOOK)) {
      context.signal.throwIfAborted();
      pruning.facts = await lookAgain(context, rules.application, pruning.facts);
      const now = new Map(
        decideImagesNow(pruning.facts, rules).map((decided) => [decided.image.id, decided]),
      );
      for (const image of batch) {
        context.signal.throwIfAborted();
        const decided = now.get(image.id);
        if (decided?.decision === 'remove') await removeImage(context, image, removal);
        else if (!decided) removal.notes.set(image.id, 'was gone already');
        else spare(context, image.id, decided.reasons.map(({ text }) => text).join(', '), pruning);
      }
    }
  });
}

function spare({ log }: Context, id: string, why: string, { removal }: Pruning): void {
  removal.notes.set(id, `kept after all: ${why}`);
  log.warning(`${id} is kept after all: ${why}`);
}
