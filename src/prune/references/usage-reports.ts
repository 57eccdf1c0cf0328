import {
  CreateImageUsageReportCommand,
  DeleteImageUsageReportCommand,
  DescribeImageUsageReportsCommand,
  type ImageUsageReportEntry,
  paginateDescribeImageUsageReportEntries,
} from '@aws-sdk/client-ec2';
import type { Context } from '../../context.ts';
import { inParallel } from '../../parallel.ts';
import type { PrunableImage } from '../inventory.ts';
import type { ImageUse } from './use.ts';

const REPORTS_AT_ONCE = 5;
const POLL_MS = 15_000;
/** AWS promises no time. What has no report by then counts as used. */
const LONGEST_MS = 30 * 60_000;

/**
 * Who uses shared images in other accounts, by AWS's usage reports: instances and launch templates, the only answer
 * that there is from here. An image without a whole report counts as used; `error` is the first one.
 */
export async function readUsageElsewhere(
  context: Context,
  images: readonly PrunableImage[],
): Promise<{ uses: ImageUse[]; error?: unknown }> {
  const result: { uses: ImageUse[]; error?: unknown } = { uses: [] };
  await inParallel(images, REPORTS_AT_ONCE, async (image) => {
    try {
      result.uses.push(...(await usageOf(context, image)));
    } catch (error) {
      context.signal.throwIfAborted();
      result.error ??= error;
      result.uses.push({ imageId: image.id, holder: 'shared, and there is no usage report' });
    }
  });
  return result;
}

async function usageOf(context: Context, { id: imageId, ownerId }: PrunableImage): Promise<ImageUse[]> {
  const { aws } = context;
  const { ReportId } = await aws.ec2.send(
    new CreateImageUsageReportCommand({
      ImageId: imageId,
      ResourceTypes: [
        { ResourceType: 'ec2:Instance' },
        {
          ResourceType: 'ec2:LaunchTemplate',
          ResourceTypeOptions: [{ OptionName: 'version-depth', OptionValues: ['10000'] }],
        },
      ],
    }),
  );
  if (ReportId === undefined) throw new Error(`AWS made no usage report of ${imageId}.`);
  try {
    await untilAvailable(context, ReportId);
    const entries = await readEntries(context, ReportId);
    return entries
      .filter(({ AccountId, UsageCount = 0 }) => AccountId !== ownerId && UsageCount > 0)
      .map(({ AccountId, ResourceType, UsageCount }) => ({
        imageId,
        holder: `shared with account ${AccountId}, which uses it (${UsageCount} of ${ResourceType})`,
      }));
  } finally {
    await aws.ec2.send(new DeleteImageUsageReportCommand({ ReportId }));
  }
}

async function untilAvailable({ aws, clock, signal }: Context, reportId: string): Promise<void> {
  const end = clock.now() + LONGEST_MS;
  for (;;) {
    const { ImageUsageReports = [] } = await aws.ec2.send(
      new DescribeImageUsageReportsCommand({ ReportIds: [reportId] }),
      { abortSignal: signal },
    );
    const [report] = ImageUsageReports;
    if (report?.State === 'available') return;
    if (report?.State === 'error' || clock.now() >= end)
      throw new Error(
        `The usage report ${reportId} is ${report?.State ?? 'gone'}: ${report?.StateReason ?? ''}`,
      );
    await clock.sleep(POLL_MS, signal);
  }
}

async function readEntries({ aws, signal }: Context, reportId: string): Promise<ImageUsageReportEntry[]> {
  const entries: ImageUsageReportEntry[] = [];
  const pages = paginateDescribeImageUsageReportEntries(
    { client: aws.ec2, pageSize: 1000 },
    { ReportIds: [reportId] },
    { abortSignal: signal },
  );
  for await (const page of pages) entries.push(...(page.ImageUsageReportEntries ?? []));
  return entries;
}
