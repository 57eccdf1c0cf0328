import type { RawAnswer } from '../protocol/answer.ts';

/** The part of GitHub that the action asks: which of two commits is ahead, and an OIDC token. */
export class LocalGitHub {
  /** The repository's commits, oldest first, in one line. */
  commits: string[] = [];

  answer(method: string, url: URL): RawAnswer {
    const compare = /\/repos\/[^/]+\/[^/]+\/compare\/([0-9a-f]+)\.\.\.([0-9a-f]+)$/.exec(url.pathname);
    if (method === 'GET' && compare) return this.#answerCompare(compare[1] ?? '', compare[2] ?? '');
    if (method === 'GET' && url.pathname === '/_github/oidc')
      return json(200, { value: idToken(url.searchParams.get('audience') ?? 'https://github.com/octo') });
    return json(404, { message: 'Not Found' });
  }

  /** How the head stands to the base, as GitHub's compare API says it. */
  compare(base: string, head: string): 'identical' | 'ahead' | 'behind' {
    const [from, to] = [this.commits.indexOf(base), this.commits.indexOf(head)];
    if (from < 0 || to < 0) throw new Error('Not Found');
    return from === to ? 'identical' : to > from ? 'ahead' : 'behind';
  }

  #answerCompare(base: string, head: string): RawAnswer {
    try {
      return json(200, { status: this.compare(base, head), commits: [] });
    } catch {
      return json(404, { message: 'Not Found' });
    }
  }
}

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
