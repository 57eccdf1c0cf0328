import { describeImage, type Image } from '../image.ts';
import { duration, table } from '../report.ts';
import type { GroupResult, PromotionStatus } from './result.ts';

const HEADLINES: Record<PromotionStatus, string> = {
  promoted: '✅ Promoted',
  'already-there': '✅ Already there',
  'not-verified': '⚠️ Promoted, not verified',
  planned: '📝 Plan',
  partial: '❌ Partly promoted',
  'rolled-back': '↩️ Rolled back',
  failed: '❌ Failed',
  cancelled: '⏹️ Cancelled',
  unknown: '❓ State unknown',
};

/** The promotion as Markdown for the job summary. */
export function promotionSummary(promotion: {
  status: PromotionStatus;
  environment: string;
  image: Image;
  results: readonly GroupResult[];
  seconds: number;
}): string {
  const { status, environment, image, results, seconds } = promotion;
  const rows = results.map((result) => [
    result.group,
    result.status,
    `\`${result.previousImageId}\` → \`${image.id}\``,
    result.version === undefined || result.version === result.previousVersion
      ? result.previousVersion
      : `${result.previousVersion} → ${result.version}`,
    String(result.instances),
    result.reason === '' ? '' : result.reason,
  ]);
  return [
    `## ${HEADLINES[status]}: ${environment}`,
    `${describeImage(image)}, ${duration(seconds)}`,
    table(['Group', 'Status', 'Image', 'Launch template version', 'Instances', 'What happened'], rows),
  ].join('\n\n');
}
