import type { Clock } from '../clock.ts';
import type { AnyClient } from './call-log.ts';

/** How much of EC2's request budget, which the whole account shares, is used: `shared` leaves half of it to others. */
export type Pace = 'shared' | 'full';

/** What a token bucket holds, and how much comes back in a second. */
export interface Bucket {
  capacity: number;
  refill: number;
}

/** EC2's published buckets: per account, Region and action. Others are of their category below. */
const EC2_ACTIONS: Readonly<Record<string, Bucket>> = {
  CreateTags: { capacity: 100, refill: 10 },
  DeleteTags: { capacity: 100, refill: 10 },
  DeregisterImage: { capacity: 100, refill: 5 },
  DeleteSnapshot: { capacity: 100, refill: 5 },
  TerminateInstances: { capacity: 100, refill: 5 },
  DescribeSpotFleetRequests: { capacity: 50, refill: 3 },
};

/** Reads that this action makes are always filtered or in pages: those have the larger bucket. */
const READ: Bucket = { capacity: 100, refill: 20 };
const WRITE: Bucket = { capacity: 50, refill: 5 };

const isRead = (action: string) => /^(Describe|Get|List)/.test(action);

/** Calls arrive less evenly than they are sent: a little of each bucket stays untouched. */
const MARGIN = 0.98;

/** So many writes may catch up after a pause, such as a look at the account; they take no notice of a bucket of 50. */
const CATCHING_UP = 5;

/**
 * The bucket that calls of an action are taken from. Of a `shared` budget reads use half of everything; writes use
 * half of what comes back and no burst, because a person's `terminate` in an incident wants the full bucket.
 */
export function bucketFor(action: string, pace: Pace): Bucket {
  const whole = EC2_ACTIONS[action] ?? (isRead(action) ? READ : WRITE);
  const capacity = whole.capacity * MARGIN;
  if (pace === 'full') return { capacity, refill: whole.refill * MARGIN };
  return { capacity: isRead(action) ? capacity / 2 : CATCHING_UP, refill: (whole.refill * MARGIN) / 2 };
}

/** What is left in a bucket after a call, and how long the call has to wait for its token. */
export interface Taken {
  /** Below zero: calls that wait already. */
  tokens: number;
  /** Milliseconds since 1970. */
  at: number;
  waitMs: number;
}

/** Takes a token at `now`; calls that have to wait get their turns in the order in which they came. */
export function take(
  { capacity, refill }: Bucket,
  last: Omit<Taken, 'waitMs'> | undefined,
  now: number,
): Taken {
  const before = last ? Math.min(capacity, last.tokens + ((now - last.at) / 1000) * refill) : capacity;
  const tokens = before - 1;
  return { tokens, at: now, waitMs: tokens >= 0 ? 0 : Math.ceil((-tokens / refill) * 1000) };
}

/**
 * Makes every call of an EC2 client wait for its turn. A wait ends at once when the signal is aborted: the call is
 * not made, and rejects with the signal's reason.
 */
export function keepPace(client: AnyClient, pace: Pace, clock: Clock, signal: AbortSignal): void {
  const buckets = new Map<string, Taken>();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const action = commandName.replace(/Command$/, '');
        const taken = take(bucketFor(action, pace), buckets.get(action), clock.now());
        buckets.set(action, taken);
        if (taken.waitMs > 0) await wait(clock, taken.waitMs, signal);
        return await next(args);
      },
    // Outermost, so that nobody else's clock of a call counts the wait; a client has one pace.
    { step: 'initialize', priority: 'high', name: 'immutableDeployPace', override: true },
  );
}

async function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
