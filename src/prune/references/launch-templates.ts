import {
  type DescribeLaunchTemplateVersionsRequest,
  type LaunchTemplateVersion,
  paginateDescribeLaunchTemplateVersions,
} from '@aws-sdk/client-ec2';
import type { Context } from '../../context.ts';
import { errorCode } from '../../errors.ts';
import { inParallel } from '../../parallel.ts';
import { groupedBy } from '../lists.ts';
import type { TemplateVersion } from '../template-versions.ts';
import { snapshotsOf, type VersionUse } from './use.ts';

const CALLS_AT_ONCE = 5;

/** The `$Default` and `$Latest` versions of every launch template of the Region: one call for 200 of them. */
export async function readCurrentVersions(context: Context): Promise<TemplateVersion[]> {
  const versions = await readVersions(context, { Versions: ['$Default', '$Latest'] });
  const latest = latestNumbers(versions);
  const current = new Map<string, TemplateVersion>();
  for (const version of versions) {
    const { LaunchTemplateId = '', VersionNumber = 0 } = version;
    // A version that is both is answered twice.
    const isLatest = latest.get(LaunchTemplateId) === VersionNumber;
    current.set(`${LaunchTemplateId}:${VersionNumber}`, templateVersion(version, isLatest));
  }
  return [...current.values()];
}

/** `$Latest` is the highest number of a template. */
function latestNumbers(versions: readonly LaunchTemplateVersion[]): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { LaunchTemplateId = '', VersionNumber = 0 } of versions) {
    latest.set(LaunchTemplateId, Math.max(VersionNumber, latest.get(LaunchTemplateId) ?? 0));
  }
  return latest;
}

/**
 * The other versions of the templates that have any: at least one call a template. Numbers are not used again, so the
 * current versions tell which templates cannot have others.
 */
export async function readOtherVersions(
  context: Context,
  current: readonly TemplateVersion[],
): Promise<TemplateVersion[]> {
  const known = groupedBy(current, ({ templateId }) => [templateId]);
  const larger = [...known].filter(
    ([, versions]) => versions.length < Math.max(...versions.map(({ number }) => number)),
  );
  const others = await inParallel(larger, CALLS_AT_ONCE, async ([LaunchTemplateId, versions]) => {
    const numbers = new Set<number | undefined>(versions.map(({ number }) => number));
    const all = await unlessGone(readVersions(context, { LaunchTemplateId }));
    return all.filter(({ VersionNumber }) => !numbers.has(VersionNumber));
  });
  return others.flat().map((version) => templateVersion(version, false));
}

/** A version that something names and that is not known yet: made a moment ago, or deleted (then the list is empty). */
export async function readVersionOf(
  context: Context,
  { template, version }: VersionUse,
): Promise<TemplateVersion[]> {
  const by =
    template.id === undefined ? { LaunchTemplateName: template.name } : { LaunchTemplateId: template.id };
  const versions = await unlessGone(readVersions(context, { ...by, Versions: [version] }));
  return versions.map((found) => templateVersion(found, version === '$Latest'));
}

async function readVersions(
  { aws, signal }: Context,
  request: DescribeLaunchTemplateVersionsRequest,
): Promise<LaunchTemplateVersion[]> {
  const versions: LaunchTemplateVersion[] = [];
  const pages = paginateDescribeLaunchTemplateVersions(
    { client: aws.ec2, pageSize: 200 },
    // Templates that an AWS service manages can be hidden from lists, and name images like others.
    { ...request, IncludeManagedResources: true },
    { abortSignal: signal },
  );
  for await (const page of pages) versions.push(...(page.LaunchTemplateVersions ?? []));
  return versions;
}

const GONE = new Set([
  'InvalidLaunchTemplateId.NotFound',
  'InvalidLaunchTemplateId.VersionNotFound',
  'InvalidLaunchTemplateName.NotFoundException',
]);

async function unlessGone(versions: Promise<LaunchTemplateVersion[]>): Promise<LaunchTemplateVersion[]> {
  try {
    return await versions;
  } catch (error) {
    if (GONE.has(errorCode(error))) return [];
    throw error;
  }
}

function templateVersion(version: LaunchTemplateVersion, isLatest: boolean): TemplateVersion {
  const { LaunchTemplateId, LaunchTemplateName, VersionNumber, VersionDescription } = version;
  const { ImageId: imageId, BlockDeviceMappings } = version.LaunchTemplateData ?? {};
  const snapshotIds = snapshotsOf(BlockDeviceMappings);
  return {
    templateId: LaunchTemplateId ?? '',
    templateName: LaunchTemplateName ?? '',
    number: VersionNumber ?? 0,
    isDefault: version.DefaultVersion ?? false,
    isLatest,
    created: version.CreateTime?.getTime() ?? Number.NaN,
    ...(VersionDescription === undefined ? {} : { description: VersionDescription }),
    ...(imageId ? { imageId } : {}),
    ...(snapshotIds.length > 0 ? { snapshotIds } : {}),
  };
}
