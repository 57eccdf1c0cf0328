import type { RequestLaunchTemplateData, Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { launchInstance } from '../../engine/instances.ts';
import { mergeLaunchData } from '../../engine/launch-data.ts';
import { resolveImageId, resolveSpecification } from '../../engine/launch-templates.ts';
import type { InstanceRecord } from '../../engine/records/ec2.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import { describeNewInstance } from './describe-instance.ts';
import { findImage } from './image-lookup.ts';
import { answerDryRun, remember, repeated } from './query.ts';
import { requestedTags } from './tag-rules.ts';

const TAGGED = ['instance', 'volume', 'network-interface', 'spot-instances-request', 'elastic-gpu'] as const;

/** Resolves the template, and looks at the parameters, before it answers a dry run. */
export function RunInstances(given: RunInstancesRequest, region: Region): Reservation {
  // Packer sends empty texts for what its template does not have; EC2 takes them for nothing.
  const input = withoutEmptyTexts(given);
  const mismatch =
    'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical.';
  const answered = repeated(region, 'RunInstances', input, mismatch);
  if (answered !== undefined) return reservation(region, instancesOf(region, answered));
  const template =
    input.LaunchTemplate && resolveSpecification(region, withoutUndefined(input.LaunchTemplate));
  const data = mergeLaunchData(template?.version.data ?? {}, launchDataOf(input));
  const imageId = resolveImageId(region, data.ImageId);
  const subnetId = subnetOf(region, input, data);
  const count = countOf(input);
  answerDryRun(input);
  // A malformed id is told apart from one that does not exist.
  findImage(region, imageId);
  const tags = requestedTags(data.TagSpecifications, 'instance', TAGGED);
  const volumeTags = requestedTags(data.TagSpecifications, 'volume', TAGGED);
  const reservationId = region.world.newId('r');
  const instances: InstanceRecord[] = [];
  while (instances.length < count) {
    instances.push(
      launchInstance(region, {
        imageId,
        instanceType: data.InstanceType ?? 'm1.small',
        subnetId,
        securityGroupIds: securityGroupsOf(region, subnetId, data),
        tags,
        volumeTags,
        data,
        reservationId,
        clientToken: input.ClientToken ?? region.world.newUuid(),
        ...(data.KeyName === undefined ? {} : { keyName: data.KeyName }),
        ...(template
          ? { launchTemplate: { id: template.template.id, version: template.version.number } }
          : {}),
      }),
    );
  }
  remember(region, 'RunInstances', input, reservationId);
  return reservation(region, instances);
}

function withoutEmptyTexts(input: RunInstancesRequest): RunInstancesRequest {
  const { SubnetId, KeyName, UserData, Placement, ...rest } = input;
  return {
    ...rest,
    ...(SubnetId ? { SubnetId } : {}),
    ...(KeyName ? { KeyName } : {}),
    ...(UserData ? { UserData } : {}),
    ...(Placement && {
      Placement: { ...Placement, AvailabilityZone: Placement.AvailabilityZone || undefined },
    }),
  };
}

const instancesOf = (region: Region, reservationId: string) =>
  [...region.state.instances.values()].filter((instance) => instance.reservationId === reservationId);

function reservation(region: Region, instances: readonly InstanceRecord[]): Reservation {
  return {
    ReservationId: instances[0]?.reservationId ?? '',
    OwnerId: ACCOUNT,
    Groups: [],
    Instances: instances.map((instance) => describeNewInstance(region, instance)),
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

/** The members that a request and a template have in common, as the template has them. */
function launchDataOf(input: RunInstancesRequest): RequestLaunchTemplateData {
  const { SecurityGroups, Monitoring, ...rest } = input;
  const data: RequestLaunchTemplateData = {
    ImageId: rest.ImageId,
    InstanceType: rest.InstanceType,
    KeyName: rest.KeyName,
    UserData: rest.UserData,
    SecurityGroupIds: rest.SecurityGroupIds,
    SecurityGroups,
    BlockDeviceMappings: rest.BlockDeviceMappings,
    NetworkInterfaces: rest.NetworkInterfaces,
    MetadataOptions: rest.MetadataOptions,
    Placement: rest.Placement,
    IamInstanceProfile: rest.IamInstanceProfile,
    Monitoring: Monitoring && { Enabled: Monitoring.Enabled },
    EbsOptimized: rest.EbsOptimized,
    DisableApiTermination: rest.DisableApiTermination,
    InstanceInitiatedShutdownBehavior: rest.InstanceInitiatedShutdownBehavior,
    TagSpecifications: rest.TagSpecifications,
  };
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** The request's subnet, its interface's, one of the zone that is asked for, or the first default one. */
function subnetOf(region: Region, input: RunInstancesRequest, data: RequestLaunchTemplateData): string {
  const [networkInterface] = data.NetworkInterfaces ?? [];
  if (networkInterface && input.SubnetId !== undefined) {
    throw new ServiceError(
      'InvalidParameterCombination',
      'Network interfaces and an instance-level subnet ID may not be specified on the same request',
    );
  }
  const subnets = [...region.state.subnets.values()];
  const zone = data.Placement?.AvailabilityZone;
  const id =
    input.SubnetId ??
    networkInterface?.SubnetId ??
    (zone === undefined ? subnets[0] : subnets.find((subnet) => subnet.zone === zone))?.id;
  if (id !== undefined && region.state.subnets.has(id)) return id;
  throw id === undefined
    ? new ServiceError('InvalidParameterValue', `Invalid availability zone: [${zone}]`)
    : new ServiceError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
}

function countOf({ MinCount = 1, MaxCount = 1 }: RunInstancesRequest): number {
  if (MinCount < 1 || MaxCount < MinCount) {
    throw new ServiceError(
      'InvalidParameterValue',
      `Value (${MaxCount < MinCount ? MinCount : MaxCount}) for parameter minCount is invalid. Must be between 1 and maxCount.`,
    );
  }
  return MaxCount;
}

/** By id, or by name within the subnet's VPC. */
function securityGroupsOf(region: Region, subnetId: string, data: RequestLaunchTemplateData): string[] {
  const ids = data.NetworkInterfaces?.[0]?.Groups ?? data.SecurityGroupIds;
  if (ids?.length) return ids;
  const vpcId = region.state.subnets.get(subnetId)?.vpcId;
  return (data.SecurityGroups ?? []).map((name) => {
    const group = [...region.state.securityGroups.values()].find(
      (candidate) => candidate.name === name && candidate.vpcId === vpcId,
    );
    if (group) return group.id;
    throw new ServiceError(
      'InvalidGroup.NotFound',
      `The security group '${name}' does not exist in VPC '${vpcId}'`,
    );
  });
}
