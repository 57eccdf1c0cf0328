import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readArtifact } from '../../scripts/dist/artifact.ts';
import { blobHash, commitDist } from '../../scripts/dist/commit.ts';
import { GitHubRepository } from '../support/github-repository.ts';

const BRANCH = 'dependabot/npm_and_yarn/aws-sdk-1';

const files = (entries: Record<string, string>) =>
  new Map(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)]));

describe('committing a built dist', () => {
  let repository: GitHubRepository;

  beforeEach(async () => {
    repository = await GitHubRepository.start();
    repository.branches.set(BRANCH, {
      head: 'c1',
      dist: files({ 'index.js': 'old', '1.js': 'one', '2.js': 'two' }),
    });
    repository.pulls.push({ branch: BRANCH, author: 'dependabot[bot]', repository: 'octo/shop' });
  });
  afterEach(async () => repository.stop());

  const dist = () =>
    Object.fromEntries(
      [...(repository.branches.get(BRANCH)?.dist ?? [])].map(([name, data]) => [name, String(data)]),
    );
  const commit = (built: Record<string, string>, from = 'c1') =>
    commitDist(repository.client, { branch: BRANCH, commit: from, files: files(built) });

  test('commits what is new and different, and removes what is gone', async () => {
    const said = await commit({ 'index.js': 'new', '2.js': 'two', '3.js': 'three' });
    expect(dist()).toEqual({ 'index.js': 'new', '2.js': 'two', '3.js': 'three' });
    expect(said).toContain('dist/index.js, dist/3.js, dist/1.js');
    expect(said).not.toContain('2.js');
  });

  test('lets Dependabot go on rebasing its branch', async () => {
    await commit({ 'index.js': 'new' });
    expect(repository.messages).toEqual([expect.stringContaining('[dependabot skip]')]);
  });

  test('commits nothing when nothing differs', async () => {
    expect(await commit({ 'index.js': 'old', '1.js': 'one', '2.js': 'two' })).toMatch(
      /is what the sources build to/,
    );
    expect(repository.messages).toEqual([]);
  });

  test('commits nothing when the branch has moved on', async () => {
    expect(await commit({ 'index.js': 'new' }, 'c0')).toMatch(/has moved on to c1/);
    expect(repository.messages).toEqual([]);
  });

  test('commits once, however often it runs', async () => {
    await commit({ 'index.js': 'new' });
    expect(await commit({ 'index.js': 'new' })).toMatch(/has moved on/);
    expect(repository.messages).toHaveLength(1);
  });

  test.each([
    ["somebody else's pull request", 'mallory', 'octo/shop'],
    ['a fork', 'dependabot[bot]', 'mallory/shop'],
    ['a fork that was deleted', 'dependabot[bot]', null],
  ])('commits nothing to a branch of %s', async (_what, author, fork) => {
    repository.pulls.splice(0, 1, { branch: BRANCH, author, repository: fork });
    expect(await commit({ 'index.js': 'new' })).toMatch(
      /not the branch of an open pull request of Dependabot's/,
    );
    expect(repository.messages).toEqual([]);
  });

  test('commits nothing to a branch without a pull request', async () => {
    repository.branches.set('main', { head: 'c1', dist: files({ 'index.js': 'old' }) });
    const outcome = commitDist(repository.client, {
      branch: 'main',
      commit: 'c1',
      files: files({ 'index.js': 'new' }),
    });
    expect(await outcome).toMatch(/not the branch/);
    expect(repository.messages).toEqual([]);
  });

  test('says what GitHub refuses when the branch moves in between', async () => {
    const { client } = repository;
    const look = client.get.bind(client);
    // After the look at the entries of dist/, right before the commit.
    client.get = async <T>(path: string): Promise<T> => {
      const answer = await look<T>(path);
      const branch = repository.branches.get(BRANCH);
      if (path.startsWith('/contents') && branch) branch.head = 'c2';
      return answer;
    };
    const outcome = commitDist(client, { branch: BRANCH, commit: 'c1', files: files({ 'index.js': 'new' }) });
    await expect(outcome).rejects.toThrow(/Expected branch/);
    expect(repository.messages).toEqual([]);
  });

  test('knows the hash that git gives to contents', () => {
    // echo 'hello' | git hash-object --stdin
    expect(blobHash(Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  });
});

describe('reading an artifact', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'artifact-'));
    for (const name of ['index.js', 'post.js', 'package.json', '193.index.js'])
      writeFileSync(join(folder, name), name);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('takes plain files', () => {
    expect([...readArtifact(folder).keys()].sort()).toEqual([
      '193.index.js',
      'index.js',
      'package.json',
      'post.js',
    ]);
  });

  test('refuses a folder', () => {
    mkdirSync(join(folder, '.github'));
    expect(() => readArtifact(folder)).toThrow(/"\.github" is not a plain file/);
  });

  test('refuses a hidden file', () => {
    writeFileSync(join(folder, '.npmrc'), '');
    expect(() => readArtifact(folder)).toThrow(/"\.npmrc"/);
  });

  test('refuses a link, whatever it points at', () => {
    symlinkSync('/etc/hostname', join(folder, 'host.js'));
    expect(() => readArtifact(folder)).toThrow(/"host\.js" is not a plain file/);
  });

  test('refuses what is too large to be a dist', () => {
    writeFileSync(join(folder, 'big.js'), Buffer.alloc(25 * 1024 * 1024));
    expect(() => readArtifact(folder)).toThrow(/bytes/);
  });

  test('refuses a build that came to nothing, and says all that is wrong', () => {
    rmSync(join(folder, 'post.js'));
    mkdirSync(join(folder, 'more'));
    expect(() => readArtifact(folder)).toThrow(/"more".*post\.js is missing/);
  });
});
