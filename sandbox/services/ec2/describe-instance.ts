import type { Instance, InstanceNetworkInterface } from '@aws-sdk/client-ec2';
import type { InstanceRecord } from '../../engine/records/ec2.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { stateOf } from './instance-lookup.ts';
import { tagList } from './query.ts';

/** As DescribeInstances shows it. */
export function describeInstance(region: Region, instance: InstanceRecord): Instance {
  const { state } = instance;
  const gone = state === 'terminated';
  // The network goes first, before the state tells that the instance is being terminated.
  const offline = gone || instance.leaving;
  return {
    ...common(region, instance),
    PlatformDetails: instance.system.platformDetails,
    UsageOperation: instance.system.usageOperation,
    UsageOperationUpdateTime: new Date(instance.firstLaunchedAt),
    HibernationOptions: { Configured: false },
    NetworkPerformanceOptions: { BandwidthWeighting: 'default' },
    SecondaryInterfaces: [],
    Operator: { Managed: false, HiddenByDefault: false },
    SecurityGroups: offline ? [] : securityGroups(region, instance),
    NetworkInterfaces: gone ? [] : [networkInterface(region, instance)],
    // Volumes are attached a moment after the launch.
    BlockDeviceMappings: gone || state === 'pending' ? [] : blockDevices(region, instance),
    ...(offline ? {} : network(region, instance)),
    ...stateReason(instance),
  };
}

/** As RunInstances answers: some members come only with DescribeInstances, the state's reason only here. */
export function describeNewInstance(region: Region, instance: InstanceRecord): Instance {
  return {
    ...common(region, instance),
    Operator: { Managed: false },
    SecurityGroups: securityGroups(region, instance),
    NetworkInterfaces: [networkInterface(region, instance)],
    BlockDeviceMappings: [],
    StateReason: { Code: 'pending', Message: 'pending' },
    ...network(region, instance),
  };
}

function common(region: Region, instance: InstanceRecord): Instance {
  const { state } = region;
  const subnet = state.subnets.get(instance.subnetId);
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    InstanceType: instance.instanceType,
    State: stateOf(instance),
    LaunchTime: new Date(instance.launchedAt),
    AmiLaunchIndex: 0,
    ProductCodes: [],
    Architecture: instance.system.architecture,
    Hypervisor: 'xen',
    RootDeviceName: instance.system.rootDeviceName,
    RootDeviceType: 'ebs',
    VirtualizationType: 'hvm',
    EnaSupport: instance.system.enaSupport,
    EbsOptimized: instance.ebsOptimized,
    Placement: {
      AvailabilityZone: subnet?.zone ?? '',
      ...(subnet ? { AvailabilityZoneId: subnet.zoneId } : {}),
      Tenancy: 'default',
      GroupName: '',
    },
    Monitoring: { State: instance.monitoring ? 'enabled' : 'disabled' },
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    MaintenanceOptions: { AutoRecovery: 'default', RebootMigration: 'default' },
    MetadataOptions: {
      State: instance.state === 'running' || instance.state === 'shutting-down' ? 'applied' : 'pending',
      ...instance.metadataOptions,
    },
    CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 },
    PublicDnsName: '',
    PrivateDnsName: '',
    StateTransitionReason: instance.transitionReason ?? '',
    ...(instance.clientToken === undefined ? {} : { ClientToken: instance.clientToken }),
    ...(instance.keyName === undefined ? {} : { KeyName: instance.keyName }),
    ...(instance.system.bootMode === undefined ? {} : { BootMode: instance.system.bootMode }),
    ...(instance.instanceProfile
      ? { IamInstanceProfile: { Arn: instance.instanceProfile.arn, Id: instance.instanceProfile.id } }
      : {}),
    ...tagList(region, instance.id),
  };
}

const securityGroups = (region: Region, { securityGroupIds }: InstanceRecord) =>
  securityGroupIds.map((id) => ({
    GroupId: id,
    GroupName: region.state.securityGroups.get(id)?.name ?? '',
  }));

function network(region: Region, instance: InstanceRecord) {
  const subnet = region.state.subnets.get(instance.subnetId);
  return {
    PrivateIpAddress: instance.privateIp,
    PrivateDnsName: `ip-${instance.privateIp.replaceAll('.', '-')}.ec2.internal`,
    SubnetId: instance.subnetId,
    VpcId: subnet?.vpcId ?? '',
    SourceDestCheck: true,
  };
}

/** The reason is absent while the instance runs. */
function stateReason({ transitionReason, leaving }: InstanceRecord): Pick<Instance, 'StateReason'> {
  if (transitionReason === undefined && !leaving) return {};
  return {
    StateReason: {
      Code: 'Client.UserInitiatedShutdown',
      Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
  };
}

function networkInterface(region: Region, instance: InstanceRecord): InstanceNetworkInterface {
  const attaching = instance.state === 'pending';
  const bare: InstanceNetworkInterface = {
    NetworkInterfaceId: instance.networkInterfaceId,
    OwnerId: ACCOUNT,
    Status: 'in-use',
    Attachment: {
      AttachmentId: instance.networkAttachmentId,
      AttachTime: new Date(instance.firstLaunchedAt),
      DeleteOnTermination: true,
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      Status: attaching ? 'attaching' : 'attached',
    },
  };
  if (instance.leaving) return bare;
  return {
    ...bare,
    Description: '',
    Groups: securityGroups(region, instance),
    InterfaceType: 'interface',
    Ipv6Addresses: [],
    PrivateIpAddress: instance.privateIp,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: instance.privateIp }],
    SourceDestCheck: true,
    SubnetId: instance.subnetId,
    VpcId: region.state.subnets.get(instance.subnetId)?.vpcId ?? '',
  };
}

function blockDevices(region: Region, instance: InstanceRecord) {
  return instance.volumeIds.flatMap((id) => {
    const volume = region.state.volumes.get(id);
    if (!volume) return [];
    const Ebs = {
      VolumeId: id,
      Status: 'attached' as const,
      DeleteOnTermination: volume.deleteOnTermination,
      // Not the start's time: a volume stays attached while the instance is stopped.
      AttachTime: new Date(volume.attachedAt ?? instance.firstLaunchedAt),
    };
    return [{ DeviceName: volume.deviceName ?? '', Ebs }];
  });
}
