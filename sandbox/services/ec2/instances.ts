import type {
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  GetConsoleOutputRequest,
  GetConsoleOutputResult,
  Instance,
  InstanceStateChange,
  InstanceStatus,
  RebootInstancesRequest,
  Reservation,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { isNitro } from '../../engine/instance-types.ts';
import { startInstance, stopInstance, terminateInstance } from '../../engine/instances.ts';
import type { InstanceRecord } from '../../engine/records/ec2.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { describeInstance } from './describe-instance.ts';
import { findInstance, instanceNotFound, stateOf } from './instance-lookup.ts';
import { byIds, checkPages, ec2Page, type FilterValues, filtered } from './query.ts';
import { RunInstances } from './run-instances.ts';

export const instanceHandlers: Handlers = {
  RunInstances,
  DescribeInstances,
  DescribeInstanceStatus,
  StartInstances,
  StopInstances,
  RebootInstances,
  TerminateInstances,
  GetConsoleOutput,
};

const instanceFilters: FilterValues<InstanceRecord> = {
  architecture: (instance) => instance.system.architecture,
  'client-token': (instance) => instance.clientToken,
  'iam-instance-profile.arn': (instance) => instance.instanceProfile?.arn,
  'image-id': (instance) => instance.imageId,
  'instance-id': (instance) => instance.id,
  'instance-state-code': (instance) => stateOf(instance).Code,
  'instance-state-name': (instance) => instance.state,
  'instance-type': (instance) => instance.instanceType,
  'instance.group-id': (instance) => instance.securityGroupIds,
  'key-name': (instance) => instance.keyName,
  'launch-time': (instance) => new Date(instance.launchedAt).toISOString(),
  'owner-id': () => ACCOUNT,
  'private-ip-address': (instance) => instance.privateIp,
  'requester-id': (instance) => instance.requesterId,
  'reservation-id': (instance) => instance.reservationId,
  'subnet-id': (instance) => instance.subnetId,
};

function DescribeInstances(input: DescribeInstancesRequest, region: Region): DescribeInstancesResult {
  checkPages(input.InstanceIds, input.MaxResults, 'instanceIdsSet');
  const known: FilterValues<InstanceRecord> = {
    ...instanceFilters,
    'availability-zone': ({ subnetId }) => region.state.subnets.get(subnetId)?.zone,
    'vpc-id': ({ subnetId }) => region.state.subnets.get(subnetId)?.vpcId,
  };
  const instances = byIds(region.state.instances, input.InstanceIds, instanceNotFound);
  const matching = filtered(region, instances, input.Filters, known, (instance) => instance.id);
  const { items, next } = ec2Page(matching, input);
  return { Reservations: byReservation(region, items), ...next };
}

/** Instances of one request are one reservation, as far as they are on the page. */
function byReservation(region: Region, instances: readonly InstanceRecord[]): Reservation[] {
  const reservations = new Map<string, { Instances: Instance[] } & Reservation>();
  for (const instance of instances) {
    const { reservationId, requesterId } = instance;
    let reservation = reservations.get(reservationId);
    if (!reservation) {
      reservation = { ReservationId: reservationId, OwnerId: ACCOUNT, Groups: [], Instances: [] };
      if (requesterId !== undefined) reservation.RequesterId = requesterId;
      reservations.set(reservationId, reservation);
    }
    reservation.Instances.push(describeInstance(region, instance));
  }
  return [...reservations.values()];
}

const statusFilters: FilterValues<InstanceRecord> = {
  'instance-state-code': (instance) => stateOf(instance).Code,
  'instance-state-name': (instance) => instance.state,
};

/** Unless all are asked for, only running instances. */
function DescribeInstanceStatus(
  input: DescribeInstanceStatusRequest,
  region: Region,
): DescribeInstanceStatusResult {
  checkPages(input.InstanceIds, input.MaxResults, 'instanceIdsSet');
  const status = (instance: InstanceRecord) => checksOf(region, instance).Status;
  const known: FilterValues<InstanceRecord> = {
    ...statusFilters,
    'availability-zone': ({ subnetId }) => region.state.subnets.get(subnetId)?.zone,
    'instance-status.status': status,
    'system-status.status': status,
  };
  const instances = byIds(region.state.instances, input.InstanceIds, instanceNotFound).filter(
    (instance) => input.IncludeAllInstances || instance.state === 'running',
  );
  const { items, next } = ec2Page(filtered(region, instances, input.Filters, known), input);
  return { InstanceStatuses: items.map((instance) => statusOf(region, instance)), ...next };
}

function statusOf(region: Region, instance: InstanceRecord): InstanceStatus {
  const subnet = region.state.subnets.get(instance.subnetId);
  const checks = checksOf(region, instance);
  return {
    InstanceId: instance.id,
    AvailabilityZone: subnet?.zone ?? '',
    ...(subnet ? { AvailabilityZoneId: subnet.zoneId } : {}),
    Operator: { Managed: false, HiddenByDefault: false },
    InstanceState: stateOf(instance),
    InstanceStatus: checks,
    SystemStatus: checks,
    // Types on Xen have none.
    ...(instance.state === 'running' && isNitro(instance.instanceType) ? { AttachedEbsStatus: checks } : {}),
  };
}

/** An instance that has started is reachable once its system is up, whether its application answers or not. */
const SECONDS_TO_REACHABLE = 60;

function checksOf(region: Region, instance: InstanceRecord) {
  if (instance.state !== 'running') return { Status: 'not-applicable' as const };
  const passed = region.now >= instance.launchedAt + SECONDS_TO_REACHABLE * 1000;
  return {
    Status: passed ? ('ok' as const) : ('initializing' as const),
    Details: [
      { Name: 'reachability' as const, Status: passed ? ('passed' as const) : ('initializing' as const) },
    ],
  };
}

function StartInstances(input: StartInstancesRequest, region: Region): StartInstancesResult {
  const instances = byIds(region.state.instances, input.InstanceIds, instanceNotFound);
  for (const instance of instances) {
    if (instance.state !== 'stopped' && instance.state !== 'running' && instance.state !== 'pending')
      throw incorrectState(instance, 'started');
  }
  return { StartingInstances: changes(region, instances, startInstance) };
}

function StopInstances(input: StopInstancesRequest, region: Region): StopInstancesResult {
  const instances = byIds(region.state.instances, input.InstanceIds, instanceNotFound);
  for (const instance of instances) {
    if (instance.state === 'shutting-down' || instance.state === 'terminated')
      throw incorrectState(instance, 'stopped');
  }
  return { StoppingInstances: changes(region, instances, stopInstance) };
}

function RebootInstances(input: RebootInstancesRequest, region: Region): undefined {
  for (const instance of byIds(region.state.instances, input.InstanceIds, instanceNotFound)) {
    if (instance.state !== 'running') throw incorrectState(instance, 'rebooted');
    region.world.driver.reboot(instance);
  }
}

const incorrectState = ({ id, state }: InstanceRecord, done: string) =>
  new ServiceError(
    'IncorrectInstanceState',
    `The instance '${id}' is not in a state from which it can be ${done}.${state === 'terminated' ? ' It is terminated.' : ''}`,
  );

/** A protected instance refuses the whole call. */
function TerminateInstances(input: TerminateInstancesRequest, region: Region): TerminateInstancesResult {
  const instances = byIds(region.state.instances, input.InstanceIds, instanceNotFound);
  for (const { id, disableApiTermination, state } of instances) {
    if (disableApiTermination && state !== 'terminated') {
      throw new ServiceError(
        'OperationNotPermitted',
        `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    }
  }
  return {
    TerminatingInstances: changes(region, instances, terminateInstance).map((change, index) =>
      // Described as stopped for a moment still, but answered as terminated (an inference).
      instances[index]?.leaving ? { ...change, CurrentState: stateOf({ state: 'terminated' }) } : change,
    ),
  };
}

function changes(
  region: Region,
  instances: readonly InstanceRecord[],
  change: (region: Region, instance: InstanceRecord) => void,
): InstanceStateChange[] {
  return instances.map((instance) => {
    const PreviousState = stateOf(instance);
    change(region, instance);
    return { InstanceId: instance.id, PreviousState, CurrentState: stateOf(instance) };
  });
}

/** In base64, as EC2 answers. */
function GetConsoleOutput(input: GetConsoleOutputRequest, region: Region): GetConsoleOutputResult {
  const instance = findInstance(region, input.InstanceId);
  return {
    InstanceId: instance.id,
    Timestamp: new Date(region.now),
    Output: Buffer.from(region.world.driver.console(instance, region.now)).toString('base64'),
  };
}
