import {
  type AutoScalingGroup,
  type Filter,
  type Instance,
  type InstanceRefresh,
  type LaunchTemplateSpecification,
  paginateDescribeAutoScalingGroups,
  paginateDescribeInstanceRefreshes,
  paginateDescribeWarmPool,
} from '@aws-sdk/client-auto-scaling';
import { DescribeLaunchTemplateVersionsCommand, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand, type TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../aws/clients.ts';
import { ConfigurationError, errorCode } from '../errors.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { inParallel } from '../parallel.ts';
import {
  hasParameterImage,
  names,
  type Running,
  type RunningVersion,
  specificationsOf,
} from './configuration.ts';
import { isActive } from './progress.ts';

/** A group that an image is to be put into, with all that has to be known about it before the first write. */
export interface Target {
  name: string;
  group: AutoScalingGroup;
  /** What the group runs. Absent when it has no launch template, or one that is gone: `unreadable` says so then. */
  running: Running | undefined;
  unreadable: readonly string[];
  /** Instances of the warm pool. */
  warm: readonly Instance[];
  targetGroups: readonly TargetGroup[];
  /** The group's refresh that is not over, if any. */
  activeRefresh: InstanceRefresh | undefined;
}

/** Groups that are read at the same time: Elastic Load Balancing refuses more than 40 calls at once. */
const AT_ONCE = 8;

/** Reads the groups that the inputs name or select, in the order of their names, so that every run has the same. */
export async function readTargets(aws: Aws, inputs: PromoteInputs): Promise<Target[]> {
  const groups = await findGroups(aws, inputs);
  const sorted = groups.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return await inParallel(sorted, AT_ONCE, (group) => readTarget(aws, group));
}

const nameOf = (group: AutoScalingGroup) => group.AutoScalingGroupName ?? '';

/** Throws one error that lists all names that do not exist, or says that no group has the tags. */
async function findGroups(aws: Aws, inputs: PromoteInputs): Promise<AutoScalingGroup[]> {
  const { autoScalingGroups: asked, autoScalingGroupTags: tags } = inputs;
  if (tags) {
    const Filters = Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
    const groups = await describeGroups(aws, { Filters });
    if (groups.length > 0) return groups;
    const list = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    throw new ConfigurationError([
      `No Auto Scaling group in ${aws.region} has the tags ${list.join(', ')}. Check the inputs "auto-scaling-group-tags" and "aws-region".`,
    ]);
  }
  const wanted = [...new Set(asked)];
  const groups = await describeGroups(aws, { AutoScalingGroupNames: wanted });
  const missing = wanted.filter((name) => !groups.some((group) => nameOf(group) === name));
  if (missing.length === 0) return groups;
  throw new ConfigurationError(
    missing.map(
      (name) =>
        `There is no Auto Scaling group "${name}" in ${aws.region}. Check the inputs "auto-scaling-groups" and "aws-region".`,
    ),
  );
}

async function describeGroups(
  aws: Aws,
  request: { AutoScalingGroupNames?: string[]; Filters?: Filter[] },
): Promise<AutoScalingGroup[]> {
  const groups: AutoScalingGroup[] = [];
  for await (const page of paginateDescribeAutoScalingGroups({ client: aws.autoScaling }, request))
    groups.push(...(page.AutoScalingGroups ?? []));
  return groups;
}

async function readTarget(aws: Aws, group: AutoScalingGroup): Promise<Target> {
  const name = nameOf(group);
  const [{ running, unreadable }, warm, targetGroups, activeRefresh] = await Promise.all([
    readRunning(aws, group),
    group.WarmPoolConfiguration ? readWarmPool(aws, name) : [],
    readTargetGroups(aws, group.TargetGroupARNs ?? []),
    findActiveRefresh(aws, name),
  ]);
  return { name, group, running, unreadable, warm, targetGroups, activeRefresh };
}

async function readRunning(
  aws: Aws,
  group: AutoScalingGroup,
): Promise<Pick<Target, 'running' | 'unreadable'>> {
  const [first, ...others] = specificationsOf(group);
  if (!first) return { running: undefined, unreadable: [] };
  const versions: RunningVersion[] = [];
  const unreadable: string[] = [];
  for (const specification of [first, ...others]) {
    if (versions.some((version) => names(specification, version))) continue;
    const version = await readVersion(aws, specification, group.Instances ?? []);
    if (typeof version === 'string') unreadable.push(`The group "${nameOf(group)}" is set to ${version}`);
    else versions.push(version);
  }
  const [base] = versions;
  if (!base || unreadable.length > 0) return { running: undefined, unreadable };
  const policy = group.MixedInstancesPolicy;
  return { running: { base, versions, ...(policy ? { policy } : {}) }, unreadable };
}

/**
 * A version with the number that it means: of a group on an alias the one that its instances in service run, if they
 * agree. A string says what is wrong with a version that is gone.
 */
async function readVersion(
  aws: Aws,
  specification: LaunchTemplateSpecification,
  instances: readonly Instance[],
): Promise<RunningVersion | string> {
  const { LaunchTemplateId: id = '', LaunchTemplateName: name, Version: named = '$Default' } = specification;
  const inService = instances.filter(
    (instance) => instance.LifecycleState === 'InService' && instance.LaunchTemplate?.LaunchTemplateId === id,
  );
  const numbers = [...new Set(inService.flatMap(({ LaunchTemplate }) => LaunchTemplate?.Version ?? []))];
  const [only, ...more] = numbers;
  const asked = named.startsWith('$') && only !== undefined && more.length === 0 ? only : named;
  try {
    const { LaunchTemplateVersions: [version] = [] } = await aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [asked] }),
    );
    const found: RunningVersion = {
      launchTemplateId: id,
      launchTemplateName: name ?? id,
      named,
      number: String(version?.VersionNumber ?? asked),
      data: version?.LaunchTemplateData ?? {},
    };
    const resolvedImageId = hasParameterImage(found) ? await commonImage(aws, inService) : undefined;
    return resolvedImageId === undefined ? found : { ...found, resolvedImageId };
  } catch (error) {
    if (!/^InvalidLaunchTemplate/.test(errorCode(error))) throw error;
    return `version ${named} of the launch template ${name ?? id}, which no longer exists: it cannot launch anything now, and could not be rolled back. Set it to an existing version first.`;
  }
}

/** The image that all these instances run; `undefined` when there are none, or they differ. */
async function commonImage(aws: Aws, instances: readonly Instance[]): Promise<string | undefined> {
  const ids = instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  if (ids.length === 0) return undefined;
  const images = new Set<string>();
  for await (const page of paginateDescribeInstances({ client: aws.ec2 }, { InstanceIds: ids })) {
    for (const instance of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []))
      images.add(instance.ImageId ?? '');
  }
  const [only, ...more] = images;
  return more.length === 0 ? only : undefined;
}

async function readWarmPool(aws: Aws, group: string): Promise<Instance[]> {
  const instances: Instance[] = [];
  for await (const page of paginateDescribeWarmPool(
    { client: aws.autoScaling },
    { AutoScalingGroupName: group },
  ))
    instances.push(...(page.Instances ?? []));
  return instances;
}

async function readTargetGroups(aws: Aws, arns: string[]): Promise<TargetGroup[]> {
  if (arns.length === 0) return [];
  const { TargetGroups = [] } = await aws.elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: arns }),
  );
  return TargetGroups;
}

/** The refresh of the group that is not over. They come newest first, and only the newest can be active. */
export async function findActiveRefresh(aws: Aws, group: string): Promise<InstanceRefresh | undefined> {
  for await (const page of paginateDescribeInstanceRefreshes(
    { client: aws.autoScaling, pageSize: 1 },
    { AutoScalingGroupName: group },
  )) {
    const [newest] = page.InstanceRefreshes ?? [];
    return newest && isActive(newest.Status) ? newest : undefined;
  }
  return undefined;
}
