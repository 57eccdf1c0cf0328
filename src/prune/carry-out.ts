import { ListSnapshotsInRecycleBinCommand } from '@aws-sdk/client-ec2';
import { messageOf } from '../errors.ts';
import { lookAgain } from './facts.ts';
import type { PrunableImage } from './inventory.ts';
import { inBatches } from './lists.ts';
import { nowUsed } from './orphans/plan.ts';
import { removeOrphans } from './orphans/remove.ts';
import { decideImagesNow, imagesToRemove, makePlan, versionsToRemove } from './plan.ts';
import type { Pruning } from './pruning.ts';
import { removeImage } from './remove-images.ts';
import { removeTemplate } from './remove-templates.ts';
import { removeVersions } from './remove-versions.ts';
import { isToRestore, nextStep } from './steps.ts';
import { versionId } from './template-versions.ts';
import { restoreImage, softenImage } from './two-steps.ts';
import { unusedTemplates } from './unused-templates.ts';

/** So many images are deregistered before the account is looked at again. */
const IMAGES_A_LOOK = 50;

/** Of a list by ids. */
const IDS_A_CALL = 200;

/** A call takes longer than a turn at the full pace. */
const CALLS_AT_ONCE = 5;

/**
 * Deletes the versions of the plan that are still free in a second look. They go before the images, because an image
 * that only they hold is free then.
 *
 * @throws the signal's reason when the step was cancelled
 */
export async function removeOldVersions(pruning: Pruning): Promise<void> {
  const { context, plan, removal, rules } = pruning;
  const planned = versionsToRemove(plan);
  if (planned.length === 0) return;
  await context.log.group(`Delete ${planned.length} launch template versions`, async () => {
    pruning.facts = await lookAgain(context, { application: pruning.application }, pruning.facts);
    const free = new Set(versionsToRemove(makePlan(pruning.facts, rules)).map(versionId));
    const going = planned.filter((version) => free.has(versionId(version)));
    for (const version of planned) {
      if (!free.has(versionId(version))) spare(versionId(version), 'it is in use now', pruning);
    }
    const gone = await removeVersions(context, going, removal);
    pruning.facts = {
      ...pruning.facts,
      versions: pruning.facts.versions.filter((version) => !gone.has(versionId(version))),
    };
  });
}

/**
 * Takes the next step with each image of the plan that goes. Each batch is looked at once more right before: state,
 * tags, and what uses the images now, through versions that could not be deleted too.
 *
 * @throws the signal's reason when the step was cancelled, between two images
 */
export async function removeOldImages(pruning: Pruning): Promise<void> {
  const { context, plan, steps } = pruning;
  const planned = imagesToRemove(plan).filter(({ id }) => steps.get(id)?.kind !== 'wait');
  if (planned.length === 0) return;
  await context.log.group(titleOf(pruning, planned.length), async () => {
    const progress = progressOf(pruning, planned.length);
    for (const batch of inBatches(planned, IMAGES_A_LOOK)) {
      stopWhenOver(pruning);
      await removeBatch(pruning, batch);
      progress(batch.length);
    }
  });
}

/**
 * Images that prune deprecated or disabled and that a rule keeps now are as before again. That something could not be
 * read is no rule: their days of grace go on.
 */
export async function restoreImages(pruning: Pruning): Promise<void> {
  const { context, plan, removal } = pruning;
  const staying = plan.images.filter(
    ({ decision, image, reasons }) =>
      decision === 'keep' && isToRestore(image) && reasons.some(({ rule }) => rule !== 'unreadable'),
  );
  for (const { image } of staying) {
    stopWhenOver(pruning);
    await restoreImage(context, image, removal);
  }
}

/** Launch templates that were unused, and still are in a look right before; only when this was asked for. */
export async function removeUnusedTemplates(pruning: Pruning): Promise<void> {
  const { context, removal, rules, unusedTemplates: planned } = pruning;
  if (planned.length === 0 || rules.unusedLaunchTemplates === 'keep') return;
  await context.log.group(`Delete ${planned.length} unused launch templates`, async () => {
    pruning.facts = await lookAgain(context, { application: pruning.application }, pruning.facts);
    const plan = makePlan(pruning.facts, rules);
    const unused = new Set(unusedTemplates(plan, pruning.facts, rules).map(({ id }) => id));
    for (const template of planned) {
      stopWhenOver(pruning);
      if (unused.has(template.id)) await removeTemplate(context, template, removal);
      else spare(template.id, 'it is in use now', pruning);
    }
  });
}

/** Looks which of the deleted snapshots a rule of the Recycle Bin still keeps: they are not free yet. */
export async function lookIntoRecycleBin({ context, removal }: Pruning): Promise<void> {
  const { aws, signal, log } = context;
  try {
    for (const batch of inBatches(
      removal.snapshots.map(({ id }) => id),
      IDS_A_CALL,
    )) {
      const { Snapshots = [] } = await aws.ec2.send(
        new ListSnapshotsInRecycleBinCommand({ SnapshotIds: batch }),
        { abortSignal: signal },
      );
      removal.recycledSnapshots.push(...Snapshots.flatMap(({ SnapshotId }) => SnapshotId ?? []));
    }
  } catch (error) {
    signal.throwIfAborted();
    log.info(`Whether the Recycle Bin keeps some of the snapshots is not known: ${messageOf(error)}`);
  }
}

/** What builds left behind, and snapshots without an image, if nothing has come to use them since. */
export async function removeLeftovers(pruning: Pruning): Promise<void> {
  const { context, orphans, removal } = pruning;
  if (orphans.orphans.length === 0) return;
  await context.log.group(`Remove ${orphans.orphans.length} leftovers`, async () => {
    if (orphans.orphans.some(({ kind }) => kind === 'snapshot'))
      pruning.facts = await lookAgain(context, { application: pruning.application }, pruning.facts);
    const used = new Set(nowUsed(orphans, pruning.facts).map(({ id }) => id));
    for (const id of used) spare(id, 'it may be in use now', pruning);
    const free = orphans.orphans.filter(({ id }) => !used.has(id));
    await removeOrphans(context, free, removal, () => stopWhenOver(pruning));
  });
}

const titleOf = ({ rules: { removal }, application, region }: Pruning, count: number) =>
  `${removal === 'delete' ? 'Deregister' : `Deregister or ${removal}`} ${count} images of ${application} in ${region}`;

async function removeBatch(pruning: Pruning, batch: readonly PrunableImage[]): Promise<void> {
  const { context, rules } = pruning;
  pruning.facts = await lookAgain(context, { imageIds: batch.map(({ id }) => id) }, pruning.facts);
  const now = new Map(decideImagesNow(pruning.facts, rules).map((decided) => [decided.image.id, decided]));
  await untilOver(batch, pruning, async ({ id }) => {
    const decided = now.get(id);
    if (!decided) pruning.removal.notes.set(id, 'was gone already');
    else if (decided.decision === 'remove') await takeStep(pruning, decided.image);
    else spare(id, decided.reasons.map(({ text }) => text).join(', '), pruning);
  });
}

async function takeStep({ context, rules, removal }: Pruning, image: PrunableImage): Promise<void> {
  const step = nextStep(image, rules);
  switch (step.kind) {
    case 'delete':
      return await removeImage(context, image, removal);
    case 'deprecate':
    case 'disable':
      return await softenImage(context, image, step.kind, removal);
    case 'wait':
      removal.notes.set(image.id, 'somebody else began with it meanwhile');
  }
}

function stopWhenOver({ deadline }: Pruning): void {
  deadline.check();
  deadline.signal.throwIfAborted();
}

/** A few at once. After a cancel no further one is begun, and those that are under way are waited for: they count. */
async function untilOver<T>(
  items: readonly T[],
  { deadline }: Pruning,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) {
      deadline.check();
      if (deadline.signal.aborted) return;
      await work(item);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: CALLS_AT_ONCE }, worker));
  deadline.signal.throwIfAborted();
  for (const result of workers) if (result.status === 'rejected') throw result.reason;
}

/** Says how far it is after each batch, and how long the rest takes at this speed. */
function progressOf({ context: { clock, log } }: Pruning, all: number): (count: number) => void {
  const started = clock.now();
  let done = 0;
  return (count) => {
    done += count;
    const minutes = Math.ceil(((clock.now() - started) / done) * ((all - done) / 60_000));
    if (done < all) log.info(`${done} of ${all} images are done; about ${minutes} min left`);
  };
}

function spare(id: string, why: string, { removal, context: { log } }: Pruning): void {
  removal.notes.set(id, `kept after all: ${why}`);
  log.warning(`${id} is kept after all: ${why}`);
}
