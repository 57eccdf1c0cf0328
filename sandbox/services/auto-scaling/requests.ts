import type { GroupRecord, MemberRecord } from '../../engine/records/auto-scaling.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import { page } from '../pages.ts';

/** What the operations of Auto Scaling have in common. */

/** A page as Auto Scaling has them: `otherwise` items when no size is given, `most` at most. */
export function autoScalingPage<T>(
  items: readonly T[],
  input: { NextToken?: string | undefined; MaxRecords?: number | undefined },
  otherwise: number,
  most = 100,
) {
  const { NextToken, MaxRecords, ...query } = input;
  if (MaxRecords !== undefined && (MaxRecords < 1 || MaxRecords > most)) {
    const bound = MaxRecords < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
    throw validationError(
      `1 validation error detected: Value '${MaxRecords}' at 'maxRecords' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  const { items: content, nextToken } = page(items, {
    token: NextToken,
    size: MaxRecords,
    otherwise,
    query,
    badToken: (token) => new ServiceError('InvalidNextToken', `The token '${token}' is invalid`),
  });
  return { items: content, next: nextToken === undefined ? {} : { NextToken: nextToken } };
}

export function findGroup(region: Region, name: string | undefined): GroupRecord {
  const group = region.state.groups.get(name ?? '');
  if (!group) throw validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
  return group;
}

/** The group's members with these ids; every one has to be there. */
export function findMembers(group: GroupRecord, ids: readonly string[] | undefined): MemberRecord[] {
  return (ids ?? []).map((id) => {
    const member = group.members.find((candidate) => candidate.instanceId === id);
    if (!member) throw validationError(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    return member;
  });
}

/** A value of a fixed set, or the error that AWS answers for another one. */
export function checkedEnum<T extends string>(value: string, member: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
  );
}
