import {
  type AutoScalingGroup,
  type InstanceRefresh,
  paginateDescribeAutoScalingGroups,
  paginateDescribeInstanceRefreshes,
} from '@aws-sdk/client-auto-scaling';
import { DescribeLaunchTemplateVersionsCommand, type ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand, type TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../aws/clients.ts';
import { ConfigurationError } from '../errors.ts';
import { isActive } from './progress.ts';

/** A group that an image is to be put into, with all that has to be known about it before the first write. */
export interface Target {
  name: string;
  group: AutoScalingGroup;
  /** What the group runs. Absent when that is not a launch template alone; preflight says so then. */
  running: RunningVersion | undefined;
  targetGroups: readonly TargetGroup[];
  /** The group's refresh that is not over, if any. */
  activeRefresh: InstanceRefresh | undefined;
}

export interface RunningVersion {
  launchTemplateId: string;
  launchTemplateName: string;
  /** The version as the group names it: a number, `$Latest` or `$Default`. */
  named: string;
  /** The number that this means now. */
  number: string;
  data: ResponseLaunchTemplateData;
}

/** Reads the groups in the order in which they were named; throws one error that lists all that do not exist. */
export async function readTargets(aws: Aws, names: readonly string[]): Promise<Target[]> {
  const found = new Map<string, AutoScalingGroup>();
  for await (const page of paginateDescribeAutoScalingGroups(
    { client: aws.autoScaling },
    { AutoScalingGroupNames: [...names] },
  )) {
    for (const group of page.AutoScalingGroups ?? []) found.set(group.AutoScalingGroupName ?? '', group);
  }
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new ConfigurationError(
      missing.map(
        (name) =>
          `There is no Auto Scaling group "${name}" in ${aws.region}. Check the inputs "auto-scaling-groups" and "aws-region".`,
      ),
    );
  }
  return await Promise.all(
    names.flatMap((name) => found.get(name) ?? []).map((group) => readTarget(aws, group)),
  );
}

async function readTarget(aws: Aws, group: AutoScalingGroup): Promise<Target> {
  const name = group.AutoScalingGroupName ?? '';
  const [running, targetGroups, activeRefresh] = await Promise.all([
    readRunningVersion(aws, group),
    readTargetGroups(aws, group.TargetGroupARNs ?? []),
    findActiveRefresh(aws, name),
  ]);
  return { name, group, running, targetGroups, activeRefresh };
}

async function readRunningVersion(aws: Aws, group: AutoScalingGroup): Promise<RunningVersion | undefined> {
  const specification = group.LaunchTemplate;
  if (!specification?.LaunchTemplateId) return undefined;
  const named = specification.Version ?? '$Default';
  const { LaunchTemplateVersions: [version] = [] } = await aws.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateId: specification.LaunchTemplateId,
      Versions: [named],
    }),
  );
  return {
    launchTemplateId: specification.LaunchTemplateId,
    launchTemplateName: specification.LaunchTemplateName ?? specification.LaunchTemplateId,
    named,
    number: String(version?.VersionNumber ?? named),
    data: version?.LaunchTemplateData ?? {},
  };
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
