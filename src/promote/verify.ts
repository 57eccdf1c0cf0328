import {
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  type DesiredConfiguration,
} from '@aws-sdk/client-auto-scaling';
import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../aws/clients.ts';
import type { Context } from '../context.ts';
import { describeConfiguration, launchesSame, savedConfiguration } from './configuration.ts';

/** What a group is to run at the end: its saved configuration, and the images of its instances. */
export interface Expected {
  group: string;
  configuration: DesiredConfiguration;
  imageIds: readonly string[];
}

export type Verification =
  | { kind: 'verified'; instances: number; notes: string[] }
  /** The group has no instances in service: nothing can be said. */
  | { kind: 'empty' }
  | { kind: 'wrong'; reason: string };

const PAUSE_MS = 10_000;

/**
 * Whether the group really runs the image: its saved version, the real image of every instance in service, and the
 * health of its targets. Waits up to `timeoutSeconds` for it to become true, because targets need a moment.
 */
export async function verify(
  context: Context,
  expected: Expected,
  timeoutSeconds: number,
): Promise<Verification> {
  const { aws, clock, signal } = context;
  const deadline = clock.now() + timeoutSeconds * 1000;
  for (;;) {
    const verification = await look(aws, expected);
    if (verification.kind !== 'wrong' || clock.now() >= deadline) return verification;
    await clock.sleep(PAUSE_MS, signal);
  }
}

async function look(aws: Aws, expected: Expected): Promise<Verification> {
  const { AutoScalingGroups: [group] = [] } = await aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [expected.group] }),
  );
  if (!group) return { kind: 'wrong', reason: `the group "${expected.group}" is gone` };
  const saved = savedConfiguration(group);
  if (!launchesSame(saved, expected.configuration)) {
    return {
      kind: 'wrong',
      reason: `the group is set to ${describeConfiguration(saved)}, not to ${describeConfiguration(expected.configuration)}`,
    };
  }
  const instances = group.Instances ?? [];
  const inService = instances
    .filter((instance) => instance.LifecycleState === 'InService')
    .flatMap(({ InstanceId }) => InstanceId ?? []);
  if (inService.length === 0) {
    return (group.DesiredCapacity ?? 0) === 0
      ? { kind: 'empty' }
      : { kind: 'wrong', reason: 'no instance is in service' };
  }
  const strangers = await instancesOfOtherImages(aws, inService, expected.imageIds);
  if (strangers.length > 0)
    return { kind: 'wrong', reason: `these instances run another image: ${strangers.join(', ')}` };
  const ill = instances.filter(
    (instance) => instance.LifecycleState === 'InService' && instance.HealthStatus !== 'Healthy',
  );
  if (ill.length > 0) {
    const list = ill.map(({ InstanceId, HealthStatus }) => `${InstanceId} (${HealthStatus})`).join(', ');
    return { kind: 'wrong', reason: `the group calls these instances ill: ${list}` };
  }
  const targets = await checkTargets(aws, group, inService);
  if (targets.problem !== undefined) return { kind: 'wrong', reason: targets.problem };
  const standby = instances
    .filter((instance) => instance.LifecycleState === 'Standby')
    .flatMap(({ InstanceId }) => InstanceId ?? []);
  const exempt =
    standby.length === 0 ? [] : [`Not replaced, because they are in Standby: ${standby.join(', ')}.`];
  return { kind: 'verified', instances: inService.length, notes: [...exempt, ...targets.notes] };
}

async function instancesOfOtherImages(
  aws: Aws,
  ids: string[],
  imageIds: readonly string[],
): Promise<string[]> {
  const strangers: string[] = [];
  for await (const page of paginateDescribeInstances({ client: aws.ec2 }, { InstanceIds: ids })) {
    for (const instance of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? [])) {
      if (!imageIds.includes(instance.ImageId ?? ''))
        strangers.push(`${instance.InstanceId} (${instance.ImageId})`);
    }
  }
  return strangers;
}

/** Every instance has to be healthy in every target group. `unused`: no listener sends it traffic, so nothing is known. */
async function checkTargets(
  aws: Aws,
  group: AutoScalingGroup,
  instanceIds: readonly string[],
): Promise<{ problem?: string; notes: string[] }> {
  const notes: string[] = [];
  for (const arn of group.TargetGroupARNs ?? []) {
    const { TargetHealthDescriptions = [] } = await aws.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
    );
    const name = arn.split('/')[1] ?? arn;
    const health = new Map(
      TargetHealthDescriptions.map(({ Target, TargetHealth }) => [Target?.Id ?? '', TargetHealth]),
    );
    const states = instanceIds.map((id) => ({
      id,
      state: health.get(id)?.State ?? 'not registered',
      why: health.get(id)?.Description,
    }));
    if (states.every(({ state }) => state === 'unused')) {
      notes.push(`Target group ${name} is in no listener: the health of its targets is unknown.`);
      continue;
    }
    const bad = states.filter(({ state }) => state !== 'healthy' && state !== 'unused');
    if (bad.length === 0) continue;
    const list = bad
      .map(({ id, state, why }) => `${id} ${state}${why === undefined ? '' : ` (${why})`}`)
      .join(', ');
    return { problem: `targets of ${name} are not healthy: ${list}`, notes };
  }
  return { notes };
}
