import type { RunFacts } from '../github/run.ts';

/**
 * The value with which a template tags everything that exists only while it is built (`run_tags` from
 * `PKR_VAR_immutable_deploy_run`): `<attempt's URL> until <time> <id>`. It says whose it is, and when the bake has
 * ended in any case, so that a later bake can remove what a lost runner left and never what still works.
 */

export interface BuilderMark {
  run: Pick<RunFacts, 'url' | 'attempt'>;
  /** When the bake gives up at the latest. Milliseconds since 1970. */
  until: number;
  /** Tells the bakes of one run apart. */
  id: string;
}

export function builderMark({ run, until, id }: BuilderMark): string {
  return `${run.url}/attempts/${run.attempt} until ${new Date(until).toISOString()} ${id}`;
}

const MARK = /^(\S+)\/attempts\/(\d+) until (\S+) ([0-9a-f]+)$/;

/** A bake that has run out of its time still cleans up for a while. */
const GRACE_MS = 15 * 60_000;

/**
 * Whether what carries this mark was left behind: its bake has given up long ago, or is of an earlier attempt of this
 * run. GitHub starts a new attempt only when the one before has ended.
 */
export function isLeftBehind(mark: string, run: Pick<RunFacts, 'url' | 'attempt'>, now: number): boolean {
  const [, url, attempt, until = ''] = MARK.exec(mark) ?? [];
  if (url === undefined) return false;
  if (url === run.url && Number(attempt) < run.attempt) return true;
  return Date.parse(until) + GRACE_MS < now;
}
