import { isDeepStrictEqual } from 'node:util';
import type {
  CreateTargetGroupInput,
  CreateTargetGroupOutput,
  DeleteTargetGroupInput,
  DeleteTargetGroupOutput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupAttributesOutput,
  ModifyTargetGroupInput,
  ModifyTargetGroupOutput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupRecord } from '../../engine/records/load-balancing.ts';
import { loadBalancersOf } from '../../engine/traffic.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { attributeList, modifiedAttributes, targetGroupAttributes } from './attributes.ts';
import { acceptHealthCheck, modifiedHealthCheck } from './health-check.ts';
import {
  elbPage,
  findLoadBalancer,
  findTargetGroup,
  newArn,
  notFound,
  requireArn,
  requireName,
} from './resources.ts';
import { setTags } from './tags.ts';

export const targetGroupHandlers: Handlers = {
  CreateTargetGroup,
  DescribeTargetGroups,
  ModifyTargetGroup,
  DeleteTargetGroup,
  DescribeTargetGroupAttributes,
  ModifyTargetGroupAttributes,
};

function CreateTargetGroup(input: CreateTargetGroupInput, region: Region): CreateTargetGroupOutput {
  const name = input.Name ?? '';
  requireName(name, 'Target group');
  const settings = acceptSettings(region, input);
  const known = [...region.state.targetGroups.values()].find((group) => group.name === name);
  if (known) {
    // The same call again is answered with the same target group; tags do not count.
    const { targetType, protocol, protocolVersion, port, vpcId, healthCheck } = known;
    const same = { targetType, protocol, protocolVersion, port, vpcId, healthCheck };
    if (!isDeepStrictEqual(same, settings))
      throw new ServiceError(
        'DuplicateTargetGroupName',
        `A target group with the same name '${name}' exists, but with different settings`,
      );
    return { TargetGroups: [describeTargetGroup(known)] };
  }
  const { protocolVersion, ...others } = settings;
  const record: TargetGroupRecord = {
    arn: newArn(region, `targetgroup/${name}`),
    name,
    ...others,
    ...(protocolVersion === undefined ? {} : { protocolVersion }),
    attributes: targetGroupAttributes(settings),
    targets: new Map(),
    inUse: false,
  };
  setTags(region, record.arn, input.Tags);
  region.state.targetGroups.set(record.arn, record);
  return { TargetGroups: [describeTargetGroup(record)] };
}

function acceptSettings(region: Region, input: CreateTargetGroupInput) {
  const { TargetType: targetType = 'instance', Protocol: protocol, Port: port, VpcId: vpcId } = input;
  if (targetType !== 'instance' && targetType !== 'ip')
    throw validationError(`Target groups of the type '${targetType}' are not simulated`);
  if (protocol === undefined) throw validationError('A protocol must be specified');
  if (protocol === 'GENEVE' || protocol === 'QUIC' || protocol === 'TCP_QUIC')
    throw validationError(`Target groups of the protocol '${protocol}' are not simulated`);
  if (port === undefined) throw validationError('A port must be specified');
  if (port < 1 || port > 65_535)
    throw validationError(`Target group port '${port}' must be between 1 and 65535 inclusive`);
  if (vpcId === undefined) throw validationError('A VPC ID must be specified');
  if (!region.state.vpcs.has(vpcId)) throw validationError(`The VPC ID '${vpcId}' is not found`);
  const application = protocol === 'HTTP' || protocol === 'HTTPS';
  return {
    targetType,
    protocol,
    protocolVersion: application ? (input.ProtocolVersion ?? 'HTTP1') : undefined,
    port,
    vpcId,
    healthCheck: acceptHealthCheck(protocol, input),
  };
}

function DescribeTargetGroups(input: DescribeTargetGroupsInput, region: Region): DescribeTargetGroupsOutput {
  const all = [...region.state.targetGroups.values()];
  for (const arn of input.TargetGroupArns ?? []) findTargetGroup(region, arn);
  if (input.Names?.some((name) => !all.some((group) => group.name === name)))
    throw notFound('TargetGroupNotFound');
  if (input.LoadBalancerArn !== undefined) findLoadBalancer(region, input.LoadBalancerArn);
  const asked = all.filter(
    (group) =>
      (!input.TargetGroupArns?.length || input.TargetGroupArns.includes(group.arn)) &&
      (!input.Names?.length || input.Names.includes(group.name)) &&
      (input.LoadBalancerArn === undefined ||
        loadBalancersOf(region, group.arn).includes(input.LoadBalancerArn)),
  );
  const { items, next } = elbPage(asked, input);
  const TargetGroups = items.map((group) => ({
    ...describeTargetGroup(group),
    LoadBalancerArns: loadBalancersOf(region, group.arn),
  }));
  return { TargetGroups, ...next };
}

/** Only the health check can be changed afterwards. */
function ModifyTargetGroup(input: ModifyTargetGroupInput, region: Region): ModifyTargetGroupOutput {
  const group = findTargetGroup(region, input.TargetGroupArn);
  group.healthCheck = modifiedHealthCheck(group, input);
  return {
    TargetGroups: [{ ...describeTargetGroup(group), LoadBalancerArns: loadBalancersOf(region, group.arn) }],
  };
}

/** One that is not there counts as deleted (an inference: no error for it is documented). */
function DeleteTargetGroup(input: DeleteTargetGroupInput, region: Region): DeleteTargetGroupOutput {
  requireArn(input.TargetGroupArn, 'target group', 'targetgroup/');
  const group = region.state.targetGroups.get(input.TargetGroupArn ?? '');
  if (!group) return {};
  if (group.inUse || (group.heldUntil ?? 0) > region.now)
    throw new ServiceError(
      'ResourceInUse',
      `Target group '${group.arn}' is currently in use by a listener or a rule`,
    );
  region.state.targetGroups.delete(group.arn);
  region.state.arnTags.delete(group.arn);
  return {};
}

function DescribeTargetGroupAttributes(
  input: DescribeTargetGroupAttributesInput,
  region: Region,
): DescribeTargetGroupAttributesOutput {
  return { Attributes: attributeList(findTargetGroup(region, input.TargetGroupArn).attributes) };
}

function ModifyTargetGroupAttributes(
  input: ModifyTargetGroupAttributesInput,
  region: Region,
): ModifyTargetGroupAttributesOutput {
  const group = findTargetGroup(region, input.TargetGroupArn);
  group.attributes = modifiedAttributes('Target group', group.attributes, input.Attributes);
  return { Attributes: attributeList(group.attributes) };
}

function describeTargetGroup(record: TargetGroupRecord): TargetGroup {
  const { healthCheck } = record;
  return {
    TargetGroupArn: record.arn,
    TargetGroupName: record.name,
    Protocol: record.protocol,
    Port: record.port,
    VpcId: record.vpcId,
    HealthCheckProtocol: healthCheck.protocol,
    HealthCheckPort: healthCheck.port,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    ...(healthCheck.path === undefined ? {} : { HealthCheckPath: healthCheck.path }),
    ...(healthCheck.matcher === undefined ? {} : { Matcher: { HttpCode: healthCheck.matcher } }),
    TargetType: record.targetType,
    ...(record.protocolVersion === undefined ? {} : { ProtocolVersion: record.protocolVersion }),
    IpAddressType: 'ipv4',
  };
}
