import type {
  DeregisterTargetsInput,
  DeregisterTargetsOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  RegisterTargetsOutput,
  TargetDescription,
  TargetHealth,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CheckFailure, TargetGroupRecord, TargetRecord } from '../../engine/records/load-balancing.ts';
import { addTarget, deregisterTarget, findTarget, instanceOf, targetsOf } from '../../engine/targets.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { zoneOfAddress } from './addresses.ts';
import { findTargetGroup } from './resources.ts';

export const targetHandlers: Handlers = { RegisterTargets, DeregisterTargets, DescribeTargetHealth };

/** All are checked before the first is registered. */
function RegisterTargets(input: RegisterTargetsInput, region: Region): RegisterTargetsOutput {
  const group = findTargetGroup(region, input.TargetGroupArn);
  const targets = (input.Targets ?? []).map((target) => acceptTarget(region, group, target));
  for (const target of targets) addTarget(region, group, target);
  return {};
}

function acceptTarget(region: Region, group: TargetGroupRecord, target: TargetDescription) {
  const { Id: id = '', Port: port = group.port } = target;
  if (port < 1 || port > 65_535)
    throw new ServiceError('ValidationError', `Target port '${port}' must be between 1 and 65535 inclusive`);
  if (group.targetType === 'ip') return { id, port, zone: zoneOfAddress(region, group, target) };
  const instance = region.state.instances.get(id);
  if (!instance)
    throw new ServiceError('InvalidTarget', `The following targets are not valid instances: '${id}'`);
  // Documented: the instance must be running when it is registered.
  if (instance.state !== 'running')
    throw new ServiceError(
      'InvalidTarget',
      `The following targets are not in a running state and cannot be registered: '${id}'`,
    );
  return { id, port };
}

/** Targets that are not registered do not matter. */
function DeregisterTargets(input: DeregisterTargetsInput, region: Region): DeregisterTargetsOutput {
  const group = findTargetGroup(region, input.TargetGroupArn);
  for (const { Id = '', Port } of input.Targets ?? []) deregisterTarget(region, group.arn, Id, Port);
  return {};
}

/** All targets, or those that are asked for: also such that are not registered. */
function DescribeTargetHealth(input: DescribeTargetHealthInput, region: Region): DescribeTargetHealthOutput {
  const group = findTargetGroup(region, input.TargetGroupArn);
  if (!input.Targets?.length)
    return { TargetHealthDescriptions: targetsOf(group).map((target) => describe(region, group, target)) };
  const TargetHealthDescriptions = input.Targets.map(({ Id = '', Port = group.port }) => {
    const target = findTarget(group, Id, Port);
    if (target) return describe(region, group, target);
    return { Target: { Id, Port }, TargetHealth: unused('Target.NotRegistered') };
  });
  return { TargetHealthDescriptions };
}

function describe(region: Region, group: TargetGroupRecord, target: TargetRecord): TargetHealthDescription {
  const { port } = group.healthCheck;
  const health = healthOf(region, group, target);
  return {
    Target: {
      Id: target.id,
      Port: target.port,
      ...(target.zone === undefined ? {} : { AvailabilityZone: target.zone }),
    },
    HealthCheckPort: port === 'traffic-port' ? String(target.port) : port,
    TargetHealth: health,
    ...(health.State === 'unused' ? {} : { AdministrativeOverride: NO_OVERRIDE }),
  };
}

const NO_OVERRIDE = {
  State: 'no_override',
  Reason: 'AdministrativeOverride.NoOverride',
  Description: 'No override is currently active on target',
} as const;

function healthOf(region: Region, group: TargetGroupRecord, target: TargetRecord): TargetHealth {
  if (!group.inUse) return unused('Target.NotInUse');
  if (target.state === 'draining')
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    };
  const state = instanceOf(region, target)?.state;
  if (state === 'stopped' || state === 'terminated') return unused('Target.InvalidState', state);
  if (target.state === 'healthy') return { State: 'healthy' };
  if (target.state === 'unhealthy') return { State: 'unhealthy', ...failureOf(target.failure) };
  // After the first check it is no longer the registration that takes time (an inference).
  return target.streak === 0
    ? {
        State: 'initial',
        Reason: 'Elb.RegistrationInProgress',
        Description: 'Target registration is in progress',
      }
    : {
        State: 'initial',
        Reason: 'Elb.InitialHealthChecking',
        Description: 'Initial health checks in progress',
      };
}

function failureOf(failure: CheckFailure | undefined): Pick<TargetHealth, 'Reason' | 'Description'> {
  if (failure === 'timeout') return { Reason: 'Target.Timeout', Description: 'Request timed out' };
  if (typeof failure === 'number')
    return {
      Reason: 'Target.ResponseCodeMismatch',
      Description: `Health checks failed with these codes: [${failure}]`,
    };
  return { Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' };
}

const UNUSED = {
  'Target.NotInUse': 'Target group is not configured to receive traffic from the load balancer',
  'Target.NotRegistered': 'Target is not registered to the target group',
  'Target.InvalidState': 'Target is in the stopped state',
} as const;

function unused(reason: keyof typeof UNUSED, state = 'stopped'): TargetHealth {
  return { State: 'unused', Reason: reason, Description: UNUSED[reason].replace('stopped', state) };
}
