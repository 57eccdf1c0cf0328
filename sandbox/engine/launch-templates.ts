import type { LaunchTemplateSpecification } from '@aws-sdk/client-auto-scaling';
import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { ServiceError } from '../protocol/error.ts';
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from './records/ec2.ts';
import { ACCOUNT, type Region } from './world.ts';

/** The template that an id or a name means; the error texts are those of a single-template call. */
export function findLaunchTemplate(
  region: Region,
  by: { id?: string | undefined; name?: string | undefined },
): LaunchTemplateRecord {
  if (by.id !== undefined) {
    const template = region.state.launchTemplates.get(by.id);
    if (template) return template;
    throw new ServiceError(
      'InvalidLaunchTemplateId.NotFound',
      `The specified launch template, with template ID ${by.id}, does not exist.`,
    );
  }
  const template = [...region.state.launchTemplates.values()].find((candidate) => candidate.name === by.name);
  if (template) return template;
  throw new ServiceError(
    'InvalidLaunchTemplateName.NotFoundException',
    `The specified launch template, with template name ${by.name}, does not exist.`,
  );
}

/** The version that a number, `$Latest` or `$Default` (also: nothing) means now. */
export function findVersion(
  template: LaunchTemplateRecord,
  version = '$Default',
): LaunchTemplateVersionRecord {
  if (!/^(\$Latest|\$Default|[1-9]\d*)$/.test(version)) {
    throw new ServiceError(
      'InvalidParameterValue',
      "Invalid launch template version: either '$Default', '$Latest', or a numeric version are allowed.",
    );
  }
  const number =
    version === '$Latest'
      ? latestNumber(template)
      : version === '$Default'
        ? template.defaultVersion
        : Number(version);
  const found = template.versions.find((candidate) => candidate.number === number);
  if (found) return found;
  throw new ServiceError(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${version} for the launch template with ID ${template.id}.`,
  );
}

/** The highest number that still exists: after a deletion it falls back, and numbers are not used again. */
export function latestNumber(template: LaunchTemplateRecord): number {
  // Versions are in the order of their numbers, and the default one is always there.
  return template.versions.at(-1)?.number ?? template.defaultVersion;
}

/** A group's specification with the version that it means at the moment. */
export function resolveSpecification(region: Region, specification: LaunchTemplateSpecification) {
  const template = findLaunchTemplate(region, {
    id: specification.LaunchTemplateId,
    name: specification.LaunchTemplateName,
  });
  return { template, version: findVersion(template, specification.Version) };
}

/** The image that a template's data names, with `resolve:ssm:` looked up. */
export function resolveImageId(region: Region, imageId: string | undefined): string {
  if (imageId === undefined)
    throw new ServiceError('MissingParameter', 'The request must contain the parameter ImageId');
  if (!imageId.startsWith('resolve:ssm:')) return imageId;
  const { name, version } = parameterOf(region, imageId);
  const versions = region.state.parameters.get(name)?.versions ?? [];
  const value = (version === undefined ? versions.at(-1) : versions[Number(version) - 1])?.value;
  if (value !== undefined) return value;
  throw new ServiceError(
    'InvalidParameterValue',
    `Could not find the parameter ${name} that the image id ${imageId} names.`,
  );
}

/** `resolve:ssm:<name>[:<version>]`; the name can be the ARN of a parameter of this account. */
export function parameterOf(region: Region, imageId: string): { name: string; version?: string } {
  const selector = imageId.slice('resolve:ssm:'.length);
  const own = `arn:aws:ssm:${region.name}:${ACCOUNT}:parameter`;
  // The ARN of `/a/b` ends in `parameter/a/b`, that of `a` in `parameter/a`.
  const local = selector.startsWith(own) ? selector.slice(own.length) : selector;
  const [path = '', version] = local.split(':');
  const bare = path.slice(1);
  const name = selector !== local && region.state.parameters.has(bare) ? bare : path;
  return version === undefined ? { name } : { name, version };
}

/** A version as a request wants it. */
export function newVersion(
  region: Region,
  number: number,
  input: { VersionDescription?: string | undefined },
  data: RequestLaunchTemplateData,
): LaunchTemplateVersionRecord {
  return {
    number,
    createdAt: region.now,
    data,
    ...(input.VersionDescription ? { description: input.VersionDescription } : {}),
  };
}
