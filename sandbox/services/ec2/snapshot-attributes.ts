import type {
  CreateVolumePermission,
  DescribeLockedSnapshotsRequest,
  DescribeLockedSnapshotsResult,
  DescribeSnapshotAttributeRequest,
  DescribeSnapshotAttributeResult,
  LockedSnapshotsInfo,
  LockSnapshotRequest,
  LockSnapshotResult,
  ModifySnapshotAttributeRequest,
  ResetSnapshotAttributeRequest,
  UnlockSnapshotRequest,
  UnlockSnapshotResult,
} from '@aws-sdk/client-ec2';
import type { SnapshotLock, SnapshotRecord } from '../../engine/records/ec2.ts';
import { defaultKey, isLocked } from '../../engine/snapshots.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { byIds, ec2Page, filtered, refuseSmallPage } from './query.ts';
import { ownSnapshot, snapshotNotFound } from './snapshots.ts';

/** Who may use a snapshot, and who may not delete it. */
export const snapshotAttributeHandlers: Handlers = {
  ModifySnapshotAttribute,
  DescribeSnapshotAttribute,
  ResetSnapshotAttribute,
  LockSnapshot,
  UnlockSnapshot,
  DescribeLockedSnapshots,
};

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;

function ModifySnapshotAttribute(input: ModifySnapshotAttributeRequest, region: Region): undefined {
  const snapshot = ownSnapshot(region, input.SnapshotId);
  if (input.Attribute !== undefined && input.Attribute !== 'createVolumePermission')
    throw new ServiceError('InvalidParameterValue', 'Unrecognized attribute.');
  const { Add = [], Remove = [] } = { ...oldForm(input), ...input.CreateVolumePermission };
  const [added, removed] = [Add.filter(isGiven), Remove.filter(isGiven)];
  if (added.length + removed.length === 0)
    throw new ServiceError('InvalidParameterCombination', 'No attributes specified.');
  for (const { UserId } of [...added, ...removed]) {
    if (UserId !== undefined && !/^\d{12}$/.test(UserId))
      throw new ServiceError('InvalidAMIAttributeItemValue', `UserId ${UserId}`);
  }
  if (added.length > 0) refuseSharing(region, snapshot, added);
  const gone = new Set(removed.map(permissionKey));
  const permissions = new Map(
    (snapshot.createVolumePermissions ?? [])
      .filter((permission) => !gone.has(permissionKey(permission)))
      .map((permission) => [permissionKey(permission), permission]),
  );
  // One's own account is accepted and not listed.
  for (const permission of added) {
    if (permission.UserId !== ACCOUNT) permissions.set(permissionKey(permission), permission);
  }
  snapshot.createVolumePermissions = [...permissions.values()];
}

const isGiven = ({ UserId, Group }: CreateVolumePermission) => UserId !== undefined || Group !== undefined;

const permissionKey = ({ UserId, Group }: CreateVolumePermission) => `${UserId} ${Group}`;

/** The form of before: an operation, and lists of accounts or groups. */
function oldForm(input: ModifySnapshotAttributeRequest): {
  Add?: CreateVolumePermission[];
  Remove?: CreateVolumePermission[];
} {
  const permissions: CreateVolumePermission[] = [
    ...(input.UserIds ?? []).map((UserId) => ({ UserId })),
    ...(input.GroupNames ?? []).map(() => ({ Group: 'all' as const })),
  ];
  return input.OperationType === 'remove' ? { Remove: permissions } : { Add: permissions };
}

/** Documented: nobody else can read what AWS's own key has encrypted. Code and texts are an inference. */
function refuseSharing(
  region: Region,
  { encrypted, kmsKeyId }: SnapshotRecord,
  added: readonly CreateVolumePermission[],
): void {
  if (!encrypted) return;
  const toAll = added.some(({ Group }) => Group === 'all');
  if (kmsKeyId === defaultKey(region) || toAll) {
    throw new ServiceError(
      'OperationNotPermitted',
      toAll
        ? 'Encrypted snapshots cannot be made public'
        : 'Encrypted snapshots with EBS default key cannot be shared',
    );
  }
}

function DescribeSnapshotAttribute(
  input: DescribeSnapshotAttributeRequest,
  region: Region,
): DescribeSnapshotAttributeResult {
  const { id, createVolumePermissions = [] } = ownSnapshot(region, input.SnapshotId);
  return input.Attribute === 'productCodes'
    ? { SnapshotId: id, ProductCodes: [] }
    : { SnapshotId: id, CreateVolumePermissions: createVolumePermissions };
}

function ResetSnapshotAttribute(input: ResetSnapshotAttributeRequest, region: Region): undefined {
  const snapshot = ownSnapshot(region, input.SnapshotId);
  if (input.Attribute !== 'createVolumePermission')
    throw new ServiceError('InvalidParameterValue', 'Unrecognized attribute.');
  snapshot.createVolumePermissions = [];
}

/** Until a date or for some days, from now on. */
function LockSnapshot(input: LockSnapshotRequest, region: Region): LockSnapshotResult {
  const snapshot = ownSnapshot(region, input.SnapshotId);
  const expiresAt = input.ExpirationDate?.getTime() ?? region.now + (input.LockDuration ?? Number.NaN) * DAY;
  if (!(expiresAt > region.now) || !input.LockMode)
    throw new ServiceError('MissingParameter', 'The request must contain the parameter LockDuration');
  snapshot.lock = {
    mode: input.LockMode,
    createdAt: region.now,
    durationDays: input.LockDuration ?? Math.ceil((expiresAt - region.now) / DAY),
    expiresAt,
    ...(input.LockMode === 'compliance' && input.CoolOffPeriod !== undefined
      ? { coolOffPeriod: input.CoolOffPeriod }
      : {}),
  };
  const { OwnerId: _owner, ...answer } = describeLock(region, snapshot.id, snapshot.lock);
  return answer;
}

const coolOffEnd = ({ createdAt, coolOffPeriod = 0 }: SnapshotLock) => createdAt + coolOffPeriod * HOUR;

function describeLock(region: Region, id: string, lock: SnapshotLock): LockedSnapshotsInfo {
  const inCoolOff = lock.mode === 'compliance' && region.now < coolOffEnd(lock);
  const LockState =
    region.now >= lock.expiresAt
      ? 'expired'
      : lock.mode === 'governance'
        ? 'governance'
        : inCoolOff
          ? 'compliance-cooloff'
          : 'compliance';
  return {
    OwnerId: ACCOUNT,
    SnapshotId: id,
    LockState,
    LockDuration: lock.durationDays,
    LockCreatedOn: new Date(lock.createdAt),
    LockDurationStartTime: new Date(lock.createdAt),
    LockExpiresOn: new Date(lock.expiresAt),
    ...(lock.coolOffPeriod === undefined
      ? {}
      : { CoolOffPeriod: lock.coolOffPeriod, CoolOffPeriodExpiresOn: new Date(coolOffEnd(lock)) }),
  };
}

/** A compliance lock whose cool-off period has ended is there until it expires. */
function UnlockSnapshot(input: UnlockSnapshotRequest, region: Region): UnlockSnapshotResult {
  const snapshot = ownSnapshot(region, input.SnapshotId);
  const { lock } = snapshot;
  // Codes and texts are an inference.
  if (!lock || !isLocked(region, snapshot))
    throw new ServiceError('IncorrectState', `The snapshot ${snapshot.id} is not locked.`);
  if (lock.mode === 'compliance' && region.now >= coolOffEnd(lock)) {
    throw new ServiceError(
      'OperationNotPermitted',
      `The snapshot ${snapshot.id} is locked in compliance mode and cannot be unlocked.`,
    );
  }
  delete snapshot.lock;
  return { SnapshotId: snapshot.id };
}

function DescribeLockedSnapshots(
  input: DescribeLockedSnapshotsRequest,
  region: Region,
): DescribeLockedSnapshotsResult {
  refuseSmallPage(input.MaxResults);
  const locked = byIds(region.state.snapshots, input.SnapshotIds, snapshotNotFound).flatMap(({ id, lock }) =>
    lock ? [describeLock(region, id, lock)] : [],
  );
  const matching = filtered(region, locked, input.Filters, { 'lock-state': ({ LockState }) => LockState });
  const { items, next } = ec2Page(matching, input);
  return { Snapshots: items, ...next };
}
