import { table } from '../report.ts';
import { TAG } from '../tags.ts';
import { costOf, FORECAST_DAYS } from './figures.ts';
import { groupedBy, shortList } from './lists.ts';
import { type Plan, versionsToRemove } from './plan.ts';
import { type Pruning, problemsOf } from './pruning.ts';
import { freedGib } from './removal.ts';
import type { ImageDecision } from './retention.ts';
import { describeStep, type Step } from './steps.ts';

/** A summary has at most 1 MiB; a row has a few hundred characters, and nobody reads more. For all prunes together. */
const MOST_ROWS = 500;
const LEAST_ROWS = 20;
const MOST_REASONS = 4;
const MOST_IDS = 200;
const MOST_RANGES = 50;
/** An organisation's ARN or a long branch in a reason; the report file has it whole. */
const LONGEST_REASON = 300;

/** What cannot be seen by this action: said in every report, because only people can know it. */
const NOT_SEEN =
  'AWS Batch, EKS and other accounts. Name images that are used there in `in-use-ami-ids`, or tag them `immutable-deploy:keep`.';

/** What the report says something of. */
export type Prune = Omit<Pruning, 'context' | 'deadline' | 'rules'>;

/**
 * A prune as Markdown for the job summary.
 *
 * @param prunes how many of them share the summary
 */
export function pruneSummary(pruning: Prune, prunes = 1): string {
  const { application, region, objections, plan } = pruning;
  const problems = problemsOf(pruning);
  return [
    `## ${headline(pruning)}: ${application} in ${region}`,
    ...(objections.length === 0
      ? []
      : [list(pruning.dryRun ? 'Without dry-run this would stop:' : 'Stopped:', objections)]),
    ...(problems.length === 0 ? [] : [list('What went wrong:', problems)]),
    table(['', 'Found', pruning.dryRun ? 'Would go' : 'To go', 'Removed'], countRows(plan, pruning)),
    `At ${pruning.price} USD a GiB and month; sizes are those of the volumes, and snapshots take less.`,
    imageTable(pruning, Math.max(LEAST_ROWS, Math.floor(MOST_ROWS / prunes))),
    ...groupTable(pruning),
    ...forecast(pruning),
    ...deletedVersions(pruning),
    ...sharedSnapshots(pruning),
    ...otherSnapshots(pruning),
    ...unused(pruning),
    ...leftovers(pruning),
    `Not looked at: ${[...pruning.blindSpots, NOT_SEEN].join(', ')}`,
  ].join('\n\n');
}

/** Several applications or Regions at a glance, before each by itself. */
export function totalSummary(prunings: readonly Prune[]): string {
  const rows = prunings.map((pruning) => {
    const { application, region, figures, removal, price, dryRun, objections } = pruning;
    const freed = freedGib(removal);
    const state = dryRun ? 'dry run' : objections.length > 0 ? 'stopped' : 'done';
    return [
      application,
      region,
      problemsOf(pruning).length > 0 ? `${state}, with problems` : state,
      ...[figures.all.images, figures.going.images, removal.images.length].map(String),
      `${freed} of ${figures.all.gib}`,
      `${costOf(freed, price)} of ${figures.all.monthlyCost}`,
    ];
  });
  const head = ['Application', 'Region', '', 'Images', 'To go', 'Removed', 'GiB freed', 'USD a month'];
  return `## Prune: all applications and Regions\n\n${table(head, rows)}`;
}

function headline(pruning: Prune): string {
  if (pruning.dryRun) return '📝 Prune plan (dry run: nothing was changed)';
  if (pruning.objections.length > 0) return '✋ Prune stopped';
  return problemsOf(pruning).length > 0 ? '❌ Pruned with problems' : '🧹 Pruned';
}

function countRows(plan: Plan, { removal, figures: { all, going }, price }: Prune): string[][] {
  const ours = plan.versions.filter(({ prunable }) => prunable).length;
  const freed = freedGib(removal);
  return [
    ['Images', all.images, going.images, removal.images.length],
    ['Snapshots', all.snapshots, going.snapshots, removal.snapshots.length],
    ['GiB', all.gib, going.gib, freed],
    ['USD a month, at most', all.monthlyCost, going.monthlyCost, costOf(freed, price)],
    ['Launch template versions', ours, versionsToRemove(plan).length, removal.versions.length],
  ].map((row) => row.map(String));
}

/** What goes first, oldest first; then what stays, newest first. */
function imageTable({ plan, removal, steps }: Prune, mostRows: number): string {
  const going = plan.images.filter(({ decision }) => decision === 'remove').toReversed();
  const staying = plan.images.filter(({ decision }) => decision === 'keep');
  const all = [...going, ...staying];
  const rows = all
    .slice(0, mostRows)
    .map((decision) =>
      imageRow(decision, removal.notes.get(decision.image.id), steps.get(decision.image.id)),
    );
  const left = all.length - rows.length;
  const more =
    left > 0 ? `\n\n${left} more rows are left out; the file of the output \`report\` has them all.` : '';
  return `${table(['Image', 'Made', 'From', 'Decision', 'Why'], rows)}${more}`;
}

function imageRow(
  { image, decision, reasons }: ImageDecision,
  note: string | undefined,
  step: Step | undefined,
): string[] {
  const commit = image.tags[TAG.commit]?.slice(0, 12) ?? '';
  const texts = reasons.map((reason) => shortened(typeof reason === 'string' ? reason : reason.text));
  const why = `${shortList(texts, MOST_REASONS)}${describeStep(step)}`;
  return [
    `\`${image.id}\``,
    Number.isNaN(image.created) ? '' : new Date(image.created).toISOString().slice(0, 10),
    [image.tags[TAG.version] ?? image.tags[TAG.branch] ?? '', commit].join(' ').trim(),
    decision,
    note === undefined ? why : `${why}; **${shortened(note)}**`,
  ];
}

const shortened = (text: string) =>
  text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;

function groupTable({ figures: { groups } }: Prune): string[] {
  if (groups.length < 2) return [];
  const rows = groups.map(({ group, images, gib, monthlyCost }) =>
    [group, images, gib, monthlyCost].map(String).map(shortened),
  );
  return [table(['Biggest groups', 'Images', 'GiB', 'USD a month'], rows)];
}

function forecast({ figures: { next, nextSize } }: Prune): string[] {
  if (next.length === 0) return [];
  const ids = shortList(
    next.map((id) => `\`${id}\``),
    MOST_REASONS,
  );
  return [
    `Next: ${next.length} more images (${nextSize.gib} GiB) go within ${FORECAST_DAYS} days, if nothing comes to use them: ${ids}`,
  ];
}

function deletedVersions({ removal }: Prune): string[] {
  if (removal.versions.length === 0) return [];
  const byTemplate = groupedBy(removal.versions, (id) => [id.slice(0, id.indexOf(':'))]);
  const texts = [...byTemplate].map(([templateId, ids]) => {
    const numbers = ids.map((id) => Number(id.slice(id.indexOf(':') + 1)));
    return `\`${templateId}\` ${shortList(ranges(numbers), MOST_RANGES)}`;
  });
  return [`Deleted launch template versions: ${shortList(texts, MOST_IDS)}`];
}

/** `[5, 2, 3, 4, 9]` → `2–5`, `9`. */
function ranges(numbers: readonly number[]): string[] {
  const all: { from: number; to: number }[] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = all.at(-1);
    if (last && number === last.to + 1) last.to = number;
    else all.push({ from: number, to: number });
  }
  return all.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
}

function sharedSnapshots({ removal }: Prune): string[] {
  const snapshots = removal.sharedSnapshots.map(({ id, imageId }) => `\`${id}\` (of \`${imageId}\`)`);
  if (snapshots.length === 0) return [];
  return [`Snapshots that stay because other images use them: ${shortList(snapshots, MOST_IDS)}`];
}

function otherSnapshots({ removal: { lockedSnapshots, recycledSnapshots } }: Prune): string[] {
  const locked = lockedSnapshots.map(
    ({ id, imageId, until }) => `\`${id}\` (of \`${imageId}\`, until ${until})`,
  );
  const recycled = recycledSnapshots.map((id) => `\`${id}\``);
  return [
    ...(locked.length > 0
      ? [`Snapshots that stay because they are locked: ${shortList(locked, MOST_IDS)}`]
      : []),
    ...(recycled.length > 0
      ? [
          `Snapshots that are in the Recycle Bin now, and cost until they leave it: ${shortList(recycled, MOST_IDS)}`,
        ]
      : []),
  ];
}

function unused({ unusedTemplates, removal }: Prune): string[] {
  if (unusedTemplates.length === 0) return [];
  const gone = new Set(removal.templates);
  const templates = unusedTemplates.map(
    ({ id, name, versions }) => `${name} (\`${id}\`, ${versions} versions${gone.has(id) ? ', deleted' : ''})`,
  );
  return [
    `Launch templates that nothing uses: ${shortList(templates, MOST_IDS)}. \`unused-launch-templates: delete\` removes them; the images that only they hold go in the run after.`,
  ];
}

function leftovers({ orphans: { orphans, held }, removal }: Prune): string[] {
  const done = new Set(removal.orphans.map(({ id }) => id));
  const rows = orphans.map(({ kind, id, why }) => [
    `${kind} \`${id}\``,
    removal.notes.get(id) ?? (done.has(id) ? 'removed' : 'to be removed'),
    shortened(why),
  ]);
  const staying = held.map(({ id, why }) => [`snapshot \`${id}\``, 'stays', shortened(why)]);
  const all = [...rows, ...staying];
  if (all.length === 0) return [];
  const more = all.length > MOST_IDS ? `\n\nand ${all.length - MOST_IDS} more` : '';
  return [`${table(['Leftover', '', 'Why'], all.slice(0, MOST_IDS))}${more}`];
}

const list = (title: string, items: readonly string[]) =>
  [title, '', ...items.map((item) => `- ${item}`)].join('\n');
