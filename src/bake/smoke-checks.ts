import { DescribeInstanceStatusCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import type { Aws } from '../aws/clients.ts';
import { isTransient } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { errorCode, messageOf } from '../errors.ts';

/** What a check has found out about the image. */
export type Verdict =
  | { kind: 'passed' }
  /** The image was tried, and did not stand the test. */
  | { kind: 'failed'; reason: string }
  /** The image could not be tried: nothing is known of it. */
  | { kind: 'untried'; reason: string };

const passed: Verdict = { kind: 'passed' };
const failed = (reason: string): Verdict => ({ kind: 'failed', reason });
const untried = (reason: string): Verdict => ({ kind: 'untried', reason });

/** An instance under test. */
export interface Subject {
  aws: Aws;
  instanceId: string;
  /** When the step's time is over. Milliseconds since 1970. */
  deadline: number;
}

const MINUTE = 60_000;
const STATUS_MS = 15 * MINUTE;
/** A system that does not answer its network may be in the middle of a restart. */
const IMPAIRED_MS = 3 * MINUTE;
const AGENT_MS = 10 * MINUTE;
const COMMAND_SECONDS = 600;
const PAGE_MS = 5 * MINUTE;
const PAUSE_MS = 5_000;

/** Waits for EC2's two status checks. */
export async function checkStatus(context: Context, subject: Subject): Promise<Verdict> {
  const { aws, instanceId } = subject;
  let impairedSince: number | undefined;
  let last = 'unknown';
  const verdict = await patiently(context, subject, STATUS_MS, async () => {
    const { InstanceStatuses: [found] = [] } = await aws.ec2.send(
      new DescribeInstanceStatusCommand({ InstanceIds: [instanceId], IncludeAllInstances: true }),
    );
    const state = found?.InstanceState?.Name;
    if (state !== undefined && state !== 'pending' && state !== 'running')
      return failed(`the instance ended by itself (${state}${await reasonOf(aws, instanceId)})`);
    const checks = [found?.SystemStatus?.Status, found?.InstanceStatus?.Status];
    last = checks.join(', ');
    if (checks.every((check) => check === 'ok')) return passed;
    impairedSince = checks.includes('impaired') ? (impairedSince ?? context.clock.now()) : undefined;
    if (impairedSince !== undefined && context.clock.now() - impairedSince >= IMPAIRED_MS)
      return failed(`the status checks of the instance fail (system, instance: ${last})`);
    return undefined;
  });
  return verdict ?? failed(`the status checks did not pass in time (system, instance: ${last})`);
}

async function reasonOf(aws: Aws, instanceId: string): Promise<string> {
  const { Reservations: [found] = [] } = await aws.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const reason = found?.Instances?.[0]?.StateReason?.Message;
  return reason === undefined ? '' : `: ${reason}`;
}

/** Runs a command through Systems Manager; it has to end with exit code 0. */
export async function checkCommand(context: Context, subject: Subject, command: string): Promise<Verdict> {
  const { aws, instanceId } = subject;
  const platform = await patiently(context, subject, AGENT_MS, async () => {
    const { InstanceInformationList: [info] = [] } = await aws.ssm.send(
      new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] }),
    );
    return info?.PingStatus === 'Online' ? (info.PlatformType ?? 'Linux') : undefined;
  });
  if (platform === undefined)
    return untried(
      `the agent of Systems Manager never reported: the image needs it, the instance a profile with AmazonSSMManagedInstanceCore ("smoke-test-instance-profile"), and its subnet a way to Systems Manager`,
    );
  const { Command } = await aws.ssm.send(
    new SendCommandCommand({
      InstanceIds: [instanceId],
      DocumentName: platform === 'Windows' ? 'AWS-RunPowerShellScript' : 'AWS-RunShellScript',
      Comment: 'immutable-deploy smoke test',
      Parameters: { commands: command.split('\n'), executionTimeout: [String(COMMAND_SECONDS)] },
    }),
  );
  const id = { CommandId: Command?.CommandId ?? '', InstanceId: instanceId };
  const verdict = await patiently(context, subject, COMMAND_SECONDS * 1000 + MINUTE, async () => {
    const { Status, ...rest } = await aws.ssm.send(new GetCommandInvocationCommand(id));
    if (Status === 'Pending' || Status === 'InProgress' || Status === 'Delayed') return undefined;
    for (const text of [rest.StandardOutputContent, rest.StandardErrorContent]) {
      if (text) context.log.info(text.trimEnd());
    }
    if (Status === 'Success') return passed;
    const said = rest.StandardErrorContent?.trim().split('\n').at(-1);
    return failed(
      `the command ended ${Status} with exit code ${rest.ResponseCode}${said ? `: ${said}` : ''}`,
    );
  });
  return verdict ?? failed('the command did not end in time');
}

const PROBE_MS = 10_000;

/** Asks for a page until it answers as it should. Whoever refuses is there; whoever is silent may be out of reach. */
export async function checkPage(context: Context, subject: Subject, address: string): Promise<Verdict> {
  const url = await addressOf(subject, address);
  if (url === undefined)
    return untried(
      'the instance has no public address: use {private-ip} in "smoke-test-url", or another subnet',
    );
  let last = untried(`${url} was not asked`);
  const verdict = await patiently(context, subject, PAGE_MS, async () => {
    last = await probe(context, url);
    return last.kind === 'passed' ? last : undefined;
  });
  return verdict ?? last;
}

async function addressOf({ aws, instanceId }: Subject, address: string): Promise<string | undefined> {
  const { Reservations: [found] = [] } = await aws.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const { PrivateIpAddress = '', PublicIpAddress } = found?.Instances?.[0] ?? {};
  const full = address.startsWith('/') ? `http://{private-ip}${address}` : address;
  if (full.includes('{public-ip}') && !PublicIpAddress) return undefined;
  return full.replaceAll('{private-ip}', PrivateIpAddress).replaceAll('{public-ip}', PublicIpAddress ?? '');
}

async function probe({ fetch, signal }: Context, url: string): Promise<Verdict> {
  try {
    const { ok, status } = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
    });
    return ok ? passed : failed(`${url} answers ${status}`);
  } catch (error) {
    signal.throwIfAborted();
    const code = errorCode(error instanceof Error ? error.cause : undefined);
    const cause: unknown = error instanceof Error ? error.cause : undefined;
    const reason = cause === undefined ? messageOf(error) : messageOf(cause);
    return /ECONNREFUSED|ECONNRESET/.test(`${code} ${reason}`)
      ? failed(`${url} refuses the connection`)
      : untried(`${url} cannot be reached from the runner (${reason})`);
  }
}

/** Looks again and again; `undefined` when the time is over. An outage of an API says nothing about the image. */
async function patiently<T>(
  { clock, signal }: Context,
  { deadline }: Subject,
  patienceMs: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = Math.min(deadline, clock.now() + patienceMs);
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
    } catch (error) {
      signal.throwIfAborted();
      if (!isTransient(error) && !NOT_YET.has(errorCode(error))) throw error;
    }
    if (clock.now() >= end) return undefined;
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** Something that was made a moment before, and is not known everywhere yet. */
const NOT_YET = new Set(['InvalidInstanceID.NotFound', 'InvocationDoesNotExist']);
