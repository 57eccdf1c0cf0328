import type {
  DesiredConfiguration,
  InstancesDistribution,
  LaunchTemplateOverrides,
  LaunchTemplateSpecification,
  MixedInstancesPolicy,
} from '@aws-sdk/client-auto-scaling';
import { findLaunchTemplate, findVersion } from '../../engine/launch-templates.ts';
import type { LaunchSource } from '../../engine/records/auto-scaling.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';

/** What a group is to launch, as requests give it and as AWS keeps and shows it. */

interface SourceRequest {
  LaunchTemplate?: LaunchTemplateSpecification | undefined;
  MixedInstancesPolicy?: MixedInstancesPolicy | undefined;
  LaunchConfigurationName?: string | undefined;
}

/** The source that a request names, checked; `undefined` when it names none. */
export function requestedSource(region: Region, request: SourceRequest): LaunchSource | undefined {
  const { LaunchTemplate, MixedInstancesPolicy: policy, LaunchConfigurationName: name } = request;
  if ([LaunchTemplate, policy, name].filter((given) => given !== undefined).length > 1) {
    throw validationError(
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    );
  }
  if (LaunchTemplate)
    return { kind: 'launch-template', launchTemplate: checkedSpecification(region, LaunchTemplate) };
  if (policy) return { kind: 'mixed-instances', policy: checkedPolicy(region, policy) };
  if (name === undefined) return undefined;
  if (!region.state.launchConfigurations.has(name))
    throw validationError(`Launch configuration name not found - ${name}`);
  return { kind: 'launch-configuration', name };
}

/** The specification as AWS keeps it: id and name filled in, the version as given. The version has to exist. */
function checkedSpecification(
  region: Region,
  specification: LaunchTemplateSpecification,
): LaunchTemplateSpecification {
  try {
    const template = findLaunchTemplate(region, {
      id: specification.LaunchTemplateId,
      name: specification.LaunchTemplateName,
    });
    findVersion(template, specification.Version);
    return {
      LaunchTemplateId: template.id,
      LaunchTemplateName: template.name,
      ...(specification.Version === undefined ? {} : { Version: specification.Version }),
    };
  } catch (error) {
    if (error instanceof ServiceError) throw validationError(error.message);
    throw error;
  }
}

/** AWS fills in the distribution's defaults for instance types that are named. */
const DISTRIBUTION: InstancesDistribution = {
  OnDemandAllocationStrategy: 'prioritized',
  OnDemandBaseCapacity: 0,
  OnDemandPercentageAboveBaseCapacity: 100,
  SpotAllocationStrategy: 'lowest-price',
};

const MOST_OVERRIDES = 40;

function checkedPolicy(region: Region, policy: MixedInstancesPolicy): MixedInstancesPolicy {
  const { LaunchTemplateSpecification: base, Overrides = [] } = policy.LaunchTemplate ?? {};
  if (!base)
    throw validationError(
      'A launch template must be specified in the mixed instances policy: LaunchTemplateSpecification.',
    );
  if (Overrides.length > MOST_OVERRIDES)
    throw validationError(`A mixed instances policy can have at most ${MOST_OVERRIDES} overrides.`);
  checkWeights(Overrides);
  const distribution = { ...DISTRIBUTION, ...policy.InstancesDistribution };
  if (distribution.SpotAllocationStrategy === 'lowest-price') distribution.SpotInstancePools ??= 2;
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification: checkedSpecification(region, base),
      Overrides: Overrides.map((override) => ({
        ...override,
        ...(override.LaunchTemplateSpecification && {
          LaunchTemplateSpecification: checkedSpecification(region, override.LaunchTemplateSpecification),
        }),
      })),
    },
    InstancesDistribution: distribution,
  };
}

/** All overrides have a weight, or none has; a weight is a whole number from 1 to 999. */
function checkWeights(overrides: readonly LaunchTemplateOverrides[]): void {
  const weights = overrides.flatMap(({ WeightedCapacity }) => WeightedCapacity ?? []);
  if (weights.length > 0 && weights.length < overrides.length)
    throw validationError('You must specify a weight for all instance types, or for none of them.');
  for (const weight of weights) {
    if (!/^[1-9]\d{0,2}$/.test(weight))
      throw validationError(
        `The weighted capacity ${weight} is not valid. Specify a number between 1 and 999.`,
      );
  }
}

/** The members of a group's description that say what it launches. */
export function describeSource(source: LaunchSource): SourceRequest {
  switch (source.kind) {
    case 'launch-template':
      return { LaunchTemplate: source.launchTemplate };
    case 'mixed-instances':
      return { MixedInstancesPolicy: source.policy };
    case 'launch-configuration':
      return { LaunchConfigurationName: source.name };
  }
}

/** The desired configuration of a refresh as AWS keeps it. */
export function checkedDesired(
  region: Region,
  desired: DesiredConfiguration | undefined,
): DesiredConfiguration | undefined {
  if (!desired) return undefined;
  const source = requestedSource(region, desired);
  if (source?.kind === 'launch-template') return { LaunchTemplate: source.launchTemplate };
  if (source?.kind === 'mixed-instances') return { MixedInstancesPolicy: source.policy };
  // An empty structure stands for nothing.
  return undefined;
}
