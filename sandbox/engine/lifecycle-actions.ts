import { endActivityOf } from './activities.ts';
import { terminateInstance } from './instances.ts';
import { groupOfInstance, terminateMember, wakeGroup } from './members.ts';
import type {
  GroupRecord,
  LifecycleActionRecord,
  LifecycleHookRecord,
  MemberRecord,
} from './records/auto-scaling.ts';
import type { Region } from './world.ts';

export type ActionResult = LifecycleHookRecord['defaultResult'];

/** Seconds in Pending:Proceed: too short to be seen natively. */
const PROCEED_SECONDS = 1;

/** One hook is done with. CONTINUE leaves the other hooks to their time; ABANDON ends them all. */
export function completeAction(
  region: Region,
  group: GroupRecord,
  member: MemberRecord,
  action: LifecycleActionRecord,
  result: ActionResult,
  how = `Lifecycle Action Completed with ${result} Result`,
): void {
  const others = (member.actions ?? []).filter((candidate) => candidate !== action);
  if (result === 'CONTINUE' && others.length > 0) {
    member.actions = others;
    return;
  }
  delete member.actions;
  const launching = member.lifecycleState === 'Pending:Wait';
  const message = `Instance failed to complete user's Lifecycle Action: Lifecycle Action with token ${action.token} was abandoned: ${how}`;
  const retains =
    group.settings.InstanceLifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon === 'retain';
  if (launching && result === 'CONTINUE') {
    member.lifecycleState = 'Pending:Proceed';
    region.after(PROCEED_SECONDS, 'member-in-service', member.instanceId);
  } else if (launching) {
    endActivityOf(region, member, 'Cancelled', message);
    terminateMember(region, group, member, 'in response to a launch failure');
  } else if (result === 'ABANDON' && retains) {
    endActivityOf(region, member, 'Cancelled', message);
    member.lifecycleState = 'Terminating:Retained';
  } else {
    // Both results let the termination go on.
    member.lifecycleState = 'Terminating:Proceed';
    const instance = region.state.instances.get(member.instanceId);
    if (instance) terminateInstance(region, instance);
  }
  wakeGroup(region, group, 1);
}

/** A time-out fires; a heartbeat in the meantime has put it off. */
export function hookTimedOut(region: Region, id: string): void {
  const [instanceId = '', token] = id.split(' ');
  const found = groupOfInstance(region, instanceId);
  const action = found?.member.actions?.find((candidate) => candidate.token === token);
  if (!found || !action || region.now < action.timesOutAt) return;
  const hook = found.group.lifecycleHooks.find((candidate) => candidate.name === action.hook);
  completeAction(
    region,
    found.group,
    found.member,
    action,
    hook?.defaultResult ?? 'ABANDON',
    'Heartbeat Timeout',
  );
}

/** Ends what waits for a hook that is being deleted: launches are abandoned, terminations go on (API reference). */
export function completeOutstanding(region: Region, group: GroupRecord, hook: LifecycleHookRecord): void {
  const result = hook.transition === 'autoscaling:EC2_INSTANCE_LAUNCHING' ? 'ABANDON' : 'CONTINUE';
  for (const member of [...group.members]) {
    const action = member.actions?.find((candidate) => candidate.hook === hook.name);
    if (action) completeAction(region, group, member, action, result);
  }
}
