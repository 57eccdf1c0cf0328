import type { Aws } from '../aws/clients.ts';
import type { Context } from '../context.ts';
import { aliasesToDrop, aliasTag, commitAliases, TAG, type Tags } from '../tags.ts';
import { addTags, type Tagged } from './add-tags.ts';
import type { BakeJob } from './job.ts';

/**
 * Makes a reused image the image of this commit, too: found by it, and counted among the images of its branch. The
 * newest ten commits are kept. Returns the tags that it did not have.
 */
export async function adoptImage(context: Context, job: BakeJob, aws: Aws, image: Tagged): Promise<Tags> {
  const { clock, run, log } = context;
  const tags = adoptionTags(job, image, run.id, clock.now());
  if (Object.keys(tags).length > 0)
    await addTags(aws, log, image, tags, aliasesToDrop(image.tags, job.identity.commit));
  return tags;
}

/**
 * What the image does not say yet: the commit with its branch and this run, by which the run finds it again; the git
 * tag; and the tags that the inputs ask for.
 */
export function adoptionTags(
  { identity, inputs }: Pick<BakeJob, 'identity' | 'inputs'>,
  { tags }: Pick<Tagged, 'tags'>,
  run: string,
  time: number,
): Tags {
  const { commit, branch, version } = identity;
  const name = version ?? branch ?? '';
  const isOfThisRun =
    tags[TAG.run] === identity.run &&
    tags[TAG.commit] === commit &&
    (tags[TAG.version] ?? tags[TAG.branch] ?? '') === name;
  const isKnown = commitAliases(tags).some(
    (alias) => alias.commit === commit && alias.branch === name && alias.run === run,
  );
  const wanted: Tags = {
    ...inputs.tags,
    ...(version !== undefined && tags[TAG.version] === undefined ? { [TAG.version]: version } : {}),
  };
  const missing = Object.entries(wanted).filter(([key, value]) => tags[key] !== value);
  return {
    ...Object.fromEntries(missing),
    ...(isOfThisRun || isKnown ? {} : aliasTag({ commit, time, run, branch: name })),
  };
}
