import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { TAG } from '../tags.ts';
import { costOf, FORECAST_DAYS } from './figures.ts';
import { type Pruning, problemsOf } from './pruning.ts';
import { freedGib, type Removal, totalOf } from './removal.ts';
import { pruneSummary, totalSummary } from './summary.ts';
import { versionId } from './template-versions.ts';

/** The mode's outputs; they are set on failure too. */
export function setOutputs({ report }: Context, removals: readonly Removal[]): void {
  const removal = totalOf(removals);
  report.set({
    'deleted-images': removal.images,
    'deleted-snapshots': removal.snapshots.map(({ id }) => id),
    'deleted-launch-template-versions': removal.versions,
    'freed-gib': freedGib(removal),
  });
}

/** Writes the report file, the summary and the outputs. */
export function writeReport(context: Context, prunings: readonly Pruning[]): void {
  setOutputs(
    context,
    prunings.map(({ removal }) => removal),
  );
  const path = join(context.run.temp, `prune-${process.pid}.json`);
  writeFileSync(path, JSON.stringify(reportOf(prunings, context.clock.now()), undefined, 2));
  context.report.set({ report: path });
  if (prunings.length > 1) context.report.write(totalSummary(prunings));
  for (const pruning of prunings) context.report.write(pruneSummary(pruning, prunings.length));
  context.log.info(`Every image with its decision and reasons: ${path}`);
}

/** In an order that does not depend on the run, so that the reports of two runs can be compared line by line. */
const reportOf = (prunings: readonly Pruning[], now: number) => ({
  time: new Date(now).toISOString(),
  dryRun: prunings.some(({ dryRun }) => dryRun),
  prunes: prunings.map(pruneOf),
});

function pruneOf(pruning: Pruning) {
  const { application, region, removal, objections, plan, steps, blindSpots, orphans, figures, price } =
    pruning;
  const removed = new Set([...removal.images, ...removal.versions, ...removal.orphans.map(({ id }) => id)]);
  const outcome = (id: string) => ({
    removed: removed.has(id),
    ...(removal.notes.has(id) ? { note: removal.notes.get(id) } : {}),
  });
  return {
    application,
    region,
    figures: {
      found: figures.all,
      going: figures.going,
      removed: {
        images: removal.images.length,
        snapshots: removal.snapshots.length,
        gib: freedGib(removal),
        monthlyCost: costOf(freedGib(removal), price),
      },
      pricePerGibMonth: price,
    },
    biggestGroups: figures.groups,
    next: { days: FORECAST_DAYS, ...figures.nextSize, ids: figures.next },
    objections,
    problems: problemsOf(pruning),
    notLookedAt: blindSpots,
    images: plan.images.map(({ image, decision, reasons }) => ({
      id: image.id,
      name: image.name,
      state: image.state,
      created: Number.isNaN(image.created) ? undefined : new Date(image.created).toISOString(),
      commit: image.tags[TAG.commit],
      branch: image.tags[TAG.branch],
      version: image.tags[TAG.version],
      snapshots: image.snapshots.map(({ id }) => id),
      gib: image.snapshots.reduce((sum, { gib }) => sum + gib, 0),
      decision,
      ...(decision === 'remove' ? { step: steps.get(image.id)?.kind } : {}),
      reasons: reasons.map((reason) => (typeof reason === 'string' ? reason : reason.text)),
      ...outcome(image.id),
    })),
    launchTemplateVersions: plan.versions
      .filter(({ prunable }) => prunable)
      .map(({ version, decision, users, reasons }) => ({
        id: versionId(version),
        name: version.templateName,
        imageId: version.imageId,
        decision,
        reasons: [...users.map((user) => `used by ${user}`), ...reasons],
        ...outcome(versionId(version)),
      })),
    unusedLaunchTemplates: pruning.unusedTemplates.map(({ id, name, versions }) => ({
      id,
      name,
      versions,
      removed: removal.templates.includes(id),
    })),
    snapshots: {
      deleted: removal.snapshots,
      usedByOtherImages: removal.sharedSnapshots,
      locked: removal.lockedSnapshots,
      inRecycleBin: removal.recycledSnapshots,
    },
    leftovers: [
      ...orphans.orphans.map((orphan) => ({ ...orphan, decision: 'remove', ...outcome(orphan.id) })),
      ...orphans.held.map((held) => ({ kind: 'snapshot', ...held, decision: 'keep' })),
    ],
  };
}
