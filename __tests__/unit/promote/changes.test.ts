import { describe, expect, test } from '@jest/globals';
import { announcementOf } from '../../../src/promote/announcement.ts';
import { type Change, changesSection, countOf } from '../../../src/promote/changes.ts';
import type { GroupResult } from '../../../src/promote/result.ts';

const commit = (digit: string) => digit.repeat(40);
const change = (given: Partial<Change> = {}): Change => ({
  base: commit('a'),
  head: commit('c'),
  status: 'ahead',
  total: 2,
  commits: [
    { sha: commit('b'), subject: 'Add a cart', author: 'mona' },
    { sha: commit('c'), subject: 'Fix the cart', author: 'octocat' },
  ],
  ...given,
});

const REPOSITORY = 'https://github.com/octo/shop';

describe('the commits that arrive', () => {
  test('are listed newest first, with a link to all of them', () => {
    expect(changesSection([change()], REPOSITORY)).toBe(
      [
        '### Commits',
        '',
        `[\`aaaaaaa\` → \`ccccccc\`](${REPOSITORY}/compare/${commit('a')}...${commit('c')}): 2 commits`,
        '',
        '- `ccccccc` Fix the cart (octocat)',
        '- `bbbbbbb` Add a cart (mona)',
      ].join('\n'),
    );
  });

  test('are cut where they are many, and their number is said', () => {
    const commits = Array.from({ length: 100 }, () => ({ sha: commit('d'), subject: 's', author: 'a' }));
    const section = changesSection([change({ total: 130, commits })], REPOSITORY);
    expect(section.match(/^- `/gm)).toHaveLength(20);
    expect(section).toContain('130 commits');
    expect(section).toContain('- … and 110 more');
  });

  test('do not bring Markdown, markup or mentions of their own', () => {
    const subject = 'Drop <img src=x> [link](evil) `code` @team | *now*';
    const commits = [{ sha: commit('b'), subject, author: 'mona' }];
    const section = changesSection([change({ total: 1, commits })], REPOSITORY);
    expect(section).toContain('\\<img src=x\\> \\[link\\](evil) \\`code\\` @\u200bteam \\| \\*now\\*');
  });

  test('are none on the way back: the link shows what goes', () => {
    const section = changesSection([change({ status: 'behind', total: 3, commits: [] })], REPOSITORY);
    expect(section).toContain(`compare/${commit('c')}...${commit('a')}): 3 commits back`);
    expect(section).not.toContain('- ');
  });

  test('are nothing at all when nothing is known', () => {
    expect(changesSection([], REPOSITORY)).toBe('');
  });

  test.each([
    ['ahead', 1, '1 commit'],
    ['ahead', 12, '12 commits'],
    ['behind', 2, '2 commits back'],
    ['diverged', 4, '4 commits since the lines parted'],
  ] as const)('%s by %i are called "%s"…', (status, total, words) => {
    expect(countOf({ status, total })).toBe(words);
  });
});

describe('what a chat is told', () => {
  const image = {
    id: 'ami-2',
    name: 'shop',
    state: 'available',
    created: 0,
    architecture: 'x86_64',
    ownerId: '1',
    rootDeviceName: '/dev/xvda',
    tags: { 'immutable-deploy:commit': commit('c'), 'immutable-deploy:branch': 'main' },
  };
  const result = (given: Partial<GroupResult> = {}): GroupResult => ({
    group: 'web',
    status: 'promoted',
    launchTemplateId: 'lt-1',
    previousVersion: '1',
    previousImageId: 'ami-1',
    instances: 2,
    reason: '',
    imageAtFault: false,
    stages: [],
    ...given,
  });
  const told = (given: Partial<Parameters<typeof announcementOf>[0]> = {}) =>
    announcementOf({
      status: 'promoted',
      environment: 'production',
      rollback: false,
      image,
      previousImageId: 'ami-1',
      changes: new Map([[commit('a'), change()]]),
      results: [result()],
      seconds: 300,
      ...given,
    });

  test('names the image, what it replaced, how many commits came, the groups and the time', () => {
    expect(told()).toEqual({
      title: '✅ Promoted to production',
      text: 'ami-2 (commit cccccccccccc, main), in place of ami-1: 2 commits\nweb\nAfter 5 min 0 s.',
    });
  });

  test('says why a group did not get the image', () => {
    const reason = 'Three new instances failed their health checks.';
    const { title, text } = told({
      status: 'rolled-back',
      results: [result({ status: 'rolled-back', reason })],
    });
    expect(title).toBe('↩️ Rolled back in production');
    expect(text).toContain(`web: ${reason}`);
  });

  test('calls a rollback by hand what it is', () => {
    expect(told({ rollback: true }).title).toBe('↩️ Went back in production');
    expect(told({ rollback: true, status: 'failed' }).title).toBe('❌ Not promoted to production');
  });

  test('asks for the approval with a plan', () => {
    const { title, text } = told({ status: 'planned', results: [] });
    expect(title).toBe('⏳ Ready for production');
    expect(text).toMatch(/waits for their approval now/);
    expect(text).not.toContain('After');
  });
});
