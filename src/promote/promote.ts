import { resolve } from 'node:path';
import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { Context, PromotionCleanUp } from '../context.ts';
import { ConfigurationError, DeploymentError, messageOf } from '../errors.ts';
import type { Comparison } from '../github/github.ts';
import { describeImage, type Image } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { readAlarms } from './alarms.ts';
import { choiceOf, pickImage } from './choose-image.ts';
import { findImages } from './find-images.ts';
import { findVersion } from './launch-template.ts';
import { actionFor, type Plan } from './plan.ts';
import { describePreferences, preferenceProblems, preferencesFor, wantedPreferences } from './preferences.ts';
import { readPreferencesFile } from './preferences-file.ts';
import { commitOf, preflight } from './preflight.ts';
import { markPromoting, recordOutcome } from './record.ts';
import { type GroupResult, isGood, overallStatus, targetsOutput } from './result.ts';
import { type Promotion, rollOut } from './roll-out.ts';
import { promotionSummary } from './summary.ts';
import { readTargets, type Target } from './target.ts';

/** Puts one image into the groups of one environment: the steps, in order. Rejects when it did not get there. */
export async function promote(inputs: PromoteInputs, context: Context): Promise<void> {
  const { log, clock } = context;
  const started = clock.now();
  const application = inputs.application ?? context.run.repository;

  const wanted = readPreferences(context, inputs);
  const targets = await log.group('Groups', () => readGroups(context, inputs));
  const { image, present } = await log.group('Image', () =>
    chooseImage(context, inputs, application, targets),
  );
  const plans = await log.group('Preflight', () =>
    makePlans(context, inputs, application, { image, present, targets, wanted }),
  );
  if (inputs.dryRun) return reportPlan(context, inputs, image, plans, started);

  const results = await log.group(`Promote ${image.id} to ${inputs.environment}`, () =>
    rollOutAll(context, inputs, application, image, plans, started),
  );
  await recordOutcome(
    context,
    { image, environment: inputs.environment, left: plans.map(presentImageId), byHand: inputs.rollback },
    results,
  );
  reportResults(context, inputs, image, results, started);
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
  const targets = await readTargets(aws, [...new Set(inputs.autoScalingGroups)]);
  for (const { name, group, running } of targets) {
    const runs = running
      ? `${running.launchTemplateName} version ${running.number} (${running.data.ImageId})`
      : 'no launch template';
    log.info(`${name}: ${group.Instances?.length ?? 0} instances, desired ${group.DesiredCapacity}, ${runs}`);
  }
  return targets;
}

async function chooseImage(
  context: Context,
  inputs: PromoteInputs,
  application: string,
  targets: readonly Target[],
) {
  const { aws, log, run } = context;
  const presentIds = targets.flatMap(({ running }) => running?.data.ImageId ?? []);
  const facts = { application, environment: inputs.environment, region: aws.region, presentIds };
  const choice = choiceOf(inputs, run.commit);
  const { candidates, present } = await findImages(aws, choice, facts);
  const chosen = pickImage(choice, candidates, facts);
  if ('problem' in chosen) throw new ConfigurationError([chosen.problem]);
  log.info(`${describeImage(chosen.image)}, made ${new Date(chosen.image.created).toISOString()}`);
  for (const note of chosen.notes) log.warning(note);
  return { image: chosen.image, present };
}

/** Everything that could stand in the way, found before the first write and reported together. */
async function makePlans(
  context: Context,
  inputs: PromoteInputs,
  application: string,
  facts: {
    image: Image;
    present: readonly Image[];
    targets: readonly Target[];
    wanted: Readonly<RefreshPreferences>;
  },
): Promise<Plan[]> {
  const { aws, log } = context;
  const { image, present, targets, wanted } = facts;
  const comparisons = await compareCommits(context, image, present, targets);
  const alarms = await readAlarms(aws, wanted.AlarmSpecification?.Alarms ?? []);
  const { problems, warnings } = preflight({
    inputs,
    image,
    targets,
    present,
    comparisons,
    wanted,
    alarms,
  });
  const plans: Plan[] = [];
  for (const target of targets) {
    const { running } = target;
    if (!running) continue;
    const action = actionFor(target, running, image, await findVersion(aws, running, image.id, application));
    if ('problem' in action) problems.push(action.problem);
    else
      plans.push({
        target,
        running,
        image,
        action,
        preferences: preferencesFor(wanted, target.group, target.targetGroups),
      });
  }
  for (const warning of warnings) log.warning(warning);
  if (problems.length > 0) throw new ConfigurationError(problems);
  for (const plan of plans) log.info(describePlan(plan));
  return plans;
}

/** How the image's commit stands to what each group runs. No answer from GitHub is a warning, not an obstacle. */
async function compareCommits(
  { github, log }: Context,
  image: Image,
  present: readonly Image[],
  targets: readonly Target[],
) {
  const comparisons = new Map<string, Comparison>();
  const head = commitOf(image);
  for (const { name, running } of targets) {
    const base = commitOf(present.find((candidate) => candidate.id === running?.data.ImageId));
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

function describePlan({ target, running, image, action, preferences }: Plan): string {
  switch (action.kind) {
    case 'nothing':
      return `${target.name}: runs ${image.id} already, in every instance.`;
    case 'adopt':
      return `${target.name}: the instance refresh ${action.refreshId} to version ${action.version} is under way and will be watched.`;
    case 'refresh': {
      const version =
        action.version === undefined
          ? `a new version made from version ${running.number}, with only the image changed`
          : `version ${action.version}`;
      return `${target.name}: ${running.data.ImageId} → ${image.id}, by ${version} of ${running.launchTemplateName}; ${describePreferences(preferences)}`;
    }
  }
}

const presentImageId = (plan: Plan) => plan.running.data.ImageId ?? '';

async function rollOutAll(
  context: Context,
  inputs: PromoteInputs,
  application: string,
  image: Image,
  plans: readonly Plan[],
  started: number,
): Promise<GroupResult[]> {
  const cleanUp: PromotionCleanUp = {
    mode: 'promote',
    region: context.aws.region,
    onCancel: inputs.onCancel,
    environment: inputs.environment,
    imageId: image.id,
    refreshes: [],
  };
  const promotion: Promotion = {
    inputs,
    application,
    deadline: started + inputs.timeoutMinutes * 60_000,
    cleanUp,
  };
  if (plans.some((plan) => plan.action.kind !== 'nothing'))
    await markPromoting(context, image, inputs.environment);
  return await Promise.all(plans.map((plan) => rollOut(context, promotion, plan)));
}

function reportPlan(
  context: Context,
  inputs: PromoteInputs,
  image: Image,
  plans: readonly Plan[],
  started: number,
): void {
  const results = plans.map(
    (plan): GroupResult => ({
      group: plan.target.name,
      status: 'planned',
      launchTemplateId: plan.running.launchTemplateId,
      ...(plan.action.kind === 'nothing' || plan.action.version === undefined
        ? {}
        : { version: plan.action.version }),
      previousVersion: plan.running.number,
      previousImageId: presentImageId(plan),
      instances: 0,
      reason: describePlan(plan),
      imageAtFault: false,
    }),
  );
  reportResults(context, inputs, image, results, started);
}

/** Outputs and summary, and the error that makes the step fail when a group did not get the image. */
function reportResults(
  { report, clock, log }: Context,
  inputs: PromoteInputs,
  image: Image,
  results: readonly GroupResult[],
  started: number,
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
  report.write(promotionSummary({ status, environment: inputs.environment, image, results, seconds }));
  const failed = results.filter((result) => !isGood(result));
  if (failed.length > 0) {
    throw new DeploymentError(
      `${image.id} did not get into ${inputs.environment} (${status}). ${failed.map((result) => `${result.group}: ${result.reason}`).join(' ')}`,
    );
  }
  for (const result of results.filter(({ status }) => status === 'not-verified'))
    log.warning(`${result.group}: ${result.reason}`);
}
