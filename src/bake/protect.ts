import {
  EnableImageDeprecationCommand,
  EnableImageDeregistrationProtectionCommand,
} from '@aws-sdk/client-ec2';
import type { Context } from '../context.ts';
import type { FinishedImage } from './finish-image.ts';

const DAY = 24 * 3600 * 1000;

/** From when on EC2 calls the images deprecated: so many days from now, also for images that are reused. */
export async function deprecateImages(
  { aws, clock, log }: Context,
  days: number,
  images: readonly FinishedImage[],
): Promise<void> {
  const DeprecateAt = new Date(clock.now() + days * DAY);
  for (const { region, imageId } of images)
    await aws.inRegion(region).ec2.send(new EnableImageDeprecationCommand({ ImageId: imageId, DeprecateAt }));
  log.info(`Deprecated from ${DeprecateAt.toISOString()} on.`);
}

/** Nobody deregisters the images before the protection is taken away again. */
export async function protectImages({ aws }: Context, images: readonly FinishedImage[]): Promise<void> {
  for (const { region, imageId } of images)
    await aws.inRegion(region).ec2.send(new EnableImageDeregistrationProtectionCommand({ ImageId: imageId }));
}
