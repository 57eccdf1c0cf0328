import { createHash } from 'node:crypto';

/**
 * The tags that immutable-deploy reads and writes on images and snapshots; nothing else knows their keys.
 * Keys have at most 127 characters without `/` or blanks, values at most 256, and a resource has at most 50 tags.
 */

const PREFIX = 'immutable-deploy:';

export const TAG = {
  application: `${PREFIX}application`,
  commit: `${PREFIX}commit`,
  branch: `${PREFIX}branch`,
  version: `${PREFIX}version`,
  built: `${PREFIX}built`,
  run: `${PREFIX}run`,
  /** Hash of everything that the image was made of. */
  fingerprint: `${PREFIX}fingerprint`,
  /** The image that it was built on. */
  baseImage: `${PREFIX}base-image`,
  /** The Regions of the build, separated by blanks, when the template makes images in several. */
  regions: `${PREFIX}regions`,
  /** When, and by which kind of smoke test, the image was found good. */
  smokeTested: `${PREFIX}smoke-tested`,
  quarantined: `${PREFIX}quarantined`,
  keep: `${PREFIX}keep`,
  /** Prune deprecated or disabled the image, and deletes it some days later. */
  removing: `${PREFIX}removing`,
} as const;

/** The workflow run that a resource was made by: what belongs to a build has the attempt and more behind the address. */
export const runOf = (tags: Tags): string | undefined =>
  tags[TAG.run]?.split(' ')[0]?.replace(/\/attempts\/\d+$/, '');

/** `immutable-deploy:commit:<sha>`: a commit for which the image was used again instead of building another one. */
export const COMMIT_ALIAS = `${PREFIX}commit:`;

/** What a promotion leaves on an image, per environment. */
export type PromotionMark = 'promoting' | 'promoted' | 'rejected';

const LONGEST_VALUE = 256;
const LONGEST_ENVIRONMENT = 90;

/** The tag that marks an image for an environment, e.g. `immutable-deploy:promoted:production`. */
export function markKey(mark: PromotionMark, environment: string): string {
  return `${PREFIX}${mark}:${environmentInKey(environment)}`;
}

/** Lower case, unsafe characters as `_` and their hex code; too long ones are hashed. */
function environmentInKey(environment: string): string {
  const safe = environment
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}`);
  if (safe.length <= LONGEST_ENVIRONMENT) return safe;
  return createHash('sha256').update(environment.toLowerCase()).digest('hex');
}

/** The value of a mark: when, and a short text. */
export function markValue(time: number, text = ''): string {
  return tagValue(`${new Date(time).toISOString()} ${text}`.trim());
}

/** A text cut to what fits a tag's value. */
export function tagValue(text: string): string {
  return text.slice(0, LONGEST_VALUE);
}

/** Reads a mark back; `undefined` when it is not there or has no time. */
export function readMark(value: string | undefined): { time: number; text: string } | undefined {
  if (value === undefined) return undefined;
  const [first = '', ...rest] = value.split(' ');
  const time = Date.parse(first);
  return Number.isNaN(time) ? undefined : { time, text: rest.join(' ') };
}

/** The marks of one kind on an image, by environment as written in the key. */
export function marksOf(
  tags: Tags,
  mark: PromotionMark,
): { environment: string; time: number; text: string }[] {
  const prefix = `${PREFIX}${mark}:`;
  return Object.entries(tags).flatMap(([key, value]) => {
    const content = key.startsWith(prefix) ? readMark(value) : undefined;
    return content ? [{ environment: key.slice(prefix.length), ...content }] : [];
  });
}

/** A commit that reused an image, and for whom. */
export interface CommitAlias {
  commit: string;
  /** Milliseconds since 1970. */
  time: number;
  run: string;
  /** Or the git tag, when the run was for one. */
  branch: string;
}

/** The commits that reused an image: `<time> <run id> <branch or tag>` each. */
export function commitAliases(tags: Tags): CommitAlias[] {
  return Object.entries(tags).flatMap(([key, value]) => {
    const mark = key.startsWith(COMMIT_ALIAS) ? readMark(value) : undefined;
    if (!mark) return [];
    const [run = '', ...branch] = mark.text.split(' ');
    return [{ commit: key.slice(COMMIT_ALIAS.length), time: mark.time, run, branch: branch.join(' ') }];
  });
}

/** The tag that says that a commit reused the image. */
export function aliasTag({ commit, time, run, branch }: CommitAlias): Tags {
  return { [`${COMMIT_ALIAS}${commit}`]: markValue(time, `${run} ${branch}`) };
}

/** How many commits that reused an image are kept on it. */
const MOST_ALIASES = 10;

/** The keys of the oldest aliases, which make room for one more. */
export function aliasesToDrop(tags: Tags, added: string): string[] {
  return commitAliases(tags)
    .filter(({ commit }) => commit !== added)
    .toSorted((a, b) => b.time - a.time)
    .slice(MOST_ALIASES - 1)
    .map(({ commit }) => `${COMMIT_ALIAS}${commit}`);
}

/** How many tags a resource may have; those of AWS (`aws:`) do not count. */
const MOST_TAGS = 50;

/**
 * The keys that have to go so that tags can be added: the oldest commit aliases, then the oldest promotion marks, and
 * never what an image is found or protected by.
 */
export function tagsToMakeRoom(tags: Tags, added: Tags): string[] {
  const own = Object.keys({ ...tags, ...added }).filter((key) => !key.startsWith('aws:'));
  const tooMany = own.length - MOST_TAGS;
  if (tooMany <= 0) return [];
  const isAlias = (key: string) => key.startsWith(COMMIT_ALIAS);
  const isMark = (key: string) => isAlias(key) || /:(promoted|rejected):/.test(key);
  return Object.entries(tags)
    .filter(([key]) => key.startsWith(PREFIX) && isMark(key) && !(key in added))
    .map(([key, value]) => ({ key, isAlias: isAlias(key), time: readMark(value)?.time ?? 0 }))
    .toSorted((a, b) => Number(b.isAlias) - Number(a.isAlias) || a.time - b.time)
    .slice(0, tooMany)
    .map(({ key }) => key);
}

/** Tags as a record; the SDK has them as a list of keys and values. */
export type Tags = Readonly<Record<string, string>>;

export function tagsOf(resource: {
  Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined;
}): Tags {
  return Object.fromEntries((resource.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function toTagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** A filter for resources with exactly this tag. AWS takes the values of filters for patterns: `shop*` is not meant so. */
export function tagFilter(key: string, value: string): { Name: string; Values: string[] } {
  return { Name: `tag:${key}`, Values: [tagValue(value).replace(/[\\*?]/g, '\\$&')] };
}

/** What an image is: on the image and its snapshots from the moment it exists. */
export interface Identity {
  application: string;
  commit: string;
  branch?: string;
  version?: string;
  /** Milliseconds since 1970. */
  built: number;
  run: string;
  fingerprint?: string;
  baseImage?: string;
}

export function identityTags(identity: Identity): Tags {
  return {
    [TAG.application]: tagValue(identity.application),
    [TAG.commit]: identity.commit,
    [TAG.built]: new Date(identity.built).toISOString(),
    [TAG.run]: tagValue(identity.run),
    ...(identity.branch === undefined ? {} : { [TAG.branch]: tagValue(identity.branch) }),
    ...(identity.version === undefined ? {} : { [TAG.version]: tagValue(identity.version) }),
    ...(identity.fingerprint === undefined ? {} : { [TAG.fingerprint]: identity.fingerprint }),
    ...(identity.baseImage === undefined ? {} : { [TAG.baseImage]: identity.baseImage }),
  };
}

const IDENTITY: ReadonlySet<string> = new Set([
  TAG.application,
  TAG.commit,
  TAG.branch,
  TAG.version,
  TAG.built,
  TAG.run,
  TAG.fingerprint,
  TAG.baseImage,
]);

/** What an image is, without what happened to it later. */
export function identityIn(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => IDENTITY.has(key)));
}

/** Tags that a copy of an image has as well: what it is and for whom, and not what was decided about this one. */
export function withoutMarks(tags: Tags): Tags {
  return Object.fromEntries(
    Object.entries(tags).filter(
      ([key]) =>
        !key.startsWith('aws:') &&
        (!key.startsWith(PREFIX) ||
          IDENTITY.has(key) ||
          key.startsWith(COMMIT_ALIAS) ||
          key === TAG.smokeTested),
    ),
  );
}

/** What an image can be in the middle of. It is quarantined meanwhile, so that an accident leaves nothing usable. */
export type Unfinished = 'build' | 'smoke test';

/** The quarantine of an image that has not come through all of it yet. */
export function unfinishedMark(what: Unfinished, time: number, run: string): string {
  return markValue(time, `${what} not finished: ${run}`);
}

/** Whether an image is quarantined only because nobody saw the end of this. */
export function isUnfinished(quarantined: string, what: Unfinished): boolean {
  return readMark(quarantined)?.text.startsWith(`${what} not finished`) ?? false;
}
