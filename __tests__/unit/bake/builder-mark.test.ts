import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { builderMark, isLeftBehind } from '../../../src/bake/builder-mark.ts';

const url = 'https://github.com/octo/shop/actions/runs/7';
const NOON = Date.parse('2026-11-02T12:00:00Z');
const mark = builderMark({ run: { url, attempt: 2 }, until: NOON, id: 'ab12cd34' });
const other = { url: 'https://github.com/octo/shop/actions/runs/70', attempt: 1 };

test('a mark names the attempt, its end, and the bake, within the length of a tag', () => {
  expect(mark).toBe(`${url}/attempts/2 until 2026-11-02T12:00:00.000Z ab12cd34`);
  expect(mark.length).toBeLessThanOrEqual(200);
});

test.each([
  ['in its time', other, NOON - 1, false],
  ['just out of its time, cleaning up', other, NOON + 14 * 60_000, false],
  ['long out of its time', other, NOON + 16 * 60_000, true],
  ['of the same attempt, for instance of a matrix', { url, attempt: 2 }, NOON - 1, false],
  ['of the attempt before', { url, attempt: 3 }, NOON - 1, true],
  ['of a later attempt', { url, attempt: 1 }, NOON - 1, false],
])('what is %s: left behind or not', (_what, run, now, expected) => {
  expect(isLeftBehind(mark, run, now)).toBe(expected);
});

test('a value that is no mark is never ours', () => {
  fc.assert(fc.property(fc.string(), (value) => !isLeftBehind(value, other, Number.MAX_SAFE_INTEGER)));
  expect(isLeftBehind(url, { url, attempt: 9 }, Number.MAX_SAFE_INTEGER)).toBe(false);
});
