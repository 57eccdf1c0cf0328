import type { Action, ForwardActionConfig } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerProtocol, TargetGroupRecord } from '../../engine/records/load-balancing.ts';
import { targetGroupsByBalancer } from '../../engine/traffic.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import { findTargetGroup } from './resources.ts';

/** What a listener or a rule does with a request. */

const MOST_TARGET_GROUPS = 5;

const PASSES_TO: Readonly<Record<ListenerProtocol, readonly ListenerProtocol[]>> = {
  HTTP: ['HTTP', 'HTTPS'],
  HTTPS: ['HTTP', 'HTTPS'],
  TCP: ['TCP', 'TCP_UDP'],
  TLS: ['TCP', 'TLS'],
  UDP: ['UDP', 'TCP_UDP'],
  TCP_UDP: ['TCP_UDP'],
};

/** Checks actions and completes them to the form in which AWS shows them: both forms of a simple forward. */
export function acceptActions(
  region: Region,
  actions: readonly Action[] | undefined,
  listener: { protocol: ListenerProtocol; loadBalancerArn: string },
): Action[] {
  // Log-ins before the last action are not simulated, so that there is exactly one.
  const [action, ...others] = actions ?? [];
  if (!action || others.length > 0)
    throw validationError('You must specify exactly one forward, redirect, or fixed-response action');
  const isNetwork = listener.protocol !== 'HTTP' && listener.protocol !== 'HTTPS';
  const order = action.Order === undefined ? {} : { Order: action.Order };
  if (action.Type === 'forward') return [{ ...forward(region, action, listener), ...order }];
  if (isNetwork || (action.Type !== 'redirect' && action.Type !== 'fixed-response'))
    throw new ServiceError(
      'InvalidLoadBalancerAction',
      `Action type '${action.Type}' is not supported by this listener`,
    );
  return [{ ...(action.Type === 'redirect' ? redirect(action) : fixedResponse(action)), ...order }];
}

function forward(
  region: Region,
  action: Action,
  listener: { protocol: ListenerProtocol; loadBalancerArn: string },
): Action {
  const { TargetGroupArn, ForwardConfig } = action;
  const given = ForwardConfig?.TargetGroups ?? (TargetGroupArn === undefined ? [] : [{ TargetGroupArn }]);
  if (given.length === 0)
    throw validationError('A forward action must have a target group or a forward configuration');
  if (given.length > MOST_TARGET_GROUPS)
    throw new ServiceError(
      'TooManyTargetGroups',
      `A forward action can have at most ${MOST_TARGET_GROUPS} target groups`,
    );
  const [first] = given;
  if (TargetGroupArn !== undefined && (given.length > 1 || first?.TargetGroupArn !== TargetGroupArn))
    throw validationError(
      'You can specify both the target group ARN and the forward configuration only when they name the same single target group',
    );
  const TargetGroups = given.map((tuple) => {
    const group = findTargetGroup(region, tuple.TargetGroupArn);
    requireFit(region, group, listener);
    const weight: number = 'Weight' in tuple ? (tuple.Weight ?? 1) : 1;
    if (!Number.isInteger(weight) || weight < 0 || weight > 999)
      throw validationError(`Weight '${weight}' must be between 0 and 999 inclusive`);
    return { TargetGroupArn: group.arn, Weight: weight };
  });
  if (new Set(TargetGroups.map((tuple) => tuple.TargetGroupArn)).size < TargetGroups.length)
    throw validationError('A target group can be specified only once in a forward action');
  return {
    Type: 'forward',
    ...(TargetGroups.length === 1 ? { TargetGroupArn: TargetGroups[0]?.TargetGroupArn } : {}),
    ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: stickiness(ForwardConfig) },
  };
}

function stickiness(config: ForwardActionConfig | undefined) {
  const { Enabled = false, DurationSeconds } = config?.TargetGroupStickinessConfig ?? {};
  if (Enabled && DurationSeconds === undefined)
    throw validationError('A duration must be specified when target group stickiness is enabled');
  if (DurationSeconds === undefined) return { Enabled };
  if (DurationSeconds < 1 || DurationSeconds > 604_800)
    throw validationError(
      `Target group stickiness duration '${DurationSeconds}' must be between 1 and 604800 inclusive`,
    );
  return { Enabled, DurationSeconds };
}

function requireFit(
  region: Region,
  group: TargetGroupRecord,
  listener: { protocol: ListenerProtocol; loadBalancerArn: string },
): void {
  if (!PASSES_TO[listener.protocol].includes(group.protocol))
    throw new ServiceError(
      'IncompatibleProtocols',
      `The listener protocol '${listener.protocol}' is not supported with a target group with the protocol '${group.protocol}'`,
    );
  for (const [balancer, targetGroups] of targetGroupsByBalancer(region)) {
    if (balancer !== listener.loadBalancerArn && targetGroups.has(group.arn))
      throw new ServiceError(
        'TargetGroupAssociationLimit',
        `The following target groups cannot be associated with more than one load balancer: ${group.arn}`,
      );
  }
}

function redirect({ RedirectConfig }: Action): Action {
  if (RedirectConfig?.StatusCode !== 'HTTP_301' && RedirectConfig?.StatusCode !== 'HTTP_302')
    throw validationError('A redirect configuration must have the status code HTTP_301 or HTTP_302');
  return {
    Type: 'redirect',
    RedirectConfig: {
      Protocol: '#{protocol}',
      Port: '#{port}',
      Host: '#{host}',
      Path: '/#{path}',
      Query: '#{query}',
      ...RedirectConfig,
    },
  };
}

function fixedResponse({ FixedResponseConfig }: Action): Action {
  if (!FixedResponseConfig || !/^[245]\d\d$/.test(FixedResponseConfig.StatusCode ?? ''))
    throw validationError('A fixed response must have a status code 2XX, 4XX, or 5XX');
  return { Type: 'fixed-response', FixedResponseConfig };
}
