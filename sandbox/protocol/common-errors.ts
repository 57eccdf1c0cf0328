import { ServiceError } from './error.ts';
import type { ServiceName } from './schema.ts';
import type { Wire } from './values.ts';

/** Errors that every call of a service can have, in that service's own words. */
export interface Answering {
  name: ServiceName;
  /** The wire format of the request at hand. */
  wire: Wire;
}

export function throttled({ name, wire }: Answering): ServiceError {
  if (name === 'ec2') return new ServiceError('RequestLimitExceeded', 'Request limit exceeded.', 503);
  if (name === 'sns') return new ServiceError('Throttled', 'Rate exceeded', 429);
  return new ServiceError(wire === 'json' ? 'ThrottlingException' : 'Throttling', 'Rate exceeded');
}

export function expiredCredentials({ wire }: Answering): ServiceError {
  if (wire === 'ec2-query') return new ServiceError('RequestExpired', 'Request has expired.');
  const message = 'The security token included in the request is expired';
  return wire === 'json'
    ? new ServiceError('ExpiredTokenException', message)
    : new ServiceError('ExpiredToken', message, 403);
}

export function serverError({ wire }: Answering, status: 500 | 503): ServiceError {
  if (status === 503) {
    const message = 'The service is unavailable. Please try again shortly.';
    const code =
      wire === 'ec2-query'
        ? 'Unavailable'
        : wire === 'json'
          ? 'ServiceUnavailableException'
          : 'ServiceUnavailable';
    return new ServiceError(code, message, 503);
  }
  const code =
    wire === 'ec2-query' ? 'InternalError' : wire === 'json' ? 'InternalServerError' : 'InternalFailure';
  return new ServiceError(code, 'An internal error has occurred', 500);
}

/** Why a call is not allowed, as the end of AWS's sentence. */
export type Reason =
  | 'identity-based'
  | 'session'
  | 'explicit deny in an identity-based'
  | 'explicit deny in a session';

/** `resource` is absent where a call was refused without looking for one. */
export function accessDenied(
  { wire }: Answering,
  denied: { user: string; action: string; resource?: string; reason: Reason },
): ServiceError {
  const because = denied.reason.startsWith('explicit')
    ? `with an ${denied.reason} policy`
    : `because no ${denied.reason} policy allows the ${denied.action} action`;
  const on = denied.resource === undefined ? '' : ` on resource: ${denied.resource}`;
  const sentence = `User: ${denied.user} is not authorized to perform: ${denied.action}${on} ${because}`;
  // The JSON services' 400 is an inference; the Query services' 403 was seen.
  if (wire !== 'ec2-query')
    return new ServiceError(
      wire === 'json' ? 'AccessDeniedException' : 'AccessDenied',
      sentence,
      wire === 'json' ? 400 : 403,
    );
  // AWS's blob is encrypted; this one can be read by anybody.
  const blob = Buffer.from(JSON.stringify({ simulated: true, ...denied })).toString('base64url');
  return new ServiceError(
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. ${sentence}. Encoded authorization failure message: ${blob}`,
    403,
  );
}
