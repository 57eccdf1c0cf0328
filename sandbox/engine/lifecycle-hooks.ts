import { activityOf } from './activities.ts';
import type {
  GroupRecord,
  LifecycleActionRecord,
  LifecycleHookRecord,
  MemberRecord,
} from './records/auto-scaling.ts';
import { ACCOUNT, type Region } from './world.ts';

/** However often a heartbeat is recorded, an action ends after 48 hours or 100 heartbeat time-outs. */
const LONGEST_WAIT_SECONDS = 172_800;

export const globalTimeout = (hook: LifecycleHookRecord) =>
  Math.min(hook.heartbeatTimeout * 100, LONGEST_WAIT_SECONDS);

/**
 * Lets a member wait for all hooks of a transition at once, each with a token of its own. Returns whether there is
 * any to wait for.
 */
export function waitForHooks(
  region: Region,
  group: GroupRecord,
  member: MemberRecord,
  transition: LifecycleHookRecord['transition'],
): boolean {
  const hooks = group.lifecycleHooks.filter(
    (hook) => hook.transition === transition && canNotify(region, hook),
  );
  if (hooks.length === 0) return false;
  const launching = transition === 'autoscaling:EC2_INSTANCE_LAUNCHING';
  member.lifecycleState = launching ? 'Pending:Wait' : 'Terminating:Wait';
  member.actions = hooks.map((hook) => ({
    hook: hook.name,
    token: region.world.newUuid(),
    timesOutAt: region.now + hook.heartbeatTimeout * 1000,
    expiresAt: region.now + globalTimeout(hook) * 1000,
  }));
  for (const action of member.actions) scheduleTimeout(region, member, action);
  for (const [index, hook] of hooks.entries()) {
    notify(region, hook.notificationTarget, {
      LifecycleHookName: hook.name,
      AutoScalingGroupName: group.name,
      LifecycleTransition: transition,
      EC2InstanceId: member.instanceId,
      LifecycleActionToken: member.actions[index]?.token,
      NotificationMetadata: hook.notificationMetadata,
    });
  }
  const activity = activityOf(region, member);
  if (activity) {
    activity.status = launching ? 'MidLifecycleAction' : 'MidTerminatingLifecycleAction';
    activity.progress = launching ? 40 : 60;
  }
  return true;
}

/** A hook whose topic was deleted is skipped, not waited for (seen natively). */
function canNotify(region: Region, { notificationTarget }: LifecycleHookRecord): boolean {
  return !notificationTarget?.startsWith('arn:aws:sns:') || region.state.topics.has(notificationTarget);
}

/** Tells a new hook's topic that messages about it will come. */
export function notifyTarget(region: Region, group: GroupRecord, hook: LifecycleHookRecord): void {
  notify(region, hook.notificationTarget, {
    AutoScalingGroupARN: group.arn,
    AutoScalingGroupName: group.name,
    Event: 'autoscaling:TEST_NOTIFICATION',
  });
}

/** Publishes to the topic, if the target is one; there are no queues here. */
function notify(region: Region, target: string | undefined, content: object): void {
  const message = JSON.stringify({
    AccountId: ACCOUNT,
    RequestId: region.world.newUuid(),
    Service: 'AWS Auto Scaling',
    Time: new Date(region.now).toISOString(),
    ...content,
  });
  region.state.topics.get(target ?? '')?.messages.push({ at: region.now, message });
}

function scheduleTimeout(region: Region, member: MemberRecord, action: LifecycleActionRecord): void {
  region.after(
    (action.timesOutAt - region.now) / 1000,
    'hook-timeout',
    `${member.instanceId} ${action.token}`,
  );
}

/** Starts the hook's time-out anew. */
export function recordHeartbeat(
  region: Region,
  member: MemberRecord,
  action: LifecycleActionRecord,
  hook: LifecycleHookRecord,
): void {
  action.timesOutAt = Math.min(region.now + hook.heartbeatTimeout * 1000, action.expiresAt);
  scheduleTimeout(region, member, action);
}
