import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Fleet, nextBatch } from '../../../sandbox/engine/refresh/batch.ts';

const fleet = (given: Partial<Fleet>): Fleet => ({
  desired: 4,
  outgoingHealthy: 4,
  outgoingUnhealthy: 0,
  waiting: 0,
  ready: 0,
  warming: 0,
  terminating: 0,
  ...given,
});

describe('launch before terminate', () => {
  test('one instance at 100/100: one more is launched, and only when it is ready the old one goes', () => {
    const one = { desired: 1, outgoingHealthy: 1 };
    expect(nextBatch(fleet(one), { min: 100, max: 100 })).toEqual({ launch: 1, terminate: 0 });
    expect(nextBatch(fleet({ ...one, warming: 1 }), { min: 100, max: 100 })).toEqual({
      launch: 0,
      terminate: 0,
    });
    expect(nextBatch(fleet({ ...one, ready: 1 }), { min: 100, max: 100 })).toEqual({
      launch: 0,
      terminate: 1,
    });
  });

  test('four at 100/150: two more at a time', () => {
    expect(nextBatch(fleet({}), { min: 100, max: 150 })).toEqual({ launch: 2, terminate: 0 });
    expect(nextBatch(fleet({ ready: 2 }), { min: 100, max: 150 })).toEqual({ launch: 2, terminate: 2 });
  });
});

describe('terminate first, when no maximum is given', () => {
  test('ten at 90 %: one goes and one comes at the same time', () => {
    expect(nextBatch(fleet({ desired: 10, outgoingHealthy: 10 }), { min: 90, max: undefined })).toEqual({
      launch: 1,
      terminate: 1,
    });
  });

  test('one instance at 90 % is replaced all the same', () => {
    expect(nextBatch(fleet({ desired: 1, outgoingHealthy: 1 }), { min: 90, max: undefined })).toEqual({
      launch: 1,
      terminate: 1,
    });
  });
});

const anyFleet = fc.record({
  desired: fc.integer({ min: 1, max: 50 }),
  outgoingHealthy: fc.nat(50),
  outgoingUnhealthy: fc.nat(10),
  waiting: fc.nat(10),
  ready: fc.nat(50),
  warming: fc.nat(10),
  terminating: fc.nat(10),
});
const bounds = fc.record({ min: fc.integer({ min: 0, max: 100 }), extra: fc.integer({ min: 0, max: 100 }) });

test('healthy instances never fall below the minimum when a maximum above it is given', () => {
  fc.assert(
    fc.property(anyFleet, bounds, (given, { min, extra }) => {
      const { terminate } = nextBatch(given, { min, max: Math.max(100, min + extra) });
      const healthyGone = Math.max(0, terminate - given.outgoingUnhealthy);
      const least = Math.ceil((given.desired * min) / 100);
      const healthy = given.outgoingHealthy + given.waiting + given.ready;
      expect(healthy - healthyGone).toBeGreaterThanOrEqual(Math.min(least, healthy));
    }),
  );
});

test('a fleet with nothing in motion always makes a move', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.nat(100),
      fc.option(fc.integer({ min: 100, max: 200 }), { nil: undefined }),
      (desired, min, max) => {
        const { launch, terminate } = nextBatch(fleet({ desired, outgoingHealthy: desired }), { min, max });
        expect(launch + terminate).toBeGreaterThan(0);
      },
    ),
  );
});
