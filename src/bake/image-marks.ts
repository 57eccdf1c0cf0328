import { CreateTagsCommand, DeleteTagsCommand, DescribeImagesCommand } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import type { Context } from '../context.ts';
import type { BuiltImage, TemporaryResource } from '../packer/output.ts';
import { identityTags, markValue, TAG, type Tags, toTagList, unfinishedMark } from '../tags.ts';
import type { BakeJob } from './job.ts';

/**
 * Tags images while Packer works, so that none is ever there that nobody knows, and none is taken for whole before
 * all of the build has succeeded.
 */
export interface ImageMarks {
  /** Packer says that it has made something: an image that it waits for is marked as not finished. */
  announced(resource: TemporaryResource): void;
  /** One of the builds has ended with this image. */
  made(image: BuiltImage): void;
  /** Packer has succeeded: all images get these tags, and lose the mark if these have no other in its place. */
  complete(tags: Tags): Promise<void>;
  /** The build has failed all the same, in another source for instance: its images are for nobody. */
  failed(): Promise<void>;
}

export function imageMarks(context: Context, job: BakeJob): ImageMarks {
  const instances = new Set<string>();
  const early = new Map<string, Promise<boolean>>();
  const tagging: Promise<unknown>[] = [];
  const made: BuiltImage[] = [];
  const ofBuild = () => ({
    ...identityTags(job.identity),
    [TAG.quarantined]: unfinishedMark('build', context.clock.now(), job.builder),
  });
  const tagAll = async (tags: Tags) =>
    await Promise.all(made.map(({ region, amiId }) => tag(context.aws.inRegion(region), amiId, tags)));
  return {
    announced({ kind, id }) {
      if (kind === 'instance') instances.add(id);
      if (kind === 'image') early.set(id, markUnfinished(context.aws, id, instances, ofBuild()));
    },
    made(image) {
      made.push(image);
      const aws = context.aws.inRegion(image.region);
      const mark = async () => {
        if (!(await early.get(image.amiId))) await tag(aws, image.amiId, ofBuild());
      };
      tagging.push(mark());
    },
    async complete(tags) {
      await Promise.all(tagging);
      await tagAll(tags);
      if (tags[TAG.quarantined] !== undefined) return;
      for (const { region, amiId } of made)
        await context.aws
          .inRegion(region)
          .ec2.send(new DeleteTagsCommand({ Resources: [amiId], Tags: [{ Key: TAG.quarantined }] }));
    },
    async failed() {
      await Promise.allSettled([...tagging, ...early.values()]);
      const why = `the build failed that made it: ${job.identity.run}`;
      const quarantined = markValue(context.clock.now(), why);
      await tagAll({ ...identityTags(job.identity), [TAG.quarantined]: quarantined }).catch(() => {});
    },
  };
}

/**
 * Whether the mark was written. A provisioner can print what looks like Packer's own line: only an image that is made
 * of an instance of this build is touched. Where that cannot be seen, the tags at the end have to do.
 */
async function markUnfinished(
  aws: Aws,
  imageId: string,
  instances: ReadonlySet<string>,
  tags: Tags,
): Promise<boolean> {
  try {
    const { Images: [image] = [] } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    if (image?.State !== 'pending' || !instances.has(image.SourceInstanceId ?? '')) return false;
    await tag(aws, imageId, tags);
    return true;
  } catch {
    return false;
  }
}

async function tag(aws: Aws, imageId: string, tags: Tags): Promise<void> {
  await aws.ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags: toTagList(tags) }));
}
