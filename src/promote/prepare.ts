import { resolve } from 'node:path';
import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { Context } from '../context.ts';
import { ConfigurationError } from '../errors.ts';
import { describeImage, type Image } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { readAlarms } from './alarms.ts';
import { type Change, compareCommits } from './changes.ts';
import { choiceOf, pickImages } from './choose-image.ts';
import { imagesOf } from './configuration.ts';
import { timeReport } from './estimate.ts';
import { findCandidates, imagesWithIds } from './find-images.ts';
import { followerProblems } from './followers.ts';
import { describePlan, makePlan } from './make-plan.ts';
import type { Plan } from './plan.ts';
import { preferenceProblems, wantedPreferences } from './preferences.ts';
import { readPreferencesFile } from './preferences-file.ts';
import { describeRunning, preflight, presentImage } from './preflight.ts';
import { readTargets, type Target } from './target.ts';
import { lookBefore } from './verify.ts';

/** What does not change during a promotion. */
export interface Job {
  inputs: PromoteInputs;
  application: string;
  /** Milliseconds since 1970. */
  started: number;
  wanted: Readonly<RefreshPreferences>;
}

/** What is found before the first write, and again after every wait. */
export interface Prepared {
  /** One for each architecture; `image` is the first of them. */
  images: readonly Image[];
  image: Image;
  plans: readonly Plan[];
  /** What the image's commit changes, by the commit that runs now. */
  changes: ReadonlyMap<string, Change>;
}

export const deadlineOf = ({ started, inputs }: Job) => started + inputs.timeoutMinutes * 60_000;

/** Inputs and preferences file are checked before anything is asked of AWS. */
export function jobOf(context: Context, inputs: PromoteInputs): Job {
  return {
    inputs,
    application: inputs.application ?? context.run.repository,
    started: context.clock.now(),
    wanted: readPreferences(context, inputs),
  };
}

export const namesGroups = ({ autoScalingGroups, autoScalingGroupTags }: PromoteInputs) =>
  autoScalingGroups !== undefined || autoScalingGroupTags !== undefined;

/** Groups, images, and what is to be done with each group. Rejects with all problems at once; nothing is written. */
export async function prepare(context: Context, job: Job): Promise<Prepared> {
  const { log } = context;
  const targets = await log.group('Groups', () => readGroups(context, job.inputs));
  const present = await presentImages(context, targets);
  const images = await log.group('Image', () => chooseImages(context, job, targets, present));
  const [image] = images;
  if (!image) throw new Error('No image was chosen.');
  const { plans, changes } = await log.group('Preflight', () =>
    makePlans(context, job, { images, present, targets }),
  );
  return { images, image, plans, changes };
}

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
): Promise<{ plans: Plan[]; changes: ReadonlyMap<string, Change> }> {
  const { aws, log } = context;
  const { images, present, targets } = facts;
  const runs = targets.flatMap(({ running }) => (running ? presentImage(running, present) : []));
  const changes = await compareCommits(context, images[0], runs);
  const alarms = await readAlarms(aws, wanted.AlarmSpecification?.Alarms ?? []);
  const { problems, warnings } = preflight({ ...facts, inputs, wanted, changes, alarms });
  const plans: Plan[] = [];
  for (const target of targets) {
    const plan = await makePlan(aws, target, { inputs, application, images, present, wanted });
    if (!plan) continue;
    plans.push(plan);
    if (plan.action.kind !== 'nothing') {
      warnings.push(...(await lookBefore(aws, target.group, knownImages(plan))));
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
  return { plans, changes };
}

/** What the group is set to launch, and what it is to get. */
const knownImages = ({ running, versions }: Plan) => [
  ...imagesOf(running).flatMap(({ imageId }) => imageId ?? []),
  ...versions.map(({ imageId }) => imageId),
];
