import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { explained } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import type { Image } from '../image.ts';
import { markKey, markValue, TAG, type Tags, tagsToMakeRoom, tagValue, toTagList } from '../tags.ts';
import { imagesOf } from './configuration.ts';
import { openDeployment } from './deployment.ts';
import { moveDefaults } from './launch-template.ts';
import type { Plan } from './plan.ts';
import type { Job, Prepared } from './prepare.ts';
import { type GroupResult, overallStatus } from './result.ts';

/** What a promotion writes about itself: marks on the images, GitHub's deployment, the default version. */
export interface PromotionRecord {
  /** Writes the outcome. What cannot be written is a warning: the groups are as reported. */
  close(plans: readonly Plan[], results: readonly GroupResult[]): Promise<void>;
  /** Takes back what says that a promotion is under way: it ended before any group was touched. */
  abandon(): Promise<void>;
}

/**
 * Opens the record, before anything else is written: the images are marked as on their way into the environment, so
 * that prune takes them for in use. Nothing is opened when there is nothing to do.
 */
export async function openRecord(
  context: Context,
  job: Job,
  { images, image, plans }: Prepared,
): Promise<PromotionRecord> {
  const { inputs } = job;
  const isDone = plans.every(({ action }) => action.kind === 'nothing');
  const deployment = isDone ? undefined : await openDeployment(context, inputs, image);
  const marked: Image[] = [];
  for (const each of images)
    marked.push(isDone ? each : await write(context, each, promotingTags(context, job, each)));
  return {
    async abandon() {
      await attempt(context, async () => {
        for (const each of marked) await remove(context, each, [markKey('promoting', inputs.environment)]);
      });
      await deployment?.close('failed');
    },
    async close(now, results) {
      await deployment?.close(overallStatus(results));
      if (inputs.updateDefaultVersion) await moveDefaults(context, now, results);
      const { environment, rollback } = inputs;
      const promotion = {
        images: marked,
        environment,
        left: leftImages(now, images),
        byHand: rollback,
        isDone,
      };
      await attempt(context, () => writeOutcome(context, promotion, results));
    },
  };
}

/**
 * The mark of an image on its way. An image of another account, whose tags are not seen here, also gets what the
 * inputs say of it: later promotions find it by that.
 */
function promotingTags({ clock, run }: Context, { inputs, application }: Job, image: Image): Tags {
  const mark = { [markKey('promoting', inputs.environment)]: markValue(clock.now(), run.url) };
  const { commit, version, branch } = inputs;
  if (!inputs.imageOwners.includes(image.ownerId) || image.tags[TAG.application] !== undefined) return mark;
  return {
    ...mark,
    [TAG.application]: tagValue(application),
    ...(commit === undefined ? {} : { [TAG.commit]: commit }),
    ...(version === undefined ? {} : { [TAG.version]: tagValue(version) }),
    ...(branch === undefined ? {} : { [TAG.branch]: tagValue(branch) }),
  };
}

/**
 * Promoted, or rejected when the image's own health was the cause; on a rollback by hand, the images that were left
 * become rejected. The `promoting` mark stays while the state is not known.
 */
async function writeOutcome(
  context: Context,
  promotion: {
    images: readonly Image[];
    environment: string;
    left: readonly string[];
    byHand: boolean;
    isDone: boolean;
  },
  results: readonly GroupResult[],
): Promise<void> {
  const { aws, clock, run } = context;
  const { images, left, environment } = promotion;
  const key = {
    promoting: markKey('promoting', environment),
    promoted: markKey('promoted', environment),
    rejected: markKey('rejected', environment),
  };
  const status = overallStatus(results);
  const arrived = status === 'promoted' || status === 'already-there';
  const fault = results.find((result) => result.imageAtFault);
  const isOver = !results.some((result) => result.status === 'unknown' || result.status === 'cancelled');
  for (const image of images) {
    // A run that found everything done does not make the promotion younger.
    const isNew = arrived && !(promotion.isDone && image.tags[key.promoted] !== undefined);
    await write(context, image, {
      ...(isNew ? { [key.promoted]: markValue(clock.now(), run.url) } : {}),
      ...(fault ? { [key.rejected]: markValue(clock.now(), `${fault.reason} ${run.url}`) } : {}),
    });
    await remove(context, image, [
      ...(arrived && image.tags[key.rejected] !== undefined ? [key.rejected] : []),
      ...(isOver && !(promotion.isDone && image.tags[key.promoting] === undefined) ? [key.promoting] : []),
    ]);
  }
  if (!promotion.byHand || status !== 'promoted' || left.length === 0) return;
  const ids = images.map(({ id }) => id).join(', ');
  const value = markValue(clock.now(), `rolled back by hand to ${ids} ${run.url}`);
  await aws.ec2.send(
    new CreateTagsCommand({ Resources: [...left], Tags: toTagList({ [key.rejected]: value }) }),
  );
}

/** The images that the groups ran before, where they ran others. */
function leftImages(plans: readonly Plan[], images: readonly Image[]): string[] {
  const before = plans.flatMap(({ running }) => imagesOf(running).flatMap(({ imageId }) => imageId ?? []));
  return [...new Set(before)].filter(
    (id) => id.startsWith('ami-') && !images.some((image) => image.id === id),
  );
}

/**
 * Tags an image, and returns it as it is then. A full set of tags never fails a deployment: the oldest marks make
 * room, and the log says so.
 */
async function write(context: Context, image: Image, tags: Tags): Promise<Image> {
  if (Object.keys(tags).length === 0) return image;
  const old = tagsToMakeRoom(image.tags, tags);
  if (old.length > 0) {
    context.log.info(`${image.id} has as many tags as AWS allows: the oldest go (${old.join(', ')}).`);
    await remove(context, image, old);
  }
  await context.aws.ec2.send(new CreateTagsCommand({ Resources: [image.id], Tags: toTagList(tags) }));
  const kept = Object.entries(image.tags).filter(([key]) => !old.includes(key));
  return { ...image, tags: { ...Object.fromEntries(kept), ...tags } };
}

async function remove({ aws }: Context, { id }: Image, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await aws.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) }));
}

async function attempt({ log }: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warning(`The outcome could not be written on the image's tags: ${messageOf(explained(error))}`);
  }
}
