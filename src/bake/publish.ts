import { paginateDescribeLaunchTemplateVersions } from '@aws-sdk/client-ec2';
import { GetParameterCommand, type Parameter, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Aws } from '../aws/clients.ts';
import { isAccessDenied } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { DeploymentError, errorCode } from '../errors.ts';
import type { FinishedImage } from './finish-image.ts';
import { theImage } from './the-image.ts';

/** The data type with which Parameter Store looks whether the image is there. */
const IMAGE_TYPE = 'aws:ec2:image';
const PATIENCE_MS = 120_000;
const PAUSE_MS = 2_000;

/**
 * Writes each image's id into the parameter of its Region, and reads it back until it is there.
 *
 * @throws DeploymentError when Parameter Store did not take it
 */
export async function publishImages(
  context: Context,
  name: string,
  images: readonly FinishedImage[],
): Promise<void> {
  for (const region of new Set(images.map((image) => image.region)))
    await publish(context, context.aws.inRegion(region), name, theImage(images, region).imageId);
}

async function publish(context: Context, aws: Aws, name: string, imageId: string): Promise<void> {
  const { log } = context;
  const before = await readParameter(aws, name);
  if (before?.Value === imageId) {
    log.info(`${name} in ${aws.region} says ${imageId} already.`);
    return;
  }
  await warnOfUsers(context, aws, name, imageId);
  const isPlain = before !== undefined && before.DataType !== IMAGE_TYPE;
  if (isPlain)
    log.notice(
      `${name} in ${aws.region} is plain text, which cannot be changed: AWS does not check that it holds an image.`,
    );
  const { Version = 0 } = await aws.ssm.send(
    new PutParameterCommand({
      Name: name,
      Value: imageId,
      Type: 'String',
      Overwrite: true,
      ...(isPlain ? {} : { DataType: IMAGE_TYPE }),
    }),
  );
  await readBack(context, aws, name, { imageId, version: Version });
  log.info(`${name} in ${aws.region}: ${before?.Value ?? '(new)'} → ${imageId}`);
}

/** PutParameter answers before the image was looked at: what it refuses then never appears, and nobody is told. */
async function readBack(
  { log, clock, signal }: Context,
  aws: Aws,
  name: string,
  { imageId, version }: { imageId: string; version: number },
): Promise<void> {
  const end = clock.now() + PATIENCE_MS;
  for (;;) {
    const now = await readParameter(aws, name);
    if (now?.Value === imageId) return;
    if ((now?.Version ?? 0) > version) {
      log.warning(`${name} in ${aws.region} has been set to ${now?.Value} meanwhile, by somebody else.`);
      return;
    }
    if (clock.now() >= end)
      throw new DeploymentError(
        `The parameter ${name} in ${aws.region} still says ${now?.Value ?? 'nothing'} and not ${imageId}. Parameter Store takes an image only when the role may call ec2:DescribeImages; look at the parameter's history and its events.`,
      );
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** The parameter as it is; `undefined` when there is none. */
export async function readParameter(aws: Aws, name: string): Promise<Parameter | undefined> {
  try {
    return (await aws.ssm.send(new GetParameterCommand({ Name: name }))).Parameter;
  } catch (error) {
    if (errorCode(error) === 'ParameterNotFound') return undefined;
    throw error;
  }
}

/** Whoever launches from a template that takes its image from the parameter gets the new one at once, unpromoted. */
async function warnOfUsers({ log }: Context, aws: Aws, name: string, imageId: string): Promise<void> {
  const users: string[] = [];
  try {
    const pages = paginateDescribeLaunchTemplateVersions(
      { client: aws.ec2 },
      { Versions: ['$Latest', '$Default'] },
    );
    for await (const { LaunchTemplateVersions = [] } of pages) {
      for (const { LaunchTemplateName, VersionNumber, LaunchTemplateData } of LaunchTemplateVersions) {
        if (takesImageFrom(LaunchTemplateData?.ImageId ?? '', name))
          users.push(`${LaunchTemplateName} (version ${VersionNumber})`);
      }
    }
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
    log.notice(
      `Whether launch templates take their image from ${name} is unknown: allow ec2:DescribeLaunchTemplateVersions to be told.`,
    );
  }
  if (users.length > 0)
    log.warning(
      `These launch templates in ${aws.region} take their image from the parameter ${name}: ${[...new Set(users)].join(', ')}. Whatever is launched from them gets ${imageId} from now on, without a promotion.`,
    );
}

/** `resolve:ssm:<name>`, also with a version or label, or by the parameter's ARN. */
function takesImageFrom(image: string, name: string): boolean {
  const parameter = /^resolve:ssm:(.+)$/.exec(image)?.[1]?.replace(/^arn:[^/]*:parameter(?=\/)/, '');
  return parameter !== undefined && (parameter === name || parameter.startsWith(`${name}:`));
}
