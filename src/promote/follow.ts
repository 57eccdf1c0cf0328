import { explained, isTransient } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import { choosesByAttributes } from './configuration.ts';
import { advance, type Course, type End, type Event, howToStop, type Rules, type Step } from './course.ts';
import { RefreshGone, setConfiguration, startRefresh, stopRefresh } from './refresh.ts';
import { forget, type Promotion, presentConfiguration, type Rolling, watchNow } from './rolling.ts';
import { stageOf } from './timeline.ts';
import { verify } from './verify.ts';

/** Takes the steps that the course asks for until it has come to its end. */
export async function follow(
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

function rulesOf(promotion: Promotion, { adopted, plan, expected }: Rolling): Rules {
  const { inputs, deadline } = promotion;
  return {
    deadline,
    timeoutMinutes: inputs.timeoutMinutes,
    onTimeout: inputs.onTimeout,
    maxFailedInstances: inputs.maxFailedInstances,
    adopted,
    reversible: !choosesByAttributes(plan.running),
    autoRollback: promotion.autoRollback,
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
  signal.throwIfAborted();
  const recalled = (): Event => {
    rolling.isRecalled = true;
    return { kind: 'recalled', at: clock.now(), text: fleet.recall ?? '' };
  };
  if (fleet.recall !== undefined && !rolling.isRecalled) return recalled();
  // A wait ends when another group fails; who knows that already is not interrupted again.
  const waiting = rolling.isRecalled ? signal : fleet.signal;
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
