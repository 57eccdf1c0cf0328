import { type Filter, paginateDescribeImages } from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { Context } from '../context.ts';
import { ConfigurationError, errorCode } from '../errors.ts';
import { describeImage, type Image, imageFrom, newestFirst } from '../image.ts';
import { AMI_ID } from '../inputs/fields.ts';
import { TAG, tagFilter } from '../tags.ts';

/** The ways in which the input `base-image` names an image. */
export type BaseImageReference =
  | { by: 'id'; imageId: string }
  | { by: 'parameter'; name: string }
  | { by: 'name'; owner: string; pattern: string }
  | { by: 'application'; application: string };

export function baseImageReference(input: string): BaseImageReference {
  const colon = input.indexOf(':');
  if (colon < 0) return { by: 'id', imageId: input };
  const [kind, name] = [input.slice(0, colon), input.slice(colon + 1)];
  if (kind === 'ssm') return { by: 'parameter', name };
  if (kind === 'application') return { by: 'application', application: name };
  return { by: 'name', owner: kind, pattern: name };
}

/**
 * The image that the input `base-image` means now, available in this Region.
 *
 * @throws ConfigurationError when there is none that can be built on
 */
export async function findBaseImage(context: Context, input: string): Promise<Image> {
  const reference = baseImageReference(input);
  const image = await lookUp(context, reference);
  context.log.info(`Base image: ${describeImage(image)}${image.name === '' ? '' : `, ${image.name}`}`);
  return image;
}

async function lookUp(context: Context, reference: BaseImageReference): Promise<Image> {
  switch (reference.by) {
    case 'id':
      return await byId(context, reference.imageId, 'The input "base-image"');
    case 'parameter':
      return await byId(
        context,
        await imageIdIn(context, reference.name),
        `The parameter ${reference.name} of "base-image"`,
      );
    case 'name': {
      const { owner, pattern } = reference;
      return newestOf(
        await images(context, { Owners: [owner], Filters: [{ Name: 'name', Values: [pattern] }] }),
        `There is no available image of ${owner} with a name like "${pattern}" in ${context.aws.region}: check the input "base-image" (owner:name pattern).`,
      );
    }
    case 'application': {
      const { application } = reference;
      return newestOf(
        await images(context, { Owners: ['self'], Filters: [tagFilter(TAG.application, application)] }),
        `There is no available image of the application "${application}" in ${context.aws.region}: bake it first, or check the input "base-image".`,
      );
    }
  }
}

async function byId(context: Context, imageId: string, what: string): Promise<Image> {
  const [image] = await images(context, { Filters: [{ Name: 'image-id', Values: [imageId] }] });
  const { region } = context.aws;
  if (!image)
    throw new ConfigurationError([
      `${what} is ${imageId}, which does not exist in ${region}, or is not shared with this account. Choose an image of this Region.`,
    ]);
  const quarantined = image.tags[TAG.quarantined];
  if (quarantined !== undefined)
    throw new ConfigurationError([
      `${what} is ${imageId}, which is quarantined (${quarantined}). Choose another image.`,
    ]);
  if (image.state !== 'available')
    throw new ConfigurationError([`${what} is ${imageId}, which is ${image.state} and not available.`]);
  return image;
}

/** AWS's own parameters (`/aws/service/…`) are read like the account's. */
async function imageIdIn({ aws }: Context, name: string): Promise<string> {
  try {
    const { Parameter } = await aws.ssm.send(new GetParameterCommand({ Name: name }));
    const value = Parameter?.Value ?? '';
    if (AMI_ID.test(value)) return value;
    throw new ConfigurationError([
      `The parameter ${name} of "base-image" holds no AMI id. Choose the one that ends in the id, such as …/image_id.`,
    ]);
  } catch (error) {
    if (!['ParameterNotFound', 'ParameterVersionNotFound'].includes(errorCode(error))) throw error;
    throw new ConfigurationError(
      [`There is no parameter ${name} in ${aws.region}: check the input "base-image".`],
      { cause: error },
    );
  }
}

function newestOf(found: readonly Image[], otherwise: string): Image {
  const [newest] = found
    .filter((image) => image.state === 'available' && image.tags[TAG.quarantined] === undefined)
    .toSorted(newestFirst);
  if (!newest) throw new ConfigurationError([otherwise]);
  return newest;
}

/** Deprecated images of others are left out by AWS: their owners advise against them. */
async function images({ aws }: Context, request: { Owners?: string[]; Filters: Filter[] }): Promise<Image[]> {
  const found: Image[] = [];
  for await (const page of paginateDescribeImages({ client: aws.ec2 }, request))
    found.push(...(page.Images ?? []).map(imageFrom));
  return found;
}
