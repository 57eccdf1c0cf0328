import { describeImage, type Image } from '../image.ts';
import { duration, table } from '../report.ts';
import { type Change, changesSection } from './changes.ts';
import { differences } from './difference.ts';
import type { Plan } from './plan.ts';
import type { GroupResult, PromotionStatus } from './result.ts';
import { ganttOf } from './timeline.ts';

const HEADLINES: Record<PromotionStatus, string> = {
  promoted: '✅ Promoted',
  'already-there': '✅ Already there',
  'not-verified': '⚠️ Promoted, not verified',
  planned: '📝 Plan',
  partial: '⚠️ Partly promoted',
  'rolled-back': '↩️ Rolled back',
  failed: '❌ Failed',
  cancelled: '⏹️ Cancelled',
  unknown: '❓ State unknown',
};

export interface PromotionReport {
  status: PromotionStatus;
  environment: string;
  image: Image;
  /** In the order of the results. */
  plans: readonly Plan[];
  results: readonly GroupResult[];
  seconds: number;
  /** What the image's commit changes. */
  changes: ReadonlyMap<string, Change>;
  /** Web page of the repository. */
  repositoryUrl: string;
}

/** The promotion as Markdown for the job summary. */
export function promotionSummary(report: PromotionReport): string {
  const { status, environment, image, results, seconds } = report;
  const rows = results.map((result) => [
    result.group,
    result.status,
    `\`${result.previousImageId}\` → \`${image.id}\``,
    result.version === undefined || result.version === result.previousVersion
      ? result.previousVersion
      : `${result.previousVersion} → ${result.version}`,
    String(result.instances),
    result.reason,
  ]);
  return [
    `## ${HEADLINES[status]}: ${environment}`,
    `${describeImage(image)}, ${duration(seconds)}`,
    table(['Group', 'Status', 'Image', 'Launch template version', 'Instances', 'What happened'], rows),
    changesSection(report.changes.values(), report.repositoryUrl),
    ganttOf(results),
    templateDifferences(report),
    wayBack(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What the new versions have that the running ones have not: the image, and what another source version brings. */
function templateDifferences({ plans }: PromotionReport): string {
  const rows = plans.flatMap(({ versions }) =>
    versions.flatMap(({ running, source, imageId }) => {
      if (imageId === '') return [];
      const after = { ...source.data, ImageId: imageId };
      return differences(running.data, after).map(({ member, before, after: now }) => [
        `${running.launchTemplateName} (${running.number})`,
        member,
        before,
        now,
      ]);
    }),
  );
  // Groups that share a template differ in the same.
  const unique = [...new Map(rows.map((row) => [row.join('\n'), row])).values()];
  return unique.length === 0
    ? ''
    : `### Launch template\n\n${table(['Template', 'Member', 'Before', 'After'], unique)}`;
}

function wayBack({ status, results, environment }: PromotionReport): string {
  const [first] = results;
  const arrived = status === 'promoted' || status === 'not-verified' || status === 'partial';
  if (!arrived || first === undefined || !first.previousImageId.startsWith('ami-')) return '';
  const lines = [
    'mode: promote',
    `environment: ${environment}`,
    'rollback: true',
    `ami-id: ${first.previousImageId}`,
  ];
  return `### The way back\n\nThe same step with these inputs, at once and without alarms with \`incident: true\`:\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\``;
}
