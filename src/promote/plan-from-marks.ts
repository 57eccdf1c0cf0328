import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Context } from '../context.ts';
import { ConfigurationError } from '../errors.ts';
import { describeImage, type Image } from '../image.ts';
import { markKey, readMark } from '../tags.ts';
import { announcementOf } from './announcement.ts';
import { changesSection, compareCommits } from './changes.ts';
import { choiceOf, pickImages } from './choose-image.ts';
import { findCandidates } from './find-images.ts';
import type { Job } from './prepare.ts';

/**
 * The plan of a dry run that names no groups, for a role that may only look at images: which image would come, and
 * which one was promoted last, by its mark. Rejects when there is no such image, as the promotion would.
 */
export async function planFromMarks(context: Context, { inputs, application }: Job): Promise<void> {
  const { aws, log, report, run } = context;
  const { environment, rollback } = inputs;
  const { Account = '' } = await aws.sts.send(new GetCallerIdentityCommand({}));
  const facts = { application, environment, region: aws.region, owners: [Account, ...inputs.imageOwners] };
  const running = promotedLast(await findCandidates(aws, { by: 'previous' }, facts), environment);
  const present = running ? [running] : [];
  const choice = choiceOf(inputs, run.commit);
  const chosen = pickImages(choice, await findCandidates(aws, choice, facts), { ...facts, present });
  if ('problems' in chosen) throw new ConfigurationError(chosen.problems);
  for (const note of chosen.notes) log.warning(note);
  const [image] = chosen.images;
  if (!image) throw new Error('No image was chosen.');
  const changes = await compareCommits(context, image, present);
  const before = running
    ? `Promoted there last: ${describeImage(running)}`
    : `No image of ${application} was promoted there before.`;
  log.info(`${describeImage(image)} for ${environment}. ${before}`);
  report.set({ 'ami-id': image.id, 'previous-ami-id': running?.id, status: 'planned' });
  report.write(
    [
      `## 📝 Plan: ${environment}`,
      `${describeImage(image)}\n\n${before}`,
      'No groups were named: what would change in their launch templates was not looked at.',
      changesSection(changes.values(), run.repositoryUrl),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  report.announce(
    announcementOf({
      status: 'planned',
      environment,
      rollback,
      image,
      previousImageId: running?.id,
      changes,
      results: [],
      seconds: 0,
    }),
  );
}

/** The image with the newest mark of a promotion to the environment. */
function promotedLast(images: readonly Image[], environment: string): Image | undefined {
  const time = (image: Image) => readMark(image.tags[markKey('promoted', environment)])?.time ?? 0;
  return images.toSorted((a, b) => time(b) - time(a))[0];
}
