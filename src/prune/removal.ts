/** What was removed, written down while it happens: a report can be made of it at any moment. */
export interface Removal {
  /** `lt-…:7` */
  versions: string[];
  /** Whole launch templates, by id. */
  templates: string[];
  images: string[];
  snapshots: { id: string; gib: number }[];
  /** Snapshots of deregistered images that are locked: they stay until then. */
  lockedSnapshots: { id: string; imageId: string; until: string }[];
  /** Snapshots that a rule of the Recycle Bin keeps for a while, and that cost as long. */
  recycledSnapshots: string[];
  /** Snapshots that stay because another image uses them as well. */
  sharedSnapshots: { id: string; imageId: string }[];
  /** Images that were deprecated or disabled, and are deleted later. */
  softened: string[];
  /** Images that were deprecated or disabled by an earlier run and are as before now. */
  restored: string[];
  /** Leftovers of builds, and snapshots whose image is gone (these are among the snapshots as well). */
  orphans: { kind: string; id: string }[];
  /** What became of single images and versions that were to go and were not removed, by their ids. */
  notes: Map<string, string>;
  /** What failed: each makes the step fail at its end. */
  problems: string[];
}

export const nothingRemoved = (): Removal => ({
  versions: [],
  templates: [],
  images: [],
  snapshots: [],
  lockedSnapshots: [],
  recycledSnapshots: [],
  sharedSnapshots: [],
  softened: [],
  restored: [],
  orphans: [],
  notes: new Map(),
  problems: [],
});

/** Counts of what was removed, as a sentence. */
export function describeRemoval({
  images,
  snapshots,
  versions,
  templates,
  softened,
  orphans,
}: Removal): string {
  const more = [
    ...(templates.length > 0 ? [`${templates.length} launch templates were deleted`] : []),
    ...(softened.length > 0 ? [`${softened.length} images were deprecated or disabled`] : []),
    ...(orphans.length > 0 ? [`${orphans.length} leftovers were removed`] : []),
  ];
  return [
    `${images.length} images, ${snapshots.length} snapshots and ${versions.length} launch template versions were removed`,
    ...more,
  ].join(', ');
}

/** Nothing was changed, and nothing was tried in vain. */
export const isNothing = ({
  versions,
  templates,
  images,
  snapshots,
  softened,
  restored,
  orphans,
  problems,
}: Removal) =>
  [versions, templates, images, snapshots, softened, restored, orphans, problems].every(
    ({ length }) => length === 0,
  );

export const freedGib = ({ snapshots }: Removal) => snapshots.reduce((sum, { gib }) => sum + gib, 0);

/** What several prunes removed together. */
export const totalOf = (removals: readonly Removal[]): Removal => ({
  versions: removals.flatMap(({ versions }) => versions),
  templates: removals.flatMap(({ templates }) => templates),
  images: removals.flatMap(({ images }) => images),
  snapshots: removals.flatMap(({ snapshots }) => snapshots),
  lockedSnapshots: removals.flatMap(({ lockedSnapshots }) => lockedSnapshots),
  recycledSnapshots: removals.flatMap(({ recycledSnapshots }) => recycledSnapshots),
  sharedSnapshots: removals.flatMap(({ sharedSnapshots }) => sharedSnapshots),
  softened: removals.flatMap(({ softened }) => softened),
  restored: removals.flatMap(({ restored }) => restored),
  orphans: removals.flatMap(({ orphans }) => orphans),
  notes: new Map(removals.flatMap(({ notes }) => [...notes])),
  problems: removals.flatMap(({ problems }) => problems),
});
