import type {
  CreateSnapshotRequest,
  DeleteSnapshotRequest,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  Snapshot,
} from '@aws-sdk/client-ec2';
import type { SnapshotRecord } from '../../engine/records/ec2.ts';
import {
  addSnapshot,
  deleteSnapshot,
  imagesWithSnapshot,
  isLocked,
  snapshotOwner,
} from '../../engine/snapshots.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { byIds, checkPages, ec2Page, type FilterValues, filtered, tagList } from './query.ts';
import { requestedTags } from './tag-rules.ts';
import { volumeNotFound } from './volumes.ts';

export const snapshotHandlers: Handlers = { DescribeSnapshots, CreateSnapshot, DeleteSnapshot };

/** Nothing is ever written to a volume here: its snapshot holds the one block that is always there. */
const BLOCK = 512 * 1024;

export const snapshotNotFound = (id: string) =>
  new ServiceError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);

/** A snapshot of this account that can be changed. */
export function ownSnapshot(region: Region, id = ''): SnapshotRecord {
  const snapshot = region.state.snapshots.get(id);
  if (!snapshot) throw snapshotNotFound(id);
  if (snapshotOwner(snapshot) !== ACCOUNT)
    throw new ServiceError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);
  return snapshot;
}

const stateOf = (snapshot: SnapshotRecord) =>
  snapshot.failed ? 'error' : snapshot.completedAt === undefined ? 'pending' : 'completed';

const snapshotFilters: FilterValues<SnapshotRecord> = {
  description: (snapshot) => snapshot.description,
  encrypted: (snapshot) => snapshot.encrypted,
  'owner-id': snapshotOwner,
  'snapshot-id': (snapshot) => snapshot.id,
  'start-time': (snapshot) => new Date(snapshot.startedAt).toISOString(),
  status: stateOf,
  'volume-id': (snapshot) => snapshot.volumeId,
  'volume-size': (snapshot) => snapshot.sizeGiB,
};

function DescribeSnapshots(input: DescribeSnapshotsRequest, region: Region): DescribeSnapshotsResult {
  checkPages(input.SnapshotIds, input.MaxResults, 'snapshotIdsSet');
  const owners = input.OwnerIds?.map((owner) => (owner === 'self' ? ACCOUNT : owner));
  const visible = byIds(region.state.snapshots, input.SnapshotIds, snapshotNotFound).filter(
    (snapshot) =>
      isVisible(snapshot, input.RestorableByUserIds) &&
      (!owners?.length || owners.includes(snapshotOwner(snapshot))),
  );
  const matching = filtered(region, visible, input.Filters, snapshotFilters, (snapshot) => snapshot.id);
  const { items, next } = ec2Page(matching, input);
  return { Snapshots: items.map((snapshot) => describe(region, snapshot)), ...next };
}

/** One's own, and those that one may make volumes of; `users` asks for explicit permissions. */
function isVisible(snapshot: SnapshotRecord, users: readonly string[] | undefined): boolean {
  const permissions = snapshot.createVolumePermissions ?? [];
  const may = (user: string) =>
    permissions.some(({ UserId, Group }) =>
      user === 'all' ? Group === 'all' : UserId === (user === 'self' ? ACCOUNT : user),
    );
  if (users?.length) return users.some(may);
  return snapshotOwner(snapshot) === ACCOUNT || may('self') || may('all');
}

function describe(region: Region, snapshot: SnapshotRecord): Snapshot {
  const done = snapshot.completedAt !== undefined;
  return {
    SnapshotId: snapshot.id,
    VolumeId: snapshot.volumeId,
    Description: snapshot.description,
    OwnerId: snapshotOwner(snapshot),
    VolumeSize: snapshot.sizeGiB,
    Encrypted: snapshot.encrypted,
    StartTime: new Date(snapshot.startedAt),
    State: stateOf(snapshot),
    Progress: done ? '100%' : '99%',
    StorageTier: 'standard',
    TransferType: 'standard',
    ...(snapshot.kmsKeyId === undefined ? {} : { KmsKeyId: snapshot.kmsKeyId }),
    ...(snapshot.failed ? { StateMessage: snapshot.failure } : {}),
    ...(snapshot.completedAt === undefined
      ? {}
      : {
          CompletionTime: new Date(snapshot.completedAt),
          FullSnapshotSizeInBytes: BLOCK,
        }),
    ...tagList(region, snapshot.id),
  };
}

function CreateSnapshot(input: CreateSnapshotRequest, region: Region): Snapshot {
  const volume = region.state.volumes.get(input.VolumeId ?? '');
  if (!volume) throw volumeNotFound(input.VolumeId ?? '');
  const snapshot = addSnapshot(region, {
    volumeId: volume.id,
    description: input.Description ?? '',
    sizeGiB: volume.sizeGiB,
    tags: requestedTags(input.TagSpecifications, 'snapshot', ['snapshot']),
    encrypted: volume.encrypted ?? false,
    ...(volume.kmsKeyId === undefined ? {} : { kmsKeyId: volume.kmsKeyId }),
  });
  const { StorageTier: _tier, TransferType: _type, ...answer } = describe(region, snapshot);
  return { ...answer, Progress: '' };
}

function DeleteSnapshot(input: DeleteSnapshotRequest, region: Region): undefined {
  const snapshot = ownSnapshot(region, input.SnapshotId);
  const [user] = imagesWithSnapshot(region, snapshot.id);
  if (user)
    throw new ServiceError(
      'InvalidSnapshot.InUse',
      `The snapshot ${snapshot.id} is currently in use by ${user}`,
    );
  // That it fails is documented; code and text are an inference.
  if (isLocked(region, snapshot))
    throw new ServiceError('OperationNotPermitted', `The snapshot ${snapshot.id} is locked.`);
  deleteSnapshot(region, snapshot.id);
}
