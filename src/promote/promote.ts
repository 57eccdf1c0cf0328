import { resolve } from 'node:path';
import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { Context, PromotionCleanUp } from '../context.ts';
import { ConfigurationError, DeploymentError, messageOf } from '../errors.ts';
import type { Comparison } from '../github/github.ts';
import { describeImage, type Image } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { inParallel } from '../parallel.ts';
import { readAlarms } from './alarms.ts';
import { choiceOf, pickImages } from './choose-image.ts';
import { imageOf, imagesOf, isFloating } from './configuration.ts';
import { openDeployment } from './deployment.ts';
import { timeReport } from './estimate.ts';
import { findCandidates, imagesWithIds } from './find-images.ts';
import { Fleet } from './fleet.ts';
import { followerProblems } from './followers.ts';
import { moveDefaults } from './launch-template.ts';
import { describePlan, makePlan } from './make-plan.ts';
import { pinGroups } from './pin.ts';
import type { Plan } from './plan.ts';
import { preferenceProblems, wantedPreferences } from './preferences.ts';
import { readPreferencesFile } from './preferences-file.ts';
import { commitOf, describeRunning, preflight } from './preflight.ts';
import { markPromoting, recordOutcome } from './record.ts';
import { type GroupResult, isGood, overallStatus, targetsOutput } from './result.ts';
import { type Promotion, rollOut, takeBack } from './roll-out.ts';
import { promotionSummary } from './summary.ts';
import { readTargets, type Target } from './target.ts';
import { waitForOthers } from './wait.ts';

/** Puts one image into the groups of one environment: the steps, in order. Rejects when it did not get there. */
export async function promote(inputs: PromoteInputs, context: Context): Promise<void> {
  const { log, clock } = context;
  const job: Job = {
    inputs,
    application: inputs.application ?? context.run.repository,
    started: clock.now(),
    wanted: readPreferences(context, inputs),
  };
  let prepared = await prepare(context, job);
  if (inputs.dryRun) return reportPlan(context, job, prepared);

  while (prepared.plans.some(({ action }) => action.kind === 'busy')) {
    await log.group('Wait', () => waitForOthers(context, prepared.plans, deadlineOf(job)));
    prepared = await prepare(context, job);
  }
  const isDone = prepared.plans.every(({ action }) => action.kind === 'nothing');
  const deployment = isDone ? undefined : await openDeployment(context, inputs, prepared.image);
  if (!isDone) await markPromoting(context, job, prepared);
  if (prepared.plans.some(({ running }) => isFloating(running))) {
    await log.group('Pin', () => pinGroups(context, job.application, prepared.plans));
    prepared = await prepare(context, job);
  }
  const { images, plans } = prepared;
  const title = `Promote ${images.map(({ id }) => id).join(', ')} to ${inputs.environment}`;
  const results = await log.group(title, () => rollOutAll(context, job, prepared));
  await deployment?.close(overallStatus(results));
  if (inputs.updateDefaultVersion) await moveDefaults(context, plans, results);
  const left = leftImages(plans, images);
  await recordOutcome(
    context,
    { images, environment: inputs.environment, left, byHand: inputs.rollback },
    results,
  );
  reportResults(context, job, prepared, results);
}

/** What does not change during a promotion. */
interface Job {
  inputs: PromoteInputs;
  application: string;
  /** Milliseconds since 1970. */
  started: number;
  wanted: Readonly<RefreshPreferences>;
}

/** What is found before the first write, and again after every wait. */
interface Prepared {
  /** One for each architecture; `image` is the first of them. */
  images: readonly Image[];
  image: Image;
  plans: readonly Plan[];
}

const deadlineOf = ({ started, inputs }: Job) => started + inputs.timeoutMinutes * 60_000;

async function prepare(context: Context, job: Job): Promise<Prepared> {
  const { log } = context;
  const targets = await log.group('Groups', () => readGroups(context, job.inputs));
  const present = await presentImages(context, targets);
  const images = await log.group('Image', () => chooseImages(context, job, targets, present));
  const plans = await log.group('Preflight', () => makePlans(context, job, { images, present, targets }));
  const [image] = images;
  if (!image) throw new Error('No image was chosen.');
  return { images, image, plans };
}

/** Inputs and file together are checked before anything is asked of AWS. */
function readPreferences({ run }: Context, inputs: PromoteInputs): RefreshPreferences {
  const { preferencesFile } = inputs;
  const file =
    preferencesFile === undefined ? {} : readPreferencesFile(resolve(run.workspace, preferencesFile));
  const wanted = wantedPreferences(inputs, file);
  const problems = preferenceProblems(wanted);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return wanted;
}

async function readGroups({ aws, log }: Context, inputs: PromoteInputs): Promise<Target[]> {
  const targets = await readTargets(aws, inputs);
  for (const { name, group, running } of targets) {
    const runs = running ? running.versions.map(describeRunning).join(', ') : 'no launch template';
    log.info(`${name}: ${group.Instances?.length ?? 0} instances, desired ${group.DesiredCapacity}, ${runs}`);
  }
  return targets;
}

/** The images that the groups run now, as far as they still exist. */
async function presentImages({ aws }: Context, targets: readonly Target[]): Promise<Image[]> {
  const ids = targets.flatMap(({ running }) =>
    running ? imagesOf(running).flatMap(({ imageId }) => imageId ?? []) : [],
  );
  return await imagesWithIds(
    aws,
    ids.filter((id) => id.startsWith('ami-')),
  );
}

async function chooseImages(
  context: Context,
  { inputs, application }: Job,
  targets: readonly Target[],
  present: readonly Image[],
): Promise<Image[]> {
  const { aws, log, run } = context;
  // The account is in every group's ARN: nothing else has to be asked for it.
  const account = targets[0]?.group.AutoScalingGroupARN?.split(':')[4] ?? '';
  const { environment, imageOwners } = inputs;
  const facts = { application, environment, region: aws.region, present, owners: [account, ...imageOwners] };
  const choice = choiceOf(inputs, run.commit);
  const chosen = pickImages(choice, await findCandidates(aws, choice, facts), facts);
  if ('problems' in chosen) throw new ConfigurationError(chosen.problems);
  for (const image of chosen.images)
    log.info(`${describeImage(image)}, ${image.architecture}, made ${new Date(image.created).toISOString()}`);
  for (const note of chosen.notes) log.warning(note);
  return chosen.images;
}

/** Everything that could stand in the way, found before the first write and reported together. */
async function makePlans(
  context: Context,
  { inputs, application, wanted }: Job,
  facts: { images: readonly Image[]; present: readonly Image[]; targets: readonly Target[] },
): Promise<Plan[]> {
  const { aws, log } = context;
  const { images, present, targets } = facts;
  const comparisons = await compareCommits(context, images, present, targets);
  const alarms = await readAlarms(aws, wanted.AlarmSpecification?.Alarms ?? []);
  const { problems, warnings } = preflight({ ...facts, inputs, wanted, comparisons, alarms });
  const plans: Plan[] = [];
  for (const target of targets) {
    const plan = await makePlan(aws, target, { inputs, application, images, present, wanted });
    if (!plan) continue;
    plans.push(plan);
    if (plan.action.kind !== 'nothing') {
      const time = timeReport(target.group, plan.preferences, inputs.timeoutMinutes);
      problems.push(...time.problems);
      warnings.push(...time.warnings);
    }
    const { action } = plan;
    if (action.kind === 'busy' && inputs.whenBusy === 'fail') {
      problems.push(
        `The group "${target.name}" has an instance refresh under way (${action.refreshId}, ${action.status}). Wait for it or cancel it, then run this again; with "when-busy: wait" its end is waited for.`,
      );
    }
  }
  problems.push(...(await followerProblems(aws, plans)));
  for (const warning of warnings) log.warning(warning);
  if (problems.length > 0) throw new ConfigurationError(problems);
  for (const plan of plans) log.info(describePlan(plan));
  return plans;
}

/** How the image's commit stands to what each group runs. No answer from GitHub is a warning, not an obstacle. */
async function compareCommits(
  { github, log }: Context,
  images: readonly Image[],
  present: readonly Image[],
  targets: readonly Target[],
) {
  const comparisons = new Map<string, Comparison>();
  const head = commitOf(images[0]);
  for (const { name, running } of targets) {
    const presentId = running && imageOf(running.base);
    const base = commitOf(present.find((candidate) => candidate.id === presentId));
    if (head === undefined || base === undefined || head === base) continue;
    try {
      const comparison = await github.compare(base, head);
      comparisons.set(name, comparison);
      if (comparison === 'diverged')
        log.warning(`${name} runs commit ${base}, which is on another line than ${head}.`);
    } catch (error) {
      log.warning(`GitHub could not tell whether ${name} already runs a newer commit (${messageOf(error)}).`);
    }
  }
  return comparisons;
}

/** The images that the groups ran before, where they ran others. */
function leftImages(plans: readonly Plan[], images: readonly Image[]): string[] {
  const before = plans.flatMap(({ running }) => imagesOf(running).flatMap(({ imageId }) => imageId ?? []));
  return [...new Set(before)].filter(
    (id) => id.startsWith('ami-') && !images.some((image) => image.id === id),
  );
}

async function rollOutAll(context: Context, job: Job, { images, plans }: Prepared): Promise<GroupResult[]> {
  const { inputs, application } = job;
  const cleanUp: PromotionCleanUp = {
    mode: 'promote',
    region: context.aws.region,
    onCancel: inputs.onCancel,
    environment: inputs.environment,
    imageId: images.map(({ id }) => id).join(', '),
    refreshes: [],
  };
  const fleet = new Fleet(plans.length, inputs.onFailure);
  const promotion: Promotion = { inputs, application, deadline: deadlineOf(job), cleanUp, fleet };
  const ends: Promise<GroupResult>[] = [];
  await inParallel(plans, inputs.maxParallel, async (plan) => {
    const result = await rollOut(context, promotion, plan);
    fleet.settle(result);
    ends.push(untilAllArrived(context, promotion, plan, result));
  });
  const results = await Promise.all(ends);
  return plans.flatMap(({ target }) => results.filter(({ group }) => group === target.name));
}

/** A group that has arrived keeps the image only if the others arrive as well. */
async function untilAllArrived(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  result: GroupResult,
): Promise<GroupResult> {
  const recall = await promotion.fleet.verdict;
  const isOurs = plan.action.kind === 'refresh' || plan.action.kind === 'update-and-refresh';
  if (recall === undefined || !isOurs || !isGood(result)) return result;
  return await takeBack(context, promotion, plan, result, recall);
}

function reportPlan(context: Context, job: Job, prepared: Prepared): void {
  const results = prepared.plans.map((plan): GroupResult => {
    const [base] = plan.versions;
    return {
      group: plan.target.name,
      status: 'planned',
      launchTemplateId: plan.running.base.launchTemplateId,
      ...(base?.number === undefined ? {} : { version: base.number }),
      previousVersion: plan.running.base.number,
      previousImageId: imageOf(plan.running.base) ?? '',
      instances: 0,
      reason: describePlan(plan),
      imageAtFault: false,
      stages: [],
    };
  });
  reportResults(context, job, prepared, results);
}

/** Outputs and summary, and the error that makes the step fail when a group did not get the image. */
function reportResults(
  { report, clock, log }: Context,
  { inputs, started }: Job,
  { image, plans }: Prepared,
  results: readonly GroupResult[],
): void {
  const status = overallStatus(results);
  const seconds = Math.round((clock.now() - started) / 1000);
  const [first] = results;
  report.set({
    'ami-id': image.id,
    'previous-ami-id': first?.previousImageId,
    'launch-template-id': first?.launchTemplateId,
    'launch-template-version': first?.version,
    'previous-launch-template-version': first?.previousVersion,
    'instance-refresh-id': first?.refreshId,
    status,
    targets: targetsOutput(results),
    'duration-seconds': seconds,
  });
  report.write(promotionSummary({ status, environment: inputs.environment, image, plans, results, seconds }));
  const failed = results.filter((result) => !isGood(result));
  if (failed.length > 0) {
    throw new DeploymentError(
      `${image.id} did not get into ${inputs.environment} (${status}). ${failed.map((result) => `${result.group}: ${result.reason}`).join(' ')}`,
    );
  }
  for (const result of results.filter(({ status }) => status === 'not-verified'))
    log.warning(`${result.group}: ${result.reason}`);
}
