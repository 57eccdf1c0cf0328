import type { RequestLaunchTemplateData, ValidationError, ValidationWarning } from '@aws-sdk/client-ec2';
import { isInstanceType } from '../../engine/instance-types.ts';
import { findLaunchTemplate } from '../../engine/launch-templates.ts';
import type { LaunchTemplateRecord } from '../../engine/records/ec2.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';

/** Who made a template or a version: the sandbox knows one user. */
export const CREATOR = `arn:aws:iam::${ACCOUNT}:user/sandbox`;

/** Creation times have whole seconds. */
export const wholeSeconds = (time: number) => new Date(Math.floor(time / 1000) * 1000);

const LARGEST_PAGE = 200;

/** Pages of launch templates and of their versions begin at one item, unlike EC2's others, and are never longer. */
export function pageSize(maxResults = LARGEST_PAGE): number {
  if (maxResults >= 1 && maxResults <= LARGEST_PAGE) return maxResults;
  throw new ServiceError(
    'InvalidParameterValue',
    `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value between 1 and ${LARGEST_PAGE}.`,
  );
}

/** The template that a call about a single one names. */
export function templateOf(
  region: Region,
  input: { LaunchTemplateId?: string | undefined; LaunchTemplateName?: string | undefined },
): LaunchTemplateRecord {
  if (input.LaunchTemplateId !== undefined && input.LaunchTemplateName !== undefined) {
    throw new ServiceError(
      'InvalidParameterCombination',
      'Either provide launch template ID or launch template name to modify the template.',
    );
  }
  if (input.LaunchTemplateId === undefined && input.LaunchTemplateName === undefined) {
    // The code is that of a missing parameter elsewhere; the text is an inference.
    throw new ServiceError(
      'MissingParameter',
      'Either a launch template ID or a launch template name must be specified.',
    );
  }
  return findLaunchTemplate(region, { id: input.LaunchTemplateId, name: input.LaunchTemplateName });
}

/** The data, or the first error about a value that EC2 does not even store. */
export function checkedData(data: RequestLaunchTemplateData = {}): RequestLaunchTemplateData {
  const { ImageId, UserData, MetadataOptions } = data;
  if (ImageId !== undefined && !/^(ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+)$/.test(ImageId)) {
    throw new ServiceError(
      'InvalidAMIID.Malformed',
      `The image ID '${ImageId}' is not valid. The expected format is ami-xxxxxxxx or ami-xxxxxxxxxxxxxxxxx.`,
    );
  }
  if (UserData !== undefined && !isBase64(UserData))
    throw new ServiceError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  const hops = MetadataOptions?.HttpPutResponseHopLimit;
  if (hops !== undefined && (hops < 1 || hops > 64)) {
    throw new ServiceError(
      'InvalidParameterValue',
      `A value of ‘${hops}’ is not valid for http-put-response-hop-limit. Specify a value between 1 and 64, and try again.`,
    );
  }
  return data;
}

const isBase64 = (text: string) =>
  /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?$/.test(text);

/** What is stored although a launch with it would fail. Missing images, key pairs and snapshots are not told. */
export function warningOf(region: Region, data: RequestLaunchTemplateData): { Warning?: ValidationWarning } {
  const interfaces = data.NetworkInterfaces ?? [];
  const groups = [...(data.SecurityGroupIds ?? []), ...interfaces.flatMap(({ Groups }) => Groups ?? [])];
  const Errors: ValidationError[] = [];
  if (data.InstanceType !== undefined && !isInstanceType(data.InstanceType)) {
    Errors.push({
      Code: 'InvalidInstanceType',
      Message: `The following supplied instance types do not exist: [${data.InstanceType}]`,
    });
  }
  if (interfaces.length > 0 && (data.SecurityGroupIds?.length || data.SecurityGroups?.length)) {
    Errors.push({
      Code: 'InvalidParameterCombination',
      Message:
        'If you specify a network interface, you must specify all security groups as part of the network interface.',
    });
  }
  for (const id of new Set(groups)) {
    if (!region.state.securityGroups.has(id))
      Errors.push({
        Code: 'InvalidSecurityGroupID.NotFound',
        Message: `The security group '${id}' does not exist`,
      });
  }
  return Errors.length === 0 ? {} : { Warning: { Errors } };
}
