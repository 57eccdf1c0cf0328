import type {
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DeleteLaunchTemplateVersionsRequest,
  DeleteLaunchTemplateVersionsResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplateVersion,
  ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { findVersion, latestNumber, newVersion, resolveImageId } from '../../engine/launch-templates.ts';
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from '../../engine/records/ec2.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import {
  CREATOR,
  checkedData,
  pageSize,
  templateOf,
  warningOf,
  wholeSeconds,
} from './launch-template-data.ts';
import { ec2Page, type FilterValues, filtered, remember, repeated } from './query.ts';

export const launchTemplateVersionHandlers: Handlers = {
  CreateLaunchTemplateVersion,
  DescribeLaunchTemplateVersions,
  DeleteLaunchTemplateVersions,
};

const MOST_DELETED = 200;

interface Version {
  template: LaunchTemplateRecord;
  version: LaunchTemplateVersionRecord;
}

function CreateLaunchTemplateVersion(
  input: CreateLaunchTemplateVersionRequest,
  region: Region,
): CreateLaunchTemplateVersionResult {
  const template = templateOf(region, input);
  const given = checkedData(input.LaunchTemplateData);
  const replayed = replay(region, template, input);
  if (replayed)
    return {
      LaunchTemplateVersion: describe({ template, version: replayed }),
      ...warningOf(region, replayed.data),
    };
  // Inheritance is by top-level member: one that is given replaces the source's whole, the others stay.
  const source = input.SourceVersion === undefined ? {} : findVersion(template, input.SourceVersion).data;
  const data = { ...source, ...given };
  if (Object.keys(data).length === 0)
    throw new ServiceError(
      'MissingParameter',
      'No launch template data was provided. Launch template data is required to create a launch template.',
    );
  const { launchTemplateVersions: quota } = region.state.quotas;
  // The limit is documented; code and text are an inference.
  if (template.versions.length >= quota)
    throw new ServiceError(
      'LaunchTemplateVersionLimitExceeded',
      `You have reached the limit of ${quota} versions of the launch template ${template.id}.`,
    );
  const version = newVersion(region, ++template.lastNumber, input, data);
  template.versions.push(version);
  remember(region, 'CreateLaunchTemplateVersion', input, String(version.number));
  return { LaunchTemplateVersion: describe({ template, version }), ...warningOf(region, data) };
}

/** What a call with the same token made; a version that was deleted since cannot be answered again (an inference). */
function replay(
  region: Region,
  template: LaunchTemplateRecord,
  input: CreateLaunchTemplateVersionRequest,
): LaunchTemplateVersionRecord | undefined {
  const text = 'Client token already used before';
  const number = repeated(region, 'CreateLaunchTemplateVersion', input, text);
  if (number === undefined) return undefined;
  const version = template.versions.find((candidate) => candidate.number === Number(number));
  if (version) return version;
  throw new ServiceError('IdempotentParameterMismatch', text);
}

const versionFilters: FilterValues<Version> = {
  'create-time': ({ version }) => new Date(version.createdAt).toISOString(),
  'ebs-optimized': ({ version }) => version.data.EbsOptimized,
  'http-endpoint': ({ version }) => version.data.MetadataOptions?.HttpEndpoint,
  'http-tokens': ({ version }) => version.data.MetadataOptions?.HttpTokens,
  'iam-instance-profile': ({ version }) => version.data.IamInstanceProfile?.Arn,
  'image-id': ({ version }) => version.data.ImageId,
  'instance-type': ({ version }) => version.data.InstanceType,
  'is-default-version': ({ template, version }) => template.defaultVersion === version.number,
};

function DescribeLaunchTemplateVersions(
  input: DescribeLaunchTemplateVersionsRequest,
  region: Region,
): DescribeLaunchTemplateVersionsResult {
  const { NextToken, MaxResults, ...query } = input;
  const size = pageSize(MaxResults);
  const matching = filtered(region, describedVersions(region, input), input.Filters, versionFilters);
  const { items, next } = ec2Page(matching, { NextToken, MaxResults: size, Filters: query });
  return {
    LaunchTemplateVersions: items.map((item) =>
      input.ResolveAlias ? withImage(region, describe(item)) : describe(item),
    ),
    ...next,
  };
}

/** `ResolveAlias` shows the image that a parameter names in place of the alias. */
function withImage(region: Region, version: LaunchTemplateVersion): LaunchTemplateVersion {
  const { LaunchTemplateData: data } = version;
  if (data?.ImageId === undefined) return version;
  return { ...version, LaunchTemplateData: { ...data, ImageId: resolveImageId(region, data.ImageId) } };
}

/** Newest first; versions that are asked for twice are answered twice. */
function describedVersions(region: Region, input: DescribeLaunchTemplateVersionsRequest): Version[] {
  const { MinVersion, MaxVersion, Versions = [] } = input;
  if (input.LaunchTemplateId === undefined && input.LaunchTemplateName === undefined) {
    if (Versions.length === 0 || Versions.some((version) => !version.startsWith('$'))) {
      throw new ServiceError(
        'MissingParameter',
        'To describe the launch template data for all your launch templates, for ‘--versions’ specify ‘$Latest’, ‘$Default’, or both, and omit ‘--launch-template-id’, ‘--launch-template-name’, and version numbers. To describe the launch template data for a specific launch template, specify ‘--launch-template-id’ or ‘--launch-template-name’, and for ‘--versions’ specify one or more of the following values: ‘$Latest’, ‘$Default’, or one or more version numbers.',
      );
    }
    return [...region.state.launchTemplates.values()].flatMap((template) =>
      Versions.map((alias) => ({ template, version: findVersion(template, alias) })),
    );
  }
  const template = templateOf(region, input);
  if (Versions.length > 0)
    return Versions.map((version) => ({ template, version: findVersion(template, version) }));
  const [least, most] = [Number(MinVersion ?? 1), Number(MaxVersion ?? template.lastNumber)];
  return template.versions
    .filter(({ number }) => number >= least && number <= most)
    .toReversed()
    .map((version) => ({ template, version }));
}

function describe({ template, version }: Version): LaunchTemplateVersion {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    DefaultVersion: template.defaultVersion === version.number,
    CreateTime: wholeSeconds(version.createdAt),
    CreatedBy: CREATOR,
    // The request's and the response's data have the same members; the wire drops what is not in the schema.
    LaunchTemplateData: version.data as ResponseLaunchTemplateData,
    Operator: { Managed: false },
    ...(version.description === undefined ? {} : { VersionDescription: version.description }),
  };
}

/** Malformed numbers and the default version fail the whole call; missing ones are reported one by one. */
function DeleteLaunchTemplateVersions(
  input: DeleteLaunchTemplateVersionsRequest,
  region: Region,
): DeleteLaunchTemplateVersionsResult {
  const template = templateOf(region, input);
  const numbers = checkedNumbers(template, input.Versions ?? []);
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

function checkedNumbers(template: LaunchTemplateRecord, versions: readonly string[]): number[] {
  if (versions.length > MOST_DELETED) {
    throw new ServiceError(
      'InvalidParameterValue',
      `The number of launch template versions in a request cannot exceed ${MOST_DELETED}.`,
    );
  }
  const malformed = versions.find((version) => !/^(\$Default|\$Latest|[1-9]\d*)$/.test(version));
  if (malformed !== undefined)
    throw new ServiceError('InvalidParameterValue', `Invalid value for version: ${malformed}`);
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
  return numbers;
}
