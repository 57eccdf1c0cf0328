/** What GitHub answered to a request that it refused. */
export class GitHubError extends Error {
  readonly status: number;

  constructor(request: string, status: number, answer: string) {
    super(`GitHub answered ${status} to ${request}: ${answer}`);
    this.name = 'GitHubError';
    this.status = status;
  }
}

/** A repository, and how to reach it. */
export interface Access {
  /** `owner/name`. */
  repository: string;
  token: string;
  /** Address of GitHub's API, without a slash at the end. */
  url: string;
}

/**
 * GitHub's API for one repository. Without any package: this runs in jobs whose token may write, and they install
 * nothing. The type of an answer is the caller's word for what GitHub documents.
 */
export class GitHub {
  readonly repository: string;
  readonly #access: Access;

  constructor(access: Access) {
    this.repository = access.repository;
    this.#access = access;
  }

  /** Looks something up; `undefined` when there is no such thing. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof GitHubError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Reads a path under the repository's. */
  async get<T>(path: string): Promise<T> {
    return await this.#send<T>('GET', `/repos/${this.repository}${path}`);
  }

  /** All pages of a list under the repository's path. */
  async list<T>(path: string): Promise<T[]> {
    const all: T[] = [];
    for (let page = 1; ; page++) {
      const found = await this.get<T[]>(`${path}?per_page=${PAGE}&page=${page}`);
      all.push(...found);
      if (found.length < PAGE) return all;
    }
  }

  async create<T>(path: string, body: object): Promise<T> {
    return await this.#send<T>('POST', `/repos/${this.repository}${path}`, body);
  }

  async change<T>(path: string, body: object): Promise<T> {
    return await this.#send<T>('PATCH', `/repos/${this.repository}${path}`, body);
  }

  /** One GraphQL operation; rejects with what GitHub says is wrong with it. */
  async graphql<T>(query: string, variables: object): Promise<T> {
    const answer = await this.#send<{ data?: T; errors?: { message: string }[] }>('POST', '/graphql', {
      query,
      variables,
    });
    if (answer.errors || !answer.data)
      throw new Error(`GitHub refused: ${answer.errors?.map(({ message }) => message).join('; ')}`);
    return answer.data;
  }

  async #send<T>(method: string, path: string, body?: object): Promise<T> {
    const { token, url } = this.#access;
    const response = await fetch(url + path, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(LIMIT),
    });
    const text = await response.text();
    if (!response.ok) throw new GitHubError(`${method} ${path}`, response.status, text.slice(0, 500));
    const answer: T = JSON.parse(text);
    return answer;
  }
}

/** Entries on a page, the most that GitHub gives. */
const PAGE = 100;
/** Milliseconds after which an answer is not waited for any longer. */
const LIMIT = 60_000;

/** The repository that the workflow runs in. */
export function accessOf(environment: NodeJS.ProcessEnv): Access {
  return {
    repository: required(environment, 'GITHUB_REPOSITORY'),
    token: required(environment, 'GH_TOKEN'),
    url: required(environment, 'GITHUB_API_URL'),
  };
}

/** A variable that the workflow has to set. */
export function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`The environment variable ${name} is not set.`);
  return value;
}

/** Runs a step of a workflow: what it says goes to the log, what goes wrong becomes an annotation. */
export async function runStep(step: () => Promise<string>): Promise<void> {
  try {
    console.log(await step());
  } catch (error) {
    // Line breaks and percent signs end or change a workflow command.
    const message = messageOf(error).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
    console.log(`::error::${message}`);
    process.exitCode = 1;
  }
}

/** With the cause: "fetch failed" alone tells nobody anything. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}
