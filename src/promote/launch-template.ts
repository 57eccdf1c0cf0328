import { createHash } from 'node:crypto';
import {
  CreateLaunchTemplateVersionCommand,
  type LaunchTemplateVersion,
  paginateDescribeLaunchTemplateVersions,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { DeploymentError } from '../errors.ts';
import { versionDescription } from '../version-description.ts';
import type { RunningVersion } from './target.ts';

/**
 * The number of an existing version that can be used for the image: the running one when it has the image already, or
 * an earlier one of ours with equal data. `undefined` when one has to be made.
 */
export async function findVersion(
  aws: Aws,
  running: RunningVersion,
  imageId: string,
  application: string,
): Promise<string | undefined> {
  if (running.data.ImageId === imageId) return running.number;
  const wanted = canonical({ ...running.data, ImageId: imageId });
  const known = (await versionsWithImage(aws, running.launchTemplateId, imageId)).find(
    (version) =>
      version.VersionDescription === versionDescription(application, imageId) &&
      canonical(version.LaunchTemplateData) === wanted,
  );
  return known && String(known.VersionNumber);
}

/**
 * Makes a version that is the running one with only the image changed, and returns its number. Safe to repeat when an
 * answer was lost: the client token is derived from everything in the request.
 */
export async function createVersion(
  aws: Aws,
  running: RunningVersion,
  imageId: string,
  application: string,
): Promise<string> {
  const description = versionDescription(application, imageId);
  const content = [running.launchTemplateId, running.number, canonical(running.data), description];
  const { LaunchTemplateVersion: version, Warning } = await aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: running.launchTemplateId,
      // What is not given is inherited from the source, so the image is all that changes.
      SourceVersion: running.number,
      VersionDescription: description,
      LaunchTemplateData: { ImageId: imageId },
      ClientToken: createHash('sha256').update(content.join('\n')).digest('hex'),
    }),
  );
  const number = String(version?.VersionNumber ?? '');
  const [invalid] = Warning?.Errors ?? [];
  if (!invalid) return number;
  throw new DeploymentError(
    `EC2 warns that version ${number} of ${running.launchTemplateName} cannot work: ${invalid.Message} (${invalid.Code}). No refresh was started; correct version ${running.number}, from which it was made.`,
  );
}

async function versionsWithImage(
  aws: Aws,
  launchTemplateId: string,
  imageId: string,
): Promise<LaunchTemplateVersion[]> {
  const versions: LaunchTemplateVersion[] = [];
  const request = { LaunchTemplateId: launchTemplateId, Filters: [{ Name: 'image-id', Values: [imageId] }] };
  for await (const page of paginateDescribeLaunchTemplateVersions({ client: aws.ec2 }, request))
    versions.push(...(page.LaunchTemplateVersions ?? []));
  return versions;
}

/** JSON with the members of every object in order, so that equal data is equal text. */
function canonical(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
