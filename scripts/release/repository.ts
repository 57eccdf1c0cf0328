import { type GitHub, GitHubError } from '../github.ts';

/** A release as GitHub answers it, in the parts that are used here. */
export interface Release {
  id: number;
  tag_name: string;
  draft: boolean;
  immutable: boolean;
  html_url: string;
}

/** All releases. Drafts are among them only for a token that may write. */
export async function releases(github: GitHub): Promise<Release[]> {
  return await github.list<Release>('/releases');
}

/** The commit that a tag is for; `undefined` when there is no such tag. */
export async function commitOf(github: GitHub, tag: string): Promise<string | undefined> {
  const reference = await github.find<Reference>(`/git/ref/tags/${tag}`);
  if (reference?.object.type !== 'tag') return reference?.object.sha;
  // An annotated tag is an object of its own.
  return (await github.get<Reference>(`/git/tags/${reference.object.sha}`)).object.sha;
}

interface Reference {
  object: { type: string; sha: string };
}

/** Puts a tag at a commit, wherever it was; returns whether it was elsewhere. */
export async function putTag(github: GitHub, tag: string, commit: string): Promise<boolean> {
  const present = await commitOf(github, tag);
  if (present === commit) return false;
  try {
    if (present === undefined) await github.create('/git/refs', { ref: `refs/tags/${tag}`, sha: commit });
    else await github.change(`/git/refs/tags/${tag}`, { sha: commit, force: true });
  } catch (error) {
    if (!(error instanceof GitHubError && error.status === 403)) throw error;
    // The token of a workflow may never give a name to workflow files that no branch has.
    throw new Error(
      `GitHub does not let the workflow put the tag ${tag} at ${commit}. Either the repository's rules forbid it, or the workflow files on main have changed since that commit. Put it there yourself, with "git push --force origin ${commit}:refs/tags/${tag}", and run the failed jobs again.`,
      { cause: error },
    );
  }
  return true;
}
