import type { GroupRecord, MemberRecord } from './records/auto-scaling.ts';
import type { Region } from './world.ts';

/** The zone that a member's instance runs in. */
export function zoneOf(region: Region, member: MemberRecord): string {
  const subnetId = region.state.instances.get(member.instanceId)?.subnetId ?? '';
  return region.state.subnets.get(subnetId)?.zone ?? '';
}

/** How many of the items have each key. */
export function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** A subnet of the zone with the fewest members, and there the one with the fewest; in the order of the group's. */
export function emptiestSubnet(region: Region, group: GroupRecord, members: readonly MemberRecord[]): string {
  const { instances, subnets } = region.state;
  const inSubnet = countBy(members, ({ instanceId }) => instances.get(instanceId)?.subnetId ?? '');
  const inZone = new Map<string, number>();
  for (const [id, count] of inSubnet) {
    const zone = subnets.get(id)?.zone ?? '';
    inZone.set(zone, (inZone.get(zone) ?? 0) + count);
  }
  const ranked = group.subnetIds.map((id) => ({
    id,
    zone: inZone.get(subnets.get(id)?.zone ?? '') ?? 0,
    subnet: inSubnet.get(id) ?? 0,
  }));
  return ranked.toSorted((a, b) => a.zone - b.zone || a.subnet - b.subnet)[0]?.id ?? '';
}
