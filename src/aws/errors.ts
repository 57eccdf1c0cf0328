import { errorCode, messageOf, PermissionError } from '../errors.ts';
import { failedOperation } from './call-log.ts';

const ACCESS_DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationError',
]);
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);

export const isAccessDenied = (error: unknown) => ACCESS_DENIED.has(errorCode(error));

/** Errors after which the same call can succeed a little later: the work that is watched goes on meanwhile. */
export function isTransient(error: unknown): boolean {
  const code = errorCode(error);
  if (THROTTLED.has(code) || EXPIRED.has(code)) return true;
  if (
    /^(TimeoutError|NetworkingError|ServiceUnavailable|InternalError|InternalFailure|ResourceContention)/.test(
      code,
    )
  )
    return true;
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) return true;
  const status: unknown =
    '$metadata' in error ? Reflect.get(Object(error.$metadata), 'httpStatusCode') : undefined;
  return typeof status === 'number' && status >= 500;
}

/** An AWS error as a sentence that names the fix, where there is one for the user; otherwise the error itself. */
export function explained(error: unknown): unknown {
  const operation = failedOperation(error);
  if (errorCode(error) === 'CredentialsProviderError') {
    return new PermissionError(
      'There are no AWS credentials. Set the input role-to-assume (with "permissions: id-token: write"), or run aws-actions/configure-aws-credentials before this step.',
      { cause: error },
    );
  }
  if (isAccessDenied(error)) {
    const permission = operation ? `Allow ${operation} in the policy of the role. ` : '';
    return new PermissionError(`AWS refused the call: ${messageOf(error)} ${permission}`.trim(), {
      cause: error,
    });
  }
  if (EXPIRED.has(errorCode(error))) {
    return new PermissionError(
      'The AWS credentials have expired. With the input role-to-assume the action renews them by itself; otherwise ask for a longer session.',
      { cause: error },
    );
  }
  return error;
}
