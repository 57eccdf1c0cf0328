import { TAG, type Tags, tagValue } from '../../tags.ts';
import type { Orphan } from './leftovers.ts';

/** A snapshot with our tags. */
export interface FoundSnapshot {
  id: string;
  gib: number;
  state: string;
  /** Milliseconds since 1970. */
  started: number;
  /** What AWS wrote on it, which names the image that it was made for. */
  description: string;
  archived: boolean;
  tags: Tags;
}

/** What speaks for snapshots. */
export interface SnapshotHolders {
  /** Ids of all registered images, in every state. */
  images: ReadonlySet<string>;
  /** Ids of images in the Recycle Bin: they can come back, and need their snapshots then. */
  recycled: ReadonlySet<string>;
  /** Ids of snapshots that images have, or that launch templates, fleets and the like make volumes of. */
  used: ReadonlySet<string>;
  /** Until when snapshots are locked, in words, by their ids. */
  locks: ReadonlyMap<string, string>;
}

/** A snapshot without an image that has to stay nevertheless, and what a person may do about it. */
export interface HeldSnapshot {
  id: string;
  why: string;
}

const DAY_MS = 24 * 3600 * 1000;

/** As EC2 describes snapshots of CreateImage and CopyImage. */
const MADE_FOR = /^(?:Created by CreateImage\(i-[0-9a-f]+\) for|Copied for DestinationAmi) (ami-[0-9a-f]+)\b/;

/**
 * The application's snapshots whose image is gone. Only those count of which AWS's own description says for which
 * image they were made: a snapshot that somebody made by hand is no leftover.
 */
export function orphanedSnapshots(
  application: string,
  found: readonly FoundSnapshot[],
  holders: SnapshotHolders,
  now: number,
): { orphans: Orphan[]; held: HeldSnapshot[] } {
  const orphans: Orphan[] = [];
  const held: HeldSnapshot[] = [];
  for (const { id, gib, state, started, description, archived, tags } of found) {
    const imageId = MADE_FOR.exec(description)?.[1];
    const settled = ['completed', 'error'].includes(state) && now - started >= DAY_MS;
    const ours = tags[TAG.application] === tagValue(application) && !isManaged(tags);
    if (!ours || !settled || imageId === undefined) continue;
    if (holders.used.has(id) || holders.images.has(imageId) || holders.recycled.has(imageId)) continue;
    const lock = holders.locks.get(id);
    if (tags[TAG.keep] !== undefined) held.push({ id, why: `tagged ${TAG.keep}` });
    else if (lock !== undefined) held.push({ id, why: lock });
    else if (archived) held.push({ id, why: 'somebody archived it' });
    else orphans.push({ kind: 'snapshot', id, gib, why: `its image ${imageId} is gone` });
  }
  return { orphans, held };
}

/** Backups have rules of their own. */
const isManaged = (tags: Tags) => Object.keys(tags).some((key) => /^(aws:backup:|aws:dlm:|dlm:)/.test(key));
