import { activityDetails, addActivity, endActivityOf, seconds } from './activities.ts';
import { removeFromLoadBalancers } from './load-balancing.ts';
import { groupOfInstance, releaseMember, wakeGroup } from './members.ts';
import type { ActivityRecord, GroupRecord, MemberRecord } from './records/auto-scaling.ts';
import type { InstanceRecord } from './records/ec2.ts';
import type { Region } from './world.ts';

/**
 * What a user does with single members: standby, and attaching and detaching instances. The capacity changes at once
 * where it is asked to. Instances that come in this way do not wait for launch hooks (inference).
 */

/** Seconds until a member is out of service when no load balancer has to drain, and until an attached one is in. */
const MOVING_SECONDS = 1;
const ATTACHING_SECONDS = 1.2;
const LEAVING_STANDBY_SECONDS = 6;

export function enterStandby(
  region: Region,
  group: GroupRecord,
  member: MemberRecord,
  shrinks: boolean,
): ActivityRecord {
  member.lifecycleState = 'EnteringStandby';
  return moveOut(region, group, member, {
    description: `Moving EC2 instance to Standby: ${member.instanceId}`,
    verb: 'moved to standby',
    shrinks,
    event: 'member-in-standby',
  });
}

export function memberIsInStandby(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  if (found?.member.lifecycleState !== 'EnteringStandby') return;
  found.member.lifecycleState = 'Standby';
  endActivityOf(region, found.member, 'Successful');
  wakeGroup(region, found.group, 1);
}

export function exitStandby(region: Region, group: GroupRecord, member: MemberRecord): ActivityRecord {
  const activity = addActivity(region, group, {
    description: `Moving EC2 instance out of Standby: ${member.instanceId}`,
    cause: `At ${seconds(region.now)} instance ${member.instanceId} was moved out of standby in response to a user request, increasing the capacity from ${group.desiredCapacity} to ${group.desiredCapacity + 1}.`,
    details: activityDetails(region, region.state.instances.get(member.instanceId)?.subnetId ?? ''),
  });
  Object.assign(activity, { status: 'PreInService', progress: 30 });
  group.desiredCapacity++;
  member.lifecycleState = 'Pending';
  member.activityId = activity.id;
  region.after(LEAVING_STANDBY_SECONDS, 'member-in-service', member.instanceId);
  return activity;
}

export function detachMember(
  region: Region,
  group: GroupRecord,
  member: MemberRecord,
  shrinks: boolean,
): ActivityRecord {
  member.lifecycleState = 'Detaching';
  return moveOut(region, group, member, {
    description: `Detaching EC2 instance: ${member.instanceId}`,
    verb: 'detached',
    shrinks,
    event: 'member-detached',
  });
}

/** The instance runs on, and is the group's no longer. */
export function memberIsDetached(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  if (found?.member.lifecycleState !== 'Detaching') return;
  endActivityOf(region, found.member, 'Successful');
  releaseMember(region, found.group, found.member);
  const { 'aws:autoscaling:groupName': _, ...tags } = region.tagsOf(instanceId);
  region.state.tags.set(instanceId, tags);
  wakeGroup(region, found.group, 1);
}

function moveOut(
  region: Region,
  group: GroupRecord,
  member: MemberRecord,
  move: { description: string; verb: string; shrinks: boolean; event: string },
): ActivityRecord {
  const capacity = move.shrinks
    ? `, shrinking the capacity from ${group.desiredCapacity} to ${group.desiredCapacity - 1}`
    : '';
  const activity = addActivity(region, group, {
    description: move.description,
    cause: `At ${seconds(region.now)} instance ${member.instanceId} was ${move.verb} in response to a user request${capacity}.`,
    details: activityDetails(region, region.state.instances.get(member.instanceId)?.subnetId ?? ''),
  });
  activity.progress = 50;
  if (move.shrinks) group.desiredCapacity--;
  member.activityId = activity.id;
  const drained = removeFromLoadBalancers(region, group, member.instanceId);
  region.after(Math.max(MOVING_SECONDS, drained), move.event, member.instanceId);
  return activity;
}

export function attachInstance(
  region: Region,
  group: GroupRecord,
  instance: InstanceRecord,
  capacity: number,
): void {
  const subnet = region.state.subnets.get(instance.subnetId);
  const activity = addActivity(region, group, {
    description: `Attaching an existing EC2 instance: ${instance.id}`,
    // AWS's own words: no article before "user request".
    cause: `At ${seconds(region.now)} an instance was added in response to user request. Keeping the capacity at the new ${capacity}.`,
    details: JSON.stringify({ 'Availability Zone ID': subnet?.zoneId, 'Availability Zone': subnet?.zone }),
  });
  const { launchTemplate } = instance;
  const template = launchTemplate && region.state.launchTemplates.get(launchTemplate.id);
  instance.group = group.name;
  region.state.tags.set(instance.id, {
    ...region.tagsOf(instance.id),
    'aws:autoscaling:groupName': group.name,
  });
  group.members.push({
    instanceId: instance.id,
    lifecycleState: 'Pending',
    healthy: true,
    protected: group.newInstancesProtected,
    activityId: activity.id,
    ...(template
      ? {
          launchTemplate: {
            id: template.id,
            name: template.name,
            version: String(launchTemplate.version),
          },
        }
      : {}),
  });
  region.after(ATTACHING_SECONDS, 'member-in-service', instance.id);
}
