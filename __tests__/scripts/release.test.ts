import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Candidate } from '../../scripts/release/candidate.ts';
import { changelogSection } from '../../scripts/release/changelog.ts';
import { check } from '../../scripts/release/check.ts';
import { draft } from '../../scripts/release/draft.ts';
import { moveTags, publish } from '../../scripts/release/publish.ts';
import { isLatest, movingTags, parseVersion } from '../../scripts/release/version.ts';
import { GitHubRepository } from '../support/github-repository.ts';

const version = (text: string) => {
  const parsed = parseVersion(text);
  if (!parsed) throw new Error(`${text} is no version.`);
  return parsed;
};

const candidate = (text: string, more: Partial<Candidate> = {}): Candidate => ({
  version: version(text),
  tag: `v${text}`,
  commit: 'c1',
  ref: 'refs/heads/main',
  declared: text,
  changelog: 'none',
  ...more,
});

let repository: GitHubRepository;
beforeEach(async () => {
  repository = await GitHubRepository.start();
  ciRan('c1', 'success');
});
afterEach(async () => repository.stop());

function ciRan(commit: string, conclusion: string | null): void {
  const status = conclusion === null ? 'in_progress' : 'completed';
  repository.runs.unshift({ head_sha: commit, status, conclusion, event: 'push' });
}

/** All jobs of release.yml, one after the other. */
async function release(each: Candidate): Promise<void> {
  for (const step of [check, draft, publish, moveTags]) await step(repository.client, each);
}

describe('a release', () => {
  test('is drafted, published for good, and followed by the tags', async () => {
    await release(candidate('1.2.3'));
    expect(repository.releases).toMatchObject([{ tag_name: 'v1.2.3', draft: false, immutable: true }]);
    expect(Object.fromEntries(repository.tags)).toEqual({ 'v1.2.3': 'c1', v1: 'c1', 'v1.2': 'c1' });
    expect(repository.latest).toBe('true');
  });

  test('moves the tags from the one before', async () => {
    await release(candidate('1.2.3'));
    ciRan('c2', 'success');
    await release(candidate('1.3.0', { commit: 'c2' }));
    expect(Object.fromEntries(repository.tags)).toMatchObject({ v1: 'c2', 'v1.2': 'c1', 'v1.3': 'c2' });
  });

  test('of an older line leaves v1 where it is, and is not the latest', async () => {
    await release(candidate('1.3.0'));
    ciRan('c2', 'success');
    await release(candidate('1.2.4', { commit: 'c2' }));
    expect(Object.fromEntries(repository.tags)).toMatchObject({ v1: 'c1', 'v1.2': 'c2' });
    expect(repository.latest).toBe('false');
  });

  test('before the real one moves nothing', async () => {
    await release(candidate('2.0.0-rc.1'));
    expect([...repository.tags.keys()]).toEqual(['v2.0.0-rc.1']);
    expect(repository.releases).toMatchObject([{ prerelease: true }]);
    expect(repository.latest).toBe('false');
  });

  test('before the real one stays that, whatever somebody clicked in the draft', async () => {
    await draft(repository.client, candidate('2.0.0-rc.1'));
    const [made] = repository.releases;
    if (made) made.prerelease = false;
    await release(candidate('2.0.0-rc.1'));
    expect(repository.releases).toMatchObject([{ prerelease: true, draft: false }]);
  });

  test('is not held back by a higher one that is only a draft', async () => {
    await draft(repository.client, candidate('1.3.0'));
    await release(candidate('1.2.3'));
    expect(repository.tags.get('v1')).toBe('c1');
    expect(repository.latest).toBe('true');
  });

  test('has the notes of the changelog, where there is one', async () => {
    await draft(repository.client, candidate('1.0.0', { changelog: { section: 'Better.' } }));
    await draft(repository.client, candidate('1.1.0'));
    expect(repository.releases.map(({ body }) => body)).toEqual(['Better.', 'generated']);
  });

  test('sees releases beyond the first page', async () => {
    await release(candidate('1.2.3'));
    for (let patch = 0; patch < 120; patch++) {
      const tag = `v0.1.${patch}`;
      repository.releases.push({
        ...repository.releases[0],
        ...{ id: 1000 + patch, tag_name: tag, body: '', html_url: '' },
        ...{ draft: false, prerelease: false, immutable: true },
      });
    }
    await release(candidate('1.2.3'));
    expect(repository.releases.filter(({ tag_name }) => tag_name === 'v1.2.3')).toHaveLength(1);
  });
});

describe('the same release once more', () => {
  test('changes nothing', async () => {
    await release(candidate('1.2.3'));
    const before = structuredClone([repository.releases, repository.tags]);
    await release(candidate('1.2.3'));
    expect([repository.releases, repository.tags]).toEqual(before);
  });

  test('keeps the notes that somebody edited', async () => {
    await draft(repository.client, candidate('1.2.3'));
    const [made] = repository.releases;
    if (made) made.body = 'edited';
    await draft(repository.client, candidate('1.2.3'));
    expect(repository.releases).toMatchObject([{ body: 'edited' }]);
  });

  test('of a newer commit uses the draft', async () => {
    await draft(repository.client, candidate('1.2.3'));
    ciRan('c2', 'success');
    await release(candidate('1.2.3', { commit: 'c2' }));
    expect(repository.releases).toHaveLength(1);
    expect(repository.tags.get('v1.2.3')).toBe('c2');
  });

  test('goes on where a person had to help: main has other workflow files by the time of the approval', async () => {
    repository.forbidden.add('c1');
    const [, advice = ''] = await release(candidate('1.2.3')).then(
      () => [],
      (error: unknown) => /with "git push --force origin (.*)"/.exec(String(error)) ?? [],
    );
    expect(repository.releases).toMatchObject([{ draft: true }]);
    const [commit = '', tag = ''] = advice.split(':refs/tags/');
    repository.tags.set(tag, commit);
    repository.forbidden.clear();
    await release(candidate('1.2.3'));
    expect(Object.fromEntries(repository.tags)).toEqual({ 'v1.2.3': 'c1', v1: 'c1', 'v1.2': 'c1' });
  });

  test.each(['before', 'after'] as const)(
    'comes to the same end, whichever request failed %s its effect',
    async (when) => {
      await release(candidate('1.2.3'));
      const { requests, releases, tags } = repository;
      expect(requests).toBeGreaterThan(10);
      for (let request = 0; request < requests; request++) {
        await repository.stop();
        repository = await GitHubRepository.start();
        ciRan('c1', 'success');
        repository.failing = { request, when };
        await expect(release(candidate('1.2.3'))).rejects.toThrow(/500/);
        await release(candidate('1.2.3'));
        expect({ releases: repository.releases, tags: repository.tags }).toEqual({ releases, tags });
      }
    },
  );
});

describe('nothing is released', () => {
  const refusal = async (each: Candidate) => {
    const outcome = release(each);
    await outcome.catch(() => undefined);
    expect(repository.releases.filter(({ draft }) => !draft)).toEqual([]);
    return await outcome.then(
      () => 'released',
      (error: unknown) => String(error),
    );
  };

  test.each([
    ['from another branch', { ref: 'refs/heads/fix' }, /started on refs\/heads\/fix.*from main/],
    [
      'with another version than package.json has',
      { declared: '1.2.2' },
      /package\.json has the version 1\.2\.2/,
    ],
    [
      'without a word in the changelog',
      { changelog: { section: undefined } },
      /no section about it.*## 1\.2\.3/,
    ],
    ['of a commit that CI has not seen', { commit: 'c9' }, /CI has not run/],
  ])('%s', async (_what, more, reason) => {
    expect(await refusal(candidate('1.2.3', more))).toMatch(reason);
    expect(repository.releases).toEqual([]);
  });

  test.each([
    ['while CI runs', null, /CI still runs/],
    ['when CI failed', 'failure', /CI ended with failure/],
    ['when CI was cancelled', 'cancelled', /CI ended with cancelled/],
  ])('%s', async (_what, conclusion, reason) => {
    ciRan('c1', conclusion);
    expect(await refusal(candidate('1.2.3'))).toMatch(reason);
  });

  test('of a commit that CI saw in a pull request only', async () => {
    repository.runs.splice(0, 1, {
      head_sha: 'c1',
      status: 'completed',
      conclusion: 'success',
      event: 'pull_request',
    });
    expect(await refusal(candidate('1.2.3'))).toMatch(/CI has not run/);
  });

  test('whose tag is at another commit, also when somebody made it after the draft', async () => {
    await draft(repository.client, candidate('1.2.3'));
    repository.tags.set('v1.2.3', 'c0');
    expect(await refusal(candidate('1.2.3'))).toMatch(/is at c0 already/);
    await expect(publish(repository.client, candidate('1.2.3'))).rejects.toThrow(/Somebody made the tag.*c0/);
    expect(repository.releases).toMatchObject([{ draft: true }]);
  });

  test('and the reasons are said all at once', async () => {
    const said = await refusal(
      candidate('1.2.3', { ref: 'refs/heads/fix', declared: '1.0.0', commit: 'c9' }),
    );
    expect(said.match(/^- /gm)).toHaveLength(3);
  });
});

describe('the tags stay', () => {
  test('when the release could still be changed, and the error says what to do', async () => {
    repository.immutable = false;
    await expect(release(candidate('1.2.3'))).rejects.toThrow(/turn on "Enable release immutability"/);
    expect([...repository.tags.keys()]).toEqual(['v1.2.3']);
    // As the error says.
    repository.immutable = true;
    repository.releases.splice(0);
    repository.tags.clear();
    await release(candidate('1.2.3'));
    expect(repository.tags.get('v1')).toBe('c1');
  });

  test('when a release has the name of such a tag, which froze it', async () => {
    await release(candidate('1.0.0'));
    await draft(repository.client, candidate('1.1.0', { tag: 'v1' }));
    await expect(check(repository.client, candidate('1.1.0'))).rejects.toThrow(/a release v1 .*only tags/);
  });

  test('when a published version is asked for again from another commit', async () => {
    await release(candidate('1.2.3'));
    await expect(draft(repository.client, candidate('1.2.3', { commit: 'c2' }))).rejects.toThrow(
      /published, of c1/,
    );
    await expect(moveTags(repository.client, candidate('1.2.3', { commit: 'c2' }))).rejects.toThrow(
      /is at c1, not/,
    );
    expect(repository.tags.get('v1')).toBe('c1');
  });

  test('when they are annotated and there already', async () => {
    await release(candidate('1.2.3'));
    repository.annotations.set('object', 'c1');
    repository.tags.set('v1', 'object');
    expect(await moveTags(repository.client, candidate('1.2.3'))).toMatch(/already/);
    expect(repository.tags.get('v1')).toBe('object');
  });
});

describe('a version', () => {
  const number = fc.nat(30);
  const versions = fc.tuple(number, number, number).map((parts) => parts.join('.'));

  test.each(['v1.2.3', '1.2', '01.2.3', '1.2.3-', '1.2.3+4', '1.2.3\n', ' 1.2.3', '1.2.3-rc..1', ''])(
    'is not %j',
    (text) => expect(parseVersion(text)).toBeUndefined(),
  );

  test('takes a moving tag exactly when none of its line is higher', () => {
    fc.assert(
      fc.property(versions, fc.array(versions), (one, others) => {
        const { major, minor, patch } = version(one);
        const all = others.map(version);
        const tags = movingTags(
          version(one),
          others.map((other) => `v${other}`),
        );
        const higherMinor = all.some((other) => other.major === major && other.minor > minor);
        const higherPatch = all.some(
          (other) => other.major === major && other.minor === minor && other.patch > patch,
        );
        expect(tags.includes(`v${major}.${minor}`)).toBe(!higherPatch);
        expect(tags.includes(`v${major}`)).toBe(!higherMinor && !higherPatch);
        expect(tags.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  test('is not held back by a prerelease, nor by a tag that is no version', () => {
    expect(movingTags(version('1.2.3'), ['v1.3.0-rc.1', 'v1.x', 'nightly'])).toEqual(['v1', 'v1.2']);
    expect(isLatest(version('1.2.3'), ['v2.0.0-rc.1'])).toBe(true);
    expect(isLatest(version('1.2.3'), ['v2.0.0'])).toBe(false);
  });
});

describe('the section of a changelog', () => {
  const changelog =
    '# Changelog\n\n## Unreleased\n\nSoon.\n\n## [1.2.0] - 2026-11-21\n\n### Added\n\n- A.\n\n## 1.1.0\n\n';

  test.each([
    ['1.2.0', '### Added\n\n- A.'],
    ['1.1.0', undefined],
    ['1.2', undefined],
    ['2.0.0', undefined],
  ])('about %s is %j', (text, section) => expect(changelogSection(changelog, text)).toBe(section));
});
