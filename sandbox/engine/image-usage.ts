import { parameterOf } from './launch-templates.ts';
import type { ImageUsage, ImageUsageReportRecord, LaunchTemplateRecord } from './records/ec2.ts';
import { ACCOUNT, type Region } from './world.ts';

/** Reports take a while; how long is an inference. */
const REPORT_SECONDS = 30;

/** The instances launched from an image, in the given states (all when none is given). */
export function instancesOf(region: Region, imageId: string, states: readonly string[] = []): string[] {
  return [...region.state.instances.values()]
    .filter((instance) => instance.imageId === imageId)
    .filter((instance) => states.length === 0 || states.includes(instance.state))
    .map(({ id }) => id);
}

/** The launch templates that name an image in one of their `depth` most recent versions. */
export function launchTemplatesOf(region: Region, imageId: string, depth: number): string[] {
  return [...region.state.launchTemplates.values()]
    .filter((template) => template.versions.slice(-depth).some((version) => names(region, version, imageId)))
    .map(({ id }) => id);
}

function names(region: Region, { data }: LaunchTemplateRecord['versions'][number], imageId: string): boolean {
  if (data.ImageId === imageId) return true;
  if (!data.ImageId?.startsWith('resolve:ssm:')) return false;
  const { name } = parameterOf(region, data.ImageId);
  return parametersOf(region, imageId).includes(name);
}

/** The parameters of the image data type whose present value is the image. */
export function parametersOf(region: Region, imageId: string): string[] {
  return [...region.state.parameters.values()]
    .filter(({ dataType, versions }) => dataType === 'aws:ec2:image' && versions.at(-1)?.value === imageId)
    .map(({ name }) => name);
}

export function addUsageReport(
  region: Region,
  request: Pick<ImageUsageReportRecord, 'imageId' | 'resourceTypes' | 'accountIds'>,
): ImageUsageReportRecord {
  const id = region.world.newId('amiur');
  const report = { id, createdAt: region.now, available: false, entries: [], ...request };
  region.state.imageUsageReports.set(id, report);
  region.after(REPORT_SECONDS, 'image-usage-report-available', id);
  return report;
}

/** The report is made of what uses the image at that time, in this account and elsewhere. */
export function usageReportIsAvailable(region: Region, id: string): void {
  const report = region.state.imageUsageReports.get(id);
  if (!report) return;
  report.available = true;
  const asked = new Set(report.resourceTypes.map(({ type }) => type));
  report.entries = [...ownUsage(region, report), ...elsewhere(region, report)]
    .filter(({ type, count }) => count > 0 && asked.has(type))
    .filter(({ accountId }) => report.accountIds.length === 0 || report.accountIds.includes(accountId));
}

function ownUsage(region: Region, { imageId, resourceTypes }: ImageUsageReportRecord): ImageUsage[] {
  return resourceTypes.map(({ type, versionDepth }) => ({
    accountId: ACCOUNT,
    type,
    count:
      type === 'ec2:Instance'
        ? instancesOf(region, imageId, ['pending', 'running', 'stopping', 'stopped']).length
        : launchTemplatesOf(region, imageId, versionDepth).length,
  }));
}

const elsewhere = (region: Region, { imageId }: ImageUsageReportRecord): ImageUsage[] =>
  region.state.images.get(imageId)?.usedElsewhere ?? [];
