import { describe, expect, test } from '@jest/globals';
import { figuresOf } from '../../../src/prune/figures.ts';
import type { PrunableImage } from '../../../src/prune/inventory.ts';
import { NO_ORPHANS } from '../../../src/prune/orphans/plan.ts';
import { nothingRemoved } from '../../../src/prune/removal.ts';
import type { ImageDecision } from '../../../src/prune/retention.ts';
import { SOURCES } from '../../../src/prune/sources.ts';
import { type Prune, pruneSummary } from '../../../src/prune/summary.ts';
import { APPLICATION, facts, image, imageId, NOW } from './builders.ts';

const goes = (each: PrunableImage): ImageDecision => ({ image: each, decision: 'remove', reasons: ['old'] });
const stays = (each: PrunableImage, holders: number): ImageDecision => ({
  image: each,
  decision: 'keep',
  reasons: Array.from({ length: holders }, (_, index) => ({
    rule: 'in-use',
    text: `in use by instance i-${index}`,
  })),
});

function pruning(images: readonly ImageDecision[], parts: Partial<Prune> = {}): Prune {
  const plan = { images, versions: [] };
  const rules = {
    application: APPLICATION,
    keep: 2,
    keepPromoted: 1,
    minAgeDays: 35,
    keepLaunchTemplateVersions: 2,
    launchTemplates: [],
    groupBy: ['branch'],
    staleDays: 10_000,
    now: NOW,
  };
  return {
    application: APPLICATION,
    region: 'us-east-1',
    dryRun: false,
    plan,
    figures: figuresOf(plan, facts(), rules, 0.05),
    price: 0.05,
    objections: [],
    steps: new Map(),
    orphans: NO_ORPHANS,
    unusedTemplates: [],
    blindSpots: [],
    facts: facts(),
    removal: nothingRemoved(),
    ...parts,
  };
}

describe('the summary', () => {
  test('has what goes first, oldest first, and cuts long lists of reasons', () => {
    const summary = pruneSummary(pruning([stays(image(1), 6), goes(image(2)), goes(image(3))]));
    const rows = summary.split('\n').filter((line) => line.startsWith('| `ami-'));
    expect(rows.map((line) => line.slice(3, 24))).toEqual([imageId(3), imageId(2), imageId(1)]);
    expect(rows[2]).toContain('in use by instance i-3 and 2 more');
  });

  test('stays far below 1 MiB and says how many rows are left out', () => {
    const long = stays(
      image(1, { name: 'x'.repeat(128), tags: { 'immutable-deploy:branch': 'b'.repeat(256) } }),
      1000,
    );
    const images = Array.from({ length: 20_000 }, () => long);
    const summary = pruneSummary(pruning(images));
    expect(Buffer.byteLength(summary)).toBeLessThan(512 * 1024);
    expect(summary).toContain('19500 more rows are left out');
  });

  test('shares the rows with other prunes of the same step', () => {
    const images = Array.from({ length: 100 }, (_, number) => goes(image(number)));
    expect(pruneSummary(pruning(images), 10)).toContain('50 more rows are left out');
    expect(pruneSummary(pruning(images), 1000)).toContain('80 more rows are left out');
  });

  test('says first that a dry run changed nothing, and what would have stopped it', () => {
    const summary = pruneSummary(pruning([goes(image(1))], { dryRun: true, objections: ['too many'] }));
    expect(summary).toContain('dry run: nothing was changed');
    expect(summary).toContain('Without dry-run this would stop:\n\n- too many');
  });

  test('lists problems, snapshots of other images and what became of single images', () => {
    const removal = nothingRemoved();
    removal.problems.push('Image x could not be deregistered');
    removal.notes.set(imageId(1), 'was gone already');
    removal.sharedSnapshots.push({ id: 'snap-1', imageId: imageId(2) });
    removal.versions.push('lt-1:3');
    const unreadable = [{ source: SOURCES.instances, error: new Error('no answer') }];
    const summary = pruneSummary(pruning([goes(image(1))], { removal, facts: facts({ unreadable }) }));
    expect(summary).toContain('## ❌ Pruned with problems');
    expect(summary).toContain('- The EC2 instances could not be read (no answer)');
    expect(summary).toContain('- Image x could not be deregistered');
    expect(summary).toContain('**was gone already**');
    expect(summary).toContain(`\`snap-1\` (of \`${imageId(2)}\`)`);
    expect(summary).toContain('Deleted launch template versions: `lt-1` 3');
  });

  test('names deleted versions by template, many in a row together', () => {
    const removal = nothingRemoved();
    removal.versions.push('lt-1:9', 'lt-1:4', 'lt-1:3', 'lt-1:2', 'lt-2:7');
    expect(pruneSummary(pruning([], { removal }))).toContain(
      'Deleted launch template versions: `lt-1` 2–4, 9, `lt-2` 7',
    );
  });
});
