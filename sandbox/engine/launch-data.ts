import type { RequestLaunchTemplateData, TagSpecification } from '@aws-sdk/client-ec2';
import { ServiceError } from '../protocol/error.ts';
import { architectureOf } from './instance-types.ts';
import type { ImageRecord, InstanceRecord } from './records/ec2.ts';
import { ACCOUNT } from './world.ts';

/**
 * What a launch uses: the request's members over the template's. Structures of options are merged member by member
 * and tags key by key, unlike in a new version of a template, where a given member replaces the whole.
 */
export function mergeLaunchData(
  template: RequestLaunchTemplateData,
  request: RequestLaunchTemplateData,
): RequestLaunchTemplateData {
  const merged: RequestLaunchTemplateData = { ...template, ...request };
  if (template.MetadataOptions && request.MetadataOptions)
    merged.MetadataOptions = { ...template.MetadataOptions, ...request.MetadataOptions };
  if (template.Placement && request.Placement)
    merged.Placement = { ...template.Placement, ...request.Placement };
  if (template.TagSpecifications && request.TagSpecifications)
    merged.TagSpecifications = mergeTags(template.TagSpecifications, request.TagSpecifications);
  return merged;
}

function mergeTags(
  template: readonly TagSpecification[],
  request: readonly TagSpecification[],
): TagSpecification[] {
  const byType = new Map<string, TagSpecification>();
  for (const specification of [...template, ...request]) {
    const type = specification.ResourceType ?? '';
    const tags = new Map((byType.get(type)?.Tags ?? []).map((tag) => [tag.Key, tag]));
    for (const tag of specification.Tags ?? []) tags.set(tag.Key, tag);
    byType.set(type, { ...specification, Tags: [...tags.values()] });
  }
  return [...byType.values()];
}

/** What an instance keeps of the data of its launch, with EC2's defaults. */
export function launchSettings(image: ImageRecord['image'], data: RequestLaunchTemplateData) {
  const { MetadataOptions: options = {} } = data;
  const settings: Pick<
    InstanceRecord,
    | 'metadataOptions'
    | 'monitoring'
    | 'ebsOptimized'
    | 'disableApiTermination'
    | 'shutdownBehavior'
    | 'system'
  > = {
    system: {
      architecture: image.Architecture ?? 'x86_64',
      rootDeviceName: image.RootDeviceName ?? '/dev/xvda',
      platformDetails: image.PlatformDetails ?? 'Linux/UNIX',
      usageOperation: image.UsageOperation ?? 'RunInstances',
      enaSupport: image.EnaSupport ?? false,
      ...(image.BootMode === undefined ? {} : { bootMode: image.BootMode }),
    },
    metadataOptions: {
      // An image that supports only version 2 makes tokens the default.
      HttpTokens: options.HttpTokens ?? (image.ImdsSupport === 'v2.0' ? 'required' : 'optional'),
      HttpPutResponseHopLimit: options.HttpPutResponseHopLimit ?? (image.ImdsSupport === 'v2.0' ? 2 : 1),
      HttpEndpoint: options.HttpEndpoint ?? 'enabled',
      HttpProtocolIpv6: options.HttpProtocolIpv6 ?? 'disabled',
      InstanceMetadataTags: options.InstanceMetadataTags ?? 'disabled',
    },
    monitoring: data.Monitoring?.Enabled ?? false,
    ebsOptimized: data.EbsOptimized ?? false,
    disableApiTermination: data.DisableApiTermination ?? false,
    shutdownBehavior: data.InstanceInitiatedShutdownBehavior ?? 'stop',
  };
  return { ...settings, ...instanceProfile(data), ...(data.UserData ? { userData: data.UserData } : {}) };
}

/** Instance profiles are IAM's: here any name exists, and its id is made of it. */
function instanceProfile({ IamInstanceProfile: profile }: RequestLaunchTemplateData) {
  const name = profile?.Name ?? profile?.Arn?.split('/').at(-1);
  if (name === undefined) return {};
  const id = `AIPA${Buffer.from(name).toString('hex').toUpperCase().slice(0, 17).padEnd(17, '0')}`;
  return {
    instanceProfile: { arn: profile?.Arn ?? `arn:aws:iam::${ACCOUNT}:instance-profile/${name}`, id },
  };
}

/** EC2 refuses to launch an image on a type of another architecture. */
export function refuseOtherArchitecture(image: ImageRecord['image'], instanceType: string): void {
  const [ofType, ofImage] = [architectureOf(instanceType), image.Architecture ?? 'x86_64'];
  if (ofType === ofImage || ofImage === 'i386') return;
  throw new ServiceError(
    'InvalidParameterValue',
    `The architecture '${ofType}' of the specified instance type does not match the architecture '${ofImage}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
  );
}
