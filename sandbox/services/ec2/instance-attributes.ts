import type {
  DescribeInstanceAttributeRequest,
  InstanceAttribute,
  ModifyInstanceAttributeRequest,
} from '@aws-sdk/client-ec2';
import { isInstanceType } from '../../engine/instance-types.ts';
import type { InstanceRecord } from '../../engine/records/ec2.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { findInstance } from './instance-lookup.ts';

/** What of a launched instance can be changed: as far as Packer and a person preparing a scene do it. */
export const instanceAttributeHandlers: Handlers = { ModifyInstanceAttribute, DescribeInstanceAttribute };

/** One attribute a call: in its own member, or by the attribute's name and a value. */
function ModifyInstanceAttribute(input: ModifyInstanceAttributeRequest, region: Region): undefined {
  const instance = findInstance(region, input.InstanceId);
  const named = (attribute: string) => (input.Attribute === attribute ? input.Value : undefined);
  const termination = input.DisableApiTermination?.Value ?? asBoolean(named('disableApiTermination'));
  const behavior =
    input.InstanceInitiatedShutdownBehavior?.Value ?? named('instanceInitiatedShutdownBehavior');
  const type = input.InstanceType?.Value ?? named('instanceType');
  if (termination !== undefined) instance.disableApiTermination = termination;
  else if (behavior !== undefined) instance.shutdownBehavior = behavior;
  else if (type !== undefined) changeType(instance, type);
  else if (input.Groups?.length) changeGroups(region, instance, input.Groups);
  else if (input.UserData?.Value) {
    refuseUnlessStopped(instance, 'userData');
    instance.userData = Buffer.from(input.UserData.Value).toString('base64');
  } else if (input.EnaSupport?.Value !== undefined) {
    refuseUnlessStopped(instance, 'enaSupport');
    instance.system.enaSupport = input.EnaSupport.Value;
  } else if (input.SriovNetSupport === undefined && input.SourceDestCheck === undefined) {
    throw new ServiceError('InvalidParameterCombination', 'No attributes specified.');
  }
}

const asBoolean = (value: string | undefined) => (value === undefined ? undefined : value === 'true');

function refuseUnlessStopped({ id, state }: InstanceRecord, attribute: string): void {
  if (state !== 'stopped')
    throw new ServiceError(
      'IncorrectInstanceState',
      `The instance '${id}' is not in the 'stopped' state. Its ${attribute} cannot be changed.`,
    );
}

function changeType(instance: InstanceRecord, type: string): void {
  refuseUnlessStopped(instance, 'instanceType');
  if (!isInstanceType(type))
    throw new ServiceError('InvalidInstanceAttributeValue', `Invalid value '${type}' for InstanceType.`);
  instance.instanceType = type;
}

function changeGroups(region: Region, instance: InstanceRecord, groups: readonly string[]): void {
  for (const id of groups) {
    if (!region.state.securityGroups.has(id))
      throw new ServiceError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  }
  instance.securityGroupIds = [...groups];
}

function DescribeInstanceAttribute(
  input: DescribeInstanceAttributeRequest,
  region: Region,
): InstanceAttribute {
  const instance = findInstance(region, input.InstanceId);
  const InstanceId = instance.id;
  switch (input.Attribute) {
    case 'disableApiTermination':
      return { InstanceId, DisableApiTermination: { Value: instance.disableApiTermination } };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceId, InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior } };
    case 'instanceType':
      return { InstanceId, InstanceType: { Value: instance.instanceType } };
    case 'userData':
      return {
        InstanceId,
        UserData: instance.userData === undefined ? {} : { Value: instance.userData },
      };
    case 'ebsOptimized':
      return { InstanceId, EbsOptimized: { Value: instance.ebsOptimized } };
    case 'enaSupport':
      return { InstanceId, EnaSupport: { Value: instance.system.enaSupport } };
    case 'rootDeviceName':
      return { InstanceId, RootDeviceName: { Value: instance.system.rootDeviceName } };
    case 'groupSet':
      return { InstanceId, Groups: instance.securityGroupIds.map((GroupId) => ({ GroupId })) };
    case 'sriovNetSupport':
      return { InstanceId, SriovNetSupport: { Value: 'simple' } };
    default:
      throw new ServiceError(
        'InvalidParameterValue',
        `Value (${input.Attribute}) for parameter attribute is invalid. Unknown attribute.`,
      );
  }
}
