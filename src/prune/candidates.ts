import type { Context } from '../context.ts';
import type { Facts } from './facts.ts';
import type { PrunableImage } from './inventory.ts';
import { groupedBy } from './lists.ts';
import { readLaunchPermissions } from './references/launch-permissions.ts';
import { readSecondOpinion } from './references/second-opinion.ts';
import { readUsageElsewhere } from './references/usage-reports.ts';
import { noteUnreadable, SOURCES } from './sources.ts';
import { type TemplateVersion, versionId } from './template-versions.ts';

/**
 * The sources that are asked image by image, therefore only for those that would go: with whom they are shared, and
 * AWS's own search for what refers to them.
 */

/**
 * Looks with whom images are shared, and with `byUsage` also whether anybody uses them there: who may but does not is
 * no holder then. What is shared with everybody stays, because nobody has to tell AWS about it. The same facts when
 * there is nothing new in them.
 */
export async function withShares(
  context: Context,
  facts: Facts,
  images: readonly PrunableImage[],
  byUsage: boolean,
): Promise<Facts> {
  const { uses, error } = await readLaunchPermissions(context, images);
  if (uses.length === 0 && error === undefined) return facts;
  const unreadable = [...facts.unreadable];
  if (error !== undefined)
    noteUnreadable(unreadable, context.log, { source: SOURCES.launchPermissions, error });
  if (!byUsage) return { ...facts, shared: uses, unreadable };
  const byImage = groupedBy(uses, ({ imageId }) => [imageId]);
  const isCertain = (holders: readonly { holder: string }[]) =>
    holders.some(({ holder }) => holder === 'shared with everybody' || !holder.startsWith('shared with'));
  const reported = images.filter(({ id }) => byImage.has(id) && !isCertain(byImage.get(id) ?? []));
  const usage = await readUsageElsewhere(context, reported);
  if (usage.error !== undefined)
    noteUnreadable(unreadable, context.log, { source: SOURCES.usageReports, error: usage.error });
  const answered = new Set(reported.map(({ id }) => id));
  return {
    ...facts,
    shared: [...uses.filter(({ imageId }) => !answered.has(imageId)), ...usage.uses],
    unreadable,
  };
}

/** What AWS's own search adds (the same facts when it is nothing), and what to allow when it could not be asked. */
export async function withSecondOpinion(
  context: Context,
  facts: Facts,
  images: readonly PrunableImage[],
  goingVersions: readonly TemplateVersion[],
): Promise<{ facts: Facts; blindSpots: string[] }> {
  const going = new Set(goingVersions.map(versionId));
  const named = groupedBy(facts.versions, (version) => [`${version.imageId} ${version.templateId}`]);
  // It is known which versions name the image, and they all go.
  const explained = (imageId: string, templateId: string) => {
    const versions = named.get(`${imageId} ${templateId}`) ?? [];
    return versions.length > 0 && versions.every((version) => going.has(versionId(version)));
  };
  const ids = images.map(({ id }) => id);
  const { uses, missing, error } = await readSecondOpinion(context, ids, explained);
  const unreadable = [...facts.unreadable];
  if (error !== undefined) noteUnreadable(unreadable, context.log, { source: SOURCES.references, error });
  const blindSpots =
    missing === undefined
      ? []
      : [
          `Image Builder recipes (${missing === 'not allowed' ? 'allow ec2:DescribeImageReferences in the policy of the role; AWS has the managed policy AmazonEC2ImageReferencesAccessPolicy for it' : 'DescribeImageReferences is not offered here'})`,
        ];
  if (uses.length === 0 && error === undefined) return { facts, blindSpots };
  return { facts: { ...facts, more: [...facts.more, ...uses], unreadable }, blindSpots };
}
