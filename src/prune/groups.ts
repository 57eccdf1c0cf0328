import { commitAliases, TAG } from '../tags.ts';
import type { PrunableImage } from './inventory.ts';
import { groupedBy } from './lists.ts';

/** How images are counted: of every group the newest few stay. */
export interface GroupRules {
  keep: number;
  /** `branch`, or the keys of tags; images with the same values of all of them are a group. */
  groupBy: readonly string[];
  /** A group without a bake for so long keeps nothing for being new. */
  staleDays: number;
  /** Milliseconds since 1970. */
  now: number;
}

const DAY_MS = 24 * 3600 * 1000;

/** An image as a member of a group, since when: a commit that used it again makes it as new as that run. */
interface Membership {
  image: PrunableImage;
  group: string;
  time: number;
}

/** When the image was made or, later, used again by a commit instead of a bake; milliseconds since 1970. */
export const lastBaked = ({ created, tags }: PrunableImage): number =>
  Math.max(created, ...commitAliases(tags).map(({ time }) => time));

/**
 * The images that have fewer than `keep` newer ones in a group, by their ids with the groups; and the groups that
 * have lost this because nothing was baked for them.
 */
export function newestOfGroups(
  images: readonly PrunableImage[],
  { keep, groupBy, staleDays, now }: GroupRules,
): { kept: Map<string, string[]>; stale: ReadonlySet<string> } {
  const memberships = images
    .flatMap((image) => groupsOf(image, groupBy).map((membership) => ({ image, ...membership })))
    // Images without a date are looked at by a person: they keep their places at the front.
    .toSorted((a, b) => (Number.isNaN(a.time) ? -1 : Number.isNaN(b.time) ? 1 : b.time - a.time));
  const stale = new Set(
    [...groupedBy(memberships, ({ group }) => [group])]
      .filter(([, [newest]]) => newest !== undefined && now - newest.time > staleDays * DAY_MS)
      .map(([group]) => group),
  );
  return {
    kept: placesOf(
      memberships.filter(({ group }) => !stale.has(group)),
      keep,
    ),
    stale,
  };
}

/**
 * The groups of an image. Of the branches it can have several: its own, and those whose commits used it again. The
 * images of git tags have no branch and are one group, so that releases do not push each other's branches out; and so
 * are images without either. A branch's name has no blanks.
 */
export function groupsOf(
  image: PrunableImage,
  groupBy: readonly string[],
): { group: string; time: number }[] {
  let groups: { parts: string[]; time: number }[] = [{ parts: [], time: image.created }];
  for (const key of groupBy) {
    const values =
      key === 'branch' ? branchesOf(image) : [{ value: tagGroup(image, key), time: image.created }];
    groups = groups.flatMap(({ parts, time }) =>
      values.map((value) => ({ parts: [...parts, value.value], time: Math.max(time, value.time) })),
    );
  }
  return groups.map(({ parts, time }) => ({ group: parts.join(', '), time }));
}

const tagGroup = ({ tags }: PrunableImage, key: string) =>
  tags[key] === undefined ? `without ${key}` : `${key} ${tags[key]}`;

function branchesOf(image: PrunableImage): { value: string; time: number }[] {
  const { tags, created } = image;
  const own =
    tags[TAG.branch] !== undefined
      ? `branch ${tags[TAG.branch]}`
      : tags[TAG.version] === undefined
        ? 'images without branch'
        : 'images of git tags';
  const newest = new Map([[own, created]]);
  for (const { branch, time } of commitAliases(tags)) {
    const name = branch === '' ? 'images without branch' : `branch ${branch}`;
    newest.set(name, Math.max(time, newest.get(name) ?? 0));
  }
  return [...newest].map(([value, time]) => ({ value, time }));
}

/** The first `places` usable images of each group, by their ids with the groups; the entries are in order. */
export function placesOf(
  entries: readonly Pick<Membership, 'image' | 'group'>[],
  places: number,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  const taken = new Map<string, number>();
  for (const { image, group } of entries) {
    const before = taken.get(group) ?? 0;
    if (before < places) groups.set(image.id, [...(groups.get(image.id) ?? []), group]);
    // A disabled image is kept like others, and takes nobody's place: nothing is launched from it.
    if (image.state === 'available') taken.set(group, before + 1);
  }
  return groups;
}
