import { DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { explained } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { ConfigurationError, DeploymentError, messageOf } from '../errors.ts';
import type { BakeInputs } from '../inputs/schema.ts';
import { isUnfinished, markValue, readMark, TAG, type Tags } from '../tags.ts';
import { addTags } from './add-tags.ts';
import type { FinishedImage } from './finish-image.ts';
import type { BakeJob } from './job.ts';
import { checkCommand, checkPage, checkStatus, type Subject, type Verdict } from './smoke-checks.ts';
import { consoleTail, launchSettings, launchTestInstance, terminateTestInstance } from './test-instance.ts';

/** Whether an image still has to be tested: every kind of test has the status checks in it. */
export function isUntested(smokeTest: BakeInputs['smokeTest'], tags: Tags): boolean {
  if (smokeTest === 'none') return false;
  const done = readMark(tags[TAG.smokeTested])?.text;
  return done === undefined || (smokeTest !== 'status' && done !== smokeTest);
}

/**
 * Tries an image before anything else happens to it: boots an instance, waits for its status checks, and runs or asks
 * what was asked for. One Region's image is tried; the others are copies of it.
 *
 * @returns the images with what is known about them now
 * @throws DeploymentError when it failed, and the images are quarantined; or when it could not be tried
 */
export async function smokeTest(
  context: Context,
  job: BakeJob,
  images: readonly FinishedImage[],
): Promise<readonly FinishedImage[]> {
  const { aws, log, clock } = context;
  const image = images.find(({ region }) => region === aws.region) ?? images[0];
  if (!image || !isUntested(job.inputs.smokeTest, image.tags)) return images;
  const { verdict, tail } = await log.group(`Smoke test of ${image.imageId}`, () =>
    tryImage(context, job, image),
  );
  switch (verdict.kind) {
    case 'passed':
      return await Promise.all(images.map((one) => acquit(context, job, one)));
    case 'untried':
      throw new DeploymentError(
        `The smoke test of ${image.imageId} could not be made: ${verdict.reason}. Nothing is known about the image. Run the bake again when that is mended: the image is tested then, not built again.`,
      );
    case 'failed': {
      const mark = { [TAG.quarantined]: markValue(clock.now(), `smoke test failed: ${verdict.reason}`) };
      for (const { region, imageId, tags } of images)
        await addTags(aws.inRegion(region), log, { id: imageId, tags }, mark);
      const said = tail.length > 0 ? `\nThe end of its console:\n  ${tail.join('\n  ')}` : '';
      throw new DeploymentError(
        `${image.imageId} failed its smoke test: ${verdict.reason}. It is quarantined: never reused and never promoted.${said}`,
      );
    }
  }
}

/** How much of the console goes into the error. */
const TAIL_LINES = 10;

async function tryImage(
  context: Context,
  job: BakeJob,
  image: FinishedImage,
): Promise<{ verdict: Verdict; tail: string[] }> {
  const { log } = context;
  const aws = context.aws.inRegion(image.region);
  let instanceId: string;
  try {
    const owner = { builder: job.builder, application: job.identity.application };
    instanceId = await launchTestInstance(aws, image, await launchSettings(aws, job.inputs), owner);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const reason = `the instance could not be launched: ${messageOf(explained(error))}`;
    return { verdict: { kind: 'untried', reason }, tail: [] };
  }
  try {
    log.info(`${instanceId} boots from ${image.imageId}.`);
    const verdict = await check(context, job, { aws, instanceId, deadline: job.deadline });
    if (verdict.kind === 'passed') return { verdict, tail: [] };
    const lines = await consoleTail(aws, instanceId);
    for (const line of lines) log.info(`console: ${line}`);
    return { verdict, tail: lines.slice(-TAIL_LINES) };
  } finally {
    await terminateTestInstance(aws, instanceId).catch((error: unknown) =>
      log.warning(
        `The test instance ${instanceId} could not be terminated (${messageOf(explained(error))}): a later bake or you have to.`,
      ),
    );
  }
}

async function check(context: Context, { inputs }: BakeJob, subject: Subject): Promise<Verdict> {
  const { log } = context;
  const status = await checkStatus(context, subject);
  if (status.kind !== 'passed') return status;
  log.info('The status checks have passed.');
  const { smokeTestCommand, smokeTestUrl } = inputs;
  if (smokeTestCommand !== undefined) return await checkCommand(context, subject, smokeTestCommand);
  if (smokeTestUrl !== undefined) return await checkPage(context, subject, smokeTestUrl);
  return status;
}

/** The image is good: free, if it was quarantined only for the time of the test, and marked as tested after that. */
async function acquit(
  { aws, log, clock }: Context,
  { inputs }: BakeJob,
  image: FinishedImage,
): Promise<FinishedImage> {
  const here = aws.inRegion(image.region);
  const { [TAG.quarantined]: quarantined, ...others } = image.tags;
  const isFreed = quarantined !== undefined && isUnfinished(quarantined, 'smoke test');
  if (isFreed)
    await here.ec2.send(
      new DeleteTagsCommand({ Resources: [image.imageId], Tags: [{ Key: TAG.quarantined }] }),
    );
  const tags = isFreed ? others : image.tags;
  const tested = { [TAG.smokeTested]: markValue(clock.now(), inputs.smokeTest) };
  await addTags(here, log, { id: image.imageId, tags }, tested);
  return { ...image, tags: { ...tags, ...tested } };
}
