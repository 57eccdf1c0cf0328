/** What the workflow run says about itself. */
export interface RunFacts {
  /** `owner/repo`. */
  repository: string;
  commit: string;
  branch?: string;
  /** The git tag, when the run is for one. */
  version?: string;
  /** Web page of the repository. */
  repositoryUrl: string;
  /** Web page of the run. */
  url: string;
  id: string;
  attempt: number;
  /** Folder of the checked-out repository. */
  workspace: string;
  /** Folder for temporary files of the job. */
  temp: string;
}

/** Reads the variables that the runner sets for every step. */
export function runFactsFrom(env: Readonly<Record<string, string | undefined>>): RunFacts {
  const repository = env.GITHUB_REPOSITORY ?? '';
  const id = env.GITHUB_RUN_ID ?? '';
  const name = env.GITHUB_REF_NAME ?? '';
  // In a pull request the ref is "<number>/merge": the branch that it comes from is the useful name.
  const branch = env.GITHUB_HEAD_REF || name;
  const repositoryUrl = `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}`;
  return {
    repository,
    repositoryUrl,
    commit: env.GITHUB_SHA ?? '',
    ...(env.GITHUB_REF_TYPE === 'tag' ? { version: name } : branch === '' ? {} : { branch }),
    url: `${repositoryUrl}/actions/runs/${id}`,
    id,
    attempt: Number(env.GITHUB_RUN_ATTEMPT ?? '1'),
    workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
    temp: env.RUNNER_TEMP ?? '/tmp',
  };
}
