import type { GitHub } from '../github.ts';

/** A release as GitHub answers it, in the parts that are used here. */
export interface Release {
  id: number;
  tag_name: string;
  draft: boolean;
  immutable: boolean;
  target_commitish: string;
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
  if (present === undefined) await github.create('/git/refs', { ref: `refs/tags/${tag}`, sha: commit });
  else await github.change(`/git/refs/tags/${tag}`, { sha: commit, force: true });
  return true;
}
