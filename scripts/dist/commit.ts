import { createHash } from 'node:crypto';
import type { GitHub } from '../github.ts';
import type { Dist } from './artifact.ts';

/** What was built, and from which commit; both from GitHub's event, not from the artifact. */
export interface Handover {
  branch: string;
  commit: string;
  files: Dist;
}

interface PullRequest {
  number: number;
  user: { login: string };
  head: { ref: string; sha: string; repo: { full_name: string } | null };
}

interface Entry {
  name: string;
  /** Git's hash of the contents. */
  sha: string;
}

interface Change {
  additions: { path: string; contents: string }[];
  deletions: { path: string }[];
}

/** With these words Dependabot goes on rebasing its branch, as it does not for commits of others. */
const SKIP = '[dependabot skip]';

/**
 * Commits a built dist/ to a branch of Dependabot's, where the commit that it was built from still is the branch's
 * head; returns what was done, or why there was nothing to do. Interrupted at any point it can run again.
 */
export async function commitDist(github: GitHub, { branch, commit, files }: Handover): Promise<string> {
  const head = await headOf(github, branch);
  if (head === undefined) return `${branch} is not the branch of an open pull request of Dependabot's.`;
  if (head !== commit)
    return `${branch} has moved on to ${head}: what was built from ${commit} is of no use.`;
  const change = changeTo(files, await github.get<Entry[]>(`/contents/dist?ref=${commit}`));
  const paths = [...change.additions, ...change.deletions].map(({ path }) => path);
  if (paths.length === 0) return 'dist/ is what the sources build to.';
  await github.graphql(
    'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }',
    {
      input: {
        branch: { repositoryNameWithOwner: github.repository, branchName: branch },
        // GitHub refuses when the branch has another head by then.
        expectedHeadOid: commit,
        message: { headline: 'Build dist with the updated dependencies', body: SKIP },
        fileChanges: change,
      },
    },
  );
  return `Committed to ${branch}: ${paths.join(', ')}. Approve the workflows of its pull request to run.`;
}

/** The head of a branch that an open pull request of Dependabot's is about. */
async function headOf(github: GitHub, branch: string): Promise<string | undefined> {
  // Without GitHub's filter by branch: it answers with all of them where it does not understand the branch.
  const pulls = await github.list<PullRequest>('/pulls');
  return pulls.find(
    // GitHub lets nobody register a name with brackets.
    ({ user, head }) =>
      user.login === 'dependabot[bot]' && head.ref === branch && head.repo?.full_name === github.repository,
  )?.head.sha;
}

/** What makes the entries of dist/ these files. */
export function changeTo(files: Dist, entries: readonly Entry[]): Change {
  const present = new Map(entries.map(({ name, sha }) => [name, sha]));
  return {
    additions: [...files]
      .filter(([name, contents]) => present.get(name) !== blobHash(contents))
      .map(([name, contents]) => ({ path: `dist/${name}`, contents: contents.toString('base64') })),
    deletions: entries.filter(({ name }) => !files.has(name)).map(({ name }) => ({ path: `dist/${name}` })),
  };
}

/** Git's hash of a file's contents. */
export function blobHash(contents: Buffer): string {
  return createHash('sha1').update(`blob ${contents.length}\0`).update(contents).digest('hex');
}
