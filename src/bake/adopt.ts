import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import type { Context } from '../context.ts';
import type { Image } from '../image.ts';
import {
  aliasesToDrop,
  aliasTag,
  commitAliases,
  TAG,
  type Tags,
  tagsToMakeRoom,
  toTagList,
} from '../tags.ts';
import type { BakeJob } from './job.ts';

type Adoptable = Pick<Image, 'id' | 'tags'>;

/**
 * Makes a reused image the image of this commit, too: found by it, and counted among the images of its branch. The
 * newest ten commits are kept. Returns the tags that it did not have.
 */
export async function adoptImage(context: Context, job: BakeJob, aws: Aws, image: Adoptable): Promise<Tags> {
  const { clock, run, log } = context;
  const tags = adoptionTags(job, image, run.id, clock.now());
  if (Object.keys(tags).length === 0) return tags;
  const old = new Set([
    ...aliasesToDrop(image.tags, job.identity.commit),
    ...tagsToMakeRoom(image.tags, tags),
  ]);
  if (old.size > 0) {
    log.info(`The oldest marks of ${image.id} make room: ${[...old].join(', ')}.`);
    await aws.ec2.send(
      new DeleteTagsCommand({ Resources: [image.id], Tags: [...old].map((Key) => ({ Key })) }),
    );
  }
  await aws.ec2.send(new CreateTagsCommand({ Resources: [image.id], Tags: toTagList(tags) }));
  return tags;
}

/** What the image does not say yet: the commit and its branch, the git tag, and the tags that the inputs ask for. */
export function adoptionTags(
  { identity, inputs }: BakeJob,
  image: Adoptable,
  run: string,
  time: number,
): Tags {
  const { commit, branch, version } = identity;
  const name = version ?? branch ?? '';
  const known = [
    {
      commit: image.tags[TAG.commit],
      branch: image.tags[TAG.version] ?? image.tags[TAG.branch] ?? '',
      run: '',
    },
    ...commitAliases(image.tags),
  ];
  const isNew = !known.some((one) => one.commit === commit && one.branch === name);
  const wanted: Tags = {
    ...inputs.tags,
    ...(version !== undefined && image.tags[TAG.version] === undefined ? { [TAG.version]: version } : {}),
  };
  const missing = Object.entries(wanted).filter(([key, value]) => image.tags[key] !== value);
  return {
    ...Object.fromEntries(missing),
    ...(isNew ? aliasTag({ commit, time, run, branch: name }) : {}),
  };
}
