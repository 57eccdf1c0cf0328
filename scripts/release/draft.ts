import type { GitHub } from '../github.ts';
import type { Candidate } from './candidate.ts';
import { commitOf, type Release, releases } from './repository.ts';

/** Makes sure that there is a draft of the release, for the reviewers to read and to edit. */
export async function draft(github: GitHub, candidate: Candidate): Promise<string> {
  const { tag, version, changelog } = candidate;
  const present = (await releases(github)).find(({ tag_name }) => tag_name === tag);
  if (present && !present.draft) return await alreadyPublished(github, candidate, present);
  // Its notes may have been edited by hand.
  if (present) return `There is a draft of ${tag}: ${present.html_url}`;
  const notes = changelog === 'none' ? undefined : changelog.section;
  // Without a commit: GitHub gives no workflow's token a release of a commit that touches workflow files. The tag says
  // which commit it is, once the release is approved.
  const made = await github.create<Release>('/releases', {
    tag_name: tag,
    name: tag,
    draft: true,
    prerelease: version.prerelease !== '',
    ...(notes === undefined ? { generate_release_notes: true } : { body: notes }),
  });
  return `Drafted ${tag}: ${made.html_url}`;
}

async function alreadyPublished(
  github: GitHub,
  { tag, commit }: Candidate,
  release: Release,
): Promise<string> {
  const tagged = await commitOf(github, tag);
  if (tagged !== commit)
    throw new Error(`${tag} is published, of ${tagged} (${release.html_url}): count up.`);
  return `${tag} is published already: ${release.html_url}`;
}
