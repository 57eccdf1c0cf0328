/**
 * The description of a launch template version that immutable-deploy made: promote writes it, prune recognises its own
 * versions by it. EC2 takes at most 255 characters.
 */

const LONGEST_DESCRIPTION = 255;

const IMAGE_ID = /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/;
const LONG_IMAGE_ID = /^ami-[0-9a-f]{17}$/;

const prefixFor = (application: string) => `immutable-deploy ${application} `;

/** The description of a version with this image, for this application; cut at 255 characters. */
export function versionDescription(application: string, imageId: string): string {
  return `${prefixFor(application)}${imageId}`.slice(0, LONGEST_DESCRIPTION);
}

/**
 * The image that a description names, when it is one that `versionDescription` wrote for this application; otherwise
 * `undefined`, also when the application's name is so long that the image's id was cut off.
 */
export function imageOfDescription(application: string, description: string | undefined): string | undefined {
  const prefix = prefixFor(application);
  if (!description?.startsWith(prefix)) return undefined;
  const imageId = description.slice(prefix.length);
  // Of a description of full length the end may be missing: an id with 17 digits, cut, looks like one with 8.
  const whole = description.length < LONGEST_DESCRIPTION ? IMAGE_ID : LONG_IMAGE_ID;
  return whole.test(imageId) ? imageId : undefined;
}
