import { describe, expect, test } from '@jest/globals';
import { expectAbsent, expectError, expectMembers, expectPresent, type Fact, pattern } from './fact.ts';

/** The comparisons themselves: each has to fail when an answer differs. */

const fact: Fact = {
  id: 'x',
  operation: 'X',
  given: '',
  request: {},
  status: 400,
  error: { code: 'Gone', message: 'The image {id} is gone' },
};

const failure = (code: string, message: string, status: number) =>
  Promise.reject(Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } }));

describe('expectError', () => {
  test('accepts the code with the suffix of the SDK', async () => {
    await expectError(failure('GoneFault', 'The image ami-1 is gone', 400), fact, { id: 'ami-1' });
  });

  test.each([
    ['another code', failure('Other', 'The image ami-1 is gone', 400)],
    ['another text', failure('Gone', 'The image ami-1 is gone.', 400)],
    ['another resource', failure('Gone', 'The image ami-2 is gone', 400)],
    ['another status', failure('Gone', 'The image ami-1 is gone', 403)],
    ['success', Promise.resolve({})],
  ])('refuses %s', async (_what, work) => {
    await expect(expectError(work, fact, { id: 'ami-1' })).rejects.toThrow();
  });
});

describe('expectMembers', () => {
  const answer = { State: 'pending', Disks: [{ Size: 8, Name: 'root' }], Extra: true };

  test('accepts an answer with more members, and any text for an unknown placeholder', () => {
    expectMembers(answer, { State: '{any}', Disks: [{ Size: 8 }] });
  });

  test.each([
    [{ State: 'available' }],
    [{ State: '{state}' }],
    [{ Disks: [{ Size: 9 }] }],
    [{ Disks: [] }],
    [{ Disks: [{ Size: 8 }, { Size: 8 }] }],
    [{ Missing: 1 }],
  ])('refuses %j', (expected) => {
    expect(() => expectMembers(answer, expected, { state: 'failed' })).toThrow();
  });
});

test('present and absent fields', () => {
  expectPresent({ a: 1, b: undefined }, ['a']);
  expect(() => expectPresent({ a: 1, b: undefined }, ['b'])).toThrow();
  expectAbsent({ a: 1, b: undefined }, ['b']);
  expect(() => expectAbsent({ a: 1 }, ['a'])).toThrow();
  expect(() => expectAbsent({ a: 1 }, undefined)).toThrow();
});

test('a text is compared whole and literally', () => {
  expect(pattern('a.b (c) {x}', { x: '$1' }).test('a.b (c) $1')).toBe(true);
  expect(pattern('a.b').test('axb')).toBe(false);
  expect(pattern('a').test('ab')).toBe(false);
});
