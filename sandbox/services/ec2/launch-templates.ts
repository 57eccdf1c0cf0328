import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DeleteLaunchTemplateRequest,
  DeleteLaunchTemplateResult,
  DeleteLaunchTemplateVersionsRequest,
  DeleteLaunchTemplateVersionsResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplate,
  LaunchTemplateVersion,
  ModifyLaunchTemplateRequest,
  ModifyLaunchTemplateResult,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { findLaunchTemplate, findVersion, latestNumber } from '../../engine/launch-templates.ts';
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from '../../engine/state.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { ec2Page, filtered, requestedTags, tagList } from './query.ts';

export const launchTemplateHandlers: Handlers = {
  CreateLaunchTemplate,
  CreateLaunchTemplateVersion,
  DescribeLaunchTemplates,
  DescribeLaunchTemplateVersions,
  ModifyLaunchTemplate,
  DeleteLaunchTemplate,
  DeleteLaunchTemplateVersions,
};

const CREATOR = `arn:aws:iam::${ACCOUNT}:user/sandbox`;

function CreateLaunchTemplate(
  input: CreateLaunchTemplateRequest,
  region: Region,
): CreateLaunchTemplateResult {
  const { state, world } = region;
  const answered = repeated(region, 'CreateLaunchTemplate', input, 'Client token already used before.');
  if (answered !== undefined)
    return { LaunchTemplate: describeTemplate(region, findLaunchTemplate(region, { id: answered })) };
  const name = input.LaunchTemplateName ?? '';
  if (!/^[a-zA-Z0-9()./_-]{3,128}$/.test(name)) {
    throw new ServiceError(
      'InvalidLaunchTemplateName.MalformedException',
      'A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.',
    );
  }
  if ([...state.launchTemplates.values()].some((template) => template.name === name)) {
    throw new ServiceError(
      'InvalidLaunchTemplateName.AlreadyExistsException',
      'Launch template name already in use.',
    );
  }
  const data = checkedData(input.LaunchTemplateData);
  if (Object.keys(data).length === 0) {
    throw new ServiceError(
      'MissingParameter',
      'No launch template data was provided. Launch template data is required to create a launch template.',
    );
  }
  const id = world.newId('lt');
  const template: LaunchTemplateRecord = {
    id,
    name,
    createdAt: region.now,
    defaultVersion: 1,
    lastNumber: 1,
    versions: [newVersion(region, 1, input, data)],
  };
  state.launchTemplates.set(id, template);
  const tags = requestedTags(input.TagSpecifications, 'launch-template');
  if (Object.keys(tags).length > 0) state.tags.set(id, tags);
  remember(region, 'CreateLaunchTemplate', input, id);
  return { LaunchTemplate: describeTemplate(region, template) };
}

function CreateLaunchTemplateVersion(
  input: CreateLaunchTemplateVersionRequest,
  region: Region,
): CreateLaunchTemplateVersionResult {
  const template = templateOf(region, input);
  const answered = repeated(region, 'CreateLaunchTemplateVersion', input, 'Client token already used before');
  if (answered !== undefined)
    return { LaunchTemplateVersion: describeVersion(template, findVersion(template, answered)) };
  // Inheritance is by top-level member: one that is given replaces the source's whole, the others stay.
  const source = input.SourceVersion === undefined ? {} : findVersion(template, input.SourceVersion).data;
  const version = newVersion(region, ++template.lastNumber, input, {
    ...source,
    ...checkedData(input.LaunchTemplateData),
  });
  template.versions.push(version);
  remember(region, 'CreateLaunchTemplateVersion', input, String(version.number));
  return { LaunchTemplateVersion: describeVersion(template, version) };
}

function newVersion(
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

function checkedData(data: RequestLaunchTemplateData | undefined): RequestLaunchTemplateData {
  const imageId = data?.ImageId;
  if (imageId !== undefined && !/^(ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+)$/.test(imageId)) {
    throw new ServiceError(
      'InvalidAMIID.Malformed',
      `The image ID '${imageId}' is not valid. The expected format is ami-xxxxxxxx or ami-xxxxxxxxxxxxxxxxx.`,
    );
  }
  return data ?? {};
}

/** What an earlier call with the same client token made; the same token with other parameters is refused. */
function repeated(
  region: Region,
  operation: string,
  input: { ClientToken?: string | undefined },
  mismatch: string,
): string | undefined {
  const earlier =
    input.ClientToken === undefined
      ? undefined
      : region.state.tokens.get(`${operation} ${input.ClientToken}`);
  if (earlier && earlier.request !== JSON.stringify(input))
    throw new ServiceError('IdempotentParameterMismatch', mismatch);
  return earlier?.id;
}

function remember(
  region: Region,
  operation: string,
  input: { ClientToken?: string | undefined },
  id: string,
): void {
  if (input.ClientToken !== undefined)
    region.state.tokens.set(`${operation} ${input.ClientToken}`, { request: JSON.stringify(input), id });
}

function templateOf(
  region: Region,
  input: { LaunchTemplateId?: string | undefined; LaunchTemplateName?: string | undefined },
): LaunchTemplateRecord {
  if (input.LaunchTemplateId !== undefined && input.LaunchTemplateName !== undefined) {
    throw new ServiceError(
      'InvalidParameterCombination',
      'Either provide launch template ID or launch template name to modify the template.',
    );
  }
  return findLaunchTemplate(region, { id: input.LaunchTemplateId, name: input.LaunchTemplateName });
}

function DescribeLaunchTemplates(
  input: DescribeLaunchTemplatesRequest,
  region: Region,
): DescribeLaunchTemplatesResult {
  const all = [...region.state.launchTemplates.values()];
  const missing = 'At least one of the launch templates specified in the request does not exist.';
  for (const id of input.LaunchTemplateIds ?? []) {
    if (!region.state.launchTemplates.has(id))
      throw new ServiceError('InvalidLaunchTemplateId.NotFound', missing);
  }
  for (const name of input.LaunchTemplateNames ?? []) {
    if (!all.some((template) => template.name === name))
      throw new ServiceError('InvalidLaunchTemplateName.NotFoundException', missing);
  }
  const asked = all.filter(
    (template) =>
      (!input.LaunchTemplateIds?.length || input.LaunchTemplateIds.includes(template.id)) &&
      (!input.LaunchTemplateNames?.length || input.LaunchTemplateNames.includes(template.name)),
  );
  const matching = filtered(
    region,
    asked,
    input.Filters,
    { 'launch-template-name': (template) => template.name },
    (template) => template.id,
  );
  const { items, next } = ec2Page(matching, input);
  return { LaunchTemplates: items.map((template) => describeTemplate(region, template)), ...next };
}

function describeTemplate(region: Region, template: LaunchTemplateRecord): LaunchTemplate {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: new Date(template.createdAt),
    CreatedBy: CREATOR,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: latestNumber(template),
    Operator: { Managed: false },
    ...tagList(region, template.id),
  };
}

function DescribeLaunchTemplateVersions(
  input: DescribeLaunchTemplateVersionsRequest,
  region: Region,
): DescribeLaunchTemplateVersionsResult {
  const versions = describedVersions(region, input);
  const matching = filtered(
    region,
    versions,
    input.Filters,
    {
      'image-id': ({ version }) => version.data.ImageId,
      'instance-type': ({ version }) => version.data.InstanceType,
      'is-default-version': ({ template, version }) => template.defaultVersion === version.number,
    },
    ({ template }) => template.id,
  );
  const { NextToken, MaxResults = 200, ...query } = input;
  const { items, next } = ec2Page(matching, { NextToken, MaxResults, Filters: query });
  return {
    LaunchTemplateVersions: items.map(({ template, version }) => describeVersion(template, version)),
    ...next,
  };
}

/** Newest first; versions that are asked for twice are answered twice. */
function describedVersions(region: Region, input: DescribeLaunchTemplateVersionsRequest) {
  if (input.LaunchTemplateId === undefined && input.LaunchTemplateName === undefined) {
    const aliases = input.Versions ?? [];
    if (aliases.length === 0 || aliases.some((version) => !version.startsWith('$'))) {
      throw new ServiceError(
        'MissingParameter',
        'To describe the launch template data for all your launch templates, for ‘--versions’ specify ‘$Latest’, ‘$Default’, or both, and omit ‘--launch-template-id’, ‘--launch-template-name’, and version numbers. To describe the launch template data for a specific launch template, specify ‘--launch-template-id’ or ‘--launch-template-name’, and for ‘--versions’ specify one or more of the following values: ‘$Latest’, ‘$Default’, or one or more version numbers.',
      );
    }
    return [...region.state.launchTemplates.values()].flatMap((template) =>
      aliases.map((alias) => ({ template, version: findVersion(template, alias) })),
    );
  }
  const template = templateOf(region, input);
  const { MinVersion, MaxVersion } = input;
  if (input.Versions?.length)
    return input.Versions.map((version) => ({ template, version: findVersion(template, version) }));
  return template.versions
    .filter(
      ({ number }) =>
        number >= Number(MinVersion ?? 1) && number <= Number(MaxVersion ?? template.lastNumber),
    )
    .toSorted((a, b) => b.number - a.number)
    .map((version) => ({ template, version }));
}

function describeVersion(
  template: LaunchTemplateRecord,
  version: LaunchTemplateVersionRecord,
): LaunchTemplateVersion {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    DefaultVersion: template.defaultVersion === version.number,
    CreateTime: new Date(version.createdAt),
    CreatedBy: CREATOR,
    // The request's and the response's data have the same members; the wire drops what is not in the schema.
    LaunchTemplateData: version.data as ResponseLaunchTemplateData,
    Operator: { Managed: false },
    ...(version.description === undefined ? {} : { VersionDescription: version.description }),
  };
}

function ModifyLaunchTemplate(
  input: ModifyLaunchTemplateRequest,
  region: Region,
): ModifyLaunchTemplateResult {
  const template = templateOf(region, input);
  template.defaultVersion = findVersion(template, input.DefaultVersion).number;
  const { Tags: _tags, ...described } = describeTemplate(region, template);
  // AWS answers this one call with a creation time of 1970.
  return { LaunchTemplate: { ...described, CreateTime: new Date(0) } };
}

function DeleteLaunchTemplate(
  input: DeleteLaunchTemplateRequest,
  region: Region,
): DeleteLaunchTemplateResult {
  const template = templateOf(region, input);
  const { Tags: _tags, ...described } = describeTemplate(region, template);
  region.state.launchTemplates.delete(template.id);
  region.state.tags.delete(template.id);
  return { LaunchTemplate: described };
}

/** Malformed numbers and the default version fail the whole call; missing ones are reported one by one. */
function DeleteLaunchTemplateVersions(
  input: DeleteLaunchTemplateVersionsRequest,
  region: Region,
): DeleteLaunchTemplateVersionsResult {
  const template = templateOf(region, input);
  const versions = input.Versions ?? [];
  if (versions.length > 200) {
    throw new ServiceError(
      'InvalidParameterValue',
      'The number of launch template versions in a request cannot exceed 200.',
    );
  }
  for (const version of versions) {
    if (!/^(\$Default|\$Latest|[1-9]\d*)$/.test(version))
      throw new ServiceError('InvalidParameterValue', `Invalid value for version: ${version}`);
  }
  const numbers = versions.map((version) =>
    version === '$Default'
      ? template.defaultVersion
      : version === '$Latest'
        ? latestNumber(template)
        : Number(version),
  );
  if (numbers.includes(template.defaultVersion)) {
    throw new ServiceError(
      'InvalidParameterValue',
      'The default version cannot be deleted. Either specify another version as default or delete the launch template.',
    );
  }
  const deleted: number[] = [];
  const missing: number[] = [];
  for (const number of numbers) {
    const index = template.versions.findIndex((version) => version.number === number);
    if (index < 0) missing.push(number);
    else deleted.push(...template.versions.splice(index, 1).map((version) => version.number));
  }
  const item = (VersionNumber: number) => ({
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber,
  });
  return {
    SuccessfullyDeletedLaunchTemplateVersions: deleted.map(item),
    UnsuccessfullyDeletedLaunchTemplateVersions: missing.map((number) => ({
      ...item(number),
      ResponseError: {
        Code: 'launchTemplateVersionDoesNotExist',
        Message: 'The launch template version does not exist.',
      },
    })),
  };
}
