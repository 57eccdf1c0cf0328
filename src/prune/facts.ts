import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Instance } from '@aws-sdk/client-ec2';
import type { Context } from '../context.ts';
import { newestFirst } from '../image.ts';
import { inParallel } from '../parallel.ts';
import { contradictions } from './doubts.ts';
import {
  isOfApplication,
  type PrunableImage,
  readAllImages,
  readImagesById,
  readImagesOf,
} from './inventory.ts';
import { inBatches } from './lists.ts';
import { readFleets, readSpotFleets, readSpotRequests } from './references/fleets.ts';
import { groupUses, readGroups } from './references/groups.ts';
import { instanceUses, readInstances } from './references/instances.ts';
import { readLaunchConfigurations } from './references/launch-configurations.ts';
import { readCurrentVersions, readOtherVersions, readVersionOf } from './references/launch-templates.ts';
import { readAliases, readImageParameters } from './references/parameters.ts';
import { readRefreshes } from './references/refreshes.ts';
import { type ImageUse, isImageUse, isVersionUse, type Use, type VersionUse } from './references/use.ts';
import { noteUnreadable, type Reader, readerInto, SOURCES, type UnreadableSource } from './sources.ts';
import { type TemplateVersion, TemplateVersions, withCurrent } from './template-versions.ts';

/** What was seen of the account in one Region: everything that a plan is made of. */
export interface Facts {
  /** All that the account owns, of every application and of none. */
  images: readonly PrunableImage[];
  /** What uses images, by source. */
  uses: Readonly<Record<UseSource, readonly Use[]>>;
  /** All launch template versions of the Region. */
  versions: readonly TemplateVersion[];
  /** Images by the aliases (`resolve:ssm:…`) that mean them now. */
  aliases: ReadonlyMap<string, string>;
  /** With whom images that were about to go are shared, or who uses them there. */
  shared: readonly ImageUse[];
  /** What else speaks for images that were about to go: AWS's own search, and their copies in other Regions. */
  more: readonly ImageUse[];
  /** When the instance refreshes were read: milliseconds since 1970. */
  refreshesRead: number;
  /** Launch template versions that groups name and that do not exist. */
  missing: ReadonlySet<string>;
  unreadable: readonly UnreadableSource[];
}

export type UseSource =
  | 'instances'
  | 'groups'
  | 'refreshes'
  | 'launchConfigurations'
  | 'fleets'
  | 'spotFleets'
  | 'spotRequests'
  | 'parameters'
  | 'given';

/** The sources that take a few calls in all, however many groups and templates there are. */
interface CheapFacts {
  instances: Instance[] | undefined;
  groups: AutoScalingGroup[] | undefined;
  launchConfigurations: Use[];
  fleets: Use[];
  spotFleets: Use[];
  spotRequests: Use[];
  parameters: Use[];
  currentVersions: TemplateVersion[];
}

async function readCheap(
  context: Context,
  read: Reader,
  unreadable: UnreadableSource[],
): Promise<CheapFacts> {
  // Groups before instances: what a group launches in between is no contradiction, it is one instance more.
  const groups = read<AutoScalingGroup[] | undefined>(SOURCES.groups, () => readGroups(context), undefined);
  const [instances, launchConfigurations, fleets, spotFleets, spotRequests, parameters, currentVersions] =
    await Promise.all([
      groups.then(() =>
        read<Instance[] | undefined>(SOURCES.instances, () => readInstances(context), undefined),
      ),
      read(SOURCES.launchConfigurations, () => readLaunchConfigurations(context), []),
      read(SOURCES.fleets, () => readFleets(context), []),
      read(SOURCES.spotFleets, () => readSpotFleets(context), []),
      read(SOURCES.spotRequests, () => readSpotRequests(context), []),
      read(SOURCES.parameters, () => readImageParameters(context), []),
      read(SOURCES.launchTemplates, () => readCurrentVersions(context), []),
    ]);
  const cheap = {
    instances,
    groups: await groups,
    launchConfigurations,
    fleets,
    spotFleets,
    spotRequests,
    parameters,
    currentVersions,
  };
  if (cheap.instances && cheap.groups) {
    for (const doubt of contradictions(cheap.instances, cheap.groups))
      noteUnreadable(unreadable, context.log, doubt);
  }
  return cheap;
}

/**
 * Reads all images of the Region and everything that can hold one.
 *
 * @param inUseAmiIds images that the user says are in use
 */
export async function readFacts(context: Context, inUseAmiIds: readonly string[]): Promise<Facts> {
  const unreadable: UnreadableSource[] = [];
  const read = readerInto(unreadable, context);
  const [images, cheap] = await Promise.all([readAllImages(context), readCheap(context, read, unreadable)]);
  const [refreshes, otherVersions] = await Promise.all([
    read(SOURCES.refreshes, () => readRefreshes(context, namesOf(cheap)), []),
    read(SOURCES.launchTemplates, () => readOtherVersions(context, cheap.currentVersions), []),
  ]);
  const given = inUseAmiIds.map((imageId) => ({ holder: 'input in-use-ami-ids', imageId }));
  return await resolved(context, read, {
    images,
    uses: { ...usesOf(cheap), refreshes, given },
    versions: [...cheap.currentVersions, ...otherVersions],
    aliases: new Map(),
    shared: [],
    more: [],
    refreshesRead: context.clock.now(),
    missing: new Set(),
    unreadable,
  });
}

/** Which images a second look reads again: all of an application, or those of a batch. */
export type Again = { application: string } | { imageIds: readonly string[] };

/** A call for every group: not at each look, of which there may be one every few seconds. */
const REFRESHES_FRESH_MS = 60_000;

/**
 * Looks again at what may have changed since: images with their tags, and all sources but the versions that were not
 * `$Default` or `$Latest`, and refreshes only once a minute. A promotion of ours that began meanwhile shows as a mark on
 * its image.
 */
export async function lookAgain(context: Context, again: Again, before: Facts): Promise<Facts> {
  const unreadable = [...before.unreadable];
  const read = readerInto(unreadable, context);
  const [images, cheap] = await Promise.all([
    imagesAgain(context, again, before.images),
    readCheap(context, read, unreadable),
  ]);
  const now = context.clock.now();
  const isFresh = now - before.refreshesRead < REFRESHES_FRESH_MS;
  const refreshes = isFresh
    ? before.uses.refreshes
    : await read(SOURCES.refreshes, () => readRefreshes(context, namesOf(cheap)), before.uses.refreshes);
  return await resolved(context, read, {
    ...before,
    images,
    refreshesRead: isFresh ? before.refreshesRead : now,
    uses: { ...before.uses, ...usesOf(cheap), refreshes },
    versions: withCurrent(before.versions, cheap.currentVersions),
    unreadable,
  });
}

/** Images of a filter of EC2. */
const IDS_A_CALL = 200;

async function imagesAgain(
  context: Context,
  again: Again,
  before: readonly PrunableImage[],
): Promise<PrunableImage[]> {
  if ('application' in again) {
    const now = await readImagesOf(context, again.application);
    const others = before.filter((image) => !isOfApplication(image, again.application));
    return [...now, ...others].toSorted(newestFirst);
  }
  const asked = new Set(again.imageIds);
  const batches = inBatches(again.imageIds, IDS_A_CALL);
  const now = (await Promise.all(batches.map((batch) => readImagesById(context, batch)))).flat();
  return [...now, ...before.filter(({ id }) => !asked.has(id))].toSorted(newestFirst);
}

const namesOf = ({ groups }: CheapFacts) =>
  groups?.flatMap(({ AutoScalingGroupName: name }) => name ?? []) ?? [];

const usesOf = ({ instances, groups, currentVersions: _versions, ...others }: CheapFacts) => ({
  ...others,
  instances: instances?.flatMap(instanceUses) ?? [],
  groups: groups?.flatMap(groupUses) ?? [],
});

/** Looks up what the sources only name: launch template versions that are not known yet, and SSM parameters. */
async function resolved(context: Context, read: Reader, facts: Facts): Promise<Facts> {
  const nothing = { found: [], missing: facts.missing };
  const { found, missing } = await read(
    SOURCES.launchTemplates,
    () => readUnknownVersions(context, facts),
    nothing,
  );
  const versions = [...facts.versions, ...found];
  const uses = Object.values(facts.uses).flat();
  const named = [
    ...versions.flatMap(({ imageId }) => imageId ?? []),
    ...uses.filter(isImageUse).map(({ imageId }) => imageId),
  ];
  const aliases = await read(SOURCES.aliases, () => readAliases(context, named), new Map<string, string>());
  return { ...facts, versions, missing, aliases };
}

const CALLS_AT_ONCE = 5;

/** Versions that groups, fleets and refreshes name and that were made after the versions were read, or are gone. */
async function readUnknownVersions(
  context: Context,
  { uses, versions, missing, unreadable }: Facts,
): Promise<{ found: TemplateVersion[]; missing: ReadonlySet<string> }> {
  // When the versions could not be read, all are unknown, and nothing is removed anyway.
  if (unreadable.some(({ source }) => source === SOURCES.launchTemplates)) return { found: [], missing };
  const known = new TemplateVersions(versions);
  const unknown = new Map<string, VersionUse>();
  const named = [...uses.groups, ...uses.refreshes, ...uses.fleets, ...uses.spotFleets].filter(isVersionUse);
  for (const use of named) {
    const key = `${use.template.id ?? use.template.name} version ${use.version}`;
    if (!known.find(use) && !missing.has(key)) unknown.set(key, use);
  }
  const gone = new Set(missing);
  const found = await inParallel([...unknown], CALLS_AT_ONCE, async ([key, use]) => {
    const answer = await readVersionOf(context, use);
    if (answer.length > 0) return answer;
    gone.add(key);
    context.log.warning(`${use.holder} names launch template ${key}, which does not exist.`);
    return [];
  });
  return { found: found.flat(), missing: gone };
}
