import type {
  DisableImageDeprecationRequest,
  DisableImageDeprecationResult,
  DisableImageDeregistrationProtectionRequest,
  DisableImageDeregistrationProtectionResult,
  DisableImageRequest,
  DisableImageResult,
  EnableImageDeprecationRequest,
  EnableImageDeprecationResult,
  EnableImageDeregistrationProtectionRequest,
  EnableImageDeregistrationProtectionResult,
  EnableImageRequest,
  EnableImageResult,
} from '@aws-sdk/client-ec2';
import { disableProtection } from '../../engine/images.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { ownImage } from './image-lookup.ts';

/** What an owner does with an image short of deregistering it: deprecate, disable, protect. */
export const imageLifecycleHandlers: Handlers = {
  EnableImageDeprecation,
  DisableImageDeprecation,
  DisableImage,
  EnableImage,
  EnableImageDeregistrationProtection,
  DisableImageDeregistrationProtection,
};

const MINUTE = 60_000;
const TEN_YEARS = 10 * 365.25 * 24 * 60 * MINUTE;

/** Seconds are rounded to the nearest minute. */
function EnableImageDeprecation(
  input: EnableImageDeprecationRequest,
  region: Region,
): EnableImageDeprecationResult {
  const { image } = ownImage(region, input.ImageId);
  const time = Math.round((input.DeprecateAt?.getTime() ?? Number.NaN) / MINUTE) * MINUTE;
  // The limits are documented; code and text are an inference.
  if (!(time >= region.now - MINUTE && time <= region.now + TEN_YEARS)) {
    throw new ServiceError(
      'InvalidParameterValue',
      'The deprecation date must be in the future and not more than 10 years from now.',
    );
  }
  image.DeprecationTime = new Date(time).toISOString();
  return { Return: true };
}

function DisableImageDeprecation(
  input: DisableImageDeprecationRequest,
  region: Region,
): DisableImageDeprecationResult {
  delete ownImage(region, input.ImageId).image.DeprecationTime;
  return { Return: true };
}

/** A disabled image is shared with nobody any more, and enabling it does not bring the permissions back. */
function DisableImage(input: DisableImageRequest, region: Region): DisableImageResult {
  const record = ownImage(region, input.ImageId);
  if (record.image.State !== 'available' && record.image.State !== 'disabled')
    throw notInState(input.ImageId);
  record.image.State = 'disabled';
  record.image.Public = false;
  record.launchPermissions = [];
  return { Return: true };
}

function EnableImage(input: EnableImageRequest, region: Region): EnableImageResult {
  const { image } = ownImage(region, input.ImageId);
  if (image.State !== 'available' && image.State !== 'disabled') throw notInState(input.ImageId);
  image.State = 'available';
  return { Return: true };
}

/** An inference, in the words that EC2 has for images that cannot be used. */
const notInState = (id: string | undefined) =>
  new ServiceError('InvalidAMIID.Unavailable', `The image ID '${id}' is not available`);

function EnableImageDeregistrationProtection(
  input: EnableImageDeregistrationProtectionRequest,
  region: Region,
): EnableImageDeregistrationProtectionResult {
  const record = ownImage(region, input.ImageId);
  record.image.DeregistrationProtection = input.WithCooldown
    ? 'enabled-with-cooldown'
    : 'enabled-without-cooldown';
  return { Return: 'true' };
}

function DisableImageDeregistrationProtection(
  input: DisableImageDeregistrationProtectionRequest,
  region: Region,
): DisableImageDeregistrationProtectionResult {
  disableProtection(region, ownImage(region, input.ImageId));
  return { Return: 'true' };
}
