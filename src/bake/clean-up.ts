import type { Aws } from '../aws/clients.ts';
import { explained } from '../aws/errors.ts';
import type { Clock } from '../clock.ts';
import type { BakeCleanUp, Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import { isLeftBehind } from './builder-mark.ts';
import { findLeftovers, hasInstances, type Owner } from './leftovers.ts';
import { readLock, releaseLock } from './lock.ts';
import { removeLeftovers } from './remove-leftovers.ts';

/** All post steps of a job together have five minutes; a terminated instance takes about one. */
const PATIENCE_MS = 150_000;

/**
 * Removes what a bake that did not come to its end had made for the time of the build, and gives its lock back.
 * Returns sentences for the log. What carries no mark of this bake is not touched.
 */
export async function cleanUpBake(
  tools: { aws: Aws; clock: Clock; signal?: AbortSignal },
  work: BakeCleanUp,
): Promise<string[]> {
  const sentences: string[] = [];
  const aws = tools.aws.inRegion(work.region);
  try {
    const found = await findLeftovers(aws, {
      filter: work.builder,
      isOurs: (mark) => mark === work.builder,
      printed: work.resources,
      since: work.since,
    });
    const { removed, left } = await removeLeftovers({ ...tools, aws, patienceMs: PATIENCE_MS }, found);
    if (removed.length > 0) sentences.push(`Removed what the bake left: ${removed.join(', ')}.`);
    if (left.length > 0)
      sentences.push(`Still there, and to be removed by the next bake or by hand: ${left.join(', ')}.`);
  } catch (error) {
    sentences.push(
      `What Packer left could not be looked for (${messageOf(explained(error))}). Look for instances with the tag immutable-deploy:run = ${work.builder}.`,
    );
  }
  const roles = work.resources.filter(({ kind }) => kind === 'role' || kind === 'instance-profile');
  if (roles.length > 0)
    sentences.push(
      `Packer may have left in IAM, where this role has no rights: ${roles.map(({ kind, id }) => `${kind} ${id}`).join(', ')}.`,
    );
  if (work.lock !== undefined) {
    try {
      await releaseLock(aws, work.lock, work.builder);
    } catch (error) {
      sentences.push(`The lock ${work.lock} could not be given back: ${messageOf(explained(error))}`);
    }
  }
  return sentences;
}

/** Whose things a sweep takes: those of bakes of this repository that have ended in any case. */
function leftBehind({ run, clock }: Context): Owner {
  const runs = run.url.replace(/\d+$/, '');
  return {
    filter: `${runs.replaceAll(/[\\*?]/g, '\\$&')}*`,
    isOurs: (mark) => mark.startsWith(runs) && isLeftBehind(mark, run, clock.now()),
    printed: [],
    since: 0,
  };
}

/**
 * Removes what bakes of this repository left whose runner was lost: they are of an earlier attempt of this run, or
 * have been out of their time for long. No obstacle: what cannot be looked at or removed is a warning.
 */
export async function sweepLeftovers(context: Context): Promise<void> {
  await withoutHarm(context, async () => {
    const { aws, clock, log, signal } = context;
    const found = await findLeftovers(aws, leftBehind(context));
    const { removed, left } = await removeLeftovers({ aws, clock, signal, patienceMs: PATIENCE_MS }, found);
    if (removed.length > 0)
      log.warning(
        `Bakes that never came to their end had left these, and they are removed: ${removed.join(', ')}.`,
      );
    if (left.length > 0) log.warning(`Left by earlier bakes, and not removable: ${left.join(', ')}.`);
  });
}

/** The same at the end of a bake that built nothing: one look for instances, unless there is reason for more. */
export async function sweepIfNeeded(context: Context, lockName: string): Promise<void> {
  const isAgain = context.run.attempt > 1;
  if (isAgain) await withoutHarm(context, () => removeAbandonedLock(context, lockName));
  let needed = isAgain;
  await withoutHarm(context, async () => {
    needed ||= await hasInstances(context.aws, leftBehind(context));
  });
  if (needed) await sweepLeftovers(context);
}

/** The lock of an earlier attempt of this run holds nobody up, but nobody else would take it away. */
async function removeAbandonedLock({ aws, run, clock }: Context, name: string): Promise<void> {
  const holder = await readLock(aws, name);
  if (holder && isLeftBehind(holder.owner, run, clock.now())) await releaseLock(aws, name, holder.owner);
}

async function withoutHarm({ log, signal }: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    signal.throwIfAborted();
    log.warning(`What earlier bakes may have left could not be looked for: ${messageOf(explained(error))}`);
  }
}
