import type {
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError } from '../protocol/error.ts';
import type { Handlers } from './service.ts';

export const stsHandlers: Handlers = { GetCallerIdentity, AssumeRoleWithWebIdentity };

function GetCallerIdentity(): GetCallerIdentityResponse {
  return { UserId: 'AIDASANDBOX', Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/sandbox` };
}

/** Accepts any token that is there: who may assume which role is not simulated. */
function AssumeRoleWithWebIdentity(
  input: AssumeRoleWithWebIdentityRequest,
  region: Region,
): AssumeRoleWithWebIdentityResponse {
  if (!input.WebIdentityToken)
    throw new ServiceError('InvalidIdentityToken', 'No OpenIDConnect token was given.');
  const role = input.RoleArn?.split('/').at(-1) ?? 'role';
  // The SDK compares the expiration with the machine's clock, not with the sandbox's.
  const Expiration = new Date(Date.now() + (input.DurationSeconds ?? 3600) * 1000);
  const id = region.world.newId('x').slice(2).toUpperCase();
  const AccessKeyId = `ASIA${id.slice(0, 16)}`;
  const Arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${input.RoleSessionName}`;
  region.world.state.credentials.set(AccessKeyId, {
    arn: Arn,
    role,
    ...(input.Policy === undefined ? {} : { sessionPolicy: input.Policy }),
  });
  return {
    Credentials: {
      AccessKeyId,
      SecretAccessKey: `sandbox-${id}`,
      SessionToken: `sandbox-session-${id}`,
      Expiration,
    },
    AssumedRoleUser: {
      AssumedRoleId: `AROA${id}:${input.RoleSessionName}`,
      Arn,
    },
  };
}
