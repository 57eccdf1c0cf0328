import { DescribeImageAttributeCommand, type LaunchPermission } from '@aws-sdk/client-ec2';
import { isAccessDenied } from '../../aws/errors.ts';
import type { Context } from '../../context.ts';
import { errorCode } from '../../errors.ts';
import { inParallel } from '../../parallel.ts';
import type { PrunableImage } from '../inventory.ts';
import type { ImageUse } from './use.ts';

const CALLS_AT_ONCE = 5;

/** What is known of with whom images are shared; `error` is the first one, when some could not be read. */
export interface LaunchPermissions {
  uses: ImageUse[];
  error?: unknown;
}

/**
 * The accounts and organisations that these images are shared with: what runs there cannot be seen from here.
 * One call an image, therefore only for images that are about to go. An image whose permissions cannot be read counts
 * as shared.
 */
export async function readLaunchPermissions(
  context: Context,
  images: readonly PrunableImage[],
): Promise<LaunchPermissions> {
  const result: LaunchPermissions = { uses: [] };
  await inParallel(images, CALLS_AT_ONCE, async (image) => {
    try {
      // A role that may not read one may read none: no more calls than needed to know it.
      if (isAccessDenied(result.error)) throw result.error;
      result.uses.push(...(await permissionUses(context, image)));
    } catch (error) {
      context.signal.throwIfAborted();
      if (isGone(error)) return;
      result.error ??= error;
      result.uses.push({ holder: 'its launch permissions could not be read', imageId: image.id });
    }
  });
  return result;
}

async function permissionUses({ aws, signal }: Context, image: PrunableImage): Promise<ImageUse[]> {
  const { LaunchPermissions = [] } = await aws.ec2.send(
    new DescribeImageAttributeCommand({ ImageId: image.id, Attribute: 'launchPermission' }),
    { abortSignal: signal },
  );
  return LaunchPermissions.filter(({ UserId }) => UserId === undefined || UserId !== image.ownerId).map(
    (permission) => ({ holder: describePermission(permission), imageId: image.id }),
  );
}

export function describePermission(permission: LaunchPermission): string {
  const { UserId, OrganizationArn, OrganizationalUnitArn } = permission;
  if (UserId !== undefined) return `shared with account ${UserId}`;
  return `shared with ${OrganizationArn ?? OrganizationalUnitArn ?? 'everybody'}`;
}

/** The image was deregistered in the meantime. */
export const isGone = (error: unknown) =>
  ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'].includes(errorCode(error));
