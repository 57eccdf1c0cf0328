import type {
  DeregisterEndPointsInput,
  DeregisterEndPointsOutput,
  DescribeEndPointStateInput,
  DescribeEndPointStateOutput,
  Instance,
  InstanceState,
  RegisterEndPointsInput,
  RegisterEndPointsOutput,
} from '@aws-sdk/client-elastic-load-balancing';
import { deregisterFromClassic, registerWithClassic } from '../../engine/classic.ts';
import type { ClassicInstanceRecord } from '../../engine/records/load-balancing.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { find, instancesOf } from './resources.ts';

export const classicInstanceHandlers: Handlers = {
  RegisterInstancesWithLoadBalancer,
  DeregisterInstancesFromLoadBalancer,
  DescribeInstanceHealth,
};

function RegisterInstancesWithLoadBalancer(
  input: RegisterEndPointsInput,
  region: Region,
): RegisterEndPointsOutput {
  const record = find(region, input.LoadBalancerName);
  const ids = requireInstances(region, input.Instances);
  for (const id of ids) registerWithClassic(region, record.name, id);
  return { Instances: instancesOf(record) };
}

function DeregisterInstancesFromLoadBalancer(
  input: DeregisterEndPointsInput,
  region: Region,
): DeregisterEndPointsOutput {
  const record = find(region, input.LoadBalancerName);
  const ids = requireInstances(region, input.Instances);
  for (const id of ids) deregisterFromClassic(region, record.name, id);
  return { Instances: instancesOf(record) };
}

function requireInstances(region: Region, instances: readonly Instance[] | undefined): string[] {
  return (instances ?? []).map(({ InstanceId = '' }) => {
    if (!region.state.instances.has(InstanceId))
      throw new ServiceError('InvalidInstance', `Could not find EC2 instance ${InstanceId}.`);
    return InstanceId;
  });
}

function DescribeInstanceHealth(
  input: DescribeEndPointStateInput,
  region: Region,
): DescribeEndPointStateOutput {
  const record = find(region, input.LoadBalancerName);
  const ids = input.Instances?.length
    ? requireInstances(region, input.Instances)
    : [...record.instances.keys()];
  return { InstanceStates: ids.map((id) => stateOf(region, id, record.instances.get(id))) };
}

function stateOf(
  region: Region,
  InstanceId: string,
  record: ClassicInstanceRecord | undefined,
): InstanceState {
  const out = (ReasonCode: string, Description: string) => ({
    InstanceId,
    State: 'OutOfService',
    ReasonCode,
    Description,
  });
  if (!record) return out('Instance', 'Instance is not currently registered with the LoadBalancer.');
  if (record.drainsUntil !== undefined)
    return {
      InstanceId,
      State: 'InService',
      ReasonCode: 'N/A',
      Description: 'Instance deregistration currently in progress.',
    };
  const state = region.state.instances.get(InstanceId)?.state;
  if (state === 'pending' || state === 'stopped' || state === 'terminated')
    return out('Instance', `Instance is in ${state} state.`);
  if (record.state === 'in-service')
    return { InstanceId, State: 'InService', ReasonCode: 'N/A', Description: 'N/A' };
  if (record.state === 'registering') return out('ELB', 'Instance registration is still in progress.');
  // Once it passes again it is on its way back.
  if (record.streak > 0)
    return out(
      'Instance',
      'Instance has not passed the configured HealthyThreshold number of health checks consecutively.',
    );
  return out(
    'Instance',
    'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
  );
}
