import { describeImage } from '../image.ts';
import type { Log } from '../log.ts';
import type { Facts } from './facts.ts';
import type { PrunableImage } from './inventory.ts';
import { groupedBy, shortList } from './lists.ts';
import { imagesToRemove, type Plan, versionsToRemove } from './plan.ts';
import { SOURCES } from './sources.ts';
import { versionId } from './template-versions.ts';

/** What prune says in the log about what it found and what it is about to do. */

const MOST_LINES = 200;

export function logImages(log: Log, images: readonly PrunableImage[]): void {
  const states = [...groupedBy(images, ({ state }) => [state])].map(
    ([state, list]) => `${list.length} ${state}`,
  );
  log.info(images.length === 0 ? 'There are none.' : `${images.length} images: ${states.join(', ')}`);
}

export function logFacts(log: Log, { uses, versions }: Facts): void {
  for (const name of ['instances', 'groups', 'refreshes', 'launchConfigurations', 'parameters'] as const) {
    const holders = new Set(uses[name].map(({ holder }) => holder));
    log.info(`${SOURCES[name].title}: ${holders.size} that use images`);
  }
  log.info(`${SOURCES.launchTemplates.title}: ${versions.length}`);
  if (uses.given.length > 0) log.info(`in-use-ami-ids: ${uses.given.length}`);
}

/** The images and versions that go, with reasons; for the others how many stay under each rule. */
export function logPlan(log: Log, plan: Plan, objections: readonly string[]): void {
  const going = imagesToRemove(plan);
  const staying = plan.images.flatMap((decided) => (decided.decision === 'keep' ? [decided] : []));
  const rules = groupedBy(staying, ({ reasons }) => [...new Set(reasons.map(({ rule }) => rule))]);
  const counts = [...rules].map(([rule, images]) => `${images.length} ${rule}`);
  log.info(
    `${going.length} images go, ${staying.length} stay${counts.length > 0 ? ` (${counts.join(', ')})` : ''}`,
  );
  const lines = plan.images.flatMap((decided) =>
    decided.decision === 'remove' ? [`- ${describeImage(decided.image)}: ${decided.reasons.join(', ')}`] : [],
  );
  for (const line of lines.toReversed().slice(0, MOST_LINES)) log.info(line);
  if (lines.length > MOST_LINES) log.info(`… and ${lines.length - MOST_LINES} more`);
  const versions = versionsToRemove(plan).map(versionId);
  log.info(
    `${versions.length} launch template versions go${versions.length > 0 ? `: ${shortList(versions, 50)}` : ''}`,
  );
  for (const objection of objections) log.warning(objection);
}
