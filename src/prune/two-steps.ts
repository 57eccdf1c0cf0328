import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DisableImageCommand,
  DisableImageDeprecationCommand,
  EnableImageCommand,
  EnableImageDeprecationCommand,
} from '@aws-sdk/client-ec2';
import type { Context } from '../context.ts';
import { describeImage } from '../image.ts';
import { markValue, TAG, tagsToMakeRoom } from '../tags.ts';
import type { PrunableImage } from './inventory.ts';
import type { Removal } from './removal.ts';
import { attempt, type Deed } from './remove-images.ts';
import { formerDeprecation } from './steps.ts';

/** EC2 takes no time in the past, and whole minutes. */
const SOON_MS = 2 * 60_000;

const DEEDS = {
  deprecate: { done: 'deprecated', permission: 'ec2:EnableImageDeprecation' },
  disable: { done: 'disabled', permission: 'ec2:DisableImage' },
  restore: { done: 'restored', permission: 'ec2:EnableImage and ec2:DisableImageDeprecation' },
} satisfies Record<string, Deed>;

/**
 * Deprecates or disables an image that is to go. The mark comes first: killed in between, the next run sees what was
 * begun. Never rejects but for a cancel.
 */
export async function softenImage(
  context: Context,
  image: PrunableImage,
  kind: 'deprecate' | 'disable',
  removal: Removal,
): Promise<void> {
  const { aws, clock, log } = context;
  await attempt(context, image, DEEDS[kind], removal, async () => {
    await mark(context, image, kind);
    if (kind === 'disable' && image.state !== 'disabled')
      await aws.ec2.send(new DisableImageCommand({ ImageId: image.id }));
    const deprecated = image.deprecation !== undefined && image.deprecation <= clock.now();
    if (kind === 'deprecate' && image.state === 'available' && !deprecated)
      await aws.ec2.send(
        new EnableImageDeprecationCommand({
          ImageId: image.id,
          DeprecateAt: new Date(clock.now() + SOON_MS),
        }),
      );
    removal.softened.push(image.id);
    log.info(`${kind === 'disable' ? 'Disabled' : 'Deprecated'} ${describeImage(image)}`);
  });
}

async function mark({ aws, clock }: Context, image: PrunableImage, kind: string): Promise<void> {
  const deprecation = formerDeprecation(image) ?? image.deprecation;
  const former = deprecation === undefined ? '' : new Date(deprecation).toISOString();
  const value = markValue(clock.now(), `${kind} ${former}`.trim());
  const tooMany = tagsToMakeRoom(image.tags, { [TAG.removing]: value });
  if (tooMany.length > 0)
    await aws.ec2.send(
      new DeleteTagsCommand({ Resources: [image.id], Tags: tooMany.map((Key) => ({ Key })) }),
    );
  await aws.ec2.send(
    new CreateTagsCommand({ Resources: [image.id], Tags: [{ Key: TAG.removing, Value: value }] }),
  );
}

/**
 * Undoes what `softenImage` did: the image is used again, or a rule keeps it now. The mark goes last. Never rejects
 * but for a cancel.
 */
export async function restoreImage(context: Context, image: PrunableImage, removal: Removal): Promise<void> {
  const { aws, clock, log } = context;
  await attempt(context, image, DEEDS.restore, removal, async () => {
    if (image.state === 'disabled') await aws.ec2.send(new EnableImageCommand({ ImageId: image.id }));
    const former = formerDeprecation(image);
    if (former === undefined && image.deprecation !== undefined)
      await aws.ec2.send(new DisableImageDeprecationCommand({ ImageId: image.id }));
    // A time that has passed cannot be set again, and need not be: the image is deprecated, as it would be by now.
    if (former !== undefined && former !== image.deprecation && former > clock.now() + SOON_MS)
      await aws.ec2.send(
        new EnableImageDeprecationCommand({ ImageId: image.id, DeprecateAt: new Date(former) }),
      );
    await aws.ec2.send(new DeleteTagsCommand({ Resources: [image.id], Tags: [{ Key: TAG.removing }] }));
    removal.restored.push(image.id);
    log.info(`Restored ${describeImage(image)}: it is kept now`);
  });
}
