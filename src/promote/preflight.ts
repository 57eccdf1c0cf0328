import type { AutoScalingGroup, RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { CommitRange } from '../github/github.ts';
import { describeImage, type Image } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { TAG } from '../tags.ts';
import { alarmProblems } from './alarms.ts';
import {
  choosesByAttributes,
  describeVersion,
  hasParameterImage,
  imageOf,
  imagesOf,
  type Running,
  type RunningVersion,
} from './configuration.ts';
import { serviceProblems, toolWarnings } from './ownership.ts';
import { healthCheckSeconds } from './preferences.ts';
import type { Target } from './target.ts';

/** What is known before the first write. */
export interface Facts {
  inputs: PromoteInputs;
  /** The images to promote, one for each architecture. */
  images: readonly Image[];
  targets: readonly Target[];
  /** The images that the groups run now, as far as they still exist. */
  present: readonly Image[];
  /** How the image's commit stands to those that run; by the commit that runs, where GitHub could tell. */
  changes: ReadonlyMap<string, Pick<CommitRange, 'status'>>;
  /** What the user wants of the refresh, and the states of the alarms that are to watch it. */
  wanted: Readonly<RefreshPreferences>;
  alarms: ReadonlyMap<string, string>;
}

/** All reasons why the promotion must not begin, and what deserves a warning. Empty problems: it may. */
export function preflight(facts: Facts): { problems: string[]; warnings: string[] } {
  const problems = alarmProblems(facts.wanted.AlarmSpecification?.Alarms ?? [], facts.alarms);
  const warnings: string[] = [];
  for (const target of facts.targets) {
    const { running } = target;
    problems.push(...groupProblems(facts, target), ...sourceProblems(target));
    if (running) {
      problems.push(...floatingProblems(facts, target.name, running));
      problems.push(...imageProblems(facts, target.name, running));
      problems.push(...staleProblems(facts, target.name, running));
    }
    warnings.push(...groupWarnings(facts, target));
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

export const suspendedProcesses = (group: AutoScalingGroup) =>
  (group.SuspendedProcesses ?? [])
    .flatMap(({ ProcessName }) => ProcessName ?? [])
    .filter((process) => NEEDED_PROCESSES.includes(process));

function groupProblems({ wanted }: Facts, { name, group }: Target): string[] {
  const problems = serviceProblems(name, group);
  if (group.Status !== undefined) problems.push(`The group "${name}" is being deleted (${group.Status}).`);
  const suspended = suspendedProcesses(group);
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

/** The group has to launch from templates that exist. */
function sourceProblems({ name, group, running, unreadable }: Target): string[] {
  if (group.LaunchConfigurationName !== undefined) {
    return [
      `The group "${name}" uses the launch configuration ${group.LaunchConfigurationName}. Instance refreshes with rollback need a launch template: copy it to one ("Copy to launch template" in the console, or aws ec2 create-launch-template), and set that on the group.`,
    ];
  }
  if (running || unreadable.length > 0) return [...unreadable];
  return [`The group "${name}" has no launch template.`];
}

/** AWS cannot roll back a group that follows an alias or a parameter: it has no fixed configuration to go back to. */
function floatingProblems({ inputs }: Facts, name: string, running: Running): string[] {
  return running.versions.flatMap((version) => {
    const { named, number, data } = version;
    if (hasParameterImage(version)) {
      if (inputs.pinVersion && version.resolvedImageId !== undefined) return [];
      const how = inputs.pinVersion
        ? 'Its instances do not run one image that it could be set to: put an AMI id into the version that the group uses.'
        : 'Put an AMI id into the version that the group uses, or set "pin-version: true" to have that done.';
      return [
        `The launch template of "${name}" takes its image from ${data.ImageId}: AWS cannot roll that back. ${how}`,
      ];
    }
    if (!named.startsWith('$') || inputs.pinVersion) return [];
    return [
      `The group "${name}" follows ${named} of its launch template: AWS cannot roll that back, and a new version would go live unchecked. Set the group to the version number it runs, ${number}, or set "pin-version: true" to have that done.`,
    ];
  });
}

function imageProblems(facts: Facts, name: string, running: Running): string[] {
  return imagesOf(running).flatMap(({ place, imageId }) => {
    if (imageId === undefined)
      return [`${place} of the group "${name}" names no image: there is nothing to replace.`];
    if (!imageId.startsWith('ami-')) return [];
    const old = facts.present.find((candidate) => candidate.id === imageId);
    if (old) return replacementProblems(facts, name, running, old);
    if (facts.inputs.allowNoRollback) return [];
    return [
      `The image ${imageId} that the group "${name}" runs no longer exists: a rollback to it would fail, and so would every scale-out now. Set the group to a version with an existing image first, or go without a way back with "allow-no-rollback: true".`,
    ];
  });
}

function replacementProblems({ images }: Facts, name: string, running: Running, old: Image): string[] {
  const image = images.find((candidate) => candidate.architecture === old.architecture);
  if (!image) {
    const given = images.map(({ id, architecture }) => `${id} is ${architecture}`).join(', ');
    return [
      `The group "${name}" runs ${old.architecture} (${old.id}), but ${given}. Bake for that architecture.`,
    ];
  }
  const root = running.versions
    .filter((version) => imageOf(version) === old.id)
    .flatMap(({ data }) => data.BlockDeviceMappings ?? [])
    .find(({ DeviceName }) => DeviceName === old.rootDeviceName);
  if (!root) return [];
  if (old.rootDeviceName !== image.rootDeviceName)
    return [
      `The launch template of "${name}" sets up the root device ${old.rootDeviceName}, but the image ${image.id} has its root at ${image.rootDeviceName}.`,
    ];
  const size = root.Ebs?.VolumeSize;
  if (size === undefined || image.rootGiB === undefined || size >= image.rootGiB) return [];
  return [
    `The launch template of "${name}" makes a root volume of ${size} GiB, but the image ${image.id} needs ${image.rootGiB} GiB: EC2 would refuse every launch. Enlarge it in a new version, and name that with "source-version".`,
  ];
}

/** A late approval must not put an older commit over a newer one. */
function staleProblems(
  { inputs, images, changes, present }: Facts,
  name: string,
  running: Running,
): string[] {
  const old = presentImage(running, present);
  const isOlder = changes.get(commitOf(old) ?? '')?.status === 'behind';
  if (!isOlder || inputs.allowOlder || inputs.rollback) return [];
  const [image] = images;
  return [
    `The group "${name}" already runs a newer commit: ${old ? describeImage(old) : 'unknown'} is ahead of ${image ? describeImage(image) : 'the image'}. To go back on purpose, set "rollback: true" or "allow-older: true".`,
  ];
}

function groupWarnings({ wanted }: Facts, { name, group, running, targetGroups }: Target): string[] {
  const warnings: string[] = [];
  if ((group.TargetGroupARNs ?? []).length > 0 && group.HealthCheckType === 'EC2') {
    warnings.push(
      `The group "${name}" is behind a load balancer but its health check type is EC2: AWS will call the refresh successful whatever the targets say. Their health is watched and verified here; the type ELB would stop a bad image earlier.`,
    );
  }
  const needed = healthCheckSeconds(targetGroups);
  if (wanted.InstanceWarmup !== undefined && wanted.InstanceWarmup < needed) {
    warnings.push(
      `The warm-up of ${wanted.InstanceWarmup} s is shorter than the ${needed} s that the load balancer of "${name}" needs for its health checks: the refresh may go on before they have spoken.`,
    );
  }
  if (running && choosesByAttributes(running)) {
    warnings.push(
      `The group "${name}" chooses instance types by attributes, for which AWS takes no desired configuration: the group itself is updated before the refresh, every scale-out launches the new image from then on, and a rollback is made here, not by AWS.`,
    );
  }
  return [...warnings, ...toolWarnings(name, group)];
}

/** The image that a group launches by default, when it still exists. */
export const presentImage = (running: Running, present: readonly Image[]) =>
  present.find(({ id }) => id === imageOf(running.base));

/** The commit of an image, when it is known. */
export const commitOf = (image: Image | undefined) => image?.tags[TAG.commit];

/** A running version in words that name its image. */
export const describeRunning = (version: RunningVersion) =>
  `${describeVersion(version)} (${imageOf(version) ?? 'no image'})`;
