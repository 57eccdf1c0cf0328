import type { Context } from '../context.ts';
import { ConfigurationError, DeploymentError, InterruptedError, messageOf } from '../errors.ts';
import type { PruneInputs } from '../inputs/schema.ts';
import { lookAgain, readFacts } from './facts.ts';
import { objectionsTo } from './guards.ts';
import { readImages } from './inventory.ts';
import { inBatches } from './lists.ts';
import { logFacts, logImages, logPlan } from './narrate.ts';
import {
  decideImagesNow,
  imagesToRemove,
  makePlan,
  type Plan,
  type PlanRules,
  versionsToRemove,
} from './plan.ts';
import { problemsOf, type Pruning } from './pruning.ts';
import { readLaunchPermissions } from './references/launch-permissions.ts';
import { describeRemoval, nothingRemoved } from './removal.ts';
import { removeImage } from './remove-images.ts';
import { removeVersions } from './remove-versions.ts';
import { setOutputs, writeReport } from './report.ts';
import { SOURCES } from './sources.ts';
import { versionId } from './template-versions.ts';

/** So many images are deregistered before the account is looked at again. */
const IMAGES_A_LOOK = 50;

/**
 * Removes old images of the application, their snapshots and old launch template versions, and nothing that is in use:
 * the steps, in order. Rejects when a guard stopped it, when something could not be read or removed, or when the step
 * was cancelled; the report and the outputs say what was done by then.
 */
export async function prune(inputs: PruneInputs, context: Context): Promise<void> {
  const { log, aws } = context;
  const application = inputs.application ?? context.run.repository;
  const rules: PlanRules = { ...inputs, application, now: context.clock.now() };
  const removal = nothingRemoved();
  setOutputs(context, removal);

  const images = await log.group(`Images of ${application} in ${aws.region}`, async () => {
    const found = await readImages(context, application);
    logImages(log, found);
    return found;
  });
  const facts = await log.group('What uses images', async () => {
    const seen = await readFacts(context, images, inputs.inUseAmiIds);
    logFacts(log, seen);
    return seen;
  });
  const pruning: Pruning = await log.group('Plan', async () => {
    const { plan, ...checked } = await checkShares(context, rules, { facts, plan: makePlan(facts, rules) });
    const objections = objectionsTo(plan, { ...inputs, application, region: aws.region });
    logPlan(log, plan, objections);
    return { application, region: aws.region, dryRun: inputs.dryRun, plan, objections, removal, ...checked };
  });
  try {
    if (!inputs.dryRun && pruning.objections.length === 0) {
      await removeOldVersions(context, rules, pruning);
      await removeOldImages(context, rules, pruning);
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    const done = `${messageOf(context.signal.reason)} By then ${describeRemoval(removal)}; run prune again for the rest.`;
    log.warning(done);
    throw new InterruptedError(done, { cause: error });
  } finally {
    writeReport(context, pruning);
  }
  failWhenIncomplete(pruning);
}

/** Images that are about to go are looked at for whom they are shared with: one call each, so only for them. */
async function checkShares(
  context: Context,
  rules: PlanRules,
  { facts, plan }: Pick<Pruning, 'facts' | 'plan'>,
): Promise<Pick<Pruning, 'facts'> & { plan: Plan }> {
  const { uses: shared, error } = await readLaunchPermissions(context, imagesToRemove(plan));
  if (shared.length === 0) return { facts, plan };
  const unread = error === undefined ? [] : [{ source: SOURCES.launchPermissions, error }];
  const checked = { ...facts, shared, unreadImages: unread };
  return { facts: checked, plan: makePlan(checked, rules) };
}

/** Versions go first: an image that only they hold is free then. */
async function removeOldVersions(context: Context, rules: PlanRules, pruning: Pruning): Promise<void> {
  const planned = versionsToRemove(pruning.plan);
  if (planned.length === 0) return;
  const { removal } = pruning;
  await context.log.group(`Delete ${planned.length} launch template versions`, async () => {
    pruning.facts = await lookAgain(context, rules.application, pruning.facts);
    const free = new Set(versionsToRemove(makePlan(pruning.facts, rules)).map(versionId));
    for (const version of planned) {
      if (!free.has(versionId(version))) removal.notes.set(versionId(version), 'is in use now');
    }
    const going = planned.filter((version) => free.has(versionId(version)));
    try {
      await removeVersions(context, going, removal);
    } finally {
      const gone = new Set(removal.versions);
      const versions = pruning.facts.versions.filter((version) => !gone.has(versionId(version)));
      pruning.facts = { ...pruning.facts, versions };
    }
  });
}

/** Each batch is looked at once more right before: state, tags, and what uses the images now. */
async function removeOldImages(context: Context, rules: PlanRules, pruning: Pruning): Promise<void> {
  const planned = imagesToRemove(pruning.plan);
  if (planned.length === 0) return;
  const { removal } = pruning;
  await context.log.group(`Deregister ${planned.length} images`, async () => {
    for (const batch of inBatches(planned, IMAGES_A_LOOK)) {
      context.signal.throwIfAborted();
      pruning.facts = await lookAgain(context, rules.application, pruning.facts);
      const decisions = new Map(
        decideImagesNow(pruning.facts, rules).map((decision) => [decision.image.id, decision]),
      );
      for (const image of batch) {
        context.signal.throwIfAborted();
        const now = decisions.get(image.id);
        if (now?.decision === 'remove') await removeImage(context, image, removal);
        else
          removal.notes.set(
            image.id,
            now ? `kept after all: ${now.reasons.map(({ text }) => text).join(', ')}` : 'was gone already',
          );
      }
    }
  });
}

function failWhenIncomplete(pruning: Pruning): void {
  const { removal, dryRun, objections } = pruning;
  const problems = [...(dryRun ? [] : objections), ...problemsOf(pruning)];
  if (problems.length === 0) return;
  const untouched = removal.images.length + removal.versions.length === 0 && removal.problems.length === 0;
  if (untouched) throw new ConfigurationError(problems);
  throw new DeploymentError(`${describeRemoval(removal)}, but not everything went well:\n${problems.map((text) => `- ${text}`).join('\n')}`);
}
