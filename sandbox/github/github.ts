import type { RawAnswer } from '../protocol/answer.ts';

/** A deployment as the action made it, with the states that it went through. */
export interface LocalDeployment {
  id: number;
  ref: string;
  environment: string;
  payload: unknown;
  states: string[];
  /** What GitHub shows beside the environment, once a state brought it. */
  environmentUrl?: string;
}

/** The part of GitHub that the action asks: which of two commits is ahead, deployments, and an OIDC token. */
export class LocalGitHub {
  /** The repository's commits, oldest first, in one line. */
  commits: string[] = [];
  /** Whether the job's token has `deployments: write`; by default it has not. */
  mayDeploy = false;
  readonly deployments: LocalDeployment[] = [];

  answer(method: string, url: URL, body = ''): RawAnswer {
    const deployments = /\/repos\/[^/]+\/[^/]+\/deployments(?:\/(\d+)\/statuses)?$/.exec(url.pathname);
    if (method === 'POST' && deployments) return this.#answerDeployment(deployments[1], body);
    const compare = /\/repos\/[^/]+\/[^/]+\/compare\/([0-9a-f]+)\.\.\.([0-9a-f]+)$/.exec(url.pathname);
    if (method === 'GET' && compare) return this.#answerCompare(compare[1] ?? '', compare[2] ?? '');
    if (method === 'GET' && url.pathname === '/_github/oidc')
      return json(200, { value: idToken(url.searchParams.get('audience') ?? 'https://github.com/octo') });
    return json(404, { message: 'Not Found' });
  }

  /** How the head stands to the base, as GitHub's compare API says it; `commits` are those that only the head has. */
  compare(
    base: string,
    head: string,
  ): { status: 'identical' | 'ahead' | 'behind'; by: number; commits: string[] } {
    const [from, to] = [this.commits.indexOf(base), this.commits.indexOf(head)];
    if (from < 0 || to < 0) throw new Error('Not Found');
    const status = from === to ? 'identical' : to > from ? 'ahead' : 'behind';
    return { status, by: Math.abs(to - from), commits: this.commits.slice(from + 1, to + 1) };
  }

  /** Rejected like GitHub does when the token lacks the permission. */
  deploy(wanted: Omit<LocalDeployment, 'id' | 'states'>): LocalDeployment {
    if (!this.mayDeploy) throw new Error('Resource not accessible by integration');
    const deployment = { ...wanted, id: this.deployments.length + 1, states: [] };
    this.deployments.push(deployment);
    return deployment;
  }

  setState(id: number, state: string, environmentUrl: string | undefined): void {
    const deployment = this.deployments[id - 1];
    deployment?.states.push(state);
    if (deployment && environmentUrl !== undefined) deployment.environmentUrl = environmentUrl;
  }

  #answerDeployment(id: string | undefined, body: string): RawAnswer {
    const request: unknown = JSON.parse(body);
    const member = (name: string): unknown => Reflect.get(Object(request), name);
    if (id === undefined) {
      try {
        const [ref, environment] = [String(member('ref')), String(member('environment'))];
        return json(201, this.deploy({ ref, environment, payload: member('payload') }));
      } catch (error) {
        return json(403, { message: error instanceof Error ? error.message : String(error) });
      }
    }
    const deployment = this.deployments[Number(id) - 1];
    if (!deployment) return json(404, { message: 'Not Found' });
    this.setState(deployment.id, String(member('state')), textOf(member('environment_url')));
    return json(201, { state: member('state') });
  }

  #answerCompare(base: string, head: string): RawAnswer {
    try {
      const { status, by, commits } = this.compare(base, head);
      return json(200, {
        status,
        ahead_by: status === 'ahead' ? by : 0,
        behind_by: status === 'behind' ? by : 0,
        total_commits: commits.length,
        commits: commits.map((sha) => ({
          sha,
          author: { login: 'octocat' },
          commit: { message: subjectOf(sha), author: { name: 'Octo Cat' } },
        })),
      });
    } catch {
      return json(404, { message: 'Not Found' });
    }
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Commits have no messages here; this stands for one. */
export const subjectOf = (commit: string) => `Change ${commit.slice(0, 7)}`;

/** Seconds for which GitHub's tokens are valid. */
const TOKEN_SECONDS = 300;

/** An OIDC token as GitHub issues it, but without a signature. Its times are the machine's, like a real one's. */
function idToken(audience: string): string {
  const issued = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    sub: 'repo:octo/shop:ref:refs/heads/main',
    aud: audience,
    iat: issued,
    nbf: issued,
    exp: issued + TOKEN_SECONDS,
  };
  return `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.unsigned`;
}

const json = (status: number, value: unknown): RawAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(value),
});
