import type {
  AutoScalingGroup,
  DesiredConfiguration,
  LaunchTemplateOverrides,
  LaunchTemplateSpecification,
  MixedInstancesPolicy,
} from '@aws-sdk/client-auto-scaling';
import type { ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';

/** A launch template version that a group launches from. */
export interface RunningVersion {
  launchTemplateId: string;
  launchTemplateName: string;
  /** The version as the group names it: a number, `$Latest` or `$Default`. */
  named: string;
  /** The number that this means now. */
  number: string;
  data: ResponseLaunchTemplateData;
  /** The image of its instances in service, where the template takes the image from a parameter. */
  resolvedImageId?: string;
}

/** What a group launches, as far as the image depends on it. */
export interface Running {
  /** The version of the group, or of its mixed instances policy outside of the overrides. */
  base: RunningVersion;
  /** All versions that are named anywhere, the base first, each once. */
  versions: readonly RunningVersion[];
  /** Present for a mixed instances policy: overrides may name templates and images of their own. */
  policy?: MixedInstancesPolicy;
}

/** Every template specification that the group names, the base first. */
export function specificationsOf(group: AutoScalingGroup): LaunchTemplateSpecification[] {
  const policy = group.MixedInstancesPolicy?.LaunchTemplate;
  const base = policy?.LaunchTemplateSpecification ?? group.LaunchTemplate;
  const overrides = (policy?.Overrides ?? []).flatMap(
    ({ LaunchTemplateSpecification }) => LaunchTemplateSpecification ?? [],
  );
  return base ? [base, ...overrides] : overrides;
}

/** Types are chosen by attributes: such a group takes no desired configuration, and AWS cannot roll it back. */
export const choosesByAttributes = ({ policy }: Running) =>
  overridesOf(policy).some(({ InstanceRequirements }) => InstanceRequirements !== undefined);

const overridesOf = (policy: MixedInstancesPolicy | undefined) => policy?.LaunchTemplate?.Overrides ?? [];

/** The images that instances of the group are launched from, with the place that names each. */
export function imagesOf({
  base,
  versions,
  policy,
}: Running): { place: string; imageId: string | undefined }[] {
  const overrides = overridesOf(policy);
  // A base that every override replaces launches nothing.
  const isBaseUsed =
    overrides.length === 0 ||
    overrides.some((override) => !override.ImageId && !override.LaunchTemplateSpecification);
  const used = versions.filter((version) => version !== base || isBaseUsed);
  return [
    ...used.map((version) => ({ place: describeVersion(version), imageId: imageOf(version) })),
    ...overrides.flatMap((override, index) =>
      override.ImageId ? [{ place: describeOverride(override, index), imageId: override.ImageId }] : [],
    ),
  ];
}

/** The image that instances of the version have. */
export const imageOf = ({ data, resolvedImageId }: RunningVersion) => resolvedImageId ?? data.ImageId;

/** The template takes its image from a parameter: what it launches changes with the parameter. */
export const hasParameterImage = ({ data }: RunningVersion) =>
  data.ImageId?.startsWith('resolve:ssm:') ?? false;

/** What the group launches changes without anybody changing the group: AWS cannot go back to that. */
export const isFloating = (running: Running) =>
  running.versions.some((version) => version.named.startsWith('$') || hasParameterImage(version));

export const describeVersion = ({
  launchTemplateName,
  number,
}: Pick<RunningVersion, 'launchTemplateName' | 'number'>) => `version ${number} of ${launchTemplateName}`;

const describeOverride = ({ InstanceType }: LaunchTemplateOverrides, index: number) =>
  `override ${index + 1}${InstanceType === undefined ? '' : ` (${InstanceType})`}`;

/** The group's configuration with other versions and images in the same places. */
export function configurationWith(
  { base, versions, policy }: Running,
  numberOf: (version: RunningVersion) => string,
  imageFor: (presentImageId: string) => string,
): DesiredConfiguration {
  const specification = (present: LaunchTemplateSpecification | undefined) => {
    const version = versions.find((candidate) => names(present, candidate)) ?? base;
    return { LaunchTemplateId: version.launchTemplateId, Version: numberOf(version) };
  };
  if (!policy) return { LaunchTemplate: specification(undefined) };
  return {
    MixedInstancesPolicy: {
      ...policy,
      LaunchTemplate: {
        LaunchTemplateSpecification: specification(policy.LaunchTemplate?.LaunchTemplateSpecification),
        Overrides: overridesOf(policy).map((override) => ({
          ...override,
          ...(override.LaunchTemplateSpecification && {
            LaunchTemplateSpecification: specification(override.LaunchTemplateSpecification),
          }),
          ...(override.ImageId === undefined ? {} : { ImageId: imageFor(override.ImageId) }),
        })),
      },
    },
  };
}

export function names(
  specification: LaunchTemplateSpecification | undefined,
  version: RunningVersion,
): boolean {
  return (
    specification?.LaunchTemplateId === version.launchTemplateId &&
    (specification.Version ?? '$Default') === version.named
  );
}

/** What the group has saved, in the form of a desired configuration. */
export function savedConfiguration(group: AutoScalingGroup): DesiredConfiguration {
  return {
    ...(group.LaunchTemplate ? { LaunchTemplate: group.LaunchTemplate } : {}),
    ...(group.MixedInstancesPolicy ? { MixedInstancesPolicy: group.MixedInstancesPolicy } : {}),
  };
}

/** Whether two configurations launch the same: names of templates and purchase options do not count. */
export function launchesSame(
  a: DesiredConfiguration | undefined,
  b: DesiredConfiguration | undefined,
): boolean {
  return JSON.stringify(essence(a)) === JSON.stringify(essence(b));
}

function essence(configuration: DesiredConfiguration | undefined) {
  const policy = configuration?.MixedInstancesPolicy;
  return {
    base: identity(configuration?.LaunchTemplate ?? policy?.LaunchTemplate?.LaunchTemplateSpecification),
    overrides: overridesOf(policy).map((override) => ({
      type: override.InstanceType ?? null,
      image: override.ImageId ?? null,
      template: identity(override.LaunchTemplateSpecification),
    })),
  };
}

const identity = (specification: LaunchTemplateSpecification | undefined) =>
  specification && [specification.LaunchTemplateId, specification.Version ?? '$Default'];

/** In one line for the log: `lt-1 version 7`, with the number of overrides. */
export function describeConfiguration(configuration: DesiredConfiguration | undefined): string {
  const policy = configuration?.MixedInstancesPolicy;
  const base = configuration?.LaunchTemplate ?? policy?.LaunchTemplate?.LaunchTemplateSpecification;
  const overrides = overridesOf(policy).length;
  const more = overrides === 0 ? '' : ` with ${overrides} ${overrides === 1 ? 'override' : 'overrides'}`;
  return `${base?.LaunchTemplateName ?? base?.LaunchTemplateId} version ${base?.Version ?? '$Default'}${more}`;
}
