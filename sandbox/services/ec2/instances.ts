import type {
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  Instance,
  InstanceStateChange,
  Reservation,
  RunInstancesRequest,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { launchInstance, stopInstance, terminateInstance } from '../../engine/instances.ts';
import { resolveImageId, resolveSpecification } from '../../engine/launch-templates.ts';
import type { InstanceRecord, InstanceStateName } from '../../engine/state.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { byIds, ec2Page, filtered, refuseIdsWithPages, requestedTags, tagList } from './query.ts';

export const instanceHandlers: Handlers = {
  RunInstances,
  DescribeInstances,
  DescribeInstanceStatus,
  DescribeInstanceTypes,
  StopInstances,
  TerminateInstances,
};

const STATE_CODES: Record<InstanceStateName, number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

function RunInstances(input: RunInstancesRequest, region: Region): Reservation {
  const template =
    input.LaunchTemplate && resolveSpecification(region, withoutUndefined(input.LaunchTemplate));
  const data = template?.version.data;
  const imageId = resolveImageId(region, input.ImageId ?? data?.ImageId);
  const subnetId =
    input.SubnetId ?? input.NetworkInterfaces?.[0]?.SubnetId ?? [...region.state.subnets.keys()][0] ?? '';
  const instances: InstanceRecord[] = [];
  for (let count = 0; count < (input.MaxCount ?? 1); count++) {
    instances.push(
      launchInstance(region, {
        imageId,
        instanceType: input.InstanceType ?? data?.InstanceType ?? 'm1.small',
        subnetId,
        ...((input.KeyName ?? data?.KeyName) ? { keyName: input.KeyName ?? data?.KeyName ?? '' } : {}),
        securityGroupIds: input.SecurityGroupIds ?? data?.SecurityGroupIds ?? [],
        tags: requestedTags(input.TagSpecifications, 'instance'),
        volumeTags: requestedTags(input.TagSpecifications, 'volume'),
        ...(template
          ? { launchTemplate: { id: template.template.id, version: template.version.number } }
          : {}),
      }),
    );
  }
  return {
    ReservationId: instances[0]?.reservationId ?? '',
    OwnerId: ACCOUNT,
    Groups: [],
    Instances: instances.map((instance) => describe(region, instance)),
  };
}

function withoutUndefined(specification: {
  LaunchTemplateId?: string | undefined;
  LaunchTemplateName?: string | undefined;
  Version?: string | undefined;
}) {
  const { LaunchTemplateId, LaunchTemplateName, Version } = specification;
  return {
    ...(LaunchTemplateId === undefined ? {} : { LaunchTemplateId }),
    ...(LaunchTemplateName === undefined ? {} : { LaunchTemplateName }),
    ...(Version === undefined ? {} : { Version }),
  };
}

const instanceNotFound = (id: string) =>
  /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)
    ? new ServiceError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`)
    : new ServiceError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);

function DescribeInstances(input: DescribeInstancesRequest, region: Region): DescribeInstancesResult {
  refuseIdsWithPages(input.InstanceIds, input.MaxResults, 'instanceIdsSet');
  const instances = byIds(region.state.instances, input.InstanceIds, instanceNotFound);
  const matching = filtered(
    region,
    instances,
    input.Filters,
    {
      'image-id': (instance) => instance.imageId,
      'instance-id': (instance) => instance.id,
      'instance-state-code': (instance) => STATE_CODES[instance.state],
      'instance-state-name': (instance) => instance.state,
      'instance-type': (instance) => instance.instanceType,
      'key-name': (instance) => instance.keyName,
      'private-ip-address': (instance) => instance.privateIp,
      'subnet-id': (instance) => instance.subnetId,
    },
    (instance) => instance.id,
  );
  const { items, next } = ec2Page(matching, input);
  const reservations = items.map((instance) => ({
    ReservationId: instance.reservationId,
    OwnerId: ACCOUNT,
    Groups: [],
    Instances: [describe(region, instance)],
  }));
  return { Reservations: reservations, ...next };
}

function describe(region: Region, instance: InstanceRecord): Instance {
  const { state } = region;
  const image = state.images.get(instance.imageId)?.image;
  const subnet = state.subnets.get(instance.subnetId);
  const gone = instance.state === 'terminated';
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    InstanceType: instance.instanceType as NonNullable<Instance['InstanceType']>,
    State: { Code: STATE_CODES[instance.state], Name: instance.state },
    LaunchTime: new Date(instance.launchedAt),
    Architecture: image?.Architecture === 'arm64' ? 'arm64' : 'x86_64',
    RootDeviceName: image?.RootDeviceName ?? '/dev/xvda',
    RootDeviceType: 'ebs',
    VirtualizationType: 'hvm',
    Placement: { AvailabilityZone: subnet?.zone ?? '', Tenancy: 'default', GroupName: '' },
    Monitoring: { State: 'disabled' },
    PublicDnsName: '',
    StateTransitionReason: instance.terminationReason ?? '',
    SecurityGroups: gone
      ? []
      : instance.securityGroupIds.map((id) => ({
          GroupId: id,
          GroupName: state.securityGroups.get(id)?.name ?? '',
        })),
    BlockDeviceMappings: gone
      ? []
      : instance.volumeIds.flatMap((id) => {
          const volume = state.volumes.get(id);
          if (!volume) return [];
          const Ebs = {
            VolumeId: id,
            Status: 'attached' as const,
            DeleteOnTermination: volume.deleteOnTermination,
            AttachTime: new Date(instance.launchedAt),
          };
          return [{ DeviceName: volume.deviceName ?? '', Ebs }];
        }),
    ...(gone
      ? {}
      : { PrivateIpAddress: instance.privateIp, SubnetId: instance.subnetId, VpcId: subnet?.vpcId ?? '' }),
    ...(instance.keyName === undefined ? {} : { KeyName: instance.keyName }),
    ...(instance.terminationReason === undefined
      ? {}
      : {
          StateReason: {
            Code: 'Client.UserInitiatedShutdown',
            Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
          },
        }),
    ...tagList(region, instance.id),
  };
}

function DescribeInstanceStatus(
  input: DescribeInstanceStatusRequest,
  region: Region,
): DescribeInstanceStatusResult {
  const instances = byIds(region.state.instances, input.InstanceIds, instanceNotFound).filter(
    (instance) => input.IncludeAllInstances || instance.state === 'running',
  );
  const { items, next } = ec2Page(instances, input);
  const statuses = items.map((instance) => {
    const reachable = region.world.driver.probe(instance, region.now).answers;
    const check = { Status: reachable ? ('ok' as const) : ('initializing' as const), Details: [] };
    return {
      InstanceId: instance.id,
      InstanceState: { Code: STATE_CODES[instance.state], Name: instance.state },
      InstanceStatus: check,
      SystemStatus: check,
    };
  });
  return { InstanceStatuses: statuses, ...next };
}

/** What Packer asks of a type before it launches one: everything here is a current generation HVM type with ENA. */
function DescribeInstanceTypes(input: DescribeInstanceTypesRequest): DescribeInstanceTypesResult {
  return {
    InstanceTypes: (input.InstanceTypes ?? []).map((InstanceType) => ({
      InstanceType,
      CurrentGeneration: true,
      SupportedVirtualizationTypes: ['hvm'],
      ProcessorInfo: {
        SupportedArchitectures: [/^[a-z]+\d+g[a-z]*\./.test(InstanceType) ? 'arm64' : 'x86_64'],
      },
      NetworkInfo: { EnaSupport: 'required' },
    })),
  };
}

function StopInstances(input: StopInstancesRequest, region: Region): StopInstancesResult {
  return { StoppingInstances: changeState(region, input.InstanceIds, stopInstance) };
}

function TerminateInstances(input: TerminateInstancesRequest, region: Region): TerminateInstancesResult {
  return { TerminatingInstances: changeState(region, input.InstanceIds, terminateInstance) };
}

function changeState(
  region: Region,
  ids: readonly string[] | undefined,
  change: (region: Region, instance: InstanceRecord) => void,
): InstanceStateChange[] {
  return byIds(region.state.instances, ids ?? [], instanceNotFound).map((instance) => {
    const PreviousState = { Code: STATE_CODES[instance.state], Name: instance.state };
    change(region, instance);
    return {
      InstanceId: instance.id,
      PreviousState,
      CurrentState: { Code: STATE_CODES[instance.state], Name: instance.state },
    };
  });
}
