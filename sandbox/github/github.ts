import type { RawAnswer } from '../protocol/request.ts';

/** The part of GitHub that the action asks: which of two commits is ahead, and an OIDC token. */
export class LocalGitHub {
  /** The repository's commits, oldest first, in one line. */
  commits: string[] = [];

  answer(method: string, url: URL, _body: string): RawAnswer {
    const compare = /\/repos\/[^/]+\/[^/]+\/compare\/([0-9a-f]+)\.\.\.([0-9a-f]+)$/.exec(url.pathname);
    if (method === 'GET' && compare) return this.#compare(compare[1] ?? '', compare[2] ?? '');
    if (method === 'GET' && url.pathname === '/_github/oidc') return json(200, { value: 'sandbox.oidc.token' });
    return json(404, { message: 'Not Found' });
  }

  /** As GitHub's compare API: the status of the head in relation to the base. */
  #compare(base: string, head: string): RawAnswer {
    const [from, to] = [this.commits.indexOf(base), this.commits.indexOf(head)];
    if (from < 0 || to < 0) return json(404, { message: 'Not Found' });
    const status = from === to ? 'identical' : to > from ? 'ahead' : 'behind';
    return json(200, { status, ahead_by: Math.max(0, to - from), behind_by: Math.max(0, from - to), commits: [] });
  }
}

const json = (status: number, value: unknown): RawAnswer => ({ status, contentType: 'application/json', body: JSON.stringify(value) });
