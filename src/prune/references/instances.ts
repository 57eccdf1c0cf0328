import { type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { Context } from '../../context.ts';
import { runOf, tagsOf } from '../../tags.ts';
import { specificationUse, type Use } from './use.ts';

/** Any state but terminated: a stopped instance is started again from its volumes, but stands for its image. */
const STATES = ['pending', 'running', 'shutting-down', 'stopping', 'stopped'];

/** All instances of the Region that are not terminated. */
export async function readInstances({ aws, signal }: Context): Promise<Instance[]> {
  const request = {
    Filters: [{ Name: 'instance-state-name', Values: STATES }],
    // Instances that an AWS service manages can be hidden from lists, and run images like others.
    IncludeManagedResources: true,
  };
  const instances: Instance[] = [];
  const pages = paginateDescribeInstances({ client: aws.ec2, pageSize: 1000 }, request, {
    abortSignal: signal,
  });
  for await (const page of pages) {
    for (const { Instances = [] } of page.Reservations ?? []) instances.push(...Instances);
  }
  return instances;
}

/**
 * Its image, the launch template version that it was launched from (EC2 writes the real one into a tag, also for
 * instances that were launched with `$Latest`), and the build that it is the builder of, by the tag of our run.
 */
export function instanceUses(instance: Instance): Use[] {
  const holder = `instance ${instance.InstanceId}`;
  const tags = tagsOf(instance);
  const run = runOf(tags);
  const [id, version] = [tags['aws:ec2launchtemplate:id'], tags['aws:ec2launchtemplate:version']];
  return [
    ...(instance.ImageId === undefined ? [] : [{ holder, imageId: instance.ImageId }]),
    ...(id === undefined || version === undefined
      ? []
      : specificationUse(holder, { LaunchTemplateId: id, Version: version })),
    ...(run === undefined ? [] : [{ holder: `builder ${holder}`, run }]),
  ];
}
