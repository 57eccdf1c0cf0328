import { describe, expect, test } from '@jest/globals';
import { initPause } from '../../../src/packer/init-pause.ts';

const LIMIT =
  'Failed getting the "github.com/hashicorp/amazon" plugin: 403 API rate limit of 60 still exceeded';

describe('another try of packer init', () => {
  test.each([
    LIMIT,
    '429 Too Many Requests',
    'dial tcp: lookup github.com: no such host',
    'read: connection reset by peer',
    'unexpected EOF',
    'https://api.github.com/…: 502 Bad Gateway',
  ])('comes after growing pauses: %s', (line) => {
    expect([1, 2, 3, 4].map((attempt) => initPause([line], attempt))).toEqual([
      10_000,
      30_000,
      60_000,
      undefined,
    ]);
  });

  test('waits until the limit is reset, when that is soon', () => {
    expect(initPause([`${LIMIT} [rate reset in 2m05s]`], 1)).toBe(126_000);
    expect(initPause([`${LIMIT} [rate reset in 3s]`], 1)).toBe(10_000);
  });

  test.each(['34m20s', '1h2m3s'])('is of no use when the limit is reset in %s', (time) => {
    expect(initPause([`${LIMIT} [rate reset in ${time}]`], 1)).toBeUndefined();
  });

  test.each(['No plugin version matched', '404 Not Found', 'Error: Unsupported block type', ''])(
    'is of no use after %p',
    (line) => {
      expect(initPause([line], 1)).toBeUndefined();
    },
  );
});
