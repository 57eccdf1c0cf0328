import { specificationsOf } from './launch-source.ts';
import { liveMembers } from './members.ts';
import type { GroupRecord, MemberRecord } from './records/auto-scaling.ts';
import type { Region } from './world.ts';
import { countBy, zoneOf } from './zones.ts';

/** A member as the termination policies see it. */
interface Candidate {
  member: MemberRecord;
  zone: string;
  launchedAt: number;
  /** How old the configuration is that it was launched from; another launch template than the group's is oldest. */
  configurationAge: number;
  /** Until its next full hour. */
  millisecondsToHour: number;
}

const HOUR = 3_600_000;

/** What each policy prefers: the lowest number goes first. Policies about what is not simulated prefer nothing. */
const POLICIES: Readonly<Record<string, (candidate: Candidate) => number>> = {
  OldestInstance: ({ launchedAt }) => launchedAt,
  NewestInstance: ({ launchedAt }) => -launchedAt,
  OldestLaunchTemplate: ({ configurationAge }) => -configurationAge,
  // Of a group on a launch template, the instances that no template launched are the oldest.
  OldestLaunchConfiguration: ({ member }) => (member.launchTemplate ? 0 : -1),
  ClosestToNextInstanceHour: ({ millisecondsToHour }) => millisecondsToHour,
};

/**
 * The members that a scale-in by `count` takes: never protected ones; of the zone with the most members, so that the
 * zones stay balanced; there by the group's termination policies, each deciding what the one before left open (guide
 * "Configure termination policies").
 */
export function chooseForScaleIn(region: Region, group: GroupRecord, count: number): MemberRecord[] {
  return choose(
    liveMembers(group).map((member) => candidateOf(region, group, member)),
    group.terminationPolicies.flatMap((policy) =>
      policy === 'Default'
        ? ['OldestLaunchConfiguration', 'OldestLaunchTemplate', 'ClosestToNextInstanceHour']
        : [policy],
    ),
    count,
  );
}

function choose(
  candidates: readonly Candidate[],
  policies: readonly string[],
  count: number,
): MemberRecord[] {
  const chosen: MemberRecord[] = [];
  let left = candidates;
  while (chosen.length < count) {
    const next = first(left, policies);
    if (!next) break;
    chosen.push(next.member);
    left = left.filter((candidate) => candidate !== next);
  }
  return chosen;
}

function first(candidates: readonly Candidate[], policies: readonly string[]): Candidate | undefined {
  const sizes = countBy(candidates, ({ zone }) => zone);
  let left = lowest(
    candidates.filter(({ member }) => !member.protected),
    ({ zone }) => -(sizes.get(zone) ?? 0),
  );
  for (const policy of policies) {
    const preference = POLICIES[policy];
    if (preference) left = lowest(left, preference);
  }
  return left[0];
}

function lowest(
  candidates: readonly Candidate[],
  preference: (candidate: Candidate) => number,
): readonly Candidate[] {
  const best = candidates.reduce(
    (least, candidate) => Math.min(least, preference(candidate)),
    Number.POSITIVE_INFINITY,
  );
  return candidates.filter((candidate) => preference(candidate) === best);
}

function candidateOf(region: Region, group: GroupRecord, member: MemberRecord): Candidate {
  const launchedAt = region.state.instances.get(member.instanceId)?.launchedAt ?? 0;
  const ofGroup = specificationsOf(group.source).some(
    ({ LaunchTemplateId }) => LaunchTemplateId === member.launchTemplate?.id,
  );
  return {
    member,
    zone: zoneOf(region, member),
    launchedAt,
    configurationAge: ofGroup ? -Number(member.launchTemplate?.version) : 1,
    millisecondsToHour: HOUR - ((region.now - launchedAt) % HOUR),
  };
}
