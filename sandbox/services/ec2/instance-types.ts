import type {
  _InstanceType,
  DescribeInstanceTypeOfferingsRequest,
  DescribeInstanceTypeOfferingsResult,
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import { architectureOf, INSTANCE_TYPES, isInstanceType, isNitro } from '../../engine/instance-types.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { checkPages, ec2Page, type FilterValues, filtered, refuseSmallPage } from './query.ts';

export const instanceTypeHandlers: Handlers = { DescribeInstanceTypes, DescribeInstanceTypeOfferings };

const typeFilters: FilterValues<string> = {
  'current-generation': () => true,
  hypervisor: (type) => hypervisorOf(type),
  'instance-type': (type) => type,
  'processor-info.supported-architecture': (type) => architectureOf(type),
};

const hypervisorOf = (type: string) => (isNitro(type) ? 'nitro' : 'xen');

const notThere = (types: readonly string[]) =>
  new ServiceError(
    'InvalidInstanceType',
    `The following supplied instance types do not exist: [${types.join(', ')}]`,
  );

/** What Packer and a check of architectures ask of a type; sizes and prices are not here. */
function DescribeInstanceTypes(
  input: DescribeInstanceTypesRequest,
  region: Region,
): DescribeInstanceTypesResult {
  checkPages(input.InstanceTypes, input.MaxResults, 'instanceTypesSet');
  const asked = input.InstanceTypes?.length ? input.InstanceTypes : INSTANCE_TYPES;
  const missing = asked.filter((type) => !isInstanceType(type));
  if (missing.length > 0) throw notThere(missing);
  const { items, next } = ec2Page(filtered(region, asked, input.Filters, typeFilters), {
    ...input,
    MaxResults: input.MaxResults ?? (input.InstanceTypes?.length ? undefined : 100),
  });
  return { InstanceTypes: items.map(describe), ...next };
}

function describe(type: _InstanceType): InstanceTypeInfo {
  return {
    InstanceType: type,
    CurrentGeneration: true,
    BareMetal: type.includes('.metal'),
    Hypervisor: hypervisorOf(type),
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    SupportedBootModes: architectureOf(type) === 'arm64' ? ['uefi'] : ['legacy-bios', 'uefi'],
    ProcessorInfo: { SupportedArchitectures: [architectureOf(type)] },
    NetworkInfo: { EnaSupport: isNitro(type) ? 'required' : 'supported' },
  };
}

/** Every type is offered everywhere. */
function DescribeInstanceTypeOfferings(
  input: DescribeInstanceTypeOfferingsRequest,
  region: Region,
): DescribeInstanceTypeOfferingsResult {
  refuseSmallPage(input.MaxResults);
  const { LocationType = 'region' } = input;
  const subnets = [...region.state.subnets.values()];
  const locations =
    LocationType === 'availability-zone'
      ? subnets.map(({ zone }) => zone)
      : LocationType === 'availability-zone-id'
        ? subnets.map(({ zoneId }) => zoneId)
        : [region.name];
  const offerings = INSTANCE_TYPES.flatMap((type) => locations.map((location) => ({ type, location })));
  const known: FilterValues<(typeof offerings)[number]> = {
    'instance-type': ({ type }) => type,
    location: ({ location }) => location,
  };
  const { items, next } = ec2Page(filtered(region, offerings, input.Filters, known), {
    ...input,
    MaxResults: input.MaxResults ?? 1000,
  });
  return {
    InstanceTypeOfferings: items.map(({ type, location }) => ({
      InstanceType: type,
      LocationType,
      Location: location,
    })),
    ...next,
  };
}
