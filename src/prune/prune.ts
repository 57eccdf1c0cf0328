import type { Context } from '../context.ts';
import { ConfigurationError, DeploymentError, InterruptedError, messageOf } from '../errors.ts';
import type { PruneInputs } from '../inputs/schema.ts';
import { removeOldImages, removeOldVersions } from './carry-out.ts';
import { type Facts, readFacts } from './facts.ts';
import { objectionsTo } from './guards.ts';
import { type PrunableImage, readImages } from './inventory.ts';
import { logFacts, logImages, logPlan } from './narrate.ts';
import { imagesToRemove, makePlan, type PlanRules } from './plan.ts';
import { type Pruning, problemsOf } from './pruning.ts';
import { readLaunchPermissions } from './references/launch-permissions.ts';
import { describeRemoval, nothingRemoved } from './removal.ts';
import { setOutputs, writeReport } from './report.ts';
import { describeUnreadable, SOURCES } from './sources.ts';

/**
 * Removes old images of the application, their snapshots and old launch template versions, and nothing that is in use:
 * the steps, in order. Rejects when a guard stopped it, when something could not be read or removed, or when the step
 * was cancelled; the report and the outputs say what was done by then.
 */
export async function prune(inputs: PruneInputs, context: Context): Promise<void> {
  const { log, aws } = context;
  const application = inputs.application ?? context.run.repository;
  const rules: PlanRules = { ...inputs, application, now: context.clock.now() };
  setOutputs(context, nothingRemoved());

  const images = await log.group(`Images of ${application} in ${aws.region}`, () =>
    listImages(context, application),
  );
  const facts = await log.group('What uses images', () => lookAround(context, images, inputs.inUseAmiIds));
  const pruning = await log.group('Plan', () => planPruning(context, inputs, rules, facts));
  try {
    if (!inputs.dryRun && pruning.objections.length === 0) {
      await removeOldVersions(context, rules, pruning);
      await removeOldImages(context, rules, pruning);
    }
  } catch (error) {
    throw context.signal.aborted ? interrupted(context, pruning, error) : error;
  } finally {
    writeReport(context, pruning);
  }
  failWhenIncomplete(pruning);
}

async function listImages(context: Context, application: string): Promise<PrunableImage[]> {
  const images = await readImages(context, application);
  logImages(context.log, images);
  return images;
}

async function lookAround(
  context: Context,
  images: readonly PrunableImage[],
  inUse: readonly string[],
): Promise<Facts> {
  const facts = await readFacts(context, images, inUse);
  logFacts(context.log, facts);
  return facts;
}

/** Images that would go are looked at for whom they are shared with: one call each, therefore only those. */
async function planPruning(
  context: Context,
  inputs: PruneInputs,
  rules: PlanRules,
  seen: Facts,
): Promise<Pruning> {
  const { application } = rules;
  const { region } = context.aws;
  const facts = await withShares(context, seen, imagesToRemove(makePlan(seen, rules)));
  const plan = makePlan(facts, rules);
  const objections = objectionsTo(plan, { ...inputs, application, region });
  logPlan(context.log, plan, objections);
  return { application, region, dryRun: inputs.dryRun, plan, objections, facts, removal: nothingRemoved() };
}

async function withShares(context: Context, facts: Facts, images: readonly PrunableImage[]): Promise<Facts> {
  const { uses: shared, error } = await readLaunchPermissions(context, images);
  if (error === undefined) return { ...facts, shared };
  const unread = { source: SOURCES.launchPermissions, error };
  context.log.error(describeUnreadable(unread));
  return { ...facts, shared, unreadable: [...facts.unreadable, unread] };
}

function interrupted({ signal, log }: Context, { removal }: Pruning, cause: unknown): InterruptedError {
  const text = `${messageOf(signal.reason)} By then ${describeRemoval(removal)}. Run prune again for the rest.`;
  log.warning(text);
  return new InterruptedError(text, { cause });
}

/** A plan that was stopped is a failure, and so is work that is not complete; a dry run only shows the former. */
function failWhenIncomplete(pruning: Pruning): void {
  const { removal, dryRun, objections } = pruning;
  const problems = [...(dryRun ? [] : objections), ...problemsOf(pruning)];
  if (problems.length === 0) return;
  const touched = removal.images.length + removal.versions.length + removal.problems.length > 0;
  if (!touched) throw new ConfigurationError(problems);
  const list = problems.map((text) => `- ${text}`).join('\n');
  throw new DeploymentError(`${describeRemoval(removal)}, but not all went well:\n${list}`);
}
