import type {
  InstanceRequirements,
  InstancesDistribution,
  LaunchTemplateOverrides,
  LaunchTemplateSpecification,
} from '@aws-sdk/client-auto-scaling';
import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { ServiceError } from '../protocol/error.ts';
import { resolveImageId, resolveSpecification } from './launch-templates.ts';
import type { GroupRecord, LaunchSource, MemberRecord, RefreshRecord } from './records/auto-scaling.ts';
import type { Region } from './world.ts';

/** One way in which a group may launch its next instance. */
export interface LaunchOption {
  imageId: string;
  instanceType: string;
  keyName?: string;
  securityGroupIds: string[];
  instanceTags: Record<string, string>;
  volumeTags: Record<string, string>;
  /** All else that the template says about the instance. */
  data?: RequestLaunchTemplateData;
  /** What the group then says of its member. */
  member: Pick<MemberRecord, 'launchTemplate' | 'launchConfigurationName' | 'weight' | 'imageId' | 'spot'>;
}

/** What is launched now: the desired configuration while a refresh rolls forward, else what the group has saved. */
export function sourceNow(group: GroupRecord, refresh: RefreshRecord | undefined): LaunchSource {
  const forward = refresh?.status === 'InProgress' || refresh?.status === 'Baking';
  return (forward && desiredSource(refresh)) || group.source;
}

/** The desired configuration of a refresh, if it has one. */
export function desiredSource({ desired }: RefreshRecord): LaunchSource | undefined {
  if (desired?.MixedInstancesPolicy) return { kind: 'mixed-instances', policy: desired.MixedInstancesPolicy };
  if (desired?.LaunchTemplate) return { kind: 'launch-template', launchTemplate: desired.LaunchTemplate };
  return undefined;
}

/** The options for the next launch, best first: a later one is tried when EC2 has no capacity for an earlier one. */
export function launchOptions(
  region: Region,
  source: LaunchSource,
  members: readonly MemberRecord[],
): LaunchOption[] {
  switch (source.kind) {
    case 'launch-template':
      return [templateOption(region, source.launchTemplate, {})];
    case 'launch-configuration':
      return [configurationOption(region, source.name)];
    case 'mixed-instances': {
      const specification = source.policy.LaunchTemplate?.LaunchTemplateSpecification ?? {};
      const overrides = source.policy.LaunchTemplate?.Overrides ?? [];
      const pools = overrides.length > 0 ? overrides : [{}];
      const spot = isNextSpot(source.policy.InstancesDistribution ?? {}, members);
      const ordered = spot ? spotOrder(source.policy.InstancesDistribution ?? {}, pools, members) : pools;
      return ordered.map((override) => {
        const option = templateOption(
          region,
          override.LaunchTemplateSpecification ?? specification,
          override,
        );
        return spot ? { ...option, member: { ...option.member, spot } } : option;
      });
    }
  }
}

function templateOption(
  region: Region,
  specification: LaunchTemplateSpecification,
  override: LaunchTemplateOverrides,
): LaunchOption {
  const { template, version } = resolveSpecification(region, specification);
  const { data } = version;
  return {
    imageId: resolveImageId(region, override.ImageId ?? data.ImageId),
    instanceType:
      override.InstanceType ??
      (override.InstanceRequirements && typeFor(override.InstanceRequirements)) ??
      data.InstanceType ??
      'm1.small',
    ...(data.KeyName === undefined ? {} : { keyName: data.KeyName }),
    securityGroupIds: data.SecurityGroupIds ?? [],
    instanceTags: specifiedTags(data.TagSpecifications, 'instance'),
    volumeTags: specifiedTags(data.TagSpecifications, 'volume'),
    data,
    member: {
      launchTemplate: { id: template.id, name: template.name, version: String(version.number) },
      ...(override.WeightedCapacity === undefined ? {} : { weight: Number(override.WeightedCapacity) }),
      ...(override.ImageId === undefined ? {} : { imageId: override.ImageId }),
    },
  };
}

function configurationOption(region: Region, name: string): LaunchOption {
  const configuration = region.state.launchConfigurations.get(name);
  if (!configuration)
    throw new ServiceError('ValidationError', `Launch configuration ${name} does not exist.`);
  return {
    imageId: configuration.imageId,
    instanceType: configuration.instanceType,
    securityGroupIds: [],
    instanceTags: {},
    volumeTags: {},
    member: { launchConfigurationName: name },
  };
}

function specifiedTags(
  specifications: RequestLaunchTemplateData['TagSpecifications'],
  resourceType: string,
): Record<string, string> {
  const tags = specifications
    ?.filter((specification) => specification.ResourceType === resourceType)
    .flatMap(({ Tags }) => Tags ?? []);
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** On-Demand base first, then the percentage above it (guide "Auto Scaling groups with multiple instance types"). */
function isNextSpot(distribution: InstancesDistribution, members: readonly MemberRecord[]): boolean {
  const base = distribution.OnDemandBaseCapacity ?? 0;
  const percentage = distribution.OnDemandPercentageAboveBaseCapacity ?? 100;
  const onDemand = capacityOf(members.filter((member) => !member.spot));
  const above = Math.max(0, capacityOf(members) + 1 - base);
  return onDemand >= base + Math.ceil((above * percentage) / 100);
}

/**
 * Prices and spare capacity do not exist here: Spot instances are spread evenly over as many pools as the strategy
 * uses, and only a prioritized strategy keeps to the order of the overrides.
 */
function spotOrder(
  distribution: InstancesDistribution,
  pools: readonly LaunchTemplateOverrides[],
  members: readonly MemberRecord[],
): LaunchTemplateOverrides[] {
  const strategy = distribution.SpotAllocationStrategy ?? 'lowest-price';
  if (strategy === 'capacity-optimized-prioritized') return [...pools];
  const used = strategy === 'lowest-price' ? (distribution.SpotInstancePools ?? 2) : pools.length;
  const first = members.filter((member) => member.spot).length % Math.max(1, Math.min(used, pools.length));
  return [...pools.slice(first), ...pools.slice(0, first)];
}

/** The smallest general purpose type with enough processors and memory. */
function typeFor(requirements: InstanceRequirements): string | undefined {
  const sizes: readonly [string, number][] = [
    ['large', 2],
    ['xlarge', 4],
    ['2xlarge', 8],
    ['4xlarge', 16],
    ['8xlarge', 32],
    ['16xlarge', 64],
  ];
  const fits = sizes.find(
    ([, processors]) =>
      processors >= (requirements.VCpuCount?.Min ?? 0) &&
      processors * 4096 >= (requirements.MemoryMiB?.Min ?? 0),
  );
  return fits && `m5.${fits[0]}`;
}

/** Units of capacity that members provide. */
export function capacityOf(members: readonly Pick<MemberRecord, 'weight'>[]): number {
  return members.reduce((sum, { weight = 1 }) => sum + weight, 0);
}

/**
 * Whether a refresh with SkipMatching leaves the member alone: same launch template and version, and a type and an
 * image of the configuration. User data behind the same version does not count, nor a `resolve:ssm:` that means
 * another image by now.
 */
export function isMatching(region: Region, source: LaunchSource, member: MemberRecord): boolean {
  if (source.kind === 'launch-configuration') return member.launchConfigurationName === source.name;
  const instanceType = region.state.instances.get(member.instanceId)?.instanceType;
  const choices =
    source.kind === 'launch-template'
      ? [{ specification: source.launchTemplate, override: {} as LaunchTemplateOverrides }]
      : overridesOf(source.policy.LaunchTemplate?.Overrides).map((override) => ({
          specification:
            override.LaunchTemplateSpecification ??
            source.policy.LaunchTemplate?.LaunchTemplateSpecification ??
            {},
          override,
        }));
  return choices.some(({ specification, override }) => {
    const found = existing(region, specification);
    return (
      found !== undefined &&
      member.launchTemplate?.id === found.template.id &&
      member.launchTemplate.version === String(found.version.number) &&
      (override.InstanceType === undefined || override.InstanceType === instanceType) &&
      override.ImageId === member.imageId
    );
  });
}

const overridesOf = (overrides: LaunchTemplateOverrides[] | undefined) =>
  overrides?.length ? overrides : [{}];

/** The templates that a source names. */
export function specificationsOf(source: LaunchSource): LaunchTemplateSpecification[] {
  if (source.kind === 'launch-template') return [source.launchTemplate];
  if (source.kind === 'launch-configuration') return [];
  const { LaunchTemplate } = source.policy;
  return [
    ...(LaunchTemplate?.LaunchTemplateSpecification ? [LaunchTemplate.LaunchTemplateSpecification] : []),
    ...(LaunchTemplate?.Overrides ?? []).flatMap((override) => override.LaunchTemplateSpecification ?? []),
  ];
}

/** `$Latest`, `$Default` or nothing: what is launched changes with the template. */
export const isOnAlias = (source: LaunchSource) =>
  specificationsOf(source).some(({ Version }) => Version === undefined || Version.startsWith('$'));

/** The template takes its image from an SSM parameter: what is launched changes with the parameter. */
export function hasParameterImage(region: Region, source: LaunchSource): boolean {
  return specificationsOf(source).some((specification) =>
    existing(region, specification)?.version.data.ImageId?.startsWith('resolve:ssm:'),
  );
}

/** Nothing keeps a template or a version from being deleted while groups use it. */
function existing(region: Region, specification: LaunchTemplateSpecification) {
  try {
    return resolveSpecification(region, specification);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/** Instance types are chosen by attributes: such a group takes no desired configuration. */
export const hasRequirements = (source: LaunchSource) =>
  source.kind === 'mixed-instances' &&
  (source.policy.LaunchTemplate?.Overrides ?? []).some((override) => override.InstanceRequirements);
