import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Aws } from '../aws/clients.ts';
import { isAccessDenied } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { DeploymentError, errorCode, messageOf } from '../errors.ts';
import { isLeftBehind } from './builder-mark.ts';
import type { BakeJob } from './job.ts';

/** Who builds a content now, and until when at the latest; kept as JSON in the parameter. */
export interface LockHolder {
  owner: string;
  /** Milliseconds since 1970. */
  until: number;
}

/** What came of the attempt to become the one that builds. */
export type Locked =
  | { kind: 'held'; release(): Promise<void> }
  /** Somebody else had it, and has given it back meanwhile: the image may be there now. */
  | { kind: 'waited' }
  /** There are no locks for this role: two bakes at once both build, as without the lock. */
  | { kind: 'none' };

const PAUSE_MS = 10_000;
/** A lost runner keeps the others waiting for no longer than this. */
const LEASE_MS = 12 * 60_000;
const RENEWAL_MS = 4 * 60_000;
/** After taking over an abandoned lock: long enough to see who else did. */
const SETTLE_MS = 2_000;

/** The parameter whose existence is the lock. PutParameter without overwrite creates it for one caller only. */
export function lockName(application: string, fingerprint: string): string {
  const safe = application.replaceAll(/[^\w.-]/g, '_');
  return `/immutable-deploy/bake/${safe}/${fingerprint.slice(0, 32)}`;
}

/**
 * Becomes the one that builds this content, or waits until another bake of it has ended. A lock is renewed for as long
 * as the bake lasts; one whose time is over, or of an earlier attempt of this run, was left behind and is taken over.
 */
export async function lock(context: Context, job: BakeJob, name: string): Promise<Locked> {
  const { aws, log, clock } = context;
  try {
    if (await create(context, name, job)) return held(context, name, job);
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
    log.notice(
      `Identical bakes at the same time are not joined: the role may not write the parameter ${name}. Allow ssm:PutParameter, ssm:GetParameter and ssm:DeleteParameter on parameter/immutable-deploy/bake/*.`,
    );
    return { kind: 'none' };
  }
  let told = false;
  for (;;) {
    const holder = await readLock(aws, name);
    if (holder === undefined) return { kind: 'waited' };
    if (holder.owner === job.builder) return held(context, name, job);
    if (holder.until < clock.now() || isLeftBehind(holder.owner, context.run, clock.now())) {
      log.warning(`The bake ${holder.owner} left its lock ${name}: it is taken over.`);
      if (await takeOver(context, name, job)) return held(context, name, job);
      continue;
    }
    if (!told)
      log.notice(`The same content is being built already by ${holder.owner}: waiting for its image.`);
    told = true;
    if (clock.now() >= job.deadline)
      throw new DeploymentError(
        `The bake ${holder.owner} was still building the same content when timeout-minutes was over. If it has ended long ago, delete the parameter ${name}.`,
      );
    await clock.sleep(PAUSE_MS, context.signal);
  }
}

/** Gives a lock back, if it is still ours. */
export async function releaseLock(aws: Aws, name: string, owner: string): Promise<void> {
  const holder = await readLock(aws, name);
  if (holder?.owner !== owner) return;
  await aws.ssm.send(new DeleteParameterCommand({ Name: name })).catch((error: unknown) => {
    if (errorCode(error) !== 'ParameterNotFound') throw error;
  });
}

function held(context: Context, name: string, job: BakeJob): Locked {
  const { aws, log } = context;
  const stop = new AbortController();
  const renewals = renew(context, name, job, stop.signal);
  const release = async () => {
    stop.abort();
    // One that is under way would bring the lock back.
    await renewals;
    try {
      await releaseLock(aws, name, job.builder);
    } catch (error) {
      log.warning(`The lock ${name} could not be given back (${messageOf(error)}): it ends by itself.`);
    }
  };
  return { kind: 'held', release };
}

/** Until it is stopped, or the lock is somebody else's. A renewal that fails is made up for by the next one. */
async function renew(context: Context, name: string, job: BakeJob, stop: AbortSignal): Promise<void> {
  const { aws, clock, signal } = context;
  const end = AbortSignal.any([stop, signal]);
  for (;;) {
    try {
      await clock.sleep(RENEWAL_MS, end);
      if ((await readLock(aws, name))?.owner !== job.builder) return;
      if (end.aborted) return;
      await put(context, name, job, true);
    } catch {
      if (end.aborted) return;
    }
  }
}

async function create(context: Context, name: string, job: BakeJob): Promise<boolean> {
  try {
    await put(context, name, job, false);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ParameterAlreadyExists') return false;
    throw error;
  }
}

/** Of those who overwrite an abandoned lock at the same time, the last one has it. */
async function takeOver(context: Context, name: string, job: BakeJob): Promise<boolean> {
  const { aws, clock, signal } = context;
  await put(context, name, job, true);
  await clock.sleep(SETTLE_MS, signal);
  return (await readLock(aws, name))?.owner === job.builder;
}

async function put({ aws, clock }: Context, name: string, job: BakeJob, overwrite: boolean): Promise<void> {
  const holder: LockHolder = { owner: job.builder, until: clock.now() + LEASE_MS };
  await aws.ssm.send(
    new PutParameterCommand({
      Name: name,
      Value: JSON.stringify(holder),
      Type: 'String',
      Overwrite: overwrite,
      Description: 'immutable-deploy: a bake of this content is under way',
    }),
  );
}

/** `undefined` when nobody has it. A value that nobody can read belongs to nobody any more. */
export async function readLock(aws: Aws, name: string): Promise<LockHolder | undefined> {
  try {
    const { Parameter } = await aws.ssm.send(new GetParameterCommand({ Name: name }));
    const value: unknown = JSON.parse(Parameter?.Value ?? '');
    const [owner, until]: unknown[] = [
      Reflect.get(Object(value), 'owner'),
      Reflect.get(Object(value), 'until'),
    ];
    return { owner: String(owner), until: typeof until === 'number' ? until : 0 };
  } catch (error) {
    if (errorCode(error) === 'ParameterNotFound') return undefined;
    if (error instanceof SyntaxError) return { owner: 'unknown', until: 0 };
    throw error;
  }
}
