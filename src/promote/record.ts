import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { explained } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { messageOf } from '../errors.ts';
import type { Image } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { markKey, markValue, TAG, tagValue, toTagList } from '../tags.ts';
import { type GroupResult, overallStatus } from './result.ts';

/**
 * Says on the images that they are on their way into an environment, so that prune takes them for in use. The first
 * write. An image of another account, whose tags are not seen here, gets what the inputs say of it: later promotions
 * find it by that.
 */
export async function markPromoting(
  { aws, clock, run }: Context,
  { inputs, application }: { inputs: PromoteInputs; application: string },
  { images }: { images: readonly Image[] },
): Promise<void> {
  const mark = { [markKey('promoting', inputs.environment)]: markValue(clock.now(), run.url) };
  const { commit, version, branch } = inputs;
  const identity = {
    [TAG.application]: tagValue(application),
    ...(commit === undefined ? {} : { [TAG.commit]: commit }),
    ...(version === undefined ? {} : { [TAG.version]: tagValue(version) }),
    ...(branch === undefined ? {} : { [TAG.branch]: tagValue(branch) }),
  };
  for (const { id, ownerId, tags } of images) {
    const isForeign = inputs.imageOwners.includes(ownerId) && tags[TAG.application] === undefined;
    await aws.ec2.send(
      new CreateTagsCommand({
        Resources: [id],
        Tags: toTagList({ ...mark, ...(isForeign ? identity : {}) }),
      }),
    );
  }
}

/**
 * Writes the outcome on the images: promoted, or rejected when the image's own health was the cause; on a rollback by
 * hand, the image that was left becomes rejected. The `promoting` mark stays while the state is not known.
 */
export async function recordOutcome(
  context: Context,
  promotion: {
    images: readonly Image[];
    environment: string;
    /** Images that the groups ran before. */
    left: readonly string[];
    byHand: boolean;
  },
  results: readonly GroupResult[],
): Promise<void> {
  const { aws, clock, run, log } = context;
  const { images, left, environment } = promotion;
  const Resources = images.map(({ id }) => id);
  const key = {
    promoting: markKey('promoting', environment),
    promoted: markKey('promoted', environment),
    rejected: markKey('rejected', environment),
  };
  const status = overallStatus(results);
  const set: Record<string, string> = {};
  const remove: string[] = [];
  if (status === 'promoted' || status === 'already-there') {
    set[key.promoted] = markValue(clock.now(), run.url);
    if (images.some((image) => image.tags[key.rejected] !== undefined)) remove.push(key.rejected);
  }
  const fault = results.find((result) => result.imageAtFault);
  if (fault) set[key.rejected] = markValue(clock.now(), `${fault.reason} ${run.url}`);
  if (!results.some((result) => result.status === 'unknown' || result.status === 'cancelled'))
    remove.push(key.promoting);
  try {
    if (Object.keys(set).length > 0)
      await aws.ec2.send(new CreateTagsCommand({ Resources, Tags: toTagList(set) }));
    if (remove.length > 0)
      await aws.ec2.send(new DeleteTagsCommand({ Resources, Tags: remove.map((Key) => ({ Key })) }));
    if (promotion.byHand && status === 'promoted' && left.length > 0) {
      const value = markValue(clock.now(), `rolled back by hand to ${Resources.join(', ')} ${run.url}`);
      await aws.ec2.send(
        new CreateTagsCommand({ Resources: [...left], Tags: toTagList({ [key.rejected]: value }) }),
      );
    }
  } catch (error) {
    // The groups are as reported; only the note about it is missing.
    log.warning(`The outcome could not be written on the image's tags: ${messageOf(explained(error))}`);
  }
}
