import { CreateTagsCommand, DeleteTagsCommand, DescribeImagesCommand } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import type { Context } from '../context.ts';
import type { BuiltImage, TemporaryResource } from '../packer/output.ts';
import { identityTags, markValue, TAG, type Tags, toTagList, unfinishedMark } from '../tags.ts';
import type { BakeJob } from './job.ts';

/** Tags images while Packer works, so that none is ever there that nobody knows. */
export interface ImageMarks {
  /** Packer says that it has made something: an image that it waits for is marked as not finished. */
  announced(resource: TemporaryResource): void;
  /** A build has ended with this image: it gets its tags. */
  finished(image: BuiltImage): void;
  /** Resolves when everything is written; rejects when a finished image did not get its tags. */
  written(): Promise<void>;
  /** The build has failed all the same, in another source for instance: its images are for nobody. */
  failed(): Promise<void>;
}

export function imageMarks(context: Context, job: BakeJob, tags: Tags): ImageMarks {
  const instances = new Set<string>();
  const early = new Map<string, Promise<boolean>>();
  const tagging: Promise<void>[] = [];
  const made: BuiltImage[] = [];
  return {
    announced({ kind, id }) {
      if (kind === 'instance') instances.add(id);
      if (kind === 'image') early.set(id, markUnfinished(context, job, id, instances));
    },
    finished(image) {
      const { region, amiId } = image;
      made.push(image);
      tagging.push(tagFinished(context.aws.inRegion(region), amiId, tags, early.get(amiId)));
    },
    async written() {
      await Promise.allSettled([...tagging, ...early.values()]);
      await Promise.all(tagging);
    },
    async failed() {
      await Promise.allSettled([...tagging, ...early.values()]);
      const quarantined = markValue(
        context.clock.now(),
        `the build failed that made it: ${job.identity.run}`,
      );
      await Promise.allSettled(
        made.map(({ region, amiId }) =>
          tag(context.aws.inRegion(region), amiId, { ...tags, [TAG.quarantined]: quarantined }),
        ),
      );
    },
  };
}

/**
 * Whether the mark was written. A provisioner can print what looks like Packer's own line: only an image that is made
 * of an instance of this build is touched. Where that cannot be seen, the artifact's own tags have to do.
 */
async function markUnfinished(
  { aws, clock }: Context,
  job: BakeJob,
  imageId: string,
  instances: ReadonlySet<string>,
): Promise<boolean> {
  try {
    const { Images: [image] = [] } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    if (image?.State !== 'pending' || !instances.has(image.SourceInstanceId ?? '')) return false;
    const mark = { [TAG.quarantined]: unfinishedMark('build', clock.now(), job.builder) };
    await tag(aws, imageId, { ...identityTags(job.identity), ...mark });
    return true;
  } catch {
    return false;
  }
}

async function tagFinished(
  aws: Aws,
  imageId: string,
  tags: Tags,
  isMarked: Promise<boolean> | undefined,
): Promise<void> {
  const marked = (await isMarked) ?? false;
  await tag(aws, imageId, tags);
  if (marked && tags[TAG.quarantined] === undefined)
    await aws.ec2.send(new DeleteTagsCommand({ Resources: [imageId], Tags: [{ Key: TAG.quarantined }] }));
}

async function tag(aws: Aws, imageId: string, tags: Tags): Promise<void> {
  await aws.ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags: toTagList(tags) }));
}
