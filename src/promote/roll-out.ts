import { explained, isTransient } from '../aws/errors.ts';
import type { Context, PromotionCleanUp } from '../context.ts';
import { InterruptedError, messageOf } from '../errors.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { configurationWith, imageOf } from './configuration.ts';
import { createVersion } from './launch-template.ts';
import { desiredOf, type Plan, type VersionPlan } from './plan.ts';
import { describeRunning } from './preflight.ts';
import { type Desired, type OwnRefresh, setConfiguration, startRefresh, stopRefresh } from './refresh.ts';
import type { GroupResult } from './result.ts';
import { describeTroubles } from './troubles.ts';
import { verify } from './verify.ts';
import { type TimedOut, type Watched, watchRefresh } from './watch.ts';

/** What all groups of a promotion share. */
export interface Promotion {
  inputs: PromoteInputs;
  application: string;
  /** Until when a refresh may run, in milliseconds since 1970. */
  deadline: number;
  cleanUp: PromotionCleanUp;
}

/** After the time is over, a rollback is watched for this long at most. */
const ROLLBACK_MS = 30 * 60_000;

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
  };
  if (plan.action.kind === 'nothing') return result;
  try {
    return await refreshGroup(context, promotion, plan, result);
  } catch (error) {
    if (context.signal.aborted || error instanceof InterruptedError) {
      return { ...result, status: 'cancelled', reason: `The step was cancelled. ${whatFollows(promotion)}` };
    }
    // An answer that never came does not say that nothing was started.
    const intended = promotion.cleanUp.refreshes.some(({ group }) => group === result.group);
    const mayRun = result.refreshId !== undefined || (intended && isTransient(error));
    if (intended) forget(context, promotion, result.group);
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

async function refreshGroup(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  result: GroupResult,
): Promise<GroupResult> {
  const { aws, log } = context;
  const { running, action } = plan;
  if (action.kind === 'nothing') return result;
  const versions = await makeVersions(context, promotion, plan);
  const configuration = desiredOf({ ...plan, versions });
  if (!configuration) throw new Error(`${result.group}: a launch template version is missing.`);
  const [base] = versions;
  result.version = base?.number ?? running.base.number;
  const before = presentConfiguration(plan);
  const desired: Desired = {
    group: result.group,
    configuration,
    ...(action.kind === 'update-and-refresh' ? { before } : {}),
  };
  log.info(
    `${result.group}: ${describeRunning(running.base)} → version ${result.version} (${base?.imageId})`,
  );

  const started =
    action.kind === 'adopt'
      ? { refreshId: action.refreshId, adopted: true }
      : await startOurs(context, promotion, desired, plan);
  result.refreshId = started.refreshId;
  log.info(
    `${result.group}: instance refresh ${started.refreshId}${started.adopted ? ' was under way already and is watched' : ' started'}. ${consoleUrl(aws.region, result.group)}`,
  );

  const watched = await watchRefresh(
    context,
    { group: result.group, refreshId: started.refreshId },
    promotion.deadline,
  );
  const ended =
    watched.outcome === 'timed-out'
      ? await afterTimeOut(context, promotion, desired, started, watched)
      : judged(watched);
  forget(context, promotion, result.group);
  // Where AWS could not roll back, we do.
  if (ended.status === 'failed' && desired.before && !started.adopted)
    return await undo(context, promotion, plan, { ...result, ...ended });
  if (ended.status !== 'promoted') return { ...result, ...ended };
  return await verified(context, promotion, plan, desired, { ...result, status: 'promoted' });
}

/** What the group runs now, with numbers. */
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
  cleanUp.refreshes = cleanUp.refreshes.filter((ours) => ours.group !== group);
  context.saveCleanUp(cleanUp.refreshes.length === 0 ? undefined : cleanUp);
}

type Ended = Pick<GroupResult, 'status' | 'reason' | 'imageAtFault'>;

function judged({ outcome, refresh, troubles }: Watched): Ended {
  const details = [
    refresh.RollbackDetails?.RollbackReason ?? refresh.StatusReason,
    describeTroubles(troubles),
  ]
    .filter(Boolean)
    .join(' ');
  // A launch that failed has its cause outside of the image: capacity, quota, permissions.
  const imageAtFault = troubles.unhealthy.length > 0 || troubles.launchFailures.length === 0;
  switch (outcome) {
    case 'successful':
      return { status: 'promoted', reason: '', imageAtFault: false };
    case 'rolled-back':
      return { status: 'rolled-back', reason: `AWS rolled the group back. ${details}`.trim(), imageAtFault };
    case 'failed':
      return {
        status: 'failed',
        reason:
          `The instance refresh failed and was not rolled back: the group has instances of both images. ${details}`.trim(),
        imageAtFault,
      };
    case 'rollback-failed':
      return {
        status: 'failed',
        reason: `The rollback failed as well: the group has instances of both images. ${details}`.trim(),
        imageAtFault,
      };
    case 'cancelled':
      return {
        status: 'cancelled',
        reason:
          `The instance refresh was cancelled by somebody: the group may have instances of both images. ${details}`.trim(),
        imageAtFault: false,
      };
  }
}

async function afterTimeOut(
  context: Context,
  promotion: Promotion,
  desired: Desired,
  started: { refreshId: string; adopted: boolean },
  { refresh, troubles }: TimedOut,
): Promise<Ended> {
  const { inputs } = promotion;
  const late = `The instance refresh did not finish within timeout-minutes (${inputs.timeoutMinutes}); it was at ${refresh.PercentageComplete ?? 0} %.`;
  if (started.adopted)
    return {
      status: 'unknown',
      reason: `${late} It was started by somebody else and goes on.`,
      imageAtFault: false,
    };
  const stopped = await stopRefresh(
    context.aws,
    { ...desired, since: 0, refreshId: started.refreshId },
    inputs.onTimeout,
  );
  context.log.warning(`${desired.group}: ${late} on-timeout: ${inputs.onTimeout} (${stopped}).`);
  if (stopped === 'left')
    return { status: 'unknown', reason: `${late} It goes on (on-timeout: leave).`, imageAtFault: false };
  const end = await watchRefresh(
    context,
    { group: desired.group, refreshId: started.refreshId },
    context.clock.now() + ROLLBACK_MS,
    troubles,
  );
  if (end.outcome === 'timed-out')
    return { status: 'unknown', reason: `${late} Stopping it is still under way.`, imageAtFault: false };
  // That AWS stopped it "due to user request" was our request: what matters is why it had not finished.
  const { status, reason } = judged(end);
  const after =
    status === 'rolled-back' ? `The group was rolled back. ${describeTroubles(troubles)}` : reason;
  return { status, reason: `${late} ${after}`.trim(), imageAtFault: false };
}

/** AWS calls a refresh successful by the group's own health checks; what counts is what really runs behind the load balancer. */
async function verified(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  desired: Desired,
  result: GroupResult,
): Promise<GroupResult> {
  const { log } = context;
  const imageIds = [...new Set(plan.versions.map(({ imageId }) => imageId))];
  const expected = { ...desired, imageIds };
  const verification = await verify(context, expected, promotion.inputs.verifyTimeout);
  switch (verification.kind) {
    case 'verified':
      for (const note of verification.notes) log.warning(`${result.group}: ${note}`);
      log.info(
        `${result.group}: all ${verification.instances} instances in service run ${imageIds.join(' or ')} and are healthy.`,
      );
      return { ...result, instances: verification.instances, reason: verification.notes.join(' ') };
    case 'empty':
      return {
        ...result,
        status: 'not-verified',
        instances: 0,
        reason: 'The group is empty: the image will be used by its next instance, and was not tried.',
      };
    case 'wrong':
      log.error(`${result.group}: the refresh succeeded, but ${verification.reason}. Rolling back.`);
      return await undo(context, promotion, plan, {
        ...result,
        reason: `The refresh succeeded, but ${verification.reason}.`,
        imageAtFault: true,
      });
  }
}

/** A finished refresh cannot be rolled back: a new one brings the previous version back. */
async function undo(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  result: GroupResult,
): Promise<GroupResult> {
  const configuration = presentConfiguration(plan);
  const bare = plan.action.kind === 'update-and-refresh';
  const desired: Desired = { group: result.group, configuration, ...(bare ? { before: configuration } : {}) };
  if (bare) await setConfiguration(context.aws, result.group, configuration);
  // Red alarms must not stand in the way back.
  const { AlarmSpecification: _none, ...preferences } = plan.preferences;
  const { refreshId } = await startRefresh(context.aws, desired, preferences);
  const back = await watchRefresh(
    context,
    { group: result.group, refreshId },
    Math.max(promotion.deadline, context.clock.now() + ROLLBACK_MS),
  );
  if (back.outcome === 'successful')
    return {
      ...result,
      status: 'rolled-back',
      reason: `${result.reason} The group was brought back to version ${result.previousVersion}.`,
    };
  return {
    ...result,
    status: 'failed',
    reason: `${result.reason} Going back to version ${result.previousVersion} did not succeed either (${refreshId}, ${back.outcome}).`,
  };
}

function consoleUrl(region: string, group: string): string {
  return `https://${region}.console.aws.amazon.com/ec2/home?region=${region}#AutoScalingGroupDetails:id=${encodeURIComponent(group)};view=instanceRefresh`;
}
