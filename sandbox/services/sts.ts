import { createHash } from 'node:crypto';
import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import type { TrustRecord } from '../engine/records/services.ts';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError, validationError } from '../protocol/error.ts';
import type { Caller, Handlers } from './service.ts';
import { type Claims, readToken } from './web-identity.ts';

export const stsHandlers: Handlers = { GetCallerIdentity, AssumeRole, AssumeRoleWithWebIdentity };

/** Whom the access key of the request belongs to: a session of a role, or else the account's one user. */
function GetCallerIdentity(_input: object, region: Region, caller: Caller): GetCallerIdentityResponse {
  const session = region.world.state.credentials.get(caller.accessKeyId);
  return session
    ? { UserId: session.userId, Account: accountOf(session.arn), Arn: session.arn }
    : { UserId: 'AIDASANDBOX', Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/sandbox` };
}

function AssumeRole(input: AssumeRoleRequest, region: Region): AssumeRoleResponse {
  return assume(region, input);
}

/** The claims are checked as AWS does; the signature is not. */
function AssumeRoleWithWebIdentity(
  input: AssumeRoleWithWebIdentityRequest,
  region: Region,
): AssumeRoleWithWebIdentityResponse {
  // Tokens come from outside, and the SDKs compare expirations with the machine's clock, not with the sandbox's.
  const claims = readToken(input.WebIdentityToken ?? '', Date.now());
  requireTrust(region.world.state.trust.get(input.RoleArn ?? ''), claims);
  const account = accountOf(input.RoleArn ?? '');
  return {
    ...assume(region, input),
    Provider: `arn:aws:iam::${account}:oidc-provider/${claims.issuer.replace(/^https:\/\//, '')}`,
    Audience: claims.audience,
    SubjectFromWebIdentityToken: claims.subject,
    // Natively this was there without any session policy.
    PackedPolicySize: 25,
  };
}

function requireTrust(trust: TrustRecord | undefined, claims: Claims): void {
  if (!trust) return;
  if (!trust.audiences.includes(claims.audience))
    throw new ServiceError(
      'InvalidIdentityToken',
      'The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation for requirements.',
    );
  const trusted = trust.subjects.some((subject) => {
    const source = subject.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${source.join('.*')}$`).test(claims.subject);
  });
  if (!trusted)
    throw new ServiceError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403);
}

const SHORTEST_SESSION = 900;
const LONGEST_SESSION = 43_200;

/** Hands out credentials for a session of the role, and remembers whose they are. */
function assume(
  region: Region,
  input: Pick<AssumeRoleRequest, 'RoleArn' | 'RoleSessionName' | 'DurationSeconds' | 'Policy'>,
) {
  const { RoleArn = '', RoleSessionName: session = '', DurationSeconds: seconds = 3600 } = input;
  const role = /^arn:aws[a-z-]*:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(RoleArn)?.[1];
  if (role === undefined) throw validationError(`${RoleArn} is invalid`);
  if (!/^[\w+=,.@-]{1,64}$/.test(session))
    throw refused(session, 'roleSessionName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
  if (seconds < SHORTEST_SESSION)
    throw refused(
      seconds,
      'durationSeconds',
      `Member must have value greater than or equal to ${SHORTEST_SESSION}`,
    );
  if (seconds > LONGEST_SESSION)
    throw refused(
      seconds,
      'durationSeconds',
      `Member must have value less than or equal to ${LONGEST_SESSION}`,
    );
  const expiresAt = Date.now() + seconds * 1000;
  const id = region.world.newId('x').slice(2).toUpperCase();
  const AccessKeyId = `ASIA${id.slice(0, 16)}`;
  // The Arn of a session has no path of the role; its id is the same for every session.
  const arn = `arn:aws:sts::${accountOf(RoleArn)}:assumed-role/${role}/${session}`;
  const roleId = createHash('sha256').update(RoleArn).digest('hex').slice(0, 17).toUpperCase();
  const userId = `AROA${roleId}:${session}`;
  const { Policy: sessionPolicy } = input;
  region.world.state.credentials.set(AccessKeyId, {
    arn,
    userId,
    role,
    expiresAt,
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
  });
  return {
    Credentials: {
      AccessKeyId,
      SecretAccessKey: `sandbox-${id}`,
      SessionToken: `sandbox-session-${id}`,
      Expiration: new Date(expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
  };
}

const accountOf = (arn: string) => arn.split(':')[4] ?? ACCOUNT;

const refused = (value: string | number, member: string, constraint: string) =>
  validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
