import { createHash, randomUUID } from 'node:crypto';
import {
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplateVersionsCommand,
  type LaunchTemplateVersion,
  ModifyLaunchTemplateCommand,
  paginateDescribeLaunchTemplateVersions,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { explained } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { DeploymentError, errorCode, messageOf } from '../errors.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { versionDescription } from '../version-description.ts';
import type { RunningVersion } from './configuration.ts';
import type { Plan, VersionPlan } from './plan.ts';
import type { GroupResult } from './result.ts';

/** Which version the new one is made from, and whether there is one already that can be used. */
export async function planVersion(
  aws: Aws,
  running: RunningVersion,
  imageId: string,
  { application, sourceVersion }: { application: string; sourceVersion: PromoteInputs['sourceVersion'] },
): Promise<VersionPlan> {
  const source = await readSource(aws, running, sourceVersion);
  return { running, source, imageId, number: await findVersion(aws, source, imageId, application) };
}

/** `running` is what the group runs; anything else may carry changes that nobody has deployed yet. */
async function readSource(
  aws: Aws,
  running: RunningVersion,
  sourceVersion: PromoteInputs['sourceVersion'],
): Promise<VersionPlan['source']> {
  if (sourceVersion === 'running' || sourceVersion === running.number) return running;
  const asked = { latest: '$Latest', default: '$Default' }[sourceVersion] ?? sourceVersion;
  const { LaunchTemplateVersions: [version] = [] } = await aws.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateId: running.launchTemplateId,
      Versions: [asked],
    }),
  );
  return {
    launchTemplateId: running.launchTemplateId,
    launchTemplateName: running.launchTemplateName,
    number: String(version?.VersionNumber ?? asked),
    data: version?.LaunchTemplateData ?? {},
  };
}

/**
 * The number of an existing version that can be used for the image: the source itself when it has the image already,
 * or an earlier one of ours with equal data. `undefined` when one has to be made.
 */
async function findVersion(
  aws: Aws,
  source: VersionPlan['source'],
  imageId: string,
  application: string,
): Promise<string | undefined> {
  if (source.data.ImageId === imageId) return source.number;
  const wanted = canonical({ ...source.data, ImageId: imageId });
  const known = (await versionsWithImage(aws, source.launchTemplateId, imageId)).find(
    (version) =>
      version.VersionDescription === versionDescription(application, imageId) &&
      canonical(version.LaunchTemplateData) === wanted,
  );
  return known && String(known.VersionNumber);
}

/**
 * Makes a version that is the source with only the image changed, and returns its number. Safe to repeat when an
 * answer was lost: the client token is derived from everything in the request.
 */
export async function createVersion(
  aws: Aws,
  { source, imageId }: Pick<VersionPlan, 'source' | 'imageId'>,
  application: string,
): Promise<string> {
  const description = versionDescription(application, imageId);
  const content = [source.launchTemplateId, source.number, canonical(source.data), description];
  const create = async (ClientToken: string) =>
    await aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: source.launchTemplateId,
        // What is not given is inherited from the source, so the image is all that changes.
        SourceVersion: source.number,
        VersionDescription: description,
        LaunchTemplateData: { ImageId: imageId },
        ClientToken,
      }),
    );
  const token = createHash('sha256').update(content.join('\n')).digest('hex');
  const answer = await create(token).catch(async (error: unknown) => {
    // The version made with this token is not there any more, or the template has changed since: a new one is needed.
    if (errorCode(error) === 'IdempotentParameterMismatch') return await create(randomUUID());
    throw fullTemplate(error, source) ?? error;
  });
  const { LaunchTemplateVersion: version, Warning } = answer;
  const number = String(version?.VersionNumber ?? '');
  const [invalid] = Warning?.Errors ?? [];
  if (!invalid) return number;
  throw new DeploymentError(
    `EC2 warns that version ${number} of ${source.launchTemplateName} cannot work: ${invalid.Message} (${invalid.Code}). No refresh was started; correct version ${source.number}, from which it was made.`,
  );
}

/** Makes the new versions the default ones of their templates, where the group has arrived. A failure is a warning. */
export async function moveDefaults(
  { aws, log }: Context,
  plans: readonly Plan[],
  results: readonly GroupResult[],
): Promise<void> {
  for (const { target, running } of plans) {
    const result = results.find(({ group }) => group === target.name);
    const arrived = result?.status === 'promoted' || result?.status === 'already-there';
    if (!arrived || result.version === undefined) continue;
    const { launchTemplateId, launchTemplateName } = running.base;
    try {
      await aws.ec2.send(
        new ModifyLaunchTemplateCommand({
          LaunchTemplateId: launchTemplateId,
          DefaultVersion: result.version,
        }),
      );
      log.info(`Version ${result.version} is the default of ${launchTemplateName} now.`);
    } catch (error) {
      log.warning(
        `The default version of ${launchTemplateName} could not be moved to ${result.version}: ${messageOf(explained(error))}`,
      );
    }
  }
}

/** A template has 10,000 versions at most, and that cannot be raised. */
function fullTemplate(error: unknown, { launchTemplateName }: VersionPlan['source']): Error | undefined {
  if (!/VersionLimitExceeded/.test(errorCode(error))) return undefined;
  return new DeploymentError(
    `The launch template ${launchTemplateName} has as many versions as AWS allows. Delete old ones with the mode prune.`,
    { cause: error },
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
