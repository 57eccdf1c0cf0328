import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { Comparison } from '../github/github.ts';
import { describeImage, type Image } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { TAG } from '../tags.ts';
import { alarmProblems } from './alarms.ts';
import type { Target } from './target.ts';

/** What is known before the first write. */
export interface Facts {
  inputs: PromoteInputs;
  image: Image;
  targets: readonly Target[];
  /** The images that the groups run now, as far as they still exist. */
  present: readonly Image[];
  /** How the image's commit stands to the one that a group runs; by group, when GitHub could tell. */
  comparisons: ReadonlyMap<string, Comparison>;
  /** What the user wants of the refresh, and the states of the alarms that are to watch it. */
  wanted: Readonly<RefreshPreferences>;
  alarms: ReadonlyMap<string, string>;
}

/** All reasons why the promotion must not begin, and what deserves a warning. Empty problems: it may. */
export function preflight(facts: Facts): { problems: string[]; warnings: string[] } {
  const problems = alarmProblems(facts.wanted.AlarmSpecification?.Alarms ?? [], facts.alarms);
  const warnings: string[] = [];
  for (const target of facts.targets) {
    problems.push(...groupProblems(facts, target));
    if (target.running) {
      problems.push(...imageProblems(facts, target));
      problems.push(...staleProblems(facts, target));
    }
    warnings.push(...groupWarnings(target));
  }
  return { problems, warnings };
}

/** Processes without which a refresh never moves, or never sees that an instance is ill. */
const NEEDED_PROCESSES = [
  'Launch',
  'Terminate',
  'InstanceRefresh',
  'HealthCheck',
  'ReplaceUnhealthy',
  'AddToLoadBalancer',
];

function groupProblems({ wanted }: Facts, { name, group, running }: Target): string[] {
  const problems: string[] = [];
  if (group.Status !== undefined) problems.push(`The group "${name}" is being deleted (${group.Status}).`);
  if (group.MixedInstancesPolicy) {
    problems.push(
      `The group "${name}" has a mixed instances policy, which this version cannot promote yet. Give it a launch template alone.`,
    );
  } else if (group.LaunchConfigurationName !== undefined) {
    problems.push(
      `The group "${name}" uses the launch configuration ${group.LaunchConfigurationName}. Instance refreshes with rollback need a launch template: copy it to one and set that on the group.`,
    );
  } else if (!running) {
    problems.push(`The group "${name}" has no launch template.`);
  } else {
    problems.push(...versionProblems(name, running.named, running.number, running.data.ImageId));
  }
  const suspended = (group.SuspendedProcesses ?? [])
    .flatMap(({ ProcessName }) => ProcessName ?? [])
    .filter((process) => NEEDED_PROCESSES.includes(process));
  if (suspended.length > 0) {
    problems.push(
      `The group "${name}" has suspended processes without which a refresh does not work: ${suspended.join(', ')}. Resume them first.`,
    );
  }
  const protectedIds = (group.Instances ?? [])
    .filter((instance) => instance.ProtectedFromScaleIn)
    .flatMap(({ InstanceId }) => InstanceId ?? []);
  if (protectedIds.length > 0 && wanted.ScaleInProtectedInstances === undefined) {
    problems.push(
      `The group "${name}" has instances that are protected from scale-in, for which a refresh would wait an hour and fail: ${protectedIds.join(', ')}. Remove the protection, or say with "scale-in-protected-instances" whether to Refresh, Ignore or Wait for them.`,
    );
  }
  return problems;
}

/** AWS cannot roll back a group that follows an alias: it has no fixed configuration to go back to. */
function versionProblems(name: string, named: string, number: string, imageId: string | undefined): string[] {
  if (named.startsWith('$')) {
    return [
      `The group "${name}" follows ${named} of its launch template: AWS cannot roll that back, and a new version would go live unchecked. Set the group to the version number it runs, ${number}.`,
    ];
  }
  if (imageId === undefined)
    return [
      `Version ${number} of the launch template of "${name}" names no image: there is nothing to replace.`,
    ];
  if (imageId.startsWith('resolve:ssm:')) {
    return [
      `The launch template of "${name}" takes its image from ${imageId}: AWS cannot roll that back. Put an AMI id into the version that the group uses.`,
    ];
  }
  return [];
}

function imageProblems({ image, present }: Facts, { name, running }: Target): string[] {
  const presentId = running?.data.ImageId ?? '';
  if (!presentId.startsWith('ami-')) return [];
  const old = present.find((candidate) => candidate.id === presentId);
  if (!old) {
    return [
      `The image ${presentId} that the group "${name}" runs no longer exists: a rollback to it would fail, and so would every scale-out now. Set the group to a version with an existing image first.`,
    ];
  }
  const problems: string[] = [];
  if (old.architecture !== image.architecture) {
    problems.push(
      `The image ${image.id} is ${image.architecture}, but the group "${name}" runs ${old.architecture}. Bake for that architecture.`,
    );
  }
  if (
    old.rootDeviceName !== image.rootDeviceName &&
    running?.data.BlockDeviceMappings?.some((mapping) => mapping.DeviceName === old.rootDeviceName)
  ) {
    problems.push(
      `The launch template of "${name}" sets up the root device ${old.rootDeviceName}, but the image ${image.id} has its root at ${image.rootDeviceName}.`,
    );
  }
  return problems;
}

/** A late approval must not put an older commit over a newer one. */
function staleProblems({ inputs, image, comparisons, present }: Facts, { name, running }: Target): string[] {
  if (comparisons.get(name) !== 'behind' || inputs.allowOlder || inputs.rollback) return [];
  const old = present.find((candidate) => candidate.id === running?.data.ImageId);
  return [
    `The group "${name}" already runs a newer commit: ${old ? describeImage(old) : 'unknown'} is ahead of ${describeImage(image)}. To go back on purpose, set "rollback: true" or "allow-older: true".`,
  ];
}

function groupWarnings({ name, group }: Target): string[] {
  const warnings: string[] = [];
  if ((group.TargetGroupARNs ?? []).length > 0 && group.HealthCheckType === 'EC2') {
    warnings.push(
      `The group "${name}" is behind a load balancer but its health check type is EC2: AWS will call the refresh successful whatever the targets say. Their health is verified afterwards; the type ELB would stop a bad image earlier.`,
    );
  }
  return warnings;
}

/** The commit of an image, when it is known. */
export const commitOf = (image: Image | undefined) => image?.tags[TAG.commit];
