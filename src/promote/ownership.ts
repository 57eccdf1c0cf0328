import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';

/**
 * Who else takes care of a group. Services keep their groups to themselves; tools for infrastructure as code can live
 * with a promotion when they leave the launch template version to it.
 */

/** Services whose groups nobody else may change, by the tag that they leave. */
const SERVICES = {
  'eks:nodegroup-name': 'the Amazon EKS managed node group',
  'elasticbeanstalk:environment-name': 'the Elastic Beanstalk environment',
} as const;

const tagOf = (group: AutoScalingGroup, key: string) => group.Tags?.find(({ Key }) => Key === key)?.Value;

export function serviceProblems(name: string, group: AutoScalingGroup): string[] {
  for (const [key, service] of Object.entries(SERVICES)) {
    const owner = tagOf(group, key);
    if (owner !== undefined)
      return [
        `The group "${name}" belongs to ${service} ${owner}, which replaces its instances itself. Give the image to that instead.`,
      ];
  }
  if (group.Operator)
    return [
      `The group "${name}" is managed by ${group.Operator.Principal}: AWS refuses changes by anybody else.`,
    ];
  return [];
}

export function toolWarnings(name: string, group: AutoScalingGroup): string[] {
  const stack = tagOf(group, 'aws:cloudformation:stack-name');
  if (stack !== undefined)
    return [
      `The group "${name}" belongs to the CloudFormation stack ${stack}. Do not update the stack while a refresh runs: AWS refuses changes of the launch template then. A later update that changes the group's launch template version brings the template's own version back: keep the version in a parameter with the value that runs.`,
    ];
  const terraform = (group.Tags ?? []).find(({ Key = '', Value = '' }) =>
    /terraform|opentofu/i.test(`${Key} ${Value}`),
  );
  if (terraform === undefined) return [];
  return [
    `The group "${name}" seems to be made by Terraform (tag ${terraform.Key}=${terraform.Value}). Put the launch template version into "lifecycle { ignore_changes }" of the group, or the next apply brings the old version back; an apply that changes it while a refresh runs is refused by AWS.`,
  ];
}
