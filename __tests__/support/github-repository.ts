import { createServer, type Server } from 'node:http';
import { blobHash } from '../../scripts/dist/commit.ts';
import { GitHub } from '../../scripts/github.ts';

interface LocalRelease {
  id: number;
  tag_name: string;
  body: string;
  draft: boolean;
  prerelease: boolean;
  immutable: boolean;
  html_url: string;
}

interface Branch {
  head: string;
  /** The files of dist/. */
  dist: Map<string, Buffer>;
}

type Answer = readonly [status: number, body: unknown];
type Body = Record<string, unknown>;

const NAME = 'octo/shop';
const NOT_FOUND: Answer = [404, { message: 'Not Found' }];
const FORBIDDEN: Answer = [403, { message: 'Resource not accessible by integration' }];

/** The part of a GitHub repository that the scripts of the workflows touch, behind GitHub's API on loopback. */
export class GitHubRepository {
  readonly releases: LocalRelease[] = [];
  /** Tags, by the commits that they are at. */
  readonly tags = new Map<string, string>();
  /** Objects of annotated tags, by the commits that they are for. */
  readonly annotations = new Map<string, string>();
  readonly branches = new Map<string, Branch>();
  readonly pulls: { branch: string; author: string; repository: string | null }[] = [];
  /** Runs of ci.yml, the newest first. */
  readonly runs: { head_sha: string; status: string; conclusion: string | null; event: string }[] = [];
  readonly messages: string[] = [];
  /** Commits with workflow files that no branch has: a workflow's token may not name them. */
  readonly forbidden = new Set<unknown>();
  /** Whether the repository has release immutability turned on. */
  immutable = true;
  /** How the release that was published last is shown. */
  latest: unknown;
  /** Fails one request with a server error, the first being 0, before it has its effect or after it. */
  failing: { request: number; when: 'before' | 'after' } | undefined;
  requests = 0;

  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<GitHubRepository> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '', 'http://localhost');
        const body: Body = JSON.parse(Buffer.concat(chunks).toString() || '{}');
        const [status, answer] = repository.#serve(request.method ?? '', url, body);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    const repository = new GitHubRepository(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return repository;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    return `http://127.0.0.1:${address.port}`;
  }

  get client(): GitHub {
    return new GitHub({ repository: NAME, token: 'token', url: this.url });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #serve(method: string, url: URL, body: Body): Answer {
    const fails = this.failing?.request === this.requests++ ? this.failing.when : 'never';
    if (fails === 'before') return [500, { message: 'Server Error' }];
    const path = url.pathname.replace(`/repos/${NAME}`, '');
    const answer = this.#answer(method, path, url.searchParams, body);
    return fails === 'after' ? [500, { message: 'Server Error' }] : answer;
  }

  #answer(method: string, path: string, query: URLSearchParams, body: Body): Answer {
    const [, release, tag] = /^\/releases\/(\d+)$|^\/releases\/tags\/(.+)$/.exec(path) ?? [];
    const [, reference] = /^\/git\/refs?\/tags\/(.+)$/.exec(path) ?? [];
    const [, annotation] = /^\/git\/tags\/(.+)$/.exec(path) ?? [];
    if (method === 'GET' && path === '/releases') return [200, this.#page(query)];
    if (method === 'POST' && path === '/releases') return this.#draft(body);
    if (method === 'PATCH' && release !== undefined) return this.#changeRelease(Number(release), body);
    if (method === 'GET' && tag !== undefined) return found(this.#published(tag));
    if (method === 'GET' && reference !== undefined) return found(this.#reference(reference));
    if (method === 'GET' && annotation !== undefined)
      return found({ object: { type: 'commit', sha: this.annotations.get(annotation) } });
    if (method === 'POST' && path === '/git/refs') return this.#createTag(body);
    if (method === 'PATCH' && reference !== undefined) return this.#moveTag(reference, body);
    if (method === 'GET' && path === '/actions/workflows/ci.yml/runs') return [200, this.#runs(query)];
    if (method === 'GET' && path === '/pulls') return [200, this.#pulls()];
    if (method === 'GET' && path === '/contents/dist') return this.#listing(query.get('ref') ?? '');
    if (method === 'POST' && path === '/graphql') return this.#commit(JSON.parse(JSON.stringify(body)));
    return NOT_FOUND;
  }

  #page(query: URLSearchParams): LocalRelease[] {
    const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))];
    return this.releases.toReversed().slice((page - 1) * size, page * size);
  }

  #draft(body: Body): Answer {
    // The commit may touch workflow files, and then GitHub asks for a permission that no workflow's token can have.
    if ('target_commitish' in body) return FORBIDDEN;
    const release: LocalRelease = {
      id: this.releases.length + 1,
      tag_name: String(body.tag_name),
      body: body.generate_release_notes ? 'generated' : String(body.body),
      draft: body.draft === true,
      prerelease: body.prerelease === true,
      immutable: false,
      html_url: `https://github.com/${NAME}/releases/${this.releases.length + 1}`,
    };
    this.releases.push(release);
    return [201, release];
  }

  #changeRelease(id: number, body: Body): Answer {
    const release = this.releases.find((each) => each.id === id);
    if (!release) return NOT_FOUND;
    if (release.immutable) return [422, { message: 'Cannot change an immutable release' }];
    if ('target_commitish' in body) return FORBIDDEN;
    if (typeof body.prerelease === 'boolean') release.prerelease = body.prerelease;
    if (body.draft === false) {
      release.draft = false;
      release.immutable = this.immutable;
      this.latest = body.make_latest;
      if (!this.tags.has(release.tag_name)) this.tags.set(release.tag_name, 'head of main');
    }
    return [200, release];
  }

  #published(tag: string): LocalRelease | undefined {
    return this.releases.find((release) => !release.draft && release.tag_name === tag);
  }

  #reference(tag: string): object | undefined {
    const sha = this.tags.get(tag);
    if (sha === undefined) return undefined;
    return { object: { type: this.annotations.has(sha) ? 'tag' : 'commit', sha } };
  }

  #createTag(body: Body): Answer {
    const tag = String(body.ref).replace('refs/tags/', '');
    if (this.tags.has(tag)) return [422, { message: 'Reference already exists' }];
    if (this.forbidden.has(body.sha)) return FORBIDDEN;
    this.tags.set(tag, String(body.sha));
    return [201, this.#reference(tag)];
  }

  #moveTag(tag: string, body: Body): Answer {
    if (!this.tags.has(tag)) return [422, { message: 'Reference does not exist' }];
    // Commits are not told apart by their history here: none follows from another.
    if (body.force !== true) return [422, { message: 'Update is not a fast forward' }];
    if (this.#published(tag)?.immutable) return [422, { message: 'Cannot update a protected ref' }];
    this.tags.set(tag, String(body.sha));
    return [200, this.#reference(tag)];
  }

  #runs(query: URLSearchParams): object {
    const wanted = this.runs.filter(
      (run) => run.head_sha === query.get('head_sha') && run.event === query.get('event'),
    );
    return { workflow_runs: wanted.map((run) => ({ ...run, html_url: 'https://github.com/run' })) };
  }

  #pulls(): object[] {
    return this.pulls.map(({ branch, author, repository }) => ({
      user: { login: author },
      head: {
        ref: branch,
        sha: this.branches.get(branch)?.head,
        repo: repository === null ? null : { full_name: repository },
      },
    }));
  }

  #listing(ref: string): Answer {
    const branch = [...this.branches.values()].find(({ head }) => head === ref);
    if (!branch) return NOT_FOUND;
    return [200, [...branch.dist].map(([name, contents]) => ({ name, sha: blobHash(contents) }))];
  }

  #commit({ variables: { input } }: CreateCommit): Answer {
    const branch = this.branches.get(input.branch.branchName);
    if (branch?.head !== input.expectedHeadOid)
      return [200, { data: null, errors: [{ message: 'Expected branch to point to another commit' }] }];
    for (const { path, contents } of input.fileChanges.additions)
      branch.dist.set(path.replace('dist/', ''), Buffer.from(contents, 'base64'));
    for (const { path } of input.fileChanges.deletions) branch.dist.delete(path.replace('dist/', ''));
    branch.head = `${branch.head}+`;
    this.messages.push(`${input.message.headline}\n\n${input.message.body}`);
    return [200, { data: { createCommitOnBranch: { commit: { oid: branch.head } } } }];
  }
}

interface CreateCommit {
  variables: {
    input: {
      branch: { branchName: string };
      expectedHeadOid: string;
      message: { headline: string; body: string };
      fileChanges: { additions: { path: string; contents: string }[]; deletions: { path: string }[] };
    };
  };
}

const found = (body: unknown): Answer => (body === undefined ? NOT_FOUND : [200, body]);
