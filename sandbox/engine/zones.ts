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
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** A subnet of the zone with the fewest members, and there the one with the fewest; in the order of the group's. */
export function emptiestSubnet(region: Region, group: GroupRecord, members: readonly MemberRecord[]): string {
  const inZone = countBy(members, (member) => zoneOf(region, member));
  const inSubnet = countBy(
    members,
    (member) => region.state.instances.get(member.instanceId)?.subnetId ?? '',
  );
  const ranked = group.subnetIds.map((id) => ({
    id,
    zone: inZone.get(region.state.subnets.get(id)?.zone ?? '') ?? 0,
    subnet: inSubnet.get(id) ?? 0,
  }));
  return ranked.toSorted((a, b) => a.zone - b.zone || a.subnet - b.subnet)[0]?.id ?? '';
}
