import type {
  DeleteWarmPoolType,
  DescribeWarmPoolAnswer,
  DescribeWarmPoolType,
  PutWarmPoolType,
} from '@aws-sdk/client-auto-scaling';
import { seconds } from '../../engine/activities.ts';
import { specificationsOf } from '../../engine/launch-source.ts';
import { resolveImageId, resolveSpecification } from '../../engine/launch-templates.ts';
import { REACTION_SECONDS, wakeGroup } from '../../engine/members.ts';
import type { GroupRecord, WarmPoolRecord } from '../../engine/records/auto-scaling.ts';
import { deleteWarmMembers, poolSize, warmMembers } from '../../engine/warm-pool.ts';
import type { Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { describeMember } from './describe-groups.ts';
import { autoScalingPage, checkedEnum, findGroup } from './requests.ts';

export const warmPoolHandlers: Handlers = { PutWarmPool, DescribeWarmPool, DeleteWarmPool };

/** -1 takes a maximum prepared capacity back. */
const UNSET = -1;

/** What is not given keeps its value. */
function PutWarmPool(input: PutWarmPoolType, region: Region): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  const before = group.warmPool?.configuration;
  const PoolState = checkedEnum(input.PoolState ?? before?.PoolState ?? 'Stopped', 'poolState', [
    'Stopped',
    'Hibernated',
    'Running',
  ]);
  if (PoolState === 'Hibernated' && !hasEncryptedRoot(region, group))
    throw validationError('For hibernation, the root device volume must be encrypted.');
  const MinSize = input.MinSize ?? before?.MinSize ?? 0;
  const prepared = input.MaxGroupPreparedCapacity ?? before?.MaxGroupPreparedCapacity ?? UNSET;
  const reuse = input.InstanceReusePolicy ?? before?.InstanceReusePolicy;
  const pool: WarmPoolRecord = {
    configuration: {
      MinSize,
      PoolState,
      ...(prepared === UNSET ? {} : { MaxGroupPreparedCapacity: prepared }),
      ...(reuse ? { InstanceReusePolicy: reuse } : {}),
    },
  };
  const limit = prepared === UNSET ? '' : ` and MaxGroupPreparedCapacity: ${prepared}`;
  pool.cause = `At ${seconds(region.now)} a user request put a new WarmPool with MinSize: ${MinSize}${limit} changing the capacity of WarmPool from ${warmMembers(group).length} to ${poolSize(group, pool)}.`;
  group.warmPool = pool;
  wakeGroup(region, group, REACTION_SECONDS);
  return {};
}

function hasEncryptedRoot(region: Region, group: GroupRecord): boolean {
  const [specification] = specificationsOf(group.source);
  if (!specification) return false;
  const { data } = resolveSpecification(region, specification).version;
  const image = region.state.images.get(resolveImageId(region, data.ImageId))?.image;
  const isRoot = ({ DeviceName }: { DeviceName?: string | undefined }) =>
    DeviceName === image?.RootDeviceName;
  return (
    data.BlockDeviceMappings?.find(isRoot)?.Ebs?.Encrypted ??
    image?.BlockDeviceMappings?.find(isRoot)?.Ebs?.Encrypted ??
    false
  );
}

function DescribeWarmPool(input: DescribeWarmPoolType, region: Region): DescribeWarmPoolAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  const { items, next } = autoScalingPage(warmMembers(group), input, 50, 50);
  return {
    // Protection is nothing that an instance of a pool has.
    Instances: items.map((member) => ({
      ...describeMember(region, member),
      ProtectedFromScaleIn: undefined,
    })),
    ...(group.warmPool ? { WarmPoolConfiguration: group.warmPool.configuration } : {}),
    ...next,
  };
}

/** The pool is gone when its instances are; forced, it does not wait for them. */
function DeleteWarmPool(input: DeleteWarmPoolType, region: Region): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  if (!group.warmPool) {
    throw validationError(`No warm pool found for Auto Scaling group '${group.name}'.`);
  }
  if (input.ForceDelete) {
    deleteWarmMembers(region, group);
    delete group.warmPool;
  } else {
    group.warmPool.configuration.Status = 'PendingDelete';
    wakeGroup(region, group, REACTION_SECONDS);
  }
  return {};
}
