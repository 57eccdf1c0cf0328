import type { DesiredConfiguration } from '@aws-sdk/client-auto-scaling';
import { explained, isTransient } from '../aws/errors.ts';
import type { Context, PromotionCleanUp } from '../context.ts';
import { InterruptedError, messageOf } from '../errors.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { choosesByAttributes, configurationWith, imageOf } from './configuration.ts';
import {
  advance,
  begin,
  beginReturn,
  type Course,
  type End,
  type Event,
  howToStop,
  type Rules,
  type Step,
} from './course.ts';
import { isPartial } from './estimate.ts';
import type { Fleet } from './fleet.ts';
import { createVersion } from './launch-template.ts';
import { desiredOf, type Plan, type VersionPlan } from './plan.ts';
import { describeRunning } from './preflight.ts';
import type { Sight } from './progress.ts';
import {
  type Desired,
  type OwnRefresh,
  RefreshGone,
  setConfiguration,
  startRefresh,
  stopRefresh,
} from './refresh.ts';
import type { GroupResult } from './result.ts';
import { stageOf, Timeline } from './timeline.ts';
import { type Expected, verify } from './verify.ts';
import { RefreshWatch } from './watch.ts';

/** What all groups of a promotion share. */
export interface Promotion {
  inputs: PromoteInputs;
  application: string;
  /** Until when a refresh may run, in milliseconds since 1970. */
  deadline: number;
  cleanUp: PromotionCleanUp;
  fleet: Fleet;
}

/** Brings the image into one group. Never rejects: whatever happens becomes the group's result. */
export async function rollOut(context: Context, promotion: Promotion, plan: Plan): Promise<GroupResult> {
  const result: GroupResult = {
    group: plan.target.name,
    status: 'already-there',
    launchTemplateId: plan.running.base.launchTemplateId,
    version: plan.running.base.number,
    previousVersion: plan.running.base.number,
    previousImageId: imageOf(plan.running.base) ?? '',
    instances: plan.target.group.Instances?.length ?? 0,
    reason: '',
    imageAtFault: false,
    stages: [],
  };
  if (plan.action.kind === 'nothing') return result;
  return await guarded(context, promotion, result, async () => {
    const rolling = await start(context, promotion, plan, result);
    if (!rolling) {
      const reason = `Not begun: ${promotion.fleet.recall}`;
      return { ...result, status: 'cancelled', reason };
    }
    const end = await follow(context, promotion, rolling, {
      course: begin(context.clock.now()),
      step: 'look',
    });
    return concluded(context, promotion, rolling, end);
  });
}

/** Takes the image out of a group again that had arrived, because another one failed. Never rejects. */
export async function takeBack(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  arrived: GroupResult,
  text: string,
): Promise<GroupResult> {
  return await guarded(context, promotion, arrived, async () => {
    const rolling = rollingOf(context, promotion, plan, arrived, presentConfiguration(plan));
    const end = await follow(context, promotion, rolling, beginReturn(context.clock.now(), text));
    return concluded(context, promotion, rolling, end);
  });
}

/** One group while it is rolled out. */
interface Rolling {
  plan: Plan;
  result: GroupResult;
  desired: Desired;
  expected: Expected;
  adopted: boolean;
  refreshId: string;
  watch: RefreshWatch;
  sight?: Sight;
  timeline: Timeline;
  /** When a failed or unsatisfying call may be made again, in milliseconds since 1970. */
  notBefore: number;
  /** It knows that all groups go back. */
  isRecalled: boolean;
}

/** Makes the versions and starts the refresh. `undefined`: another group failed before anything was started here. */
async function start(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  result: GroupResult,
): Promise<Rolling | undefined> {
  const { aws, log } = context;
  if (promotion.fleet.recall !== undefined) return undefined;
  const versions = await makeVersions(context, promotion, plan);
  const configuration = desiredOf({ ...plan, versions });
  if (!configuration) throw new Error(`${result.group}: a launch template version is missing.`);
  const rolling = rollingOf(context, promotion, plan, result, configuration);
  const [base] = versions;
  result.version = base?.number ?? plan.running.base.number;
  log.info(
    `${result.group}: ${describeRunning(plan.running.base)} → version ${result.version} (${base?.imageId})`,
  );
  if (promotion.fleet.recall !== undefined) return undefined;
  const started =
    plan.action.kind === 'adopt'
      ? { refreshId: plan.action.refreshId, adopted: true }
      : await startOurs(context, promotion, rolling.desired, plan);
  watchNow(context, promotion, rolling, started.refreshId);
  rolling.adopted = started.adopted;
  result.refreshId = started.refreshId;
  log.info(
    `${result.group}: instance refresh ${started.refreshId}${started.adopted ? ' was under way already and is watched' : ' started'}. ${consoleUrl(aws.region, result.group)}`,
  );
  return rolling;
}

function rollingOf(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  result: GroupResult,
  configuration: DesiredConfiguration,
): Rolling {
  const { preferences } = plan;
  const { verifyUrl } = promotion.inputs;
  const rolling: Rolling = {
    plan,
    result,
    desired: {
      group: result.group,
      configuration,
      ...(choosesByAttributes(plan.running) ? { before: presentConfiguration(plan) } : {}),
    },
    expected: {
      group: result.group,
      configuration,
      imageIds: [...new Set(plan.versions.map(({ imageId }) => imageId))],
      partial: isPartial(preferences),
      ignoresProtected: preferences.ScaleInProtectedInstances === 'Ignore',
      ...(verifyUrl === undefined ? {} : { url: verifyUrl }),
    },
    adopted: false,
    refreshId: result.refreshId ?? '',
    watch: watchOf(context, promotion, plan, result.refreshId ?? ''),
    timeline: new Timeline(),
    notBefore: 0,
    isRecalled: false,
  };
  rolling.timeline.stages.push(...result.stages);
  return rolling;
}

function watchOf(context: Context, { inputs }: Promotion, { target }: Plan, refreshId: string): RefreshWatch {
  return new RefreshWatch(context, {
    group: target.name,
    refreshId,
    targetGroupArns: target.group.TargetGroupARNs ?? [],
    drainSeconds: target.drainSeconds,
    unhealthyGrace: inputs.unhealthyGrace,
  });
}

function watchNow(context: Context, promotion: Promotion, rolling: Rolling, refreshId: string): void {
  rolling.refreshId = refreshId;
  rolling.watch = watchOf(context, promotion, rolling.plan, refreshId);
}

/** What the group ran before, with numbers. */
const presentConfiguration = ({ running }: Plan) =>
  configurationWith(
    running,
    (version) => version.number,
    (imageId) => imageId,
  );

/** Every version of the plan with its number; those that do not exist yet are made, one after the other. */
async function makeVersions(
  { aws }: Context,
  { application }: Promotion,
  { versions }: Plan,
): Promise<VersionPlan[]> {
  const made: VersionPlan[] = [];
  for (const version of versions)
    made.push({ ...version, number: version.number ?? (await createVersion(aws, version, application)) });
  return made;
}

/** The intent is saved before the call, the id after it: a killed step leaves enough behind to stop what it started. */
async function startOurs(context: Context, promotion: Promotion, desired: Desired, plan: Plan) {
  const ours = { ...desired, since: context.clock.now() };
  remember(context, promotion, ours);
  if (desired.before) await setConfiguration(context.aws, desired.group, desired.configuration);
  const started = await startRefresh(context.aws, desired, plan.preferences);
  if (started.adopted) forget(context, promotion, desired.group);
  else remember(context, promotion, { ...ours, refreshId: started.refreshId });
  return started;
}

function remember(context: Context, { cleanUp }: Promotion, ours: OwnRefresh): void {
  cleanUp.refreshes = [...cleanUp.refreshes.filter(({ group }) => group !== ours.group), ours];
  context.saveCleanUp(cleanUp);
}

function forget(context: Context, { cleanUp }: Promotion, group: string): void {
  if (!cleanUp.refreshes.some((ours) => ours.group === group)) return;
  cleanUp.refreshes = cleanUp.refreshes.filter((ours) => ours.group !== group);
  context.saveCleanUp(cleanUp.refreshes.length === 0 ? undefined : cleanUp);
}

/** Takes the steps that the course asks for until it has come to its end. */
async function follow(
  context: Context,
  promotion: Promotion,
  rolling: Rolling,
  first: { course: Course; step: Step },
): Promise<End> {
  const { clock } = context;
  const rules = rulesOf(promotion, rolling);
  let { course, step } = first;
  while (course.phase !== 'ended') {
    rolling.timeline.mark(stageOf(course, rolling.sight), clock.now());
    const event = await take(context, promotion, rolling, course, step);
    if (event.kind === 'looked') rolling.sight = event.sight;
    if (course.phase === 'refreshing') rolling.timeline.mark(stageOf(course, rolling.sight), event.at);
    const next = advance(course, event, rules);
    announce(context, rolling, course, next.course);
    ({ course, step } = next);
  }
  rolling.timeline.end(clock.now());
  return course.end;
}

function rulesOf({ inputs, deadline }: Promotion, { adopted, plan, expected }: Rolling): Rules {
  return {
    deadline,
    timeoutMinutes: inputs.timeoutMinutes,
    onTimeout: inputs.onTimeout,
    maxFailedInstances: inputs.maxFailedInstances,
    adopted,
    reversible: !choosesByAttributes(plan.running),
    autoRollback: inputs.autoRollback ?? true,
    verifyMs: inputs.verifyTimeout * 1000,
    partial: expected.partial,
  };
}

/** Takes one step and says what came of it. Rejects only when the runner cancels. */
async function take(
  context: Context,
  promotion: Promotion,
  rolling: Rolling,
  course: Course,
  step: Step,
): Promise<Event> {
  const { clock, log, signal } = context;
  const { fleet } = promotion;
  const recalled = (): Event => {
    rolling.isRecalled = true;
    return { kind: 'recalled', at: clock.now(), text: fleet.recall ?? '' };
  };
  if (fleet.recall !== undefined && !rolling.isRecalled) return recalled();
  // A wait ends when another group fails; who knows that already is not interrupted again.
  const waiting = rolling.isRecalled ? signal : AbortSignal.any([signal, fleet.signal]);
  try {
    const rest = rolling.notBefore - clock.now();
    if (rest > 0) await clock.sleep(rest, waiting);
    return await work(context, promotion, rolling, { course, step, waiting });
  } catch (error) {
    signal.throwIfAborted();
    if (fleet.recall !== undefined && !rolling.isRecalled) return recalled();
    const at = clock.now();
    if (error instanceof RefreshGone) return { kind: 'lost', at, text: error.message, gone: true };
    if (!isTransient(error)) return { kind: 'lost', at, text: messageOf(explained(error)) };
    if (step !== 'look') rolling.notBefore = at + AGAIN_MS;
    log.info(`${rolling.result.group}: a call failed (${messageOf(error)}); trying again.`);
    return { kind: 'silence', at, text: messageOf(error) };
  }
}

/** Between two tries of the same step, other than a look. */
const AGAIN_MS = 10_000;

async function work(
  context: Context,
  promotion: Promotion,
  rolling: Rolling,
  { course, step, waiting }: { course: Course; step: Step; waiting: AbortSignal },
): Promise<Event> {
  const { aws, clock } = context;
  switch (step) {
    case 'look': {
      const looked = await rolling.watch.next(waiting);
      return { kind: 'looked', ...looked };
    }
    case 'stop': {
      if (course.phase !== 'stopping') throw new Error(`Nothing is to be stopped while ${course.phase}.`);
      const how = howToStop(course.cause, rulesOf(promotion, rolling));
      const ours = { ...rolling.desired, since: 0, refreshId: rolling.refreshId };
      return { kind: 'stopped', stopped: await stopRefresh(aws, ours, how), at: clock.now() };
    }
    case 'verify': {
      const verification = await verify(context, rolling.expected);
      const at = clock.now();
      if (verification.kind === 'wrong') rolling.notBefore = at + AGAIN_MS;
      return { ...verification, at };
    }
    case 'go-back':
      return await goBack(context, promotion, rolling);
    case 'end':
      throw new Error('The course has ended.');
  }
}

/** A finished refresh cannot be rolled back: another one brings the former configuration back, as fast as it may. */
async function goBack(context: Context, promotion: Promotion, rolling: Rolling): Promise<Event> {
  const { aws, clock, log } = context;
  const { plan, result } = rolling;
  // From here on a cancel must not undo the undoing.
  forget(context, promotion, result.group);
  const configuration = presentConfiguration(plan);
  const bare = choosesByAttributes(plan.running);
  if (bare) await setConfiguration(aws, result.group, configuration);
  // Red alarms must not stand in the way back, nor does it need checkpoints. AWS would "roll back" to the new image.
  const {
    AlarmSpecification: _alarms,
    CheckpointPercentages: _checkpoints,
    CheckpointDelay: _delay,
    BakeTime: _bakeTime,
    ...preferences
  } = plan.preferences;
  const { refreshId } = await startRefresh(
    aws,
    { group: result.group, configuration, ...(bare ? { before: configuration } : {}) },
    { ...preferences, AutoRollback: false },
  );
  watchNow(context, promotion, rolling, refreshId);
  log.info(`${result.group}: instance refresh ${refreshId} to version ${result.previousVersion} started.`);
  return { kind: 'turned', at: clock.now() };
}

/** What deserves more than a line among others: the turns of the course. */
function announce({ log }: Context, { result }: Rolling, before: Course, now: Course): void {
  if (before.phase === now.phase) return;
  if (now.phase === 'stopping') log.info(`${result.group}: ${now.cause.text} Stopping the refresh.`);
  if (now.phase === 'going-back') log.info(`${result.group}: ${now.cause.text} Going back.`);
  if (now.phase === 'verifying') log.info(`${result.group}: verifying what really runs.`);
}

function concluded(
  context: Context,
  promotion: Promotion,
  { result, refreshId, timeline }: Rolling,
  end: End,
): GroupResult {
  const { log } = context;
  forget(context, promotion, result.group);
  if (end.status === 'promoted' || end.status === 'partial') {
    log.info(`${result.group}: ${end.instances} instances in service run the image and are healthy.`);
    if (end.reason !== '') log.warning(`${result.group}: ${end.reason}`);
  }
  return { ...result, ...end, refreshId: result.refreshId ?? refreshId, stages: timeline.stages };
}

/** Whatever is thrown becomes the group's result. */
async function guarded(
  context: Context,
  promotion: Promotion,
  result: GroupResult,
  work: () => Promise<GroupResult>,
): Promise<GroupResult> {
  try {
    return await work();
  } catch (error) {
    if (context.signal.aborted || error instanceof InterruptedError) {
      return { ...result, status: 'cancelled', reason: `The step was cancelled. ${whatFollows(promotion)}` };
    }
    // An answer that never came does not say that nothing was started.
    const intended = promotion.cleanUp.refreshes.some(({ group }) => group === result.group);
    const mayRun = intended && isTransient(error);
    forget(context, promotion, result.group);
    const outlook = mayRun
      ? ' The instance refresh may be running: look at it in the console, then run this again.'
      : '';
    return {
      ...result,
      status: mayRun ? 'unknown' : 'failed',
      reason: `${messageOf(explained(error))}${outlook}`,
    };
  }
}

function whatFollows({ inputs }: Promotion): string {
  return inputs.onCancel === 'leave'
    ? 'The instance refresh goes on.'
    : `The post step is asked to stop the instance refresh (on-cancel: ${inputs.onCancel}).`;
}

function consoleUrl(region: string, group: string): string {
  return `https://${region}.console.aws.amazon.com/ec2/home?region=${region}#AutoScalingGroupDetails:id=${encodeURIComponent(group)};view=instanceRefresh`;
}
