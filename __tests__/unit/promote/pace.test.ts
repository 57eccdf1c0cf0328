import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pauseMs } from '../../../src/promote/pace.ts';

const NOW = 10_000_000;
const outlook = { since: NOW - 600_000, isLast: false, failures: 0 };

describe('the pause before the next look', () => {
  test.each<[string, Parameters<typeof pauseMs>[1], number]>([
    ['at the beginning', { ...outlook, since: NOW - 5000 }, 6000],
    ['in the middle', outlook, 30_000],
    ['in a long wait', { ...outlook, due: NOW + 600_000 }, 30_000],
    ['shortly before something is due', { ...outlook, due: NOW + 12_000 }, 12_000],
    ['just when the end is due', { ...outlook, due: NOW, isLast: true }, 3000],
    ['some minutes later', { ...outlook, due: NOW - 150_000, isLast: true }, 10_000],
    ['when AWS did not answer', { ...outlook, failures: 1 }, 30_000],
    ['when AWS did not answer three times', { ...outlook, failures: 3 }, 90_000],
  ])('%s', (_when, given, expected) => expect(pauseMs(NOW, given)).toBe(expected));

  test('is never shorter than three seconds nor longer than two minutes', () => {
    const given = fc.record({
      since: fc.nat(NOW),
      due: fc.nat(2 * NOW),
      isLast: fc.boolean(),
      failures: fc.nat(20),
    });
    fc.assert(
      fc.property(given, (any) => {
        const pause = pauseMs(NOW, any);
        expect(pause).toBeGreaterThanOrEqual(3000);
        expect(pause).toBeLessThanOrEqual(120_000);
      }),
    );
  });
});
