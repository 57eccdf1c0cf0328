import { type AutoScalingGroup, paginateDescribeAutoScalingGroups } from '@aws-sdk/client-auto-scaling';
import type { Aws } from '../aws/clients.ts';
import { specificationsOf } from './configuration.ts';
import type { Plan } from './plan.ts';

/**
 * Groups that follow `$Latest` of a launch template in which a version will be made: the new version would go live
 * there with the next scale-out, without any refresh or check. One sentence for each.
 */
export async function followerProblems(aws: Aws, plans: readonly Plan[]): Promise<string[]> {
  const versions = plans.flatMap((plan) => plan.versions).filter(({ number }) => number === undefined);
  if (versions.length === 0) return [];
  const names = new Map(
    versions.map(({ source }) => [source.launchTemplateId, source.launchTemplateName] as const),
  );
  const targets = new Set(plans.map(({ target }) => target.name));
  const problems: string[] = [];
  const pages = paginateDescribeAutoScalingGroups({ client: aws.autoScaling }, { IncludeInstances: false });
  for await (const { AutoScalingGroups = [] } of pages) {
    for (const group of AutoScalingGroups) {
      const name = group.AutoScalingGroupName ?? '';
      const followed = targets.has(name) ? undefined : latestOf(group, names);
      if (followed !== undefined)
        problems.push(
          `The group "${name}" follows $Latest of the launch template ${followed}: the version that this promotion makes would go live there unchecked. Set that group to a version number, or promote it together with the others.`,
        );
    }
  }
  return problems;
}

function latestOf(group: AutoScalingGroup, names: ReadonlyMap<string, string>): string | undefined {
  const followed = specificationsOf(group).find(
    ({ LaunchTemplateId = '', Version }) => Version === '$Latest' && names.has(LaunchTemplateId),
  );
  return followed && names.get(followed.LaunchTemplateId ?? '');
}
