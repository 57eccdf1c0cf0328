import {
  type AutoScalingGroup,
  type MixedInstancesPolicy,
  paginateDescribeAutoScalingGroups,
} from '@aws-sdk/client-auto-scaling';
import type { Context } from '../../context.ts';
import { specificationUse, type Use } from './use.ts';

/** All Auto Scaling groups of the Region. */
export async function readGroups({ aws, signal }: Context): Promise<AutoScalingGroup[]> {
  const groups: AutoScalingGroup[] = [];
  const pages = paginateDescribeAutoScalingGroups(
    { client: aws.autoScaling, pageSize: 100 },
    {},
    { abortSignal: signal },
  );
  for await (const page of pages) groups.push(...(page.AutoScalingGroups ?? []));
  return groups;
}

/**
 * What a group launches next: its launch template, or its mixed instances policy. A launch configuration holds its
 * image by itself. The image of a root volume that was replaced only Auto Scaling knows.
 */
export function groupUses(group: AutoScalingGroup): Use[] {
  const holder = `Auto Scaling group ${group.AutoScalingGroupName}`;
  return [
    ...specificationUse(holder, group.LaunchTemplate),
    ...policyUses(holder, group.MixedInstancesPolicy),
    ...(group.Instances ?? []).flatMap(({ InstanceId, ImageId }) =>
      ImageId === undefined ? [] : [{ holder: `instance ${InstanceId}`, imageId: ImageId }],
    ),
  ];
}

/** An override can have a launch template of its own, or an image of its own; the others use the policy's. */
export function policyUses(holder: string, policy: MixedInstancesPolicy | undefined): Use[] {
  const { LaunchTemplateSpecification: base, Overrides = [] } = policy?.LaunchTemplate ?? {};
  return [
    ...specificationUse(holder, base),
    ...Overrides.flatMap((override) => [
      ...specificationUse(holder, override.LaunchTemplateSpecification),
      ...(override.ImageId === undefined ? [] : [{ holder, imageId: override.ImageId }]),
    ]),
  ];
}
