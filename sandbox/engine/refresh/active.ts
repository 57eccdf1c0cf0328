import type { GroupRecord, RefreshRecord, RefreshStatus } from '../records/auto-scaling.ts';
import type { Region } from '../world.ts';

const ACTIVE: readonly RefreshStatus[] = [
  'Pending',
  'InProgress',
  'Baking',
  'Cancelling',
  'RollbackInProgress',
];

export const isActive = (refresh: RefreshRecord) => ACTIVE.includes(refresh.status);

/** The group's refresh that is not over; there is at most one. */
export function activeRefresh(region: Region, group: GroupRecord): RefreshRecord | undefined {
  for (const refresh of region.state.refreshes.values()) {
    if (refresh.groupArn === group.arn && isActive(refresh)) return refresh;
  }
  return undefined;
}

/** While a refresh replaces instances, it and not the group sees to the capacity. */
export function isReplacing(region: Region, group: GroupRecord): boolean {
  const status = activeRefresh(region, group)?.status;
  return status === 'InProgress' || status === 'RollbackInProgress';
}
