import fc from 'fast-check';
import type { Facts } from '../../../src/prune/facts.ts';
import type { PrunableImage } from '../../../src/prune/inventory.ts';
import type { PlanRules } from '../../../src/prune/plan.ts';
import type { Use } from '../../../src/prune/references/use.ts';
import { SOURCES } from '../../../src/prune/sources.ts';
import type { TemplateVersion } from '../../../src/prune/template-versions.ts';
import { TAG, type Tags } from '../../../src/tags.ts';
import { APPLICATION, facts, image, imageId, NOW, promoted, promoting, version } from './builders.ts';

/** Accounts as they may be found: several applications, templates, groups, parameters, shares and promotions. */

const MOST_IMAGES = 25;
const TEMPLATES = 3;
const VERSIONS = 8;

const anyImageNumber = fc.nat(MOST_IMAGES - 1);

const anyTags: fc.Arbitrary<Tags> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Tags>({}) },
  { weight: 1, arbitrary: fc.constant<Tags>({ [TAG.keep]: '' }) },
  { weight: 1, arbitrary: fc.constant<Tags>({ [TAG.quarantined]: 'bad' }) },
  { weight: 1, arbitrary: fc.nat(30).map((days) => promoting('dev', days)) },
  { weight: 2, arbitrary: fc.nat(300).map((days) => promoted('production', days)) },
  { weight: 2, arbitrary: anyImageNumber.map((number): Tags => ({ [TAG.baseImage]: imageId(number) })) },
);

const anyImage: fc.Arbitrary<Partial<PrunableImage> & { daysOld: number; tags: Tags }> = fc
  .record({
    daysOld: fc.nat(400),
    application: fc.constantFrom(APPLICATION, APPLICATION, APPLICATION, 'octo/other', undefined),
    branch: fc.constantFrom('main', 'next'),
    state: fc.constantFrom('available', 'available', 'available', 'disabled', 'failed', 'pending'),
    more: anyTags,
  })
  .map(({ daysOld, application, branch, state, more }) => ({
    daysOld,
    state,
    tags: {
      ...(application === undefined ? {} : { [TAG.application]: application }),
      [TAG.branch]: branch,
      ...more,
    },
  }));

/** How a template names an image, or a parameter that names one. */
const anyImageName = fc.oneof(
  { weight: 5, arbitrary: anyImageNumber.map(imageId) },
  { weight: 1, arbitrary: anyImageNumber.map((number) => `resolve:ssm:/ami/${number}`) },
);

const anyVersion = fc.record({
  imageId: anyImageName,
  ours: fc.boolean(),
  snapshot: fc.option(anyImageNumber, { nil: undefined, freq: 8 }),
});

const anyTemplate = fc.record({
  versions: fc.array(anyVersion, { minLength: 1, maxLength: VERSIONS }),
  defaultIndex: fc.nat(VERSIONS - 1),
});

function versionsOf(
  templates: readonly {
    versions: readonly { imageId: string; ours: boolean; snapshot: number | undefined }[];
    defaultIndex: number;
  }[],
): TemplateVersion[] {
  return templates.flatMap(({ versions, defaultIndex }, template) =>
    versions.map(({ imageId: name, ours, snapshot }, index) => ({
      ...version(index + 1, { imageId: name }),
      ...(ours ? {} : { description: 'by hand' }),
      templateId: `lt-${template}`,
      templateName: `template-${template}`,
      isDefault: index === defaultIndex % versions.length,
      isLatest: index === versions.length - 1,
      ...(snapshot === undefined ? {} : { snapshotIds: [`snap-${snapshot}`] }),
    })),
  );
}

/** Something that uses an image, a version or a snapshot; by a name, a number or an alias. */
export const anyUse: fc.Arbitrary<Use> = fc.oneof(
  anyImageName.map((name): Use => ({ holder: 'somebody', imageId: name })),
  anyImageNumber.map((number): Use => ({ holder: 'somebody', snapshotId: `snap-${number}` })),
  fc
    .record({
      template: fc.nat(TEMPLATES - 1),
      byName: fc.boolean(),
      which: fc.oneof(
        fc.constantFrom('$Default', '$Latest'),
        fc.integer({ min: 1, max: VERSIONS }).map(String),
      ),
    })
    .map(
      ({ template, byName, which }): Use => ({
        holder: 'somebody',
        template: byName ? { name: `template-${template}` } : { id: `lt-${template}` },
        version: which,
      }),
    ),
);

export const anySource = fc.constantFrom(...Object.values(SOURCES));

/** What was seen of an account. All parameters exist and name the image of their number. */
export const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    images: fc.array(anyImage, { minLength: 5, maxLength: MOST_IMAGES }),
    templates: fc.array(anyTemplate, { maxLength: TEMPLATES }),
    groups: fc.array(anyUse, { maxLength: 4 }),
    instances: fc.array(anyUse, { maxLength: 4 }),
    refreshes: fc.array(anyUse, { maxLength: 2 }),
    fleets: fc.array(anyUse, { maxLength: 2 }),
    parameters: fc.array(anyImageNumber, { maxLength: 2 }),
    shared: fc.array(anyImageNumber, { maxLength: 2 }),
  })
  .map(({ images, templates, groups, instances, refreshes, fleets, parameters, shared }) =>
    facts({
      images: images.map((parts, number) => ({ ...image(number, parts), tags: parts.tags })),
      versions: versionsOf(templates),
      aliases: new Map(
        Array.from({ length: MOST_IMAGES }, (_, number) => [`resolve:ssm:/ami/${number}`, imageId(number)]),
      ),
      shared: shared.map((number) => ({ holder: 'shared with account 1', imageId: imageId(number) })),
      uses: {
        groups,
        instances,
        refreshes,
        fleets,
        parameters: parameters.map((number) => ({
          holder: 'SSM parameter',
          imageId: `resolve:ssm:/ami/${number}`,
        })),
      },
    }),
  );

export const anyRules: fc.Arbitrary<PlanRules> = fc.record({
  application: fc.constant(APPLICATION),
  keep: fc.integer({ min: 0, max: 4 }),
  keepPromoted: fc.integer({ min: 1, max: 3 }),
  minAgeDays: fc.constantFrom(0, 35),
  staleDays: fc.constantFrom(90, 10_000),
  groupBy: fc.constant(['branch']),
  keepLaunchTemplateVersions: fc.integer({ min: 2, max: 4 }),
  launchTemplates: fc.constantFrom([], ['template-1'], ['lt-0', 'template-2']),
  now: fc.constant(NOW),
});
