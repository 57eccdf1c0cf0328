import { imageWithName } from '../../engine/images.ts';
import { mayLaunch } from '../../engine/instances.ts';
import type { ImageRecord } from '../../engine/records/ec2.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';

/**
 * AWS checks more than the pattern of an id: long ones that it could not have issued are malformed. That these are
 * all that do not begin with a zero, or have nothing but zeros, is an inference from those that were seen.
 */
const IMAGE_ID = /^ami-([0-9a-f]{8}|0(?!0{16})[0-9a-f]{16})$/;

export const imageNotFound = (id: string) =>
  new ServiceError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);

/** An image that is or was there a moment ago; a well-formed id that never was is `NotFound`. */
export function findImage(region: Region, id = ''): ImageRecord {
  if (!IMAGE_ID.test(id)) throw new ServiceError('InvalidAMIID.Malformed', `Invalid id: "${id}"`);
  const record = region.state.images.get(id);
  if (!record) throw imageNotFound(id);
  return record;
}

/** An image of this account that can be changed. */
export function ownImage(region: Region, id: string | undefined): ImageRecord {
  const record = findImage(region, id);
  if (record.image.OwnerId !== ACCOUNT)
    throw new ServiceError('AuthFailure', `Not authorized for image:${record.image.ImageId}`);
  if (record.deregisteredAt !== undefined)
    throw new ServiceError('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`);
  return record;
}

/** Whether this account sees the image at all: its own, the public ones, and those shared with it. */
export function isVisible(record: ImageRecord): boolean {
  return record.deregisteredAt === undefined && (record.image.OwnerId === ACCOUNT || mayLaunch(record));
}

/** The name for a new image, or the error that says why not. */
export function checkedName(region: Region, name = ''): string {
  if (!/^[a-zA-Z0-9()[\] ./'@_-]{3,128}$/.test(name)) {
    throw new ServiceError(
      'InvalidAMIName.Malformed',
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
    );
  }
  const holder = imageWithName(region, name);
  if (holder !== undefined)
    throw new ServiceError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${holder}`);
  return name;
}
