/** What was removed, written down while it happens: a report can be made of it at any moment. */
export interface Removal {
  /** `lt-…:7` */
  versions: string[];
  images: string[];
  snapshots: { id: string; gib: number }[];
  /** Snapshots that stay because another image uses them as well. */
  sharedSnapshots: { id: string; imageId: string }[];
  /** What became of single images and versions that were to go and were not removed, by their ids. */
  notes: Map<string, string>;
  /** What failed: each makes the step fail at its end. */
  problems: string[];
}

export const nothingRemoved = (): Removal => ({
  versions: [],
  images: [],
  snapshots: [],
  sharedSnapshots: [],
  notes: new Map(),
  problems: [],
});

/** Counts of what was removed, as a sentence. */
export function describeRemoval({ images, snapshots, versions }: Removal): string {
  return `${images.length} images, ${snapshots.length} snapshots and ${versions.length} launch template versions were removed`;
}

export const freedGib = ({ snapshots }: Removal) => snapshots.reduce((sum, { gib }) => sum + gib, 0);
