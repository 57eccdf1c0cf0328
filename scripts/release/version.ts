/** A version as SemVer writes it, without build metadata. */
export interface Version {
  major: number;
  minor: number;
  patch: number;
  /** Such as `rc.1`; empty for a release that everybody gets. */
  prerelease: string;
}

const NUMBER = '(0|[1-9]\\d*)';
const PATTERN = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?$`);

/** Reads `1.2.3` or `1.2.3-rc.1`; `undefined` for anything else, also for a leading `v`. */
export function parseVersion(text: string): Version | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, major = '', minor = '', patch = '', prerelease = ''] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), prerelease };
}

/** Whether a version that everybody gets is at least as high as another one. */
const isAtLeast = (one: Version, other: Version): boolean =>
  (one.major - other.major || one.minor - other.minor || one.patch - other.patch) >= 0;

/**
 * The tags that follow a release, given the tags of all published ones: `v1` and `v1.2` for 1.2.3. A tag never moves
 * back: 1.2.4 does not take `v1` from 1.3.0. A prerelease moves none.
 */
export function movingTags(version: Version, published: readonly string[]): string[] {
  const { major, minor } = version;
  if (version.prerelease !== '') return [];
  const stable = stableOf(published).filter((other) => other.major === major);
  const sameMinor = stable.filter((other) => other.minor === minor);
  return [
    ...(stable.every((other) => isAtLeast(version, other)) ? [`v${major}`] : []),
    ...(sameMinor.every((other) => isAtLeast(version, other)) ? [`v${major}.${minor}`] : []),
  ];
}

/** Whether the release is the one to show as the latest. */
export function isLatest(version: Version, published: readonly string[]): boolean {
  return version.prerelease === '' && stableOf(published).every((other) => isAtLeast(version, other));
}

function stableOf(tags: readonly string[]): Version[] {
  return tags.flatMap((tag) => {
    const version = tag.startsWith('v') ? parseVersion(tag.slice(1)) : undefined;
    return version?.prerelease === '' ? [version] : [];
  });
}
