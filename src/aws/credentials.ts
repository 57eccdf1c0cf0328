import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { messageOf, PermissionError } from '../errors.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** Called by the SDK whenever it needs credentials; it asks again some minutes before they expire. */
export type CredentialsProvider = () => Promise<Credentials>;

export interface RoleRequest {
  roleArn: string;
  region: string;
  durationSeconds: number;
  sessionName: string;
  endpoint?: string;
  /** GitHub's OIDC token for an audience; it lives about five minutes. */
  idToken(audience: string): Promise<string>;
  /** Keeps a secret out of the log. */
  secret(value: string): void;
}

/** The role that the action works with, for programs that assume it themselves. */
export interface WebIdentity {
  roleArn: string;
  sessionName: string;
  /** A fresh OIDC token for AWS. */
  idToken(): Promise<string>;
}

export function webIdentityOf(request: RoleRequest): WebIdentity {
  const { roleArn, sessionName } = request;
  return { roleArn, sessionName, idToken: () => requestIdToken(request) };
}

/** Assumes a role with GitHub's OIDC token, and again whenever the session is about to end. */
export function assumedRole(request: RoleRequest): CredentialsProvider {
  const sts = new STSClient({
    region: request.region,
    // The call is not signed: without this the SDK would look for credentials that are not there.
    credentials: { accessKeyId: 'unsigned', secretAccessKey: 'unsigned' },
    ...(request.endpoint === undefined ? {} : { endpoint: request.endpoint }),
  });
  return async () => {
    const token = await requestIdToken(request);
    const { Credentials: granted } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: request.roleArn,
        RoleSessionName: request.sessionName,
        WebIdentityToken: token,
        DurationSeconds: request.durationSeconds,
      }),
    );
    const {
      AccessKeyId = '',
      SecretAccessKey = '',
      SessionToken = '',
      Expiration = new Date(0),
    } = granted ?? {};
    request.secret(SecretAccessKey);
    request.secret(SessionToken);
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };
}

async function requestIdToken(request: RoleRequest): Promise<string> {
  try {
    return await request.idToken('sts.amazonaws.com');
  } catch (error) {
    throw new PermissionError(
      `GitHub gave no OIDC token for role-to-assume (${messageOf(error)}). Add "permissions: id-token: write" to the job.`,
      { cause: error },
    );
  }
}
