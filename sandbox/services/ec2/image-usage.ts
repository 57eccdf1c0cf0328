import type {
  CreateImageUsageReportRequest,
  CreateImageUsageReportResult,
  DeleteImageUsageReportRequest,
  DeleteImageUsageReportResult,
  DescribeImageReferencesRequest,
  DescribeImageReferencesResult,
  DescribeImageUsageReportEntriesRequest,
  DescribeImageUsageReportEntriesResult,
  DescribeImageUsageReportsRequest,
  DescribeImageUsageReportsResult,
  ImageReference,
  ResourceTypeRequest,
} from '@aws-sdk/client-ec2';
import { addUsageReport, instancesOf, launchTemplatesOf, parametersOf } from '../../engine/image-usage.ts';
import type { ImageUsageReportRecord } from '../../engine/records/ec2.ts';
import { addTags } from '../../engine/tags.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { findImage, ownImage } from './image-lookup.ts';
import { byIds, ec2Page, filtered, refuseSmallPage, remember, repeated, tagList } from './query.ts';
import { requestedTags } from './tag-rules.ts';

/** Who uses an image: in this account by references, in others by reports. */
export const imageUsageHandlers: Handlers = {
  DescribeImageReferences,
  CreateImageUsageReport,
  DescribeImageUsageReports,
  DescribeImageUsageReportEntries,
  DeleteImageUsageReport,
};

const DAY = 24 * 3600 * 1000;
const MOST_IMAGES = 10;
const MOST_VERSIONS = 10_000;
/** How many versions of a template are looked at when nothing else is said: fewer than by a report. */
const REFERENCE_DEPTH = 10;
const REPORT_DEPTH = 20;

/** Image Builder is not served: its types are taken and never found. */
const EVERY_TYPE: readonly ResourceTypeRequest[] = [
  { ResourceType: 'ec2:Instance' },
  { ResourceType: 'ec2:LaunchTemplate' },
  { ResourceType: 'ssm:Parameter' },
];

function DescribeImageReferences(
  input: DescribeImageReferencesRequest,
  region: Region,
): DescribeImageReferencesResult {
  refuseSmallPage(input.MaxResults);
  const images = input.ImageIds ?? [];
  if (images.length > MOST_IMAGES)
    throw new ServiceError('InvalidParameterValue', `At most ${MOST_IMAGES} image ids can be given.`);
  const types = input.ResourceTypes ?? [];
  if (input.IncludeAllResourceTypes ? types.length > 0 : types.length === 0) {
    throw new ServiceError(
      'InvalidParameterCombination',
      'Specify either resource types or that all of them are included.',
    );
  }
  const asked = input.IncludeAllResourceTypes ? EVERY_TYPE : types;
  const references = images.flatMap((id) => {
    findImage(region, id);
    return asked.flatMap((type) => referencesOf(region, id, type));
  });
  const { NextToken, MaxResults, ...query } = input;
  const { items, next } = ec2Page(references, { NextToken, MaxResults, Filters: query });
  return { ImageReferences: items, ...next };
}

function referencesOf(
  region: Region,
  ImageId: string,
  { ResourceType, ResourceTypeOptions = [] }: ResourceTypeRequest,
): ImageReference[] {
  const option = (name: string) =>
    ResourceTypeOptions.find(({ OptionName }) => OptionName === name)?.OptionValues;
  const at = (service: string, rest: string) => `arn:aws:${service}:${region.name}:${ACCOUNT}:${rest}`;
  switch (ResourceType) {
    case 'ec2:Instance':
      return instancesOf(region, ImageId, option('state-name')).map((id) => ({
        ImageId,
        ResourceType,
        Arn: at('ec2', `instance/${id}`),
      }));
    case 'ec2:LaunchTemplate': {
      const depth = checkedDepth(option('version-depth'), REFERENCE_DEPTH);
      return launchTemplatesOf(region, ImageId, depth).map((id) => ({
        ImageId,
        ResourceType,
        Arn: at('ec2', `launch-template/${id}`),
      }));
    }
    case 'ssm:Parameter':
      return parametersOf(region, ImageId).map((name) => ({
        ImageId,
        ResourceType,
        Arn: at('ssm', `parameter/${name.replace(/^\//, '')}`),
      }));
    default:
      return [];
  }
}

function checkedDepth(values: readonly string[] | undefined, otherwise: number): number {
  const depth = Number(values?.[0] ?? otherwise);
  if (Number.isInteger(depth) && depth >= 1 && depth <= MOST_VERSIONS) return depth;
  throw new ServiceError(
    'InvalidParameterValue',
    `Invalid value '${values?.[0]}' for version-depth. Expecting a value between 1 and ${MOST_VERSIONS}.`,
  );
}

/** Takes a while: the report is pending first. */
function CreateImageUsageReport(
  input: CreateImageUsageReportRequest,
  region: Region,
): CreateImageUsageReportResult {
  const mismatch = 'Client token already used before.';
  const answered = repeated(region, 'CreateImageUsageReport', input, mismatch);
  if (answered !== undefined) return { ReportId: answered };
  const { image } = ownImage(region, input.ImageId);
  const resourceTypes = (input.ResourceTypes ?? []).map(({ ResourceType = '', ResourceTypeOptions = [] }) => {
    if (ResourceType !== 'ec2:Instance' && ResourceType !== 'ec2:LaunchTemplate')
      throw new ServiceError('InvalidParameterValue', `Invalid value '${ResourceType}' for resourceType.`);
    const depth = ResourceTypeOptions.find(({ OptionName }) => OptionName === 'version-depth')?.OptionValues;
    return { type: ResourceType, versionDepth: checkedDepth(depth, REPORT_DEPTH) };
  });
  const tags = requestedTags(input.TagSpecifications, 'image-usage-report', ['image-usage-report']);
  const accountIds = input.AccountIds ?? [];
  const { id } = addUsageReport(region, { imageId: image.ImageId, resourceTypes, accountIds });
  addTags(region, id, tags);
  remember(region, 'CreateImageUsageReport', input, id);
  return { ReportId: id };
}

const stateOf = ({ available }: ImageUsageReportRecord) => (available ? 'available' : 'pending');

const reportNotFound = (id: string) =>
  new ServiceError('InvalidImageUsageReportId.NotFound', `The image usage report '${id}' does not exist`);

function reportsOf(
  region: Region,
  { ImageIds, ReportIds }: { ImageIds?: string[] | undefined; ReportIds?: string[] | undefined },
): ImageUsageReportRecord[] {
  return byIds(region.state.imageUsageReports, ReportIds, reportNotFound).filter(
    ({ imageId }) => !ImageIds?.length || ImageIds.includes(imageId),
  );
}

function DescribeImageUsageReports(
  input: DescribeImageUsageReportsRequest,
  region: Region,
): DescribeImageUsageReportsResult {
  const known = {
    state: stateOf,
    'creation-time': ({ createdAt }: ImageUsageReportRecord) => new Date(createdAt).toISOString(),
  };
  const matching = filtered(region, reportsOf(region, input), input.Filters, known, ({ id }) => id);
  const { items, next } = ec2Page(matching, input);
  return {
    ImageUsageReports: items.map((report) => ({
      ImageId: report.imageId,
      ReportId: report.id,
      ResourceTypes: report.resourceTypes.map(({ type, versionDepth }) => ({
        ResourceType: type,
        ...(type === 'ec2:LaunchTemplate' && {
          ResourceTypeOptions: [{ OptionName: 'version-depth', OptionValues: [String(versionDepth)] }],
        }),
      })),
      ...(report.accountIds.length > 0 ? { AccountIds: report.accountIds } : {}),
      State: stateOf(report),
      CreationTime: new Date(report.createdAt),
      // Kept for 30 days.
      ExpirationTime: new Date(report.createdAt + 30 * DAY),
      ...tagList(region, report.id),
    })),
    ...next,
  };
}

function DescribeImageUsageReportEntries(
  input: DescribeImageUsageReportEntriesRequest,
  region: Region,
): DescribeImageUsageReportEntriesResult {
  const entries = reportsOf(region, input).flatMap((report) =>
    report.entries.map((entry) => ({
      ResourceType: entry.type,
      ReportId: report.id,
      UsageCount: entry.count,
      AccountId: entry.accountId,
      ImageId: report.imageId,
      ReportCreationTime: new Date(report.createdAt),
    })),
  );
  const matching = filtered(region, entries, input.Filters, {
    'account-id': ({ AccountId }) => AccountId,
    'creation-time': ({ ReportCreationTime }) => ReportCreationTime.toISOString(),
    'resource-type': ({ ResourceType }) => ResourceType,
  });
  const { items, next } = ec2Page(matching, input);
  return { ImageUsageReportEntries: items, ...next };
}

function DeleteImageUsageReport(
  input: DeleteImageUsageReportRequest,
  region: Region,
): DeleteImageUsageReportResult {
  const id = input.ReportId ?? '';
  if (!region.state.imageUsageReports.delete(id)) throw reportNotFound(id);
  region.state.tags.delete(id);
  return { Return: true };
}
