import type { GitHub } from '../github.ts';
import type { Candidate } from './candidate.ts';
import { commitOf, putTag, type Release, releases } from './repository.ts';
import { isLatest, movingTags } from './version.ts';

/** Makes the tag and publishes the draft. From then on neither can change. */
export async function publish(github: GitHub, candidate: Candidate): Promise<string> {
  const { tag, commit, version } = candidate;
  const all = await releases(github);
  const release = all.find(({ tag_name }) => tag_name === tag);
  if (!release) throw new Error(`There is no draft of ${tag}: run all jobs of this workflow again.`);
  if (release.draft) {
    await makeTag(github, candidate);
    await github.change(`/releases/${release.id}`, {
      draft: false,
      prerelease: version.prerelease !== '',
      // GitHub takes it as a text.
      make_latest: String(isLatest(version, publishedOf(all))),
    });
  }
  await requirePublished(github, candidate);
  return `Published ${tag} of ${commit}: ${release.html_url}`;
}

/** Moves the tags that people name, `v1` and `v1.2`, to the release. */
export async function moveTags(github: GitHub, candidate: Candidate): Promise<string> {
  const { tag, commit, version } = candidate;
  await requirePublished(github, candidate);
  const tags = movingTags(version, publishedOf(await releases(github)));
  if (tags.length === 0) return `No tag follows ${tag}.`;
  const moved: string[] = [];
  for (const each of tags) if (await putTag(github, each, commit)) moved.push(each);
  return moved.length === 0
    ? `${tags.join(', ')}: at ${commit} already.`
    : `Moved to ${commit}: ${moved.join(', ')}.`;
}

const publishedOf = (all: readonly Release[]) =>
  all.filter(({ draft }) => !draft).map(({ tag_name }) => tag_name);

/** Makes the tag of the release, and never moves one that is there. */
async function makeTag(github: GitHub, { tag, commit }: Candidate): Promise<void> {
  const tagged = await commitOf(github, tag);
  if (tagged !== undefined && tagged !== commit)
    throw new Error(`Somebody made the tag ${tag}, at ${tagged}: delete it, or count up.`);
  await putTag(github, tag, commit);
}

/** Nothing is moved to a release that could still change. */
async function requirePublished(github: GitHub, { tag, commit }: Candidate): Promise<void> {
  const release = await github.find<Release>(`/releases/tags/${tag}`);
  if (!release) throw new Error(`${tag} is not published.`);
  const tagged = await commitOf(github, tag);
  if (tagged !== commit)
    throw new Error(`The tag ${tag} is at ${tagged}, not at ${commit}: ${release.html_url}`);
  if (!release.immutable)
    throw new Error(
      `${tag} can still be changed: turn on "Enable release immutability" in the repository's settings, delete the release (${release.html_url}) and its tag, and run all jobs of this workflow again.`,
    );
}
