import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Bucket, bucketFor, type Pace, type Taken, take } from '../../../src/aws/pace.ts';

/** When calls that come at these times (milliseconds) are made, at this pace. */
function made(bucket: Bucket, arrivals: readonly number[]): number[] {
  let last: Taken | undefined;
  return arrivals.map((now) => {
    last = take(bucket, last, now);
    return now + last.waitMs;
  });
}

/** How often AWS's own bucket is found empty by these calls. */
function throttled({ capacity, refill }: Bucket, calls: readonly number[]): number {
  let tokens = capacity;
  let at = calls[0] ?? 0;
  let refused = 0;
  for (const now of calls.toSorted((a, b) => a - b)) {
    tokens = Math.min(capacity, tokens + ((now - at) / 1000) * refill);
    at = now;
    if (tokens < 1) refused++;
    else tokens--;
  }
  return refused;
}

/** EC2's published table of request token buckets: capacity, and tokens a second. */
const PUBLISHED: Readonly<Record<string, Bucket>> = {
  DescribeImages: { capacity: 100, refill: 20 },
  DescribeSpotFleetRequests: { capacity: 50, refill: 3 },
  DeregisterImage: { capacity: 100, refill: 5 },
  DeleteSnapshot: { capacity: 100, refill: 5 },
  DeleteLaunchTemplateVersions: { capacity: 50, refill: 5 },
  CreateTags: { capacity: 100, refill: 10 },
  DisableImage: { capacity: 50, refill: 5 },
  TerminateInstances: { capacity: 100, refill: 5 },
};

describe('the pace of calls', () => {
  test.each(['shared', 'full'] as const)('%s: never empties a bucket, however calls come', (pace) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.entries(PUBLISHED)),
        fc.array(fc.oneof(fc.constant(0), fc.nat(400)), { minLength: 1, maxLength: 400 }),
        ([action, published], pauses) => {
          let now = 1_000_000;
          const arrivals = pauses.map((pause) => {
            now += pause;
            return now;
          });
          const calls = made(bucketFor(action, pace), arrivals);
          expect(throttled(published, calls)).toBe(0);
          // Nobody overtakes, and nobody is early.
          expect(calls).toEqual(calls.toSorted((a, b) => a - b));
        },
      ),
    );
  });

  test.each<[Pace, number]>([
    ['full', 180],
    ['shared', 400],
  ])('%s: a thousand deregistrations take hardly longer than they have to (%d s)', (pace, floor) => {
    const calls = made(
      bucketFor('DeregisterImage', pace),
      Array.from({ length: 1000 }, () => 0),
    );
    const seconds = (calls.at(-1) ?? 0) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(floor * 0.99);
    expect(seconds).toBeLessThanOrEqual(floor * 1.05);
  });

  test('shared leaves the burst of changes to others, who may need it in an incident', () => {
    const bucket = bucketFor('TerminateInstances', 'shared');
    const calls = made(
      bucket,
      Array.from({ length: 10 }, () => 0),
    );
    expect(calls.filter((time) => time === 0)).toHaveLength(5);
    expect(calls[5]).toBeGreaterThanOrEqual(400);
  });
});
