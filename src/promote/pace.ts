/** What is known about a refresh's next move. Times are milliseconds since 1970. */
export interface Outlook {
  /** Since when it is watched. */
  since: number;
  /** When its next move is due: the end of a warm-up, of draining, of a checkpoint or of the bake time. */
  due?: number;
  /** Nothing is left to be replaced: its next move is its end. */
  isLast: boolean;
  /** Looks in a row that got no answer. */
  failures: number;
}

const SHORTEST_MS = 3_000;
const QUIET_MS = 30_000;
const LONGEST_MS = 120_000;

/** For so long a new refresh is looked at often: it begins, or is refused, in its first seconds. */
const BEGINNING_MS = 30_000;

/**
 * How long to wait before the next look, in milliseconds: seconds at the beginning and when the end is due, half a
 * minute in long waits, and longer while AWS does not answer.
 */
export function pauseMs(now: number, { since, due, isLast, failures }: Outlook): number {
  if (failures > 0) return Math.min(QUIET_MS * failures, LONGEST_MS);
  if (due !== undefined && now < due) return between(SHORTEST_MS, due - now, QUIET_MS);
  if (isLast) return between(SHORTEST_MS, (now - (due ?? now)) / 15, QUIET_MS / 2);
  return now - since < BEGINNING_MS ? SHORTEST_MS * 2 : QUIET_MS;
}

const between = (least: number, value: number, most: number) => Math.min(Math.max(least, value), most);
