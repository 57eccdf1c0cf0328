import type {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupEgressResult,
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult,
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  IpPermission,
  RevokeSecurityGroupIngressRequest,
  SecurityGroup,
} from '@aws-sdk/client-ec2';
import type { SecurityGroupRecord } from '../../engine/records/ec2.ts';
import { addTags } from '../../engine/tags.ts';
import { ACCOUNT, EVERYWHERE, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { byIds, checkPages, ec2Page, type FilterValues, filtered, tagList } from './query.ts';
import { requestedTags } from './tag-rules.ts';

export const securityGroupHandlers: Handlers = {
  DescribeSecurityGroups,
  CreateSecurityGroup,
  DeleteSecurityGroup,
  AuthorizeSecurityGroupIngress,
  AuthorizeSecurityGroupEgress,
  RevokeSecurityGroupIngress,
};

const groupNotFound = (id: string) =>
  new ServiceError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);

const groupFilters: FilterValues<SecurityGroupRecord> = {
  description: (group) => group.description,
  'group-id': (group) => group.id,
  'group-name': (group) => group.name,
  'owner-id': () => ACCOUNT,
  'vpc-id': (group) => group.vpcId,
};

function DescribeSecurityGroups(
  input: DescribeSecurityGroupsRequest,
  region: Region,
): DescribeSecurityGroupsResult {
  checkPages(input.GroupIds, input.MaxResults, 'groupIdsSet');
  const names = input.GroupNames ?? [];
  const all = [...region.state.securityGroups.values()];
  const missing = names.find((name) => !all.some((group) => group.name === name));
  if (missing !== undefined) throw groupNotFound(missing);
  const asked = byIds(region.state.securityGroups, input.GroupIds, groupNotFound).filter(
    (group) => names.length === 0 || names.includes(group.name),
  );
  const matching = filtered(region, asked, input.Filters, groupFilters, (group) => group.id);
  const { items, next } = ec2Page(matching, input);
  return { SecurityGroups: items.map((group) => describe(region, group)), ...next };
}

function describe(region: Region, group: SecurityGroupRecord): SecurityGroup {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    OwnerId: ACCOUNT,
    SecurityGroupArn: arnOf(region, group.id),
    IpPermissions: group.ingress.map(withEmptyLists),
    IpPermissionsEgress: group.egress.map(withEmptyLists),
    ...tagList(region, group.id),
  };
}

const arnOf = (region: Region, id: string) => `arn:aws:ec2:${region.name}:${ACCOUNT}:security-group/${id}`;

/** Each rule is described with all kinds of sources. */
const withEmptyLists = (rule: IpPermission): IpPermission => ({
  UserIdGroupPairs: [],
  IpRanges: [],
  Ipv6Ranges: [],
  PrefixListIds: [],
  ...rule,
});

function CreateSecurityGroup(input: CreateSecurityGroupRequest, region: Region): CreateSecurityGroupResult {
  const { state, world } = region;
  // Packer sends an empty id, which EC2 takes for none.
  const vpcId = input.VpcId || [...state.vpcs.keys()][0] || '';
  if (!state.vpcs.has(vpcId))
    throw new ServiceError('InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
  const name = input.GroupName ?? '';
  if ([...state.securityGroups.values()].some((group) => group.name === name && group.vpcId === vpcId)) {
    throw new ServiceError(
      'InvalidGroup.Duplicate',
      `The security group '${name}' already exists for VPC '${vpcId}'`,
    );
  }
  const tags = requestedTags(input.TagSpecifications, 'security-group', ['security-group']);
  const id = world.newId('sg');
  const description = input.Description ?? '';
  state.securityGroups.set(id, { id, name, description, vpcId, ingress: [], egress: [EVERYWHERE] });
  addTags(region, id, tags);
  return { GroupId: id, SecurityGroupArn: arnOf(region, id), ...tagList(region, id) };
}

/** An id, or a name in the default VPC. */
function findGroup(
  region: Region,
  { GroupId, GroupName }: { GroupId?: string | undefined; GroupName?: string | undefined },
): SecurityGroupRecord {
  const group =
    GroupId === undefined
      ? [...region.state.securityGroups.values()].find(({ name }) => name === GroupName)
      : region.state.securityGroups.get(GroupId);
  if (!group) throw groupNotFound(GroupId ?? GroupName ?? '');
  return group;
}

function DeleteSecurityGroup(input: DeleteSecurityGroupRequest, region: Region): DeleteSecurityGroupResult {
  const { id, name } = findGroup(region, input);
  if (name === 'default')
    throw new ServiceError(
      'CannotDelete',
      `the specified group: "${id}" name: "default" cannot be deleted by a user`,
    );
  const instances = [...region.state.instances.values()].some(
    (instance) =>
      instance.state !== 'terminated' && !instance.leaving && instance.securityGroupIds.includes(id),
  );
  const others = [...region.state.securityGroups.values()].some(
    (group) =>
      group.id !== id &&
      [...group.ingress, ...group.egress].some((rule) =>
        rule.UserIdGroupPairs?.some(({ GroupId }) => GroupId === id),
      ),
  );
  if (instances || others)
    throw new ServiceError('DependencyViolation', `resource ${id} has a dependent object`);
  region.state.securityGroups.delete(id);
  region.state.tags.delete(id);
  return { Return: true, GroupId: id };
}

function AuthorizeSecurityGroupIngress(
  input: AuthorizeSecurityGroupIngressRequest,
  region: Region,
): AuthorizeSecurityGroupIngressResult {
  const group = findGroup(region, input);
  group.ingress = withRules(group.ingress, rulesOf(input));
  return { Return: true };
}

function AuthorizeSecurityGroupEgress(
  input: AuthorizeSecurityGroupEgressRequest,
  region: Region,
): AuthorizeSecurityGroupEgressResult {
  const group = findGroup(region, input);
  group.egress = withRules(group.egress, rulesOf(input));
  return { Return: true };
}

function RevokeSecurityGroupIngress(
  input: RevokeSecurityGroupIngressRequest,
  region: Region,
): { Return: boolean } {
  const group = findGroup(region, input);
  const revoked = new Set(rulesOf(input).map(ruleKey));
  if (group.ingress.every((rule) => !revoked.has(ruleKey(rule))))
    throw new ServiceError(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    );
  group.ingress = group.ingress.filter((rule) => !revoked.has(ruleKey(rule)));
  return { Return: true };
}

/** In a list, or as the one rule that older clients write into the request itself. */
function rulesOf(input: AuthorizeSecurityGroupIngressRequest): IpPermission[] {
  const { IpPermissions = [], IpProtocol, FromPort, ToPort, CidrIp } = input;
  if (IpProtocol === undefined) return IpPermissions;
  return [
    ...IpPermissions,
    {
      IpProtocol,
      ...(FromPort === undefined ? {} : { FromPort }),
      ...(ToPort === undefined ? {} : { ToPort }),
      ...(CidrIp === undefined ? {} : { IpRanges: [{ CidrIp }] }),
    },
  ];
}

function withRules(present: readonly IpPermission[], added: readonly IpPermission[]): IpPermission[] {
  const known = new Set(present.map(ruleKey));
  if (added.some((rule) => known.has(ruleKey(rule))))
    throw new ServiceError('InvalidPermission.Duplicate', 'the specified rule already exists');
  return [...present, ...added];
}

/** What makes two rules the same; a description does not count. */
function ruleKey(rule: IpPermission): string {
  return JSON.stringify([
    rule.IpProtocol,
    rule.FromPort,
    rule.ToPort,
    (rule.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    (rule.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    (rule.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
    (rule.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
  ]);
}
