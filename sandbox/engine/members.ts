import { ServiceError } from '../protocol/error.ts';
import { activeRefresh } from './active-refresh.ts';
import { activityDetails, addActivity, endActivity, seconds } from './activities.ts';
import { launchInstance, terminateInstance } from './instances.ts';
import { resolveImageId, resolveSpecification } from './launch-templates.ts';
import type { GroupRecord, MemberRecord } from './state.ts';
import { deregisterTarget, registerTarget } from './targets.ts';
import type { Region } from './world.ts';

/** Seconds after which a group reacts to a change of its desired capacity, and looks again while it works. */
export const REACTION_SECONDS = 8;

/** Who launches a group's instances, as EC2 shows it: an account of the service's own. */
const AUTO_SCALING = '940372691376';

const LAUNCH_BACKOFF_SECONDS = 30;

const LONGEST_BACKOFF_SECONDS = 600;

/** The group will be looked at after `delay` seconds, or earlier when that was planned already. */
export function wakeGroup(region: Region, group: GroupRecord, delay: number): void {
  const at = region.now + delay * 1000;
  if (group.reconcileAt !== undefined && group.reconcileAt <= at && group.reconcileAt >= region.now) return;
  group.reconcileAt = at;
  region.after(delay, 'group-reconcile', group.name);
}

export function groupOfInstance(
  region: Region,
  instanceId: string,
): { group: GroupRecord; member: MemberRecord } | undefined {
  for (const group of region.state.groups.values()) {
    const member = group.members.find((candidate) => candidate.instanceId === instanceId);
    if (member) return { group, member };
  }
  return undefined;
}

/** Members that count for the capacity: not in Standby, not on their way out. */
export function liveMembers(group: GroupRecord): MemberRecord[] {
  return group.members.filter(
    (member) => member.lifecycleState === 'Pending' || member.lifecycleState === 'InService',
  );
}

/**
 * Launches one member from what the group launches now: the desired configuration of an active refresh, else its own
 * launch template. Returns whether that worked; a failure leaves an activity that says why, and a pause.
 */
export function launchMember(region: Region, group: GroupRecord, cause: string): boolean {
  if (isSuspended(group, 'Launch') || region.now < (group.launchBackoffUntil ?? 0)) return false;
  const refresh = activeRefresh(region, group.name);
  const forward = refresh?.status === 'InProgress' || refresh?.status === 'Baking';
  const specification = (forward && refresh.desired?.LaunchTemplate) || group.launchTemplate;
  const subnetId = nextSubnet(region, group);
  const activity = addActivity(region, group, {
    description: 'Launching a new EC2 instance',
    cause,
    details: activityDetails(region, subnetId),
  });
  try {
    const { template, version } = resolveSpecification(region, specification);
    const instance = launchInstance(region, {
      imageId: resolveImageId(region, version.data.ImageId),
      instanceType: version.data.InstanceType ?? 'm1.small',
      subnetId,
      securityGroupIds: version.data.SecurityGroupIds ?? [],
      tags: {
        ...specifiedTags(version.data.TagSpecifications, 'instance'),
        ...Object.fromEntries(group.tags.filter((tag) => tag.propagate).map((tag) => [tag.key, tag.value])),
        'aws:autoscaling:groupName': group.name,
      },
      volumeTags: specifiedTags(version.data.TagSpecifications, 'volume'),
      launchTemplate: { id: template.id, version: version.number },
      data: version.data,
      requesterId: AUTO_SCALING,
      clientToken: region.world.newUuid(),
    });
    Object.assign(activity, {
      description: `Launching a new EC2 instance: ${instance.id}`,
      status: 'PreInService',
      progress: 30,
    });
    group.members.push({
      instanceId: instance.id,
      lifecycleState: 'Pending',
      healthy: true,
      protected: group.newInstancesProtected,
      launchTemplate: { id: template.id, name: template.name, version: String(version.number) },
      activityId: activity.id,
      ...(refresh ? { refreshId: refresh.id } : {}),
    });
    group.launchFailures = 0;
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const statusMessage = `${error.message} Launching EC2 instance failed.`;
    endActivity(region, activity, 'Failed', statusMessage);
    activity.description += `.  Status Reason: ${statusMessage}`;
    const pause = Math.min(LAUNCH_BACKOFF_SECONDS * 2 ** group.launchFailures++, LONGEST_BACKOFF_SECONDS);
    group.launchBackoffUntil = region.now + pause * 1000;
    wakeGroup(region, group, pause);
    return false;
  }
}

/** An instance of the group is up: it is in service, and its load balancers begin to check it. */
export function memberIsRunning(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  if (found?.member.lifecycleState !== 'Pending') return;
  const { group, member } = found;
  member.lifecycleState = 'InService';
  member.inServiceAt = region.now;
  const activity = region.state.activities.find((candidate) => candidate.id === member.activityId);
  if (activity) endActivity(region, activity, 'Successful');
  if (!isSuspended(group, 'AddToLoadBalancer')) {
    for (const arn of group.targetGroupArns) registerTarget(region, arn, instanceId);
  }
  wakeGroup(region, group, 1);
}

/** `why` ends the sentence "an instance was taken out of service …". */
export function terminateMember(
  region: Region,
  group: GroupRecord,
  member: MemberRecord,
  why: string,
  request?: string,
): void {
  const sentence = `At ${seconds(region.now)} an instance was taken out of service ${why}.`;
  const activity = addActivity(region, group, {
    description: `Terminating EC2 instance: ${member.instanceId}`,
    cause: request === undefined ? sentence : `${request}  ${sentence}`,
    details: activityDetails(region, region.state.instances.get(member.instanceId)?.subnetId ?? ''),
  });
  member.lifecycleState = 'Terminating';
  member.activityId = activity.id;
  const drains = group.targetGroupArns.map((arn) => deregisterTarget(region, arn, member.instanceId));
  region.after(Math.max(0, ...drains), 'member-drained', member.instanceId);
}

export function memberIsDrained(region: Region, instanceId: string): void {
  const instance = region.state.instances.get(instanceId);
  if (!instance) return;
  if (instance.state === 'terminated') memberIsGone(region, instanceId);
  else terminateInstance(region, instance);
}

/** EC2 has terminated an instance: a member that was on its way out leaves the group, another one is unhealthy. */
export function memberIsGone(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  if (!found) return;
  const { group, member } = found;
  if (member.lifecycleState === 'Terminating') {
    group.members = group.members.filter((candidate) => candidate !== member);
    const activity = region.state.activities.find((candidate) => candidate.id === member.activityId);
    if (activity) endActivity(region, activity, 'Successful');
  }
  wakeGroup(region, group, 1);
}

export function isSuspended(group: GroupRecord, process: string): boolean {
  return group.suspendedProcesses.some((suspended) => suspended.name === process);
}

/** The subnet with the fewest live members, in the order of the group's subnets. */
function nextSubnet(region: Region, group: GroupRecord): string {
  const counts = new Map(group.subnetIds.map((id) => [id, 0]));
  for (const member of liveMembers(group)) {
    const id = region.state.instances.get(member.instanceId)?.subnetId ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...group.subnetIds].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0))[0] ?? '';
}

export function specifiedTags(
  specifications:
    | {
        ResourceType?: string | undefined;
        Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined;
      }[]
    | undefined,
  resourceType: string,
): Record<string, string> {
  const tags = specifications
    ?.filter((specification) => specification.ResourceType === resourceType)
    .flatMap(({ Tags }) => Tags ?? []);
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}
