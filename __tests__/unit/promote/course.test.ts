import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  advance,
  begin,
  beginReturn,
  type Course,
  type End,
  type Event,
  type Rules,
} from '../../../src/promote/course.ts';
import type { Sight } from '../../../src/promote/progress.ts';
import type { Troubles } from '../../../src/promote/troubles.ts';

const MINUTE = 60_000;

const RULES: Rules = {
  deadline: 120 * MINUTE,
  timeoutMinutes: 120,
  onTimeout: 'rollback',
  maxFailedInstances: 3,
  adopted: false,
  reversible: true,
  autoRollback: true,
  verifyMs: 10 * MINUTE,
  partial: false,
};

const HEALTHY: Troubles = { launchFailures: [], failedLaunches: 0, unhealthy: [], sick: [] };

const sight = (status: string): Sight => ({ status, percentage: 50, left: 1, reason: '' });

const looked = (status: string, at = MINUTE, troubles: Partial<Troubles> = {}): Event => ({
  kind: 'looked',
  at,
  sight: sight(status),
  troubles: { ...HEALTHY, ...troubles },
});

/** Follows a course through events; returns the steps that it asked for, and its end if it came to one. */
function follow(events: readonly Event[], rules: Partial<Rules> = {}, from: Course = begin(0)) {
  let course = from;
  const steps: string[] = [];
  for (const event of events) {
    const next = advance(course, event, { ...RULES, ...rules });
    course = next.course;
    steps.push(next.step);
  }
  return { course, steps, end: course.phase === 'ended' ? course.end : undefined };
}

const verified: Event = { kind: 'verified', at: 9 * MINUTE, instances: 2, notes: [] };
const stopped = (how: 'rolling-back' | 'cancelling' | 'left' | 'nothing-to-do'): Event => ({
  kind: 'stopped',
  at: 2 * MINUTE,
  stopped: how,
});

describe('an ordinary course', () => {
  test('is looked at until it is successful, then verified', () => {
    const { steps, end } = follow([looked('Pending'), looked('InProgress'), looked('Successful'), verified]);
    expect(steps).toEqual(['look', 'look', 'verify', 'end']);
    expect(end).toMatchObject({ status: 'promoted', instances: 2, imageAtFault: false });
  });

  test.each<[string, Partial<End>]>([
    ['RollbackSuccessful', { status: 'rolled-back' }],
    ['Failed', { status: 'failed' }],
    ['RollbackFailed', { status: 'failed' }],
    ['Cancelled', { status: 'cancelled' }],
  ])('that AWS ends as %s', (status, expected) => {
    const rules = { autoRollback: false };
    expect(follow([looked('InProgress'), looked(status)], rules).end).toMatchObject(expected);
  });

  test('a status that is not known yet is looked at again', () => {
    expect(follow([looked('Reticulating')]).steps).toEqual(['look']);
  });

  test('an empty group is not verified', () => {
    expect(
      follow([looked('Successful'), { kind: 'empty', at: MINUTE, text: 'The group is empty.' }]).end?.status,
    ).toBe('not-verified');
  });

  test('a last checkpoint below 100 % is partial', () => {
    expect(follow([looked('Successful'), verified], { partial: true }).end?.status).toBe('partial');
  });
});

describe('a bad image', () => {
  test.each<[string, Partial<Troubles>, boolean]>([
    ['three instances that failed their health checks', { unhealthy: ['i-1', 'i-2', 'i-3'] }, true],
    [
      'three launches that failed: that is not the image',
      { failedLaunches: 3, launchFailures: ['no capacity'] },
      false,
    ],
    ['both together', { unhealthy: ['i-1'], failedLaunches: 2, launchFailures: ['no capacity'] }, true],
    ['a target that is unhealthy for too long', { sick: ['i-1'] }, true],
  ])('is taken back at once: %s', (_what, troubles, imageAtFault) => {
    const { steps, end } = follow([
      looked('InProgress', MINUTE, troubles),
      stopped('rolling-back'),
      looked('RollbackInProgress'),
      looked('RollbackSuccessful'),
    ]);
    expect(steps).toEqual(['stop', 'look', 'look', 'end']);
    expect(end).toMatchObject({ status: 'rolled-back', imageAtFault });
  });

  test('two failed instances are borne', () => {
    expect(follow([looked('InProgress', MINUTE, { unhealthy: ['i-1', 'i-2'] })]).steps).toEqual(['look']);
  });

  test('found by the verification is brought back by another refresh', () => {
    const wrong: Event = {
      kind: 'wrong',
      at: 20 * MINUTE,
      text: 'a target is unhealthy',
      imageAtFault: true,
    };
    const { steps, end } = follow([
      looked('Successful'),
      { ...wrong, at: 2 * MINUTE },
      wrong,
      { kind: 'turned', at: 20 * MINUTE },
      looked('InProgress', 21 * MINUTE),
      looked('Successful', 25 * MINUTE),
    ]);
    expect(steps).toEqual(['verify', 'verify', 'go-back', 'look', 'look', 'end']);
    expect(end).toMatchObject({ status: 'rolled-back', imageAtFault: true });
  });

  test('where AWS cannot roll back, we bring the former configuration back', () => {
    const { steps, end } = follow([looked('Failed'), { kind: 'turned', at: MINUTE }, looked('Successful')], {
      reversible: false,
    });
    expect(steps).toEqual(['go-back', 'look', 'end']);
    expect(end?.status).toBe('rolled-back');
  });

  test('that was over before it could be stopped is brought back', () => {
    const { steps } = follow([
      looked('InProgress', MINUTE, { sick: ['i-1'] }),
      stopped('nothing-to-do'),
      looked('Successful'),
    ]);
    expect(steps).toEqual(['stop', 'look', 'go-back']);
  });
});

describe('when the time is over', () => {
  const late = looked('InProgress', 120 * MINUTE);

  test('it is rolled back, and the image is not called bad', () => {
    const { steps, end } = follow([
      late,
      stopped('rolling-back'),
      looked('RollbackSuccessful', 130 * MINUTE),
    ]);
    expect(steps).toEqual(['stop', 'look', 'end']);
    expect(end).toMatchObject({ status: 'rolled-back', imageAtFault: false });
    expect(end?.reason).toContain('did not finish within timeout-minutes (120)');
  });

  test('on-timeout: leave', () => {
    expect(follow([late], { onTimeout: 'leave' }).end).toMatchObject({ status: 'unknown' });
  });

  test('one that arrives after all is verified, not taken back', () => {
    const { steps } = follow([late, stopped('nothing-to-do'), looked('Successful', 121 * MINUTE), verified]);
    expect(steps).toEqual(['stop', 'look', 'verify', 'end']);
  });

  test('a rollback that takes more than half an hour is left to itself', () => {
    const { end } = follow([late, stopped('rolling-back'), looked('RollbackInProgress', 151 * MINUTE)]);
    expect(end).toMatchObject({ status: 'unknown' });
    expect(end?.reason).toContain('still under way');
  });
});

describe('silence', () => {
  const silence = (at: number): Event => ({ kind: 'silence', at, text: 'Rate exceeded' });

  test('is borne for a quarter of an hour', () => {
    const { steps, end } = follow([
      looked('InProgress', 0),
      silence(10 * MINUTE),
      looked('InProgress', 11 * MINUTE),
      silence(25 * MINUTE),
      silence(27 * MINUTE),
    ]);
    expect(steps).toEqual(['look', 'look', 'look', 'look', 'end']);
    expect(end?.status).toBe('unknown');
  });

  test('a request to stop that got no answer is made again', () => {
    const { steps } = follow([looked('InProgress', MINUTE, { sick: ['i-1'] }), silence(2 * MINUTE)]);
    expect(steps).toEqual(['stop', 'stop']);
  });
});

describe('because of another group', () => {
  const recalled: Event = { kind: 'recalled', at: 3 * MINUTE, text: 'web failed.' };

  test('a running refresh is stopped, a finished one is brought back', () => {
    expect(follow([looked('InProgress'), recalled]).steps).toEqual(['look', 'stop']);
    expect(follow([looked('Successful'), recalled]).steps).toEqual(['verify', 'go-back']);
    expect(beginReturn(0, 'web failed.').step).toBe('go-back');
  });

  test("somebody else's refresh is not undone", () => {
    expect(follow([recalled], { adopted: true }).end?.status).toBe('unknown');
  });
});

describe('by properties', () => {
  const troubles = fc.record({
    launchFailures: fc.constant<string[]>([]),
    failedLaunches: fc.nat(4),
    unhealthy: fc.array(fc.constant('i-1'), { maxLength: 4 }),
    sick: fc.array(fc.constant('i-1'), { maxLength: 1 }),
  });
  const STATUSES = [
    'Pending',
    'InProgress',
    'Baking',
    'Successful',
    'Failed',
    'Cancelling',
    'Cancelled',
    'RollbackInProgress',
    'RollbackSuccessful',
    'RollbackFailed',
    'SomethingNew',
  ];
  const bare = fc.oneof(
    fc.record({ kind: fc.constant('looked' as const), status: fc.constantFrom(...STATUSES), troubles }),
    fc.record({
      kind: fc.constantFrom('silence' as const, 'lost' as const, 'wrong' as const, 'recalled' as const),
    }),
    fc.record({
      kind: fc.constant('stopped' as const),
      stopped: fc.constantFrom(
        'rolling-back' as const,
        'cancelling' as const,
        'left' as const,
        'nothing-to-do' as const,
      ),
    }),
    fc.record({ kind: fc.constantFrom('verified' as const, 'empty' as const, 'turned' as const) }),
  );
  /** Events in the order of their times. */
  const events = fc
    .array(fc.tuple(bare, fc.nat(10 * MINUTE)), { minLength: 1, maxLength: 40 })
    .map((list) => {
      let at = 0;
      return list.map(([event, pause]): Event => {
        at += pause;
        switch (event.kind) {
          case 'looked':
            return { kind: 'looked', at, sight: sight(event.status), troubles: event.troubles };
          case 'stopped':
            return { ...event, at };
          case 'verified':
            return { kind: 'verified', at, instances: 1, notes: [] };
          case 'turned':
            return { kind: event.kind, at };
          case 'wrong':
            return { kind: 'wrong', at, text: 'because', imageAtFault: true };
          case 'empty':
          case 'silence':
          case 'lost':
          case 'recalled':
            return { kind: event.kind, at, text: 'because' };
          default:
            return event satisfies never;
        }
      });
    });
  const anyRules = fc.record({
    onTimeout: fc.constantFrom('rollback' as const, 'cancel' as const, 'leave' as const),
    adopted: fc.boolean(),
    reversible: fc.boolean(),
    autoRollback: fc.boolean(),
    partial: fc.boolean(),
    deadline: fc.nat(120 * MINUTE),
  });

  test('whatever happens, it ends once, and is promoted only right after a verification', () => {
    fc.assert(
      fc.property(events, anyRules, (sequence, rules) => {
        let course = begin(0);
        let ended: End | undefined;
        for (const event of sequence) {
          const before = course.phase;
          const next = advance(course, event, { ...RULES, ...rules });
          expect(next.step === 'end').toBe(next.course.phase === 'ended');
          if (before === 'ended') expect(next.course).toEqual(course);
          if (next.course.phase === 'ended' && before !== 'ended') {
            ended = next.course.end;
            if (ended.status === 'promoted' || ended.status === 'partial') {
              expect(before).toBe('verifying');
              expect(event.kind).toBe('verified');
            }
          }
          course = next.course;
        }
        if (ended) expect(course).toEqual({ phase: 'ended', end: ended });
      }),
      { numRuns: 2000 },
    );
  });

  test('it comes to an end when time goes on, whatever AWS keeps saying', () => {
    fc.assert(
      fc.property(events, anyRules, fc.constantFrom(...STATUSES), (sequence, rules, forever) => {
        let course = begin(0);
        let step = 'look';
        let at = 0;
        for (const event of sequence) {
          ({ course, step } = advance(course, event, { ...RULES, ...rules }));
          at = event.at;
        }
        for (let look = 0; look < 200 && step !== 'end'; look++) {
          at += 5 * MINUTE;
          const event: Event =
            step === 'stop'
              ? { kind: 'stopped', at, stopped: 'rolling-back' }
              : step === 'go-back'
                ? { kind: 'turned', at }
                : step === 'verify'
                  ? { kind: 'wrong', at, text: 'not yet', imageAtFault: true }
                  : looked(forever, at);
          ({ course, step } = advance(course, event, { ...RULES, ...rules }));
        }
        expect(course.phase).toBe('ended');
      }),
    );
  });

  test("somebody else's refresh is never stopped nor undone", () => {
    fc.assert(
      fc.property(events, (sequence) => {
        const { steps } = follow(sequence, { adopted: true });
        expect(steps).not.toContain('stop');
        const recalledWhileVerifying = sequence.some((event) => event.kind === 'recalled');
        if (!recalledWhileVerifying) expect(steps).not.toContain('go-back');
      }),
    );
  });
});
