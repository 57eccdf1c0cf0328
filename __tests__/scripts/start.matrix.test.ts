import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GitHubRepository } from '../support/github-repository.ts';

// As the workflows do it: Node itself, from 22.18 on, takes TypeScript, and nothing is installed.
const describeWhereNodeTakesTypeScript = process.features.typescript ? describe : describe.skip;

describeWhereNodeTakesTypeScript('the scripts of the workflows, started', () => {
  let repository: GitHubRepository;
  let folder: string;
  beforeEach(async () => {
    repository = await GitHubRepository.start();
    folder = mkdtempSync(join(tmpdir(), 'scripts-'));
  });
  afterEach(async () => {
    await repository.stop();
    rmSync(folder, { recursive: true });
  });

  /** Runs a script in a folder with what GitHub's runner and the workflow set. */
  async function start(
    script: string[],
    environment: Record<string, string>,
  ): Promise<{ code: unknown; log: string }> {
    const [file = '', ...rest] = script;
    const child = spawn(process.execPath, ['--no-warnings', join(process.cwd(), file), ...rest], {
      cwd: folder,
      env: {
        GITHUB_API_URL: repository.url,
        GITHUB_REPOSITORY: 'octo/shop',
        GITHUB_REF: 'refs/heads/main',
        GITHUB_SHA: 'c1',
        GH_TOKEN: 'token',
        ...environment,
      },
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    const code = await new Promise((done) => child.once('close', done));
    return { code, log };
  }

  const release = (step: string, version: string) =>
    start(['scripts/release/release.ts', step], { VERSION: version });

  test('make a release of what package.json and the changelog say', async () => {
    writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.3" }');
    writeFileSync(join(folder, 'CHANGELOG.md'), '## 1.2.3\n\nBetter.\n');
    repository.runs.push({ head_sha: 'c1', status: 'completed', conclusion: 'success', event: 'push' });
    for (const step of ['check', 'draft', 'publish', 'move-tags'])
      expect(await release(step, '1.2.3')).toMatchObject({ code: 0 });
    expect(repository.releases).toMatchObject([{ tag_name: 'v1.2.3', draft: false, body: 'Better.' }]);
    expect(repository.tags.get('v1')).toBe('c1');
  });

  test('end with one annotation that has every reason', async () => {
    writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.2" }');
    const { code, log } = await release('check', '1.2.3');
    expect(code).toBe(1);
    expect(log).toMatch(
      /^::error::v1\.2\.3 cannot be released.*%0A- package\.json.*%0A- CI has not run.*\n$/,
    );
  });

  test.each(['v1.2.3', '1.2.3; rm -rf /', '$(id)'])('refuse the version %j', async (version) => {
    expect(await release('check', version)).toMatchObject({
      code: 1,
      log: expect.stringMatching(/is not a version/),
    });
  });

  test('refuse a step that there is not', async () => {
    expect(await release('everything', '1.2.3')).toMatchObject({
      code: 1,
      log: expect.stringMatching(/no step/),
    });
  });

  test('commit what was built', async () => {
    const branch = 'dependabot/npm_and_yarn/x';
    repository.branches.set(branch, { head: 'c1', dist: new Map([['index.js', Buffer.from('old')]]) });
    repository.pulls.push({ branch, author: 'dependabot[bot]', repository: 'octo/shop' });
    for (const name of ['index.js', 'post.js', 'package.json']) writeFileSync(join(folder, name), 'new');
    const outcome = await start(['scripts/dist/commit-dist.ts'], {
      DIST: folder,
      BRANCH: branch,
      COMMIT: 'c1',
    });
    expect(outcome).toMatchObject({ code: 0, log: expect.stringMatching(/^Committed to dependabot/) });
    expect([...(repository.branches.get(branch)?.dist.keys() ?? [])].toSorted()).toEqual([
      'index.js',
      'package.json',
      'post.js',
    ]);
  });
});
