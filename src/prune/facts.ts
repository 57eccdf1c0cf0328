import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Context } from '../context.ts';
import { inParallel } from '../parallel.ts';
import { type PrunableImage, readImages } from './inventory.ts';
import { groupUses, readGroups } from './references/groups.ts';
import { readInstances } from './references/instances.ts';
import { readLaunchConfigurations } from './references/launch-configurations.ts';
import { readCurrentVersions, readOtherVersions, readVersionOf } from './references/launch-templates.ts';
import { readAliases, readImageParameters } from './references/parameters.ts';
import { readRefreshes } from './references/refreshes.ts';
import { type ImageUse, isVersionUse, type Use, type VersionUse } from './references/use.ts';
import { type Reader, readerInto, SOURCES, type UnreadableSource } from './sources.ts';
import { type TemplateVersion, TemplateVersions, withCurrent } from './template-versions.ts';

/** What was seen of the account: everything that the plan is made of. */
export interface Facts {
  images: readonly PrunableImage[];
  /** What uses images, by source. */
  uses: Readonly<Record<UseSource, readonly Use[]>>;
  /** All launch template versions of the Region. */
  versions: readonly TemplateVersion[];
  /** Images by the aliases (`resolve:ssm:…`) that mean them now. */
  aliases: ReadonlyMap<string, string>;
  /** With whom images that were about to go are shared. */
  shared: readonly ImageUse[];
  /** Launch template versions that groups name and that do not exist. */
  missing: ReadonlySet<string>;
  unreadable: readonly UnreadableSource[];
}

export type UseSource =
  | 'instances'
  | 'groups'
  | 'refreshes'
  | 'launchConfigurations'
  | 'parameters'
  | 'given';

/** The sources that take a few calls in all, however many groups and templates there are. */
interface CheapFacts {
  instances: Use[];
  groups: AutoScalingGroup[] | undefined;
  launchConfigurations: Use[];
  parameters: Use[];
  currentVersions: TemplateVersion[];
}

async function readCheap(context: Context, read: Reader): Promise<CheapFacts> {
  const [instances, groups, launchConfigurations, parameters, currentVersions] = await Promise.all([
    read(SOURCES.instances, () => readInstances(context), []),
    read<AutoScalingGroup[] | undefined>(SOURCES.groups, () => readGroups(context), undefined),
    read(SOURCES.launchConfigurations, () => readLaunchConfigurations(context), []),
    read(SOURCES.parameters, () => readImageParameters(context), []),
    read(SOURCES.launchTemplates, () => readCurrentVersions(context), []),
  ]);
  return { instances, groups, launchConfigurations, parameters, currentVersions };
}

/**
 * Reads everything that can hold an image.
 *
 * @param images the application's
 * @param inUseAmiIds images that the user says are in use
 */
export async function readFacts(
  context: Context,
  images: readonly PrunableImage[],
  inUseAmiIds: readonly string[],
): Promise<Facts> {
  const unreadable: UnreadableSource[] = [];
  const read = readerInto(unreadable, context);
  const cheap = await readCheap(context, read);
  const groupNames = cheap.groups?.flatMap(({ AutoScalingGroupName: name }) => name ?? []) ?? [];
  const [refreshes, otherVersions] = await Promise.all([
    read(SOURCES.refreshes, () => readRefreshes(context, groupNames), []),
    read(SOURCES.launchTemplates, () => readOtherVersions(context, cheap.currentVersions), []),
  ]);
  const given = inUseAmiIds.map((imageId) => ({ holder: 'input in-use-ami-ids', imageId }));
  return await resolved(context, read, {
    images,
    uses: { ...usesOf(cheap), refreshes, given },
    versions: [...cheap.currentVersions, ...otherVersions],
    aliases: new Map(),
    shared: [],
    missing: new Set(),
    unreadable,
  });
}

/**
 * Looks again at what may have changed since: the images with their tags, and all sources but those that take a call
 * for every group or template. A promotion that began meanwhile shows as a mark on its image.
 */
export async function lookAgain(context: Context, application: string, before: Facts): Promise<Facts> {
  const unreadable = [...before.unreadable];
  const read = readerInto(unreadable, context);
  const [images, cheap] = await Promise.all([readImages(context, application), readCheap(context, read)]);
  return await resolved(context, read, {
    ...before,
    images,
    uses: { ...before.uses, ...usesOf(cheap) },
    versions: withCurrent(before.versions, cheap.currentVersions),
    unreadable,
  });
}

const usesOf = ({ instances, groups, launchConfigurations, parameters }: CheapFacts) => ({
  instances,
  groups: groups?.flatMap(groupUses) ?? [],
  launchConfigurations,
  parameters,
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
    ...uses.flatMap((use) => (isVersionUse(use) ? [] : use.imageId)),
  ];
  const aliases = await read(SOURCES.aliases, () => readAliases(context, named), new Map<string, string>());
  return { ...facts, versions, missing, aliases };
}

const CALLS_AT_ONCE = 5;

/** Versions that groups and refreshes name and that were made after the versions were read, or are gone. */
async function readUnknownVersions(
  context: Context,
  { uses, versions, missing, unreadable }: Facts,
): Promise<{ found: TemplateVersion[]; missing: ReadonlySet<string> }> {
  // When the versions could not be read, all are unknown, and nothing is removed anyway.
  if (unreadable.some(({ source }) => source === SOURCES.launchTemplates)) return { found: [], missing };
  const known = new TemplateVersions(versions);
  const unknown = new Map<string, VersionUse>();
  for (const use of [...uses.groups, ...uses.refreshes].filter(isVersionUse)) {
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
