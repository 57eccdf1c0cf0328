import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import type { Log } from '../log.ts';
import { type Tags, tagsToMakeRoom, toTagList } from '../tags.ts';

/** An image as far as its tags go. */
export interface Tagged {
  id: string;
  tags: Tags;
}

/** Adds tags to an image. Where its fifty tags are full, the oldest marks go; `leaving` go in any case. */
export async function addTags(
  aws: Aws,
  log: Log,
  { id, tags }: Tagged,
  added: Tags,
  leaving: readonly string[] = [],
): Promise<void> {
  const rest = Object.fromEntries(Object.entries(tags).filter(([key]) => !leaving.includes(key)));
  const old = [...leaving, ...tagsToMakeRoom(rest, added)];
  if (old.length > 0) {
    log.info(`The oldest marks of ${id} make room: ${old.join(', ')}.`);
    await aws.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: old.map((Key) => ({ Key })) }));
  }
  await aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: toTagList(added) }));
}
