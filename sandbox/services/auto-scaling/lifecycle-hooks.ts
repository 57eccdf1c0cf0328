import type {
  CompleteLifecycleActionType,
  DeleteLifecycleHookType,
  DescribeLifecycleHooksAnswer,
  DescribeLifecycleHooksType,
  LifecycleHook,
  PutLifecycleHookType,
  RecordLifecycleActionHeartbeatType,
} from '@aws-sdk/client-auto-scaling';
import { completeAction, completeOutstanding } from '../../engine/lifecycle-actions.ts';
import { globalTimeout, notifyTarget, recordHeartbeat } from '../../engine/lifecycle-hooks.ts';
import type { GroupRecord, LifecycleHookRecord } from '../../engine/records/auto-scaling.ts';
import type { Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { checkedEnum, findGroup } from './requests.ts';

export const lifecycleHookHandlers: Handlers = {
  PutLifecycleHook,
  DescribeLifecycleHooks,
  DeleteLifecycleHook,
  CompleteLifecycleAction,
  RecordLifecycleActionHeartbeat,
};

const DEFAULT_HEARTBEAT_SECONDS = 3600;

function PutLifecycleHook(input: PutLifecycleHookType, region: Region): object {
  putHook(region, findGroup(region, input.AutoScalingGroupName), input);
  return {};
}

/** Adds a hook, or changes what is given of the one with this name. */
export function putHook(
  region: Region,
  group: GroupRecord,
  input: Omit<PutLifecycleHookType, 'AutoScalingGroupName'>,
): void {
  const name = input.LifecycleHookName ?? '';
  const known = group.lifecycleHooks.find((hook) => hook.name === name);
  if (!known && input.LifecycleTransition === undefined) {
    // The text is an inference.
    throw validationError('LifecycleTransition must be specified for a new lifecycle hook.');
  }
  const heartbeatTimeout = input.HeartbeatTimeout ?? known?.heartbeatTimeout ?? DEFAULT_HEARTBEAT_SECONDS;
  if (heartbeatTimeout < 30 || heartbeatTimeout > 7200)
    throw validationError('HeartbeatTimeout must be between 30 and 7200 seconds.');
  const notificationTarget = input.NotificationTargetARN ?? known?.notificationTarget;
  const roleArn = input.RoleARN ?? known?.roleArn;
  const notificationMetadata = input.NotificationMetadata ?? known?.notificationMetadata;
  const hook: LifecycleHookRecord = {
    name,
    transition: checkedEnum(input.LifecycleTransition ?? known?.transition ?? '', 'lifecycleTransition', [
      'autoscaling:EC2_INSTANCE_LAUNCHING',
      'autoscaling:EC2_INSTANCE_TERMINATING',
    ]),
    heartbeatTimeout,
    defaultResult: checkedResult(input.DefaultResult ?? known?.defaultResult ?? 'ABANDON', 'defaultResult'),
    // An empty target removes the one that was there (API reference).
    ...(notificationTarget ? { notificationTarget } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...(notificationMetadata ? { notificationMetadata } : {}),
  };
  if (known) group.lifecycleHooks = group.lifecycleHooks.map((other) => (other === known ? hook : other));
  else group.lifecycleHooks.push(hook);
  if (input.NotificationTargetARN) notifyTarget(region, group, hook);
}

const checkedResult = (value: string, member: string) => checkedEnum(value, member, ['CONTINUE', 'ABANDON']);

function DescribeLifecycleHooks(
  input: DescribeLifecycleHooksType,
  region: Region,
): DescribeLifecycleHooksAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  const names = input.LifecycleHookNames;
  return {
    LifecycleHooks: group.lifecycleHooks
      .filter((hook) => !names?.length || names.includes(hook.name))
      .map((hook) => describe(group, hook)),
  };
}

function describe(group: GroupRecord, hook: LifecycleHookRecord): LifecycleHook {
  return {
    LifecycleHookName: hook.name,
    AutoScalingGroupName: group.name,
    LifecycleTransition: hook.transition,
    HeartbeatTimeout: hook.heartbeatTimeout,
    GlobalTimeout: globalTimeout(hook),
    DefaultResult: hook.defaultResult,
    ...(hook.notificationTarget === undefined ? {} : { NotificationTargetARN: hook.notificationTarget }),
    ...(hook.roleArn === undefined ? {} : { RoleARN: hook.roleArn }),
    ...(hook.notificationMetadata === undefined ? {} : { NotificationMetadata: hook.notificationMetadata }),
  };
}

function DeleteLifecycleHook(input: DeleteLifecycleHookType, region: Region): object {
  const group = findGroup(region, input.AutoScalingGroupName);
  const hook = findHook(group, input.LifecycleHookName);
  group.lifecycleHooks = group.lifecycleHooks.filter((other) => other !== hook);
  completeOutstanding(region, group, hook);
  return {};
}

function findHook(group: GroupRecord, name: string | undefined): LifecycleHookRecord {
  const hook = group.lifecycleHooks.find((candidate) => candidate.name === name);
  // The text is an inference.
  if (!hook) throw validationError(`No Lifecycle Hook found with name ${name}`);
  return hook;
}

function CompleteLifecycleAction(input: CompleteLifecycleActionType, region: Region): object {
  const result = checkedResult(input.LifecycleActionResult ?? '', 'lifecycleActionResult');
  const { group, member, action } = findAction(region, input);
  completeAction(region, group, member, action, result);
  return {};
}

function RecordLifecycleActionHeartbeat(input: RecordLifecycleActionHeartbeatType, region: Region): object {
  const { hook, member, action } = findAction(region, input);
  recordHeartbeat(region, member, action, hook);
  return {};
}

/** The action that is meant by its token, or by its instance. */
function findAction(
  region: Region,
  input: Pick<
    CompleteLifecycleActionType,
    'AutoScalingGroupName' | 'LifecycleHookName' | 'LifecycleActionToken' | 'InstanceId'
  >,
) {
  const group = findGroup(region, input.AutoScalingGroupName);
  const hook = findHook(group, input.LifecycleHookName);
  const token = input.LifecycleActionToken;
  for (const member of group.members) {
    if (token === undefined && member.instanceId !== input.InstanceId) continue;
    const action = member.actions?.find(
      (candidate) => candidate.hook === hook.name && (token === undefined || candidate.token === token),
    );
    if (action) return { group, hook, member, action };
  }
  throw validationError(
    token === undefined
      ? `No active Lifecycle Action found with instance ID ${input.InstanceId}`
      : `No active Lifecycle Action found with token ${token}`,
  );
}
