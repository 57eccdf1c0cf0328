import { isTurning, meaningOf, type Sight } from './progress.ts';
import type { GroupStatus } from './result.ts';
import { describeTroubles, type Troubles } from './troubles.ts';

/**
 * The course of one group from the started refresh to its end, as a pure state machine: `advance` takes what was
 * seen or done, and says what to do next. It waits for nothing and calls nobody; times are milliseconds since 1970.
 */
export type Course =
  /** The refresh runs. */
  | { phase: 'refreshing'; lastAnswer: number }
  /** We asked for it to be rolled back or cancelled. */
  | { phase: 'stopping'; cause: Cause; until: number; lastAnswer: number; asked: boolean }
  /** AWS calls it successful; what counts is what really runs behind the load balancer. */
  | { phase: 'verifying'; until: number }
  /** A refresh of ours brings the former configuration back. */
  | { phase: 'going-back'; cause: Cause; until: number; lastAnswer: number; asked: boolean }
  | { phase: 'ended'; end: End };

/** Why a group must not keep the image. */
export interface Cause {
  text: string;
  /** The image's own health was the cause. */
  imageAtFault: boolean;
  /** Only too late: an image that arrives after all may stay. */
  late?: true;
}

export interface End {
  status: GroupStatus;
  reason: string;
  imageAtFault: boolean;
  /** Instances in service that were verified to run the image. */
  instances: number;
}

export type Event =
  | { kind: 'looked'; at: number; sight: Sight; troubles: Troubles }
  /** A look, or another call, got no answer. */
  | { kind: 'silence'; at: number; text: string }
  /** A call was refused; or (`gone`) the group or the refresh is not there any more. */
  | { kind: 'lost'; at: number; text: string; gone?: boolean }
  | { kind: 'stopped'; at: number; stopped: 'rolling-back' | 'cancelling' | 'left' | 'nothing-to-do' }
  | { kind: 'verified'; at: number; instances: number; notes: readonly string[] }
  /** There is no instance that could be verified. */
  | { kind: 'empty'; at: number; text: string }
  | { kind: 'wrong'; at: number; text: string; imageAtFault: boolean }
  /** Our refresh to the former configuration has begun. */
  | { kind: 'turned'; at: number }
  /** Another group failed, and all are to go back. */
  | { kind: 'recalled'; at: number; text: string };

export type Step = 'look' | 'stop' | 'verify' | 'go-back' | 'end';

export interface Rules {
  /** Until when the refresh may run. */
  deadline: number;
  timeoutMinutes: number;
  onTimeout: 'rollback' | 'cancel' | 'leave';
  /** New instances that may fail, or launches, before the refresh is taken back. */
  maxFailedInstances: number;
  /** The refresh was started by somebody else: it is watched and never undone. */
  adopted: boolean;
  /** AWS can roll this refresh back. Otherwise the former configuration is brought back by another refresh. */
  reversible: boolean;
  /** A refresh that failed and was not rolled back by AWS is taken back by another one. */
  autoRollback: boolean;
  /** How long the targets may take to become healthy after the refresh. */
  verifyMs: number;
  /** A last checkpoint below 100 %: old instances are meant to stay. */
  partial: boolean;
}

/** How long a rollback, or the way back, is watched. */
const BACK_MS = 30 * 60_000;

/** How long AWS may be unreachable before the state counts as unknown. */
const LONGEST_SILENCE_MS = 15 * 60_000;

export const begin = (at: number): Course => ({ phase: 'refreshing', lastAnswer: at });

/** A group that had arrived already goes back because of another one. */
export const beginReturn = (at: number, text: string): { course: Course; step: Step } =>
  goBack({ text, imageAtFault: false }, at);

/** What follows from an event: the new state, and the next step. An ended course stays ended. */
export function advance(course: Course, event: Event, rules: Rules): { course: Course; step: Step } {
  switch (course.phase) {
    case 'refreshing':
      return whileRefreshing(course, event, rules);
    case 'stopping':
      return whileStopping(course, event, rules);
    case 'verifying':
      return whileVerifying(course, event, rules);
    case 'going-back':
      return whileGoingBack(course, event);
    case 'ended':
      return { course, step: 'end' };
  }
}

type Next = { course: Course; step: Step };

const end = (
  status: GroupStatus,
  reason: string,
  { imageAtFault = false, instances = 0 }: Partial<End> = {},
): Next => ({
  course: { phase: 'ended', end: { status, reason: reason.trim(), imageAtFault, instances } },
  step: 'end',
});

const stop = (cause: Cause, at: number): Next => ({
  course: { phase: 'stopping', cause, until: at + BACK_MS, lastAnswer: at, asked: false },
  step: 'stop',
});

/** Only when the time is over the user has a choice: everything else has to go back. */
export const howToStop = ({ late }: Cause, { onTimeout }: Rules) => (late ? onTimeout : 'rollback');

const goBack = (cause: Cause, at: number): Next => ({
  course: { phase: 'going-back', cause, until: at + BACK_MS, lastAnswer: at, asked: false },
  step: 'go-back',
});

function whileRefreshing(course: Extract<Course, { phase: 'refreshing' }>, event: Event, rules: Rules): Next {
  switch (event.kind) {
    case 'looked':
      return afterLook(event, rules);
    case 'silence':
      return afterSilence(course, event);
    case 'recalled':
      if (rules.adopted)
        return end('unknown', `${event.text} The instance refresh was started by somebody else and goes on.`);
      return stop({ text: event.text, imageAtFault: false }, event.at);
    default:
      return unexpected(event);
  }
}

function afterLook(event: Extract<Event, { kind: 'looked' }>, rules: Rules): Next {
  const { sight, troubles, at } = event;
  const details = [sight.rollbackReason ?? sight.reason, describeTroubles(troubles)]
    .filter(Boolean)
    .join(' ');
  const imageAtFault = isImageAtFault(troubles);
  switch (meaningOf(sight.status)) {
    case 'successful':
      return { course: { phase: 'verifying', until: at + rules.verifyMs }, step: 'verify' };
    case 'rolled-back':
      return end('rolled-back', `AWS rolled the group back. ${details}`, { imageAtFault });
    case 'rollback-failed':
      return end(
        'failed',
        `The rollback failed as well: the group has instances of both images. ${details}`,
        {
          imageAtFault,
        },
      );
    case 'failed': {
      const text = `The instance refresh failed. ${details}`;
      if (rules.autoRollback && !rules.adopted) return goBack({ text, imageAtFault }, at);
      return end('failed', `${text} It was not rolled back: the group has instances of both images.`, {
        imageAtFault,
      });
    }
    case 'cancelled':
      return end(
        'cancelled',
        `The instance refresh was cancelled by somebody: the group may have instances of both images. ${details}`,
      );
    case 'active':
      return whileActive(event, rules);
  }
}

function whileActive({ sight, troubles, at }: Extract<Event, { kind: 'looked' }>, rules: Rules): Next {
  const look: Next = { course: { phase: 'refreshing', lastAnswer: at }, step: 'look' };
  // It is on its way back already, by AWS or by somebody.
  if (isTurning(sight.status)) return at >= rules.deadline + BACK_MS ? tooLong(sight) : look;
  if (!rules.adopted && failures(troubles) >= rules.maxFailedInstances) {
    const text = `${failures(troubles)} new instances or launches failed (max-failed-instances: ${rules.maxFailedInstances}). ${describeTroubles(troubles)}`;
    return stop({ text, imageAtFault: isImageAtFault(troubles) }, at);
  }
  if (!rules.adopted && troubles.sick.length > 0) {
    const text = `The load balancer finds new instances unhealthy beyond their warm-up and unhealthy-grace: ${troubles.sick.join(', ')}.`;
    return stop({ text, imageAtFault: true }, at);
  }
  if (at < rules.deadline) return look;
  const text = `The instance refresh did not finish within timeout-minutes (${rules.timeoutMinutes}); it was at ${sight.percentage ?? 0} %.`;
  if (rules.adopted) return end('unknown', `${text} It was started by somebody else and goes on.`);
  if (rules.onTimeout === 'leave') return end('unknown', `${text} It goes on (on-timeout: leave).`);
  return stop({ text: `${text} ${describeTroubles(troubles)}`.trim(), imageAtFault: false, late: true }, at);
}

const tooLong = (sight: Sight) =>
  end('unknown', `The instance refresh is still ${sight.status}: look at it in the console.`);

const failures = ({ unhealthy, failedLaunches }: Troubles) => unhealthy.length + failedLaunches;

/** A launch that failed has its cause outside of the image: capacity, quota, permissions. */
const isImageAtFault = ({ unhealthy, failedLaunches }: Troubles) =>
  unhealthy.length > 0 || failedLaunches === 0;

function whileStopping(course: Extract<Course, { phase: 'stopping' }>, event: Event, rules: Rules): Next {
  const { cause } = course;
  switch (event.kind) {
    case 'stopped':
      if (event.stopped === 'left') return end('unknown', `${cause.text} The instance refresh goes on.`);
      return { course: { ...course, lastAnswer: event.at, asked: true }, step: 'look' };
    case 'looked':
      return stoppingLook(course, event, rules);
    case 'silence':
      return afterSilence(course, event);
    case 'recalled':
      return { course, step: course.asked ? 'look' : 'stop' };
    default:
      return unexpected(event, cause);
  }
}

function stoppingLook(
  course: Extract<Course, { phase: 'stopping' }>,
  { sight, at }: Extract<Event, { kind: 'looked' }>,
  rules: Rules,
): Next {
  const { cause } = course;
  switch (meaningOf(sight.status)) {
    case 'successful':
      // It was over before the request arrived.
      if (cause.late) return { course: { phase: 'verifying', until: at + rules.verifyMs }, step: 'verify' };
      return goBack(cause, at);
    case 'rolled-back':
      return end('rolled-back', `${cause.text} The group was rolled back.`, cause);
    case 'cancelled':
      if (sight.percentage === undefined)
        return end('cancelled', `${cause.text} The instance refresh was cancelled before it began.`, cause);
      if (!rules.reversible && howToStop(cause, rules) === 'rollback') return goBack(cause, at);
      return end(
        'cancelled',
        `${cause.text} The instance refresh was cancelled: the group may have instances of both images.`,
        cause,
      );
    case 'failed':
    case 'rollback-failed':
      return end(
        'failed',
        `${cause.text} Rolling back failed as well (${sight.status}): the group has instances of both images. ${sight.reason}`,
        cause,
      );
    case 'active':
      if (at < course.until) return { course: { ...course, lastAnswer: at }, step: 'look' };
      return end('unknown', `${cause.text} Stopping it is still under way (${sight.status}).`, cause);
  }
}

function whileVerifying(course: Extract<Course, { phase: 'verifying' }>, event: Event, rules: Rules): Next {
  switch (event.kind) {
    case 'verified': {
      const { instances, notes } = event;
      return end(rules.partial ? 'partial' : 'promoted', notes.join(' '), { instances });
    }
    case 'empty':
      return end('not-verified', event.text);
    case 'wrong': {
      if (event.at < course.until) return { course, step: 'verify' };
      const text = `The refresh succeeded, but ${event.text}.`;
      if (rules.adopted)
        return end('failed', `${text} The refresh was started by somebody else and is not undone.`);
      return goBack({ text, imageAtFault: event.imageAtFault }, event.at);
    }
    case 'silence':
      if (event.at < course.until + LONGEST_SILENCE_MS) return { course, step: 'verify' };
      return end('unknown', `The refresh succeeded, but could not be verified: ${event.text}`);
    case 'recalled':
      return goBack({ text: event.text, imageAtFault: false }, event.at);
    default:
      return unexpected(event);
  }
}

function whileGoingBack(course: Extract<Course, { phase: 'going-back' }>, event: Event): Next {
  const { cause } = course;
  switch (event.kind) {
    case 'turned':
      return { course: { ...course, lastAnswer: event.at, asked: true }, step: 'look' };
    case 'recalled':
      return { course, step: course.asked ? 'look' : 'go-back' };
    case 'looked': {
      const { sight, at } = event;
      const meaning = meaningOf(sight.status);
      if (meaning === 'successful')
        return end(
          'rolled-back',
          `${cause.text} The group was brought back to its former configuration.`,
          cause,
        );
      if (meaning !== 'active')
        return end(
          'failed',
          `${cause.text} Going back did not succeed either (${sight.status}): ${sight.reason || 'the group may have instances of both images.'}`,
          cause,
        );
      if (at < course.until) return { course: { ...course, lastAnswer: at }, step: 'look' };
      return end('unknown', `${cause.text} Going back is still under way (${sight.status}).`, cause);
    }
    case 'silence':
      return afterSilence(course, event);
    default:
      return unexpected(event, cause);
  }
}

/** Single looks may fail; after a long silence nobody knows the state any more. */
function afterSilence(
  course: Extract<Course, { lastAnswer: number }>,
  event: Extract<Event, { kind: 'silence' }>,
): Next {
  if (event.at - course.lastAnswer <= LONGEST_SILENCE_MS) {
    if (course.phase === 'refreshing' || course.asked) return { course, step: 'look' };
    return { course, step: course.phase === 'stopping' ? 'stop' : 'go-back' };
  }
  const cause = 'cause' in course ? `${course.cause.text} ` : '';
  return end(
    'unknown',
    `${cause}AWS could not be asked about the instance refresh for 15 minutes: its state is unknown. ${event.text}`,
  );
}

/** The group or the refresh is gone, or a call was refused: nothing more can be done from here. */
function unexpected(event: Event, cause?: Cause): Next {
  const text = 'text' in event ? event.text : `${event.kind} was not expected.`;
  const isGone = event.kind === 'lost' && event.gone === true;
  return end(isGone ? 'failed' : 'unknown', [cause?.text, text].filter(Boolean).join(' '), cause ?? {});
}
