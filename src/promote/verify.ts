import {
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  type DesiredConfiguration,
  type Instance,
} from '@aws-sdk/client-auto-scaling';
import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { DescribeInstanceHealthCommand } from '@aws-sdk/client-elastic-load-balancing';
import type { Aws } from '../aws/clients.ts';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import { describeConfiguration, launchesSame, savedConfiguration } from './configuration.ts';
import { readTargetHealth } from './health.ts';

/** What a group is to run at the end. */
export interface Expected {
  group: string;
  configuration: DesiredConfiguration;
  imageIds: readonly string[];
  /** Old instances may stay: the refresh was to end at a checkpoint below 100 %. */
  partial: boolean;
  /** Old instances that are protected from scale-in may stay. */
  ignoresProtected: boolean;
  /** A page that has to answer with a status from 200 to 299. */
  url?: string;
}

export type Verification =
  | { kind: 'verified'; instances: number; notes: string[] }
  /** There is no instance that could be verified. */
  | { kind: 'empty'; text: string }
  | { kind: 'wrong'; text: string; imageAtFault: boolean };

/**
 * One look at whether the group really runs the image: its saved version, the real image of every instance in
 * service, the health of its targets in every target group and Classic Load Balancer, and the page if there is one.
 * Targets may need a moment: what is wrong now can be right a little later.
 */
export async function verify({ aws, fetch }: Context, expected: Expected): Promise<Verification> {
  const { AutoScalingGroups: [group] = [] } = await aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [expected.group] }),
  );
  if (!group) return wrong(`the group "${expected.group}" is gone`);
  const saved = savedConfiguration(group);
  // What AWS saves at the end of a part is not documented; what counts there is what runs.
  if (!expected.partial && !launchesSame(saved, expected.configuration))
    return wrong(
      `the group is set to ${describeConfiguration(saved)}, not to ${describeConfiguration(expected.configuration)}`,
    );
  const inService = instancesIn(group, 'InService');
  if (inService.length === 0)
    return group.DesiredCapacity === 0
      ? empty('The group is empty: the image will be used by its next instance, and was not tried.')
      : wrong('no instance is in service');
  const { strangers, exempt, verified } = await sortByImage(aws, inService, expected);
  if (strangers.length > 0) return wrong(`these instances run another image: ${strangers.join(', ')}`);
  const ill = inService.filter(({ HealthStatus }) => HealthStatus !== 'Healthy');
  if (ill.length > 0) {
    const list = ill.map(({ InstanceId, HealthStatus }) => `${InstanceId} (${HealthStatus})`).join(', ');
    return failed(`the group calls these instances ill: ${list}`);
  }
  const targets = await checkTargets(aws, group, verified);
  if (targets.problem !== undefined) return failed(targets.problem);
  const standby = instancesIn(group, 'Standby').map(({ InstanceId }) => InstanceId);
  const notes = [
    ...(standby.length === 0 ? [] : [`Not replaced, because they are in Standby: ${standby.join(', ')}.`]),
    ...exempt,
    ...targets.notes,
  ];
  if (verified.length === 0) return empty(`No instance runs the image. ${notes.join(' ')}`);
  const page = expected.url === undefined ? undefined : await probe(fetch, expected.url);
  return page === undefined ? { kind: 'verified', instances: verified.length, notes } : failed(page);
}

/**
 * How the group is before anything is changed, in sentences that deserve a warning. It makes every call that will be
 * needed while watching and at the end: a missing permission shows now, and not when a refresh is under way.
 */
export async function lookBefore(
  aws: Aws,
  group: AutoScalingGroup,
  knownImageIds: readonly string[],
): Promise<string[]> {
  const { AutoScalingGroupName = '' } = group;
  await aws.autoScaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName, MaxRecords: 1 }));
  const inService = instancesIn(group, 'InService');
  if (inService.length === 0) return [];
  const strangers = [...(await readImages(aws, inService))].filter(([, id]) => !knownImageIds.includes(id));
  const targets = await checkTargets(
    aws,
    group,
    inService.flatMap(({ InstanceId }) => InstanceId ?? []),
  );
  return [
    ...(strangers.length > 0
      ? [
          `Instances of "${AutoScalingGroupName}" run another image than the group is set to: ${strangers.map(([id, imageId]) => `${id} (${imageId})`).join(', ')}.`,
        ]
      : []),
    ...(targets.problem === undefined
      ? []
      : [`The group "${AutoScalingGroupName}" is not healthy before the promotion: ${targets.problem}.`]),
  ];
}

const wrong = (text: string): Verification => ({ kind: 'wrong', text, imageAtFault: false });
/** The image was tried, and did not stand the test. */
const failed = (text: string): Verification => ({ kind: 'wrong', text, imageAtFault: true });
const empty = (text: string): Verification => ({ kind: 'empty', text });

const instancesIn = (group: AutoScalingGroup, state: string) =>
  (group.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === state);

/** Who runs the image, who may run another one (told in `exempt`), and who may not. */
async function sortByImage(aws: Aws, instances: readonly Instance[], expected: Expected) {
  const images = await readImages(aws, instances);
  const verified: string[] = [];
  const strangers: string[] = [];
  const held: string[] = [];
  const left: string[] = [];
  for (const { InstanceId = '', ProtectedFromScaleIn } of instances) {
    const imageId = images.get(InstanceId) ?? 'unknown';
    if (expected.imageIds.includes(imageId)) verified.push(InstanceId);
    else if (expected.ignoresProtected && ProtectedFromScaleIn) held.push(InstanceId);
    else if (expected.partial) left.push(InstanceId);
    else strangers.push(`${InstanceId} (${imageId})`);
  }
  const exempt = [
    ...(held.length === 0
      ? []
      : [`Not replaced, because they are protected from scale-in: ${held.join(', ')}.`]),
    ...(left.length === 0
      ? []
      : [`Not replaced, because the last checkpoint is below 100 %: ${left.join(', ')}.`]),
  ];
  return { strangers, exempt, verified };
}

async function readImages(aws: Aws, instances: readonly Instance[]): Promise<Map<string, string>> {
  const ids = instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  const images = new Map<string, string>();
  for await (const page of paginateDescribeInstances({ client: aws.ec2 }, { InstanceIds: ids })) {
    for (const { InstanceId = '', ImageId = '' } of (page.Reservations ?? []).flatMap(
      ({ Instances }) => Instances ?? [],
    ))
      images.set(InstanceId, ImageId);
  }
  return images;
}

/** Every instance has to be healthy in every load balancer. `unused`: no listener sends it traffic, so nothing is known. */
async function checkTargets(
  aws: Aws,
  group: AutoScalingGroup,
  instanceIds: readonly string[],
): Promise<{ problem?: string; notes: string[] }> {
  const notes: string[] = [];
  for (const [name, descriptions] of await readTargetHealth(aws, group.TargetGroupARNs ?? [])) {
    const health = new Map(descriptions.map(({ Target, TargetHealth }) => [Target?.Id ?? '', TargetHealth]));
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
    if (bad.length > 0) return { problem: `targets of ${name} are not healthy: ${listOf(bad)}`, notes };
  }
  for (const name of group.LoadBalancerNames ?? []) {
    const { InstanceStates = [] } = await aws.classicElb.send(
      new DescribeInstanceHealthCommand({ LoadBalancerName: name }),
    );
    const health = new Map(InstanceStates.map((state) => [state.InstanceId ?? '', state]));
    const bad = instanceIds
      .map((id) => ({
        id,
        state: health.get(id)?.State ?? 'not registered',
        why: health.get(id)?.Description,
      }))
      .filter(({ state }) => state !== 'InService');
    if (bad.length > 0)
      return { problem: `instances of the load balancer ${name} are not in service: ${listOf(bad)}`, notes };
  }
  return { notes };
}

const listOf = (states: readonly { id: string; state: string; why: string | undefined }[]) =>
  states.map(({ id, state, why }) => `${id} ${state}${why === undefined ? '' : ` (${why})`}`).join(', ');

const PROBE_MS = 10_000;

/** What is wrong with a page; `undefined` when it answers as it should. */
async function probe(fetch: Context['fetch'], url: string): Promise<string | undefined> {
  try {
    const { ok, status, statusText } = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) });
    return ok ? undefined : `${url} answers ${`${status} ${statusText}`.trim()}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` (${messageOf(error.cause)})` : '';
    return `${url} cannot be reached: ${messageOf(error)}${cause}`;
  }
}
