import { decideVersions, type VersionDecision, versionReferences } from './decide-versions.ts';
import type { Facts } from './facts.ts';
import { groupedBy } from './lists.ts';
import { promotionsUnderWay } from './references/promotions.ts';
import { type ImageUse, isVersionUse, type Reference, type VersionUse } from './references/use.ts';
import { decideImages, type Holders, type ImageDecision, type RetentionRules } from './retention.ts';
import { TemplateVersions, versionId } from './template-versions.ts';

/** What is to stay and what is to go. */
export interface Plan {
  /** Newest first. */
  images: readonly ImageDecision[];
  versions: readonly VersionDecision[];
}

export interface PlanRules extends RetentionRules {
  application: string;
  keepLaunchTemplateVersions: number;
}

/** The plan that follows from what was seen: versions first, because an image that only they hold goes with them. */
export function makePlan(facts: Facts, rules: PlanRules): Plan {
  const versions = decideVersions(facts.versions, versionRules(facts, rules));
  const staying = versions.filter(({ decision }) => decision === 'keep');
  return { versions, images: decideImages(facts.images, holdersOf(facts, staying, rules), rules) };
}

/**
 * The same question once the versions are dealt with: those that are still there hold their images now, also when they
 * were to go and could not be deleted.
 */
export function decideImagesNow(facts: Facts, rules: PlanRules): ImageDecision[] {
  const versions = decideVersions(facts.versions, versionRules(facts, rules)).map(
    (version): VersionDecision =>
      version.decision === 'keep'
        ? version
        : { ...version, decision: 'keep', reasons: ['it is still there'] },
  );
  return decideImages(facts.images, holdersOf(facts, versions, rules), rules);
}

function versionRules(facts: Facts, { application, keepLaunchTemplateVersions, now }: PlanRules) {
  const known = new TemplateVersions(facts.versions);
  const used = [...facts.uses.groups, ...facts.uses.refreshes, ...facts.uses.instances]
    .filter(isVersionUse)
    .flatMap((use: VersionUse) => {
      const version = known.find(use);
      return version ? [{ id: versionId(version), holder: use.holder }] : [];
    });
  const users = groupedBy(used, ({ id }) => [id]);
  return {
    application,
    keepLaunchTemplateVersions,
    users: new Map([...users].map(([id, uses]) => [id, [...new Set(uses.map(({ holder }) => holder))]])),
    promotions: promotionsUnderWay(facts.images, now),
    unreadable: blockers(facts, 'versions'),
  };
}

function holdersOf(facts: Facts, staying: readonly VersionDecision[], { now }: PlanRules): Holders {
  const named = Object.values(facts.uses).flatMap((uses) =>
    uses.filter((use): use is ImageUse => !isVersionUse(use)),
  );
  return {
    inUse: [...named, ...versionReferences(staying)].flatMap((reference) =>
      resolve(reference, facts.aliases),
    ),
    promoting: promotionsUnderWay(facts.images, now),
    shared: facts.shared,
    unreadable: blockers(facts, 'images'),
  };
}

const blockers = ({ unreadable }: Facts, what: 'images' | 'versions') =>
  unreadable
    .filter(({ source }) => source.holds.includes(what))
    .map(({ source }) => `${source.title} could not be read`);

/** A reference through an SSM parameter becomes one to the image that the parameter names now. */
function resolve(reference: Reference, aliases: ReadonlyMap<string, string>): Reference[] {
  if (!reference.imageId.startsWith('resolve:')) return [reference];
  const imageId = aliases.get(reference.imageId);
  return imageId === undefined ? [] : [{ ...reference, imageId }];
}

/** The images that a plan removes, oldest first: what was needed least goes first. */
export const imagesToRemove = ({ images }: Pick<Plan, 'images'>) =>
  images
    .filter(({ decision }) => decision === 'remove')
    .map(({ image }) => image)
    .toReversed();

export const versionsToRemove = ({ versions }: Pick<Plan, 'versions'>) =>
  versions.filter(({ decision }) => decision === 'remove').map(({ version }) => version);
