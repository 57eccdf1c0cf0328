/** How one commit stands to another: is `head` ahead of `base`, behind it, the same, or on another line? */
export type Comparison = 'ahead' | 'behind' | 'identical' | 'diverged';

/** The questions that the action has for GitHub. */
export interface GitHub {
  /** Rejects when GitHub does not answer or does not know a commit. */
  compare(base: string, head: string): Promise<Comparison>;
}

/** GitHub's REST API with the job's token; the client is loaded when it is needed. */
export function githubApi(token: string, repository: string): GitHub {
  return {
    async compare(base, head) {
      if (token === '') throw new Error('there is no github-token');
      const { getOctokit } = await import('@actions/github');
      const [owner = '', repo = ''] = repository.split('/');
      const { data } = await getOctokit(token).rest.repos.compareCommitsWithBasehead({
        owner,
        repo,
        basehead: `${base}...${head}`,
        per_page: 1,
      });
      return data.status;
    },
  };
}
