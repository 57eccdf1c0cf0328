import { join } from 'node:path';
import * as core from '@actions/core';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Clock } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import type { RunFacts } from '../github/run.ts';
import { CallLog } from './call-log.ts';
import { type Aws, createAws } from './clients.ts';
import { assumedRole, type RoleRequest, type WebIdentity, webIdentityOf } from './credentials.ts';

/** What connecting needs of the inputs, whatever the mode. */
export interface ConnectionInputs {
  awsRegion?: string | undefined;
  roleToAssume?: string | undefined;
  roleDurationSeconds: number;
}

/** The clients for the Region and the role that were asked for, with a log of all their calls. */
export function connect(
  env: Readonly<Record<string, string | undefined>>,
  inputs: ConnectionInputs,
  { clock, folder, run }: { clock: Clock; folder: string; run: RunFacts },
): { aws: Aws; logPath: string; webIdentity: WebIdentity | undefined } {
  const region = inputs.awsRegion ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (!region)
    throw new ConfigurationError([
      'There is no Region: set the input "aws-region", or AWS_REGION in the environment.',
    ]);
  const logPath = join(folder, `aws-calls-${process.pid}.jsonl`);
  const role = inputs.roleToAssume;
  const request: RoleRequest | undefined =
    role === undefined
      ? undefined
      : {
          roleArn: role,
          region,
          durationSeconds: inputs.roleDurationSeconds,
          // Shows in CloudTrail which run it was; 64 characters at most.
          sessionName: `immutable-deploy-${run.id || 'local'}`.slice(0, 64),
          idToken: (audience) => core.getIDToken(audience),
          secret: (value) => core.setSecret(value),
        };
  const aws = createAws({
    region,
    callLog: new CallLog(logPath, clock),
    ...(request ? { credentials: assumedRole(request) } : {}),
  });
  return { aws, logPath, webIdentity: request && webIdentityOf(request) };
}

/** Refuses to work in an account that was not expected, before anything else is called. */
export async function refuseOtherAccounts(aws: Aws, expected: readonly string[]): Promise<void> {
  const { Account = '' } = await aws.sts.send(new GetCallerIdentityCommand({}));
  if (expected.includes(Account)) return;
  throw new ConfigurationError([
    `The credentials are of account ${Account}, but "expected-account-ids" allows ${expected.join(', ')}. Check the role or the environment.`,
  ]);
}
