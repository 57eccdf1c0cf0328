/** How one commit stands to another: is `head` ahead of `base`, behind it, the same, or on another line? */
export type Comparison = 'ahead' | 'behind' | 'identical' | 'diverged';

/** What lies between two commits. */
export interface CommitRange {
  status: Comparison;
  /** How many commits `head` has that `base` has not; when it is behind, how many it lacks. */
  total: number;
  /** Those that `head` has and `base` has not, oldest first, as far as they were asked for. */
  commits: readonly { sha: string; subject: string; author: string }[];
}

export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/** What the action asks of GitHub. Everything rejects when GitHub refuses or does not answer. */
export interface GitHub {
  compare(base: string, head: string): Promise<CommitRange>;
  /** Needs `deployments: write`. Returns the deployment's id. */
  createDeployment(deployment: {
    ref: string;
    environment: string;
    payload: Readonly<Record<string, string>>;
  }): Promise<number>;
  /** `environmentUrl` is the link that GitHub shows beside the environment. */
  setDeploymentState(
    id: number,
    state: DeploymentState,
    urls: { logUrl: string; environmentUrl?: string | undefined },
  ): Promise<void>;
}

/** One page of GitHub's. */
const MOST_COMMITS = 100;

/** GitHub's REST API with the job's token; the client is loaded when it is needed. */
export function githubApi(token: string, repository: string): GitHub {
  const [owner = '', repo = ''] = repository.split('/');
  const repos = async () => {
    if (token === '') throw new Error('there is no github-token');
    const { getOctokit } = await import('@actions/github');
    return getOctokit(token).rest.repos;
  };
  return {
    async compare(base, head) {
      const { compareCommitsWithBasehead } = await repos();
      const { data } = await compareCommitsWithBasehead({
        owner,
        repo,
        basehead: `${base}...${head}`,
        per_page: MOST_COMMITS,
      });
      return {
        status: data.status,
        total: data.status === 'behind' ? data.behind_by : data.ahead_by,
        commits: data.commits.map(({ sha, author, commit }) => ({
          sha,
          subject: commit.message.split('\n')[0] ?? '',
          author: author?.login ?? commit.author?.name ?? 'unknown',
        })),
      };
    },
    async createDeployment({ ref, environment, payload }) {
      const { createDeployment } = await repos();
      // The checks of the commit were made when its image was baked; merging something would deploy another commit.
      const checks = { auto_merge: false, required_contexts: [] };
      const { data } = await createDeployment({ owner, repo, ref, environment, payload, ...checks });
      if ('id' in data) return data.id;
      throw new Error(data.message ?? 'no deployment was created');
    },
    async setDeploymentState(id, state, { logUrl, environmentUrl }) {
      const { createDeploymentStatus } = await repos();
      await createDeploymentStatus({
        owner,
        repo,
        deployment_id: id,
        state,
        log_url: logUrl,
        ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
      });
    },
  };
}
