import { describe, expect, test } from '@jest/globals';
import { explained, isTransient } from '../../../src/aws/errors.ts';
import { errorCode, messageOf, PermissionError } from '../../../src/errors.ts';

const failure = (name: string, more: object = {}) =>
  Object.assign(new Error(`${name} happened`), { name, ...more });

describe('what a look may survive', () => {
  test.each([
    ['throttling', failure('Throttling')],
    ['EC2 throttling', failure('RequestLimitExceeded')],
    ['a server error', failure('Whatever', { $metadata: { httpStatusCode: 503 } })],
    ['a broken connection', failure('Error', { code: 'ECONNRESET' })],
    ['contention, which AWS answers with 500', failure('ResourceContentionFault')],
    ['expired credentials, which are renewed', failure('ExpiredToken')],
  ])('%s', (_what, error) => expect(isTransient(error)).toBe(true));

  test.each([
    ['a refusal', failure('AccessDenied', { $metadata: { httpStatusCode: 403 } })],
    ['a group that is gone', failure('ValidationError', { $metadata: { httpStatusCode: 400 } })],
    ['no error of AWS at all', new TypeError('a bug')],
    ['nothing', undefined],
  ])('not %s', (_what, error) => expect(isTransient(error)).toBe(false));
});

describe('sentences for the user', () => {
  test.each([
    ['CredentialsProviderError', /Set the input role-to-assume/],
    ['AccessDenied', /AWS refused the call/],
    ['UnauthorizedOperation', /AWS refused the call/],
    ['ExpiredTokenException', /credentials have expired/],
  ])('%s', (name, sentence) => {
    const error = failure(name);
    const known = explained(error);
    expect(known).toBeInstanceOf(PermissionError);
    expect(messageOf(known)).toMatch(sentence);
    expect(known instanceof Error && known.cause).toBe(error);
  });

  test('other errors stay what they are', () => {
    const error = failure('InvalidAMIID.NotFound');
    expect(explained(error)).toBe(error);
  });
});

test("an error's code has no Fault, as on the wire", () => {
  expect(errorCode(failure('InstanceRefreshInProgressFault'))).toBe('InstanceRefreshInProgress');
  expect(errorCode('text')).toBe('');
});
