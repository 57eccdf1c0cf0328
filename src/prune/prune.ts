import { keepPace } from '../aws/pace.ts';
import type { Context } from '../context.ts';
import { ConfigurationError, DeploymentError, InterruptedError, messageOf } from '../errors.ts';
import type { PruneInputs } from '../inputs/schema.ts';
import type { Announcement } from '../report.ts';
import {
  lookIntoRecycleBin,
  removeLeftovers,
  removeOldImages,
  removeOldVersions,
  removeUnusedTemplates,
  restoreImages,
} from './carry-out.ts';
import { deadlineIn } from './deadline.ts';
import { readFacts } from './facts.ts';
import { logFacts } from './narrate.ts';
import { readOrphans } from './orphans/read.ts';
import { planApplication, type SeenRegion } from './planning.ts';
import { type Pruning, problemsOf } from './pruning.ts';
import { describeRemoval, isNothing, totalOf } from './removal.ts';
import { setOutputs, writeReport } from './report.ts';

/**
 * Removes old images of the applications, their snapshots and old launch template versions, and nothing that is in
 * use: the steps, in order. Rejects when a guard stopped it, when something could not be read or removed, or when the
 * step was cancelled; the report and the outputs say what was done by then.
 */
export async function prune(inputs: PruneInputs, context: Context): Promise<void> {
  setOutputs(context, []);
  const seen = await lookAround(inputs, context);
  refuseUnknownTemplates(inputs, seen);
  const prunings = await planAll(inputs, context, seen);
  try {
    if (!inputs.dryRun) for (const pruning of prunings) await carryOut(pruning);
  } catch (error) {
    const stopped = prunings.find((pruning) => pruning.context.signal.aborted);
    throw stopped ? interrupted(stopped.context, prunings, error) : error;
  } finally {
    writeReport(context, prunings);
  }
  failWhenIncomplete(prunings);
  context.report.announce(announcementOf(prunings));
}

/** What a chat is told when all went well. */
function announcementOf(prunings: readonly Pruning[]): Announcement {
  const removed = totalOf(prunings.map(({ removal }) => removal));
  const going = prunings.reduce((sum, { steps }) => sum + steps.size, 0);
  return prunings.some(({ dryRun }) => dryRun)
    ? { title: '📝 Prune planned', text: `${going} images would go; nothing was removed.` }
    : { title: '🧹 Pruned', text: describeRemoval(removed) };
}

/** Everything is read before anything is planned, Region by Region. */
async function lookAround(inputs: PruneInputs, context: Context): Promise<SeenRegion[]> {
  const regions = inputs.regions.length > 0 ? [...new Set(inputs.regions)] : [context.aws.region];
  const deadline = deadlineIn(inputs.timeoutMinutes, context);
  const { signal } = deadline;
  const { log } = context;
  const seen: SeenRegion[] = [];
  for (const region of regions) {
    const aws = context.aws.inRegion(region);
    keepPace(aws.ec2, inputs.pace, context.clock, signal);
    const place = { ...context, aws, signal };
    await log.group(`Images, and what uses them, in ${region}`, async () => {
      const facts = await readFacts(place, inputs.inUseAmiIds).catch((error: unknown) => {
        // Whatever is there could be a copy of what is elsewhere.
        if (!signal.aborted) log.error(`The images of ${region} could not be read: nothing is removed.`);
        throw error;
      });
      logFacts(log, facts);
      const unreadable = [...facts.unreadable];
      const orphans = inputs.orphans
        ? await readOrphans(place, applicationsOf(inputs, context), facts.images, unreadable)
        : undefined;
      seen.push({ context: place, deadline, facts: { ...facts, unreadable }, orphans });
    });
  }
  return seen;
}

function refuseUnknownTemplates({ launchTemplates }: PruneInputs, seen: readonly SeenRegion[]): void {
  const all = seen.flatMap(({ facts }) => facts.versions);
  const known = new Set(all.flatMap(({ templateId, templateName }) => [templateId, templateName]));
  const unreadable = seen.some(({ facts }) => facts.unreadable.length > 0);
  const unknown = launchTemplates.filter((name) => !known.has(name));
  if (unknown.length === 0 || unreadable) return;
  const regions = seen.map(({ context }) => context.aws.region).join(', ');
  throw new ConfigurationError(
    unknown.map(
      (name) =>
        `There is no launch template ${name} in ${regions}: check the inputs "launch-templates" and "regions".`,
    ),
  );
}

const applicationsOf = ({ application }: PruneInputs, { run }: Context) => [
  ...new Set(application ?? [run.repository]),
];

async function planAll(
  inputs: PruneInputs,
  context: Context,
  seen: readonly SeenRegion[],
): Promise<Pruning[]> {
  const { clock, log } = context;
  const now = clock.now();
  const prunings: Pruning[] = [];
  for (const application of applicationsOf(inputs, context)) {
    await log.group(`Plan for ${application}`, async () => {
      prunings.push(...(await planApplication(seen, { ...inputs, application, now })));
    });
  }
  return prunings;
}

/** A plan that a guard objects to is left alone; the others do not wait for it. */
async function carryOut(pruning: Pruning): Promise<void> {
  if (pruning.objections.length > 0) return;
  await restoreImages(pruning);
  await removeOldVersions(pruning);
  await removeUnusedTemplates(pruning);
  await removeOldImages(pruning);
  await removeLeftovers(pruning);
  await lookIntoRecycleBin(pruning);
}

function interrupted(
  { signal, log }: Context,
  prunings: readonly Pruning[],
  cause: unknown,
): InterruptedError {
  const done = describeRemoval(totalOf(prunings.map(({ removal }) => removal)));
  const text = `${messageOf(signal.reason)} By then ${done}. Run prune again for the rest.`;
  log.warning(text);
  return new InterruptedError(text, { cause });
}

/** A plan that was stopped is a failure, and so is work that is not complete; a dry run only shows the former. */
function failWhenIncomplete(prunings: readonly Pruning[]): void {
  const problems = new Set(
    prunings.flatMap((pruning) => [...(pruning.dryRun ? [] : pruning.objections), ...problemsOf(pruning)]),
  );
  if (problems.size === 0) return;
  const total = totalOf(prunings.map(({ removal }) => removal));
  if (isNothing(total)) throw new ConfigurationError([...problems]);
  const list = [...problems].map((text) => `- ${text}`).join('\n');
  throw new DeploymentError(`${describeRemoval(total)}, but not all went well:\n${list}`);
}
