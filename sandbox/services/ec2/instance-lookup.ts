import type { InstanceRecord, InstanceStateName } from '../../engine/records/ec2.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';

const STATE_CODES: Record<InstanceStateName, number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export const stateOf = ({ state }: Pick<InstanceRecord, 'state'>) => ({
  Code: STATE_CODES[state],
  Name: state,
});

/** Capital hex digits are malformed as well. */
export const instanceNotFound = (id: string) =>
  /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)
    ? new ServiceError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`)
    : new ServiceError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);

export function findInstance(region: Region, id = ''): InstanceRecord {
  const instance = region.state.instances.get(id);
  if (!instance) throw instanceNotFound(id);
  return instance;
}
