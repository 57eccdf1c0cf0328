import type {
  ListImagesInRecycleBinRequest,
  ListImagesInRecycleBinResult,
  ListSnapshotsInRecycleBinRequest,
  ListSnapshotsInRecycleBinResult,
} from '@aws-sdk/client-ec2';
import type { Region } from '../../engine/world.ts';
import type { Handlers } from '../service.ts';
import { ec2Page } from './query.ts';

/** What the Recycle Bin keeps of deregistered images and deleted snapshots. Ids that are not in it are passed over. */
export const recycleBinHandlers: Handlers = { ListImagesInRecycleBin, ListSnapshotsInRecycleBin };

function ListImagesInRecycleBin(
  input: ListImagesInRecycleBinRequest,
  region: Region,
): ListImagesInRecycleBinResult {
  const { items, next } = ec2Page(chosen(region.state.recycledImages, input.ImageIds), input);
  return { Images: items, ...next };
}

function ListSnapshotsInRecycleBin(
  input: ListSnapshotsInRecycleBinRequest,
  region: Region,
): ListSnapshotsInRecycleBinResult {
  const { items, next } = ec2Page(chosen(region.state.recycledSnapshots, input.SnapshotIds), input);
  return { Snapshots: items, ...next };
}

const chosen = <T>(table: ReadonlyMap<string, T>, ids: readonly string[] | undefined): T[] =>
  ids?.length ? ids.flatMap((id) => table.get(id) ?? []) : [...table.values()];
