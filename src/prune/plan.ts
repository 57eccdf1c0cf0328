import { runOf, TAG } from '../tags.ts';
import { decideVersions, type VersionDecision, versionReferences } from './decide-versions.ts';
import type { Facts } from './facts.ts';
import { imagesOf, type PrunableImage } from './inventory.ts';
import { basesOf } from './lineage.ts';
import { groupedBy } from './lists.ts';
import { promotionsUnderWay } from './references/promotions.ts';
import {
  isBuildUse,
  isImageUse,
  isSnapshotUse,
  isVersionUse,
  type Reference,
  type VersionUse,
} from './references/use.ts';
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
  /** Names or ids of launch templates of which all versions are pruned, not only ours. */
  launchTemplates: readonly string[];
}

/** The plan that follows from what was seen: versions first, because an image that only they hold goes with them. */
export function makePlan(facts: Facts, rules: PlanRules): Plan {
  const versions = decideVersions(facts.versions, versionRules(facts, rules));
  const staying = versions.filter(({ decision }) => decision === 'keep');
  return { versions, images: decide(facts, staying, rules) };
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
  return decide(facts, versions, rules);
}

/** Twice, because what stays keeps its base image. */
function decide(facts: Facts, staying: readonly VersionDecision[], rules: PlanRules): ImageDecision[] {
  const images = imagesOf(facts.images, rules.application);
  const holders = holdersOf(facts, staying, rules);
  const decided = decideImages(images, holders, rules);
  const bases = basesOf(facts.images, decided);
  if (bases.length === 0) return decided;
  return decideImages(images, { ...holders, inUse: [...holders.inUse, ...bases] }, rules);
}

function versionRules(
  facts: Facts,
  { application, keepLaunchTemplateVersions, launchTemplates, now }: PlanRules,
) {
  const known = new TemplateVersions(facts.versions);
  const used = Object.values(facts.uses)
    .flat()
    .filter(isVersionUse)
    .flatMap((use: VersionUse) => {
      const version = known.find(use);
      return version ? [{ id: versionId(version), holder: use.holder }] : [];
    });
  const users = groupedBy(used, ({ id }) => [id]);
  return {
    application,
    keepLaunchTemplateVersions,
    launchTemplates,
    users: new Map([...users].map(([id, uses]) => [id, [...new Set(uses.map(({ holder }) => holder))]])),
    promotions: promotionsUnderWay(facts.images, now),
    unreadable: blockers(facts, 'versions'),
  };
}

function holdersOf(facts: Facts, staying: readonly VersionDecision[], { now }: PlanRules): Holders {
  const uses = Object.values(facts.uses).flat();
  const bySnapshot = groupedBy(facts.images, ({ snapshots }) => snapshots.map(({ id }) => id));
  const owners = (snapshotId: string) => (bySnapshot.get(snapshotId) ?? []).map(({ id }) => id);
  const byRun = groupedBy(facts.images, ({ tags }) => {
    const run = runOf(tags);
    return run === undefined ? [] : [run];
  });
  const named: Reference[] = [
    ...uses.filter(isImageUse),
    ...facts.more,
    ...uses
      .filter(isSnapshotUse)
      .flatMap(({ holder, snapshotId }) =>
        owners(snapshotId).map((imageId) => ({ imageId, holder, via: `snapshot ${snapshotId}` })),
      ),
  ];
  return {
    inUse: [...named, ...versionReferences(staying, owners)].flatMap((reference) =>
      resolve(reference, facts.aliases),
    ),
    promoting: promotionsUnderWay(facts.images, now),
    building: uses.filter(isBuildUse).flatMap(({ holder, run }) =>
      (byRun.get(run) ?? []).map(({ id }) => ({
        imageId: id,
        holder: `its build is not over (${holder})`,
      })),
    ),
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

/** The images that a plan removes: quarantined ones first, then the oldest, what was needed least. */
export function imagesToRemove({ images }: Pick<Plan, 'images'>): PrunableImage[] {
  const going = images.flatMap(({ decision, image }) => (decision === 'remove' ? image : [])).toReversed();
  const isBad = ({ tags }: PrunableImage) => tags[TAG.quarantined] !== undefined;
  return [...going.filter(isBad), ...going.filter((image) => !isBad(image))];
}

export const versionsToRemove = ({ versions }: Pick<Plan, 'versions'>) =>
  versions.filter(({ decision }) => decision === 'remove').map(({ version }) => version);
