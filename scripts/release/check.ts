import type { GitHub } from '../github.ts';
import type { Candidate } from './candidate.ts';
import { commitOf, releases } from './repository.ts';

interface Runs {
  workflow_runs: { status: string; conclusion: string | null; html_url: string }[];
}

/** Whether the candidate can be released. Rejects with everything that speaks against it; changes nothing. */
export async function check(github: GitHub, candidate: Candidate): Promise<string> {
  const { tag, commit } = candidate;
  const problems = [...problemsHere(candidate), ...(await problemsThere(github, candidate))];
  if (problems.length > 0)
    throw new Error(`${tag} cannot be released from ${commit}:\n- ${problems.join('\n- ')}`);
  return `${tag} can be released from ${commit}.`;
}

/** What the commit itself says. */
function problemsHere({ tag, ref, declared, changelog }: Candidate): string[] {
  return [
    ...(ref === 'refs/heads/main'
      ? []
      : [`the workflow was started on ${ref}: releases are made from main, choose it beside "Run workflow"`]),
    ...(tag === `v${declared}`
      ? []
      : [
          `package.json has the version ${declared}: set it with "npm version --no-git-tag-version" and merge that first`,
        ]),
    ...(changelog === 'none' || changelog.section
      ? []
      : [`CHANGELOG.md has no section about it: write one under the heading "## ${tag.slice(1)}"`]),
  ];
}

/** What GitHub says about the commit and the tag. */
async function problemsThere(github: GitHub, { tag, commit }: Candidate): Promise<string[]> {
  const problems: string[] = [];
  const query = new URLSearchParams({ head_sha: commit, event: 'push', branch: 'main' });
  const { workflow_runs: runs } = await github.get<Runs>(`/actions/workflows/ci.yml/runs?${query}`);
  // The newest is the first.
  const run = runs[0];
  if (!run) problems.push('CI has not run for it');
  else if (run.status !== 'completed')
    problems.push(`CI still runs (${run.html_url}): wait, and run this again`);
  else if (run.conclusion !== 'success') problems.push(`CI ended with ${run.conclusion} (${run.html_url})`);
  const tagged = await commitOf(github, tag);
  if (tagged !== undefined && tagged !== commit)
    problems.push(`the tag ${tag} is at ${tagged} already: count up`);
  // A release that has such a tag would freeze it for good.
  const frozen = (await releases(github)).filter(({ tag_name }) => /^v\d+(\.\d+)?$/.test(tag_name));
  for (const { tag_name, html_url } of frozen)
    problems.push(
      `there is a release ${tag_name} (${html_url}), and only tags may have such a name: delete it`,
    );
  return problems;
}
