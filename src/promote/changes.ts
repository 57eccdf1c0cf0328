import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import type { CommitRange } from '../github/github.ts';
import type { Image } from '../image.ts';
import { commitOf } from './preflight.ts';

/** From the commit that runs somewhere to the commit of the image. */
export interface Change extends CommitRange {
  base: string;
  head: string;
}

/**
 * How the image's commit stands to each of the commits that run now; by the commit that runs. No answer from GitHub
 * is a warning, not an obstacle.
 */
export async function compareCommits(
  { github, log }: Context,
  image: Image | undefined,
  running: readonly (Image | undefined)[],
): Promise<Map<string, Change>> {
  const changes = new Map<string, Change>();
  const head = commitOf(image);
  for (const base of new Set(running.map(commitOf))) {
    if (head === undefined || base === undefined || head === base) continue;
    try {
      const range = await github.compare(base, head);
      changes.set(base, { base, head, ...range });
      if (range.status === 'diverged')
        log.warning(`Commit ${base}, which runs now, is on another line than ${head}.`);
    } catch (error) {
      log.warning(
        `GitHub could not tell whether ${base}, which runs now, is newer than ${head} (${messageOf(error)}).`,
      );
    }
  }
  return changes;
}

/** Commits that are shown; the link leads to all of them. */
const SHOWN = 20;

/** The commits that arrive, or with a way back those that go, for the job summary. Empty without any. */
export function changesSection(changes: Iterable<Change>, repositoryUrl: string): string {
  return [...changes].map((change) => changeSection(change, repositoryUrl)).join('\n\n');
}

function changeSection({ base, head, status, total, commits }: Change, repositoryUrl: string): string {
  const [from, to] = status === 'behind' ? [head, base] : [base, head];
  const link = `[\`${short(base)}\` → \`${short(head)}\`](${repositoryUrl}/compare/${from}...${to})`;
  const newestFirst = commits.toReversed().slice(0, SHOWN);
  const lines = newestFirst.map(
    ({ sha, subject, author }) => `- \`${short(sha)}\` ${plain(subject)} (${plain(author)})`,
  );
  const more = total > lines.length && lines.length > 0 ? [`- … and ${total - lines.length} more`] : [];
  const title = `### Commits\n\n${link}: ${countOf({ status, total })}`;
  return [title, [...lines, ...more].join('\n')].filter((part) => part !== '').join('\n\n');
}

/** Such as `12 commits` or `3 commits back`. */
export function countOf({ status, total }: Pick<CommitRange, 'status' | 'total'>): string {
  const count = `${total} ${total === 1 ? 'commit' : 'commits'}`;
  if (status === 'diverged') return `${count} since the lines parted`;
  return status === 'behind' ? `${count} back` : count;
}

const short = (commit: string) => commit.slice(0, 7);

/** The words of others are text, not Markdown and not a mention of anybody. */
const plain = (text: string) => text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replaceAll('@', '@\u200b');
