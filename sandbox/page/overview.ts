import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { TAG } from '../../src/tags.ts';
import { BOOT_TAG } from '../engine/driver.ts';
import type { Region, World } from '../engine/world.ts';
import { ask, askAll } from './ask.ts';
import { activitiesOf, type RefreshView, refreshesOf } from './changes.ts';
import { type CallEntry, callViews, faultTexts } from './traffic.ts';

/** What the page at `/_sandbox/` shows, for one Region: `GET /_sandbox/overview?region=…`. */

const RECENT_REFRESHES = 12;

export interface Sources {
  world: World;
  calls: readonly CallEntry[];
  callsSoFar: number;
  faults: readonly object[];
}

export interface GroupView {
  name: string;
  min: number;
  desired: number;
  max: number;
  /** Such as `web 3`, or what else the group launches from. */
  launches: string;
  healthCheckType: string;
  suspended: string[];
  /** How many targets are in each state, over all target groups; empty without target groups. */
  targets: Record<string, number>;
  instances: InstanceView[];
  refresh?: RefreshView;
  deleting: boolean;
}

export interface InstanceView {
  id: string;
  imageId: string;
  /** Auto Scaling's lifecycle state, such as InService. */
  state: string;
  healthy: boolean;
  /** The launch template version. */
  version: string;
  /** What the target groups say of it; the worst, when there are several. */
  target?: string;
}

/**
 * Everything that the page shows. A Region that nobody has used yet is not made by being looked at: without a known
 * `wanted` one, the Region with the most groups is shown.
 */
export function overviewOf({ world, calls, callsSoFar, faults }: Sources, wanted?: string) {
  const names = Object.keys(world.state.regions).toSorted();
  const regions = names.map((name) => ({ name, groups: world.region(name).state.groups.size }));
  const shown =
    regions.find(({ name }) => name === wanted) ?? regions.toSorted((a, b) => b.groups - a.groups)[0];
  const { clock } = world;
  return {
    clock: { now: clock.now(), scale: clock.scale, variable: clock.variable },
    regions,
    ...(shown === undefined ? {} : { region: { name: shown.name, ...regionView(world.region(shown.name)) } }),
    faults: faultTexts(faults),
    calls: callViews(calls),
    callsSoFar,
  };
}

export type Overview = ReturnType<typeof overviewOf>;

function regionView(region: Region) {
  const described = askAll(region, 'DescribeAutoScalingGroups').flatMap(
    ({ AutoScalingGroups = [] }) => AutoScalingGroups,
  );
  const refreshes = described.flatMap(({ AutoScalingGroupName = '' }) =>
    refreshesOf(region, AutoScalingGroupName),
  );
  const active = new Map(refreshes.filter(({ isActive }) => isActive).map((view) => [view.group, view]));
  const groups = described.map((group) =>
    groupView(region, group, active.get(group.AutoScalingGroupName ?? '')),
  );
  return {
    groups,
    images: imageViews(region, groups),
    refreshes: refreshes
      .filter(({ isActive }) => !isActive)
      .toSorted((a, b) => b.startedAt - a.startedAt)
      .slice(0, RECENT_REFRESHES),
    activities: activitiesOf(region),
    alarms: askAll(region, 'DescribeAlarms')
      .flatMap(({ MetricAlarms = [] }) => MetricAlarms)
      .map(({ AlarmName = '', StateValue = '', StateReason = '' }) => ({
        name: AlarmName,
        state: StateValue,
        reason: StateReason,
      })),
  };
}

function groupView(region: Region, group: AutoScalingGroup, refresh: RefreshView | undefined): GroupView {
  const targets = targetStates(region, group.TargetGroupARNs ?? []);
  const counts: Record<string, number> = {};
  for (const states of targets.values()) {
    for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  }
  return {
    name: group.AutoScalingGroupName ?? '',
    min: group.MinSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    max: group.MaxSize ?? 0,
    launches: launchesOf(group),
    healthCheckType: group.HealthCheckType ?? '',
    suspended: (group.SuspendedProcesses ?? []).map(({ ProcessName = '' }) => ProcessName),
    targets: counts,
    instances: (group.Instances ?? []).map((instance) => {
      const id = instance.InstanceId ?? '';
      const target = worst(targets.get(id));
      return {
        id,
        imageId: region.state.instances.get(id)?.imageId ?? '',
        state: instance.LifecycleState ?? '',
        healthy: instance.HealthStatus !== 'Unhealthy',
        version: instance.LaunchTemplate?.Version ?? '',
        ...(target === undefined ? {} : { target }),
      };
    }),
    ...(refresh ? { refresh } : {}),
    deleting: group.Status !== undefined,
  };
}

function launchesOf(group: AutoScalingGroup): string {
  const template =
    group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  if (template)
    return `${template.LaunchTemplateName ?? template.LaunchTemplateId} ${template.Version ?? '$Default'}`;
  return group.LaunchConfigurationName ?? '';
}

/** The states of each instance's targets. */
function targetStates(region: Region, arns: readonly string[]): Map<string, string[]> {
  const states = new Map<string, string[]>();
  for (const TargetGroupArn of arns) {
    for (const { Target, TargetHealth } of ask(region, 'DescribeTargetHealth', { TargetGroupArn })
      ?.TargetHealthDescriptions ?? []) {
      const id = Target?.Id ?? '';
      states.set(id, [...(states.get(id) ?? []), TargetHealth?.State ?? '']);
    }
  }
  return states;
}

const WORST_FIRST = ['unhealthy', 'unavailable', 'draining', 'initial', 'unused', 'healthy'];

function worst(states: readonly string[] | undefined): string | undefined {
  return WORST_FIRST.find((state) => states?.includes(state)) ?? states?.[0];
}

/** The images that run anywhere in the groups, in the order in which they were made. */
function imageViews(region: Region, groups: readonly GroupView[]) {
  const counts = new Map<string, number>();
  for (const { instances } of groups) {
    for (const { imageId } of instances) counts.set(imageId, (counts.get(imageId) ?? 0) + 1);
  }
  return [...counts]
    .map(([id, instances]) => {
      const image = region.state.images.get(id)?.image;
      return {
        id,
        name: image?.Name ?? '',
        created: image?.CreationDate ?? '',
        ...marksOf(region.tagsOf(id)),
        instances,
      };
    })
    .toSorted((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : 0));
}

/** What a person tells images apart by, and whether one misbehaves on purpose. */
function marksOf(tags: Readonly<Record<string, string>>) {
  const { [TAG.commit]: commit, [TAG.version]: version, [BOOT_TAG]: boot } = tags;
  return {
    ...(commit ? { commit: commit.slice(0, 7) } : {}),
    ...(version ? { version } : {}),
    ...(boot ? { boot } : {}),
  };
}
