import { describeImage } from '../image.ts';
import type { Log } from '../log.ts';
import type { Facts } from './facts.ts';
import { groupedBy, shortList } from './lists.ts';
import { imagesToRemove, versionsToRemove } from './plan.ts';
import type { Pruning } from './pruning.ts';
import { SOURCES } from './sources.ts';
import { describeStep } from './steps.ts';
import { versionId } from './template-versions.ts';

/** What prune says in the log about what it found and what it is about to do. */

const MOST_LINES = 200;

const USERS = [
  'instances',
  'groups',
  'refreshes',
  'launchConfigurations',
  'fleets',
  'spotFleets',
  'spotRequests',
  'parameters',
] as const;

export function logFacts(log: Log, { images, uses, versions }: Facts): void {
  log.info(`Images of the account, of all applications: ${images.length}`);
  for (const name of USERS) {
    const holders = new Set(uses[name].map(({ holder }) => holder));
    log.info(`${SOURCES[name].title}: ${holders.size} that use images`);
  }
  log.info(`${SOURCES.launchTemplates.title}: ${versions.length}`);
  if (uses.given.length > 0) log.info(`in-use-ami-ids: ${uses.given.length}`);
}

/** The images and versions that go, with reasons; for the others how many stay under each rule. */
export function logPlan({ context: { log }, plan, steps, orphans, objections }: Pruning): void {
  if (plan.images.length === 0) log.info('There are no images of the application.');
  const going = imagesToRemove(plan);
  const staying = plan.images.flatMap((decided) => (decided.decision === 'keep' ? [decided] : []));
  const rules = groupedBy(staying, ({ reasons }) => [...new Set(reasons.map(({ rule }) => rule))]);
  const counts = [...rules].map(([rule, images]) => `${images.length} ${rule}`);
  log.info(
    `${going.length} ${going.length === 1 ? 'image goes' : 'images go'}, ${staying.length} stay${counts.length > 0 ? ` (${counts.join(', ')})` : ''}`,
  );
  const lines = plan.images.flatMap((decided) =>
    decided.decision === 'remove'
      ? [
          `- ${describeImage(decided.image)}: ${decided.reasons.join(', ')}${describeStep(steps.get(decided.image.id))}`,
        ]
      : [],
  );
  for (const line of lines.toReversed().slice(0, MOST_LINES)) log.info(line);
  if (lines.length > MOST_LINES) log.info(`… and ${lines.length - MOST_LINES} more`);
  const versions = versionsToRemove(plan).map(versionId);
  log.info(
    `${versions.length} launch template versions go${versions.length > 0 ? `: ${shortList(versions, 50)}` : ''}`,
  );
  for (const { kind, id, why } of orphans.orphans.slice(0, MOST_LINES))
    log.info(`- ${kind} ${id} is left over: ${why}`);
  for (const objection of objections) log.warning(objection);
}
