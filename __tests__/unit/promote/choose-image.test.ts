import { describe, expect, test } from '@jest/globals';
import type { Image } from '../../../src/image.ts';
import { type ChoiceFacts, type ImageChoice, pickImages } from '../../../src/promote/choose-image.ts';

const OWN = '111111111111';
const DAY = 24 * 3600 * 1000;

/** An image of a day, of the commit `<letter> × 40`, on main. */
function image(day: number, letter: string, given: Partial<Image> = {}): Image {
  return {
    id: `ami-${day}${letter}`,
    name: `${day}${letter}`,
    state: 'available',
    created: day * DAY,
    architecture: 'x86_64',
    ownerId: OWN,
    rootDeviceName: '/dev/xvda',
    ...given,
    tags: {
      'immutable-deploy:commit': letter.repeat(40),
      'immutable-deploy:branch': 'main',
      ...given.tags,
    },
  };
}

const facts = (given: Partial<ChoiceFacts> = {}): ChoiceFacts => ({
  application: 'octo/shop',
  environment: 'dev',
  region: 'eu-west-1',
  present: [],
  owners: [OWN],
  ...given,
});

const at = (day: number) => new Date(day * DAY).toISOString();
const promoted = (day: number) => ({ 'immutable-deploy:promoted:dev': at(day) });
const rejected = { 'immutable-deploy:rejected:dev': `${at(5)} it never answered` };
const quarantined = { 'immutable-deploy:quarantined': `${at(5)} smoke test failed` };
const reused = (letter: string, day: number, branch: string) => ({
  [`immutable-deploy:commit:${letter.repeat(40)}`]: `${at(day)} 42 ${branch}`,
});

function picked(choice: ImageChoice, candidates: Image[], given: Partial<ChoiceFacts> = {}) {
  const chosen = pickImages(choice, candidates, facts(given));
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  return { ids: chosen.images.map(({ id }) => id), notes: chosen.notes };
}

const commit = (sha: string, given = true): ImageChoice => ({ by: 'commit', commit: sha, given });

describe('by commit', () => {
  test('full or short', () => {
    const candidates = [image(1, 'a'), image(2, 'b')];
    expect(picked(commit('a'.repeat(40)), candidates).ids).toEqual(['ami-1a']);
    expect(picked(commit('bbbbbbb'), candidates).ids).toEqual(['ami-2b']);
  });

  test('also one that reused the image of another commit', () => {
    const candidates = [image(1, 'a', { tags: reused('c', 3, 'main') }), image(2, 'b')];
    expect(picked(commit('c'.repeat(40)), candidates).ids).toEqual(['ami-1a']);
  });

  test('several: the newest, and the others are listed', () => {
    const { ids, notes } = picked(commit('a'.repeat(40)), [image(1, 'a'), image(3, 'a'), image(2, 'a')]);
    expect(ids).toEqual(['ami-3a']);
    expect(notes).toEqual([expect.stringMatching(/the newest is taken. The others: ami-2a .*, ami-1a/)]);
  });

  test('one for each architecture that the groups run', () => {
    const candidates = [
      image(1, 'a'),
      image(2, 'a', { architecture: 'arm64' }),
      image(1, 'a', { id: 'ami-old', architecture: 'arm64' }),
    ];
    const present = [image(0, 'o'), image(0, 'o', { architecture: 'arm64' })];
    expect(picked(commit('a'.repeat(40)), candidates, { present }).ids).toEqual(['ami-1a', 'ami-2a']);
    expect(picked(commit('a'.repeat(40)), candidates, { present: [image(0, 'o')] }).ids).toEqual(['ami-1a']);
  });

  test('an explicit choice of a rejected image only warns', () => {
    const { ids, notes } = picked(commit('a'.repeat(40)), [image(1, 'a', { tags: rejected })]);
    expect(ids).toEqual(['ami-1a']);
    expect(notes).toEqual([expect.stringMatching(/was rejected in dev on .*: it never answered/)]);
  });
});

describe('by branch', () => {
  const branch: ImageChoice = { by: 'branch', branch: 'main' };

  test('the newest of it that was not rejected', () => {
    const candidates = [
      image(1, 'a'),
      image(2, 'b'),
      image(3, 'c', { tags: rejected }),
      image(4, 'd', { tags: { 'immutable-deploy:branch': 'other' } }),
    ];
    expect(picked(branch, candidates).ids).toEqual(['ami-2b']);
  });

  test('an image counts from the day on which a commit of the branch reused it', () => {
    const candidates = [
      image(1, 'a', { tags: { 'immutable-deploy:branch': 'feature', ...reused('c', 5, 'main') } }),
      image(2, 'b'),
    ];
    expect(picked(branch, candidates).ids).toEqual(['ami-1a']);
  });
});

describe('rollback', () => {
  const previous: ImageChoice = { by: 'previous' };

  test('the last one that was promoted before the present one', () => {
    const present = image(3, 'c', { tags: promoted(13) });
    const candidates = [
      image(1, 'a', { tags: promoted(11) }),
      image(2, 'b', { tags: promoted(12) }),
      present,
      image(4, 'd', { tags: promoted(14) }),
    ];
    expect(picked(previous, candidates, { present: [present] }).ids).toEqual(['ami-2b']);
  });

  test('skips what was rejected or quarantined there', () => {
    const present = image(4, 'd', { tags: promoted(14) });
    const candidates = [
      image(1, 'a', { tags: promoted(11) }),
      image(2, 'b', { tags: { ...promoted(12), ...rejected } }),
      image(3, 'c', { tags: { ...promoted(13), ...quarantined } }),
      present,
    ];
    expect(picked(previous, candidates, { present: [present] }).ids).toEqual(['ami-1a']);
  });
});

describe('one sentence for what is wrong', () => {
  const byId: ImageChoice = { by: 'ami-id', imageIds: ['ami-1a'] };
  test.each<[string, ImageChoice, Image[], Partial<ChoiceFacts>, RegExp]>([
    [
      'no image of the commit of the run',
      commit('a'.repeat(40), false),
      [],
      {},
      /There is no image of "octo\/shop" for commit a{40} in eu-west-1\. Run the mode bake first/,
    ],
    ['no image of a version', { by: 'version', version: 'v1' }, [], {}, /for version v1 .*Check the input/],
    ['nothing on the branch', { by: 'branch', branch: 'main' }, [], {}, /for branch main/],
    ['nothing to roll back to', { by: 'previous' }, [], {}, /nothing to roll back to/],
    [
      'one that is still made',
      commit('a'.repeat(40)),
      [image(1, 'a', { state: 'pending' })],
      {},
      /ami-1a, is pending/,
    ],
    [
      'a quarantined one',
      commit('a'.repeat(40)),
      [image(1, 'a', { tags: quarantined })],
      {},
      /ami-1a, is quarantined \(.* smoke test failed\)/,
    ],
    [
      'another architecture',
      commit('a'.repeat(40)),
      [image(1, 'a', { architecture: 'arm64' })],
      { present: [image(0, 'o')] },
      /no x86_64 image for commit a{40}, but ami-1a is arm64/,
    ],
    ['an id that is not there', byId, [], {}, /no image ami-1a in eu-west-1 that this account may use/],
    ['a quarantined id', byId, [image(1, 'a', { tags: quarantined })], {}, /quarantined .* never promoted/],
    [
      'a disabled id',
      byId,
      [image(1, 'a', { state: 'disabled' })],
      {},
      /is disabled, not available\. Enable it first/,
    ],
    [
      'an id of another account',
      byId,
      [image(1, 'a', { ownerId: '222222222222' })],
      {},
      /belongs to the account 222222222222\. .*"image-owners"/,
    ],
  ])('%s', (_what, choice, candidates, given, sentence) => {
    const chosen = pickImages(choice, candidates, facts(given));
    expect('problems' in chosen ? chosen.problems : []).toEqual([expect.stringMatching(sentence)]);
  });

  test('two ids of the same architecture', () => {
    const choice: ImageChoice = { by: 'ami-id', imageIds: ['ami-1a', 'ami-2b'] };
    const chosen = pickImages(choice, [image(1, 'a'), image(2, 'b')], facts());
    expect(chosen).toEqual({ problems: [expect.stringMatching(/ami-1a and ami-2b are both x86_64/)] });
  });
});

test('an image of a trusted owner is taken', () => {
  const foreign = image(1, 'a', { ownerId: '222222222222' });
  const owners = [OWN, '222222222222'];
  expect(picked({ by: 'ami-id', imageIds: ['ami-1a'] }, [foreign], { owners }).ids).toEqual(['ami-1a']);
});
