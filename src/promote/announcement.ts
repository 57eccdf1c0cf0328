import { describeImage, type Image } from '../image.ts';
import { type Announcement, duration } from '../report.ts';
import { type Change, countOf } from './changes.ts';
import type { GroupResult, PromotionStatus } from './result.ts';

const TITLES: Record<PromotionStatus, (environment: string) => string> = {
  promoted: (environment) => `✅ Promoted to ${environment}`,
  'already-there': (environment) => `✅ Already in ${environment}`,
  'not-verified': (environment) => `⚠️ Promoted to ${environment}, not verified`,
  planned: (environment) => `⏳ Ready for ${environment}`,
  partial: (environment) => `⚠️ Partly in ${environment}`,
  'rolled-back': (environment) => `↩️ Rolled back in ${environment}`,
  failed: (environment) => `❌ Not promoted to ${environment}`,
  cancelled: (environment) => `⏹️ Cancelled: ${environment}`,
  unknown: (environment) => `❓ State unknown: ${environment}`,
};

export interface Announced {
  status: PromotionStatus;
  environment: string;
  rollback: boolean;
  image: Image;
  /** What runs now, as far as it is known. */
  previousImageId: string | undefined;
  changes: ReadonlyMap<string, Change>;
  results: readonly GroupResult[];
  seconds: number;
}

/** The promotion in a few lines for a chat: no tables, no diagrams. */
export function announcementOf(announced: Announced): Announcement {
  const { status, environment, rollback, image, previousImageId, changes, results, seconds } = announced;
  const isBack = rollback && (status === 'promoted' || status === 'not-verified');
  const counts = [...changes.values()].map(countOf);
  const replaced = previousImageId === undefined ? '' : `, in place of ${previousImageId}`;
  const lines = [
    `${describeImage(image)}${replaced}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
    ...results.map(({ group, reason }) => (reason === '' ? group : `${group}: ${reason}`)),
    status === 'planned'
      ? 'If the environment has reviewers, it waits for their approval now.'
      : `After ${duration(seconds)}.`,
  ];
  return {
    title: isBack ? `↩️ Went back in ${environment}` : TITLES[status](environment),
    text: lines.join('\n'),
  };
}
