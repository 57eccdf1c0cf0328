import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { builderMark } from '../../../src/bake/builder-mark.ts';
import { type Leftover, leftoversOf } from '../../../src/prune/orphans/leftovers.ts';
import { type FoundSnapshot, orphanedSnapshots } from '../../../src/prune/orphans/snapshots.ts';
import { runOf, TAG } from '../../../src/tags.ts';
import { APPLICATION, DAY, imageId, NOW } from './builders.ts';

const HOUR = DAY / 24;
const RUN = 'https://github.com/octo/shop/actions/runs/77';
const mark = (until: number, run = RUN) => `${run}/attempts/1 until ${new Date(until).toISOString()} 0a`;

const leftover = (tags: Record<string, string>): Leftover => ({ kind: 'instance', id: 'i-1', tags });
const isLeft = (tags: Record<string, string>) => leftoversOf(APPLICATION, [leftover(tags)], NOW).length > 0;

describe('leftovers of builds', () => {
  test.each<[boolean, string, Record<string, string>]>([
    [true, 'a mark whose time was over an hour ago', { [TAG.run]: mark(NOW - HOUR) }],
    [false, 'a mark whose time was over a moment ago', { [TAG.run]: mark(NOW - HOUR + 1) }],
    [false, 'a mark whose time is to come', { [TAG.run]: mark(NOW + HOUR) }],
    [false, 'the mark of another repository', { [TAG.run]: mark(NOW - DAY, RUN.replace('shop', 'mail')) }],
    [
      true,
      'the mark of another repository, with the application',
      { [TAG.run]: mark(NOW - DAY, RUN.replace('shop', 'mail')), [TAG.application]: APPLICATION },
    ],
    [
      false,
      'a repository that only begins like it',
      { [TAG.run]: mark(NOW - DAY, RUN.replace('shop', 'shop2')) },
    ],
    [
      false,
      'an owner that only ends like it',
      { [TAG.run]: mark(NOW - DAY, RUN.replace('/octo', '/other/octo')) },
    ],
    [false, 'the address of a run', { [TAG.run]: RUN }],
    [false, 'a time that is none', { [TAG.run]: `${RUN}/attempts/1 until tomorrow 0a` }],
    [false, 'no mark', {}],
    [false, 'a mark, and a tag to keep it', { [TAG.run]: mark(NOW - DAY), [TAG.keep]: '' }],
    [false, 'a mark, in a group', { [TAG.run]: mark(NOW - DAY), 'aws:autoscaling:groupName': 'web' }],
  ])('%s: %s', (expected, _what, tags) => {
    expect(isLeft(tags)).toBe(expected);
  });
});

test('the mark is the one that a bake gives to Packer', () => {
  const run = { url: RUN, attempt: 2 };
  const tags = (until: number) => ({ [TAG.run]: builderMark({ run, until, id: '0a1b2c' }) });
  expect(isLeft(tags(NOW - 2 * HOUR))).toBe(true);
  expect(isLeft(tags(NOW))).toBe(false);
  expect(runOf(tags(NOW))).toBe(RUN);
});

const anySnapshot: fc.Arbitrary<FoundSnapshot> = fc
  .record({
    number: fc.nat(9),
    image: fc.nat(9),
    kind: fc.constantFrom('created', 'copied', 'by hand'),
    state: fc.constantFrom('completed', 'completed', 'pending', 'error', 'recoverable'),
    hours: fc.nat(72),
    archived: fc.boolean(),
    more: fc.constantFrom<Record<string, string>>(
      {},
      {},
      { [TAG.keep]: '' },
      { 'dlm:managed': 'true' },
      { [TAG.application]: 'octo/other' },
    ),
  })
  .map(({ number, image, kind, state, hours, archived, more }) => ({
    id: `snap-${number}`,
    gib: 8,
    state,
    started: NOW - hours * HOUR,
    description:
      kind === 'created'
        ? `Created by CreateImage(i-0abc) for ${imageId(image)}`
        : kind === 'copied'
          ? `Copied for DestinationAmi ${imageId(image)} from SourceAmi ${imageId(99)} for SourceSnapshot snap-x.`
          : `before the migration of ${imageId(image)}`,
    archived,
    tags: { [TAG.application]: APPLICATION, ...more },
  }));

describe('snapshots whose image is gone', () => {
  const someIds = fc.uniqueArray(fc.nat(9), { maxLength: 4 });

  test('go only when everything speaks for it, and whoever keeps one by hand is told', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anySnapshot, { selector: ({ id }) => id }),
        someIds,
        someIds,
        someIds,
        someIds,
        (found, registered, recycled, used, locked) => {
          const holders = {
            images: new Set(registered.map(imageId)),
            recycled: new Set(recycled.map(imageId)),
            used: new Set(used.map((number) => `snap-${number}`)),
            locks: new Map(locked.map((number) => [`snap-${number}`, 'locked'])),
          };
          const { orphans, held } = orphanedSnapshots(APPLICATION, found, holders, NOW);
          const byId = new Map(found.map((snapshot) => [snapshot.id, snapshot]));
          for (const { id } of orphans) {
            const snapshot = byId.get(id);
            expect(snapshot?.description).toMatch(/^(Created by|Copied for)/);
            const [image = ''] = /ami-[0-9a-f]+/.exec(snapshot?.description ?? '') ?? [];
            expect([holders.images.has(image), holders.recycled.has(image)]).toEqual([false, false]);
            expect([holders.used.has(id), holders.locks.has(id), snapshot?.archived]).toEqual([
              false,
              false,
              false,
            ]);
            expect(snapshot?.tags).toEqual({ [TAG.application]: APPLICATION });
            expect(NOW - (snapshot?.started ?? NOW)).toBeGreaterThanOrEqual(DAY);
            expect(['completed', 'error']).toContain(snapshot?.state);
          }
          for (const { id, why } of held) expect([byId.has(id), why === '']).toEqual([true, false]);
          expect(held.filter(({ id }) => orphans.some((orphan) => orphan.id === id))).toEqual([]);
        },
      ),
    );
  });

  test('do go: a snapshot of a copy and one of a build, a day old', () => {
    const one = (description: string) => ({
      id: 'snap-1',
      gib: 8,
      state: 'completed',
      started: NOW - DAY,
      description,
      archived: false,
      tags: { [TAG.application]: APPLICATION },
    });
    const nobody = {
      images: new Set<string>(),
      recycled: new Set<string>(),
      used: new Set<string>(),
      locks: new Map(),
    };
    for (const description of [
      `Created by CreateImage(i-0abc) for ${imageId(1)}`,
      `Copied for DestinationAmi ${imageId(1)} from SourceAmi ${imageId(2)} for SourceSnapshot snap-2.`,
    ])
      expect(orphanedSnapshots(APPLICATION, [one(description)], nobody, NOW).orphans).toEqual([
        { kind: 'snapshot', id: 'snap-1', gib: 8, why: `its image ${imageId(1)} is gone` },
      ]);
  });
});
