import { DeploymentError } from '../errors.ts';
import type { FinishedImage } from './finish-image.ts';

/**
 * The image of a Region, for what can be done with one only.
 *
 * @throws DeploymentError when the sources of the template made several there
 */
export function theImage(images: readonly FinishedImage[], region: string): FinishedImage {
  const [image, ...others] = images.filter((one) => one.region === region);
  if (image && others.length === 0) return image;
  const ids = images.filter((one) => one.region === region).map(({ imageId }) => imageId);
  throw new DeploymentError(
    `The template made ${ids.length} images in ${region} (${ids.join(', ')}), and only one can be meant. Bake one at a time with "only", for example in a job for each architecture.`,
  );
}
