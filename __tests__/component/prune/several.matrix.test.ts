import { CopyImageCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tagImage } from '../../../sandbox/scene.ts';
import { TAG } from '../../../src/tags.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import { callsOf, imagesLeft, isWrite, outputOf, runPrune, seedImage, seedImages } from './scene.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const AWAY = 'eu-west-1';
const idsIn = (region: string) =>
  [...harness.sandbox.world.region(region).state.images.values()]
    .filter(({ image, deregisteredAt }) => deregisteredAt === undefined && image.OwnerId === '123456789012')
    .map(({ image }) => image.ImageId);

/** A copy in the other Region, as old as its origin. */
async function copyAway(imageId: string): Promise<string> {
  const { ImageId = '' } = await harness.aws.inRegion(AWAY).ec2.send(
    new CopyImageCommand({
      Name: `copy-${imageId}`,
      SourceImageId: imageId,
      SourceRegion: REGION,
      CopyImageTags: true,
    }),
  );
  harness.sandbox.clock.advance(10 * 60_000);
  const { image } = harness.sandbox.world.region(AWAY).state.images.get(ImageId) ?? {};
  const origin = harness.sandbox.world.region(REGION).state.images.get(imageId)?.image.CreationDate;
  if (image && origin) image.CreationDate = origin;
  return ImageId;
}

const BOTH = { regions: `${REGION}, ${AWAY}` };

describe('several Regions', () => {
  /** Four images, newest first, with their commits, and a copy of each. */
  async function withCopies() {
    const images = seedImages(harness, 4);
    for (const [index, id] of images.entries())
      await tagImage(harness.aws, id, { [TAG.commit]: String(index).repeat(40) });
    const copies: string[] = [];
    for (const id of images) copies.push(await copyAway(id));
    return { images, copies };
  }

  test('each is pruned by the same rules, in one step', async () => {
    const { images, copies } = await withCopies();
    const context = await runPrune(harness, BOTH);
    expect(idsIn(REGION)).toEqual(expect.arrayContaining(images.slice(0, 2)));
    expect(await imagesLeft(harness)).toEqual(new Set(images.slice(0, 2)));
    expect(idsIn(AWAY)).toEqual(copies.slice(0, 2));
    expect(outputOf(context, 'deleted-images')).toHaveLength(4);
    expect(context.report.summary).toContain('octo/shop in us-east-1');
    expect(context.report.summary).toContain('octo/shop in eu-west-1');
  });

  test('an image that is in use in one keeps its copies and its origin in the others', async () => {
    const { images, copies } = await withCopies();
    await harness.aws.inRegion(AWAY).ec2.send(
      new RunInstancesCommand({
        ImageId: copies[3],
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    const context = await runPrune(harness, BOTH);
    expect(await imagesLeft(harness)).toEqual(new Set([images[0], images[1], images[3]]));
    expect(context.report.summary).toContain(`${copies[3]} in ${AWAY}, which stays and is its copy`);
  });

  test('one that cannot be read removes nothing there, nor the origin of what is there', async () => {
    const { images } = await withCopies();
    const away = harness.sandbox.world.region(AWAY).state.images.size;
    harness.sandbox.faults.add({
      operation: 'DescribeInstances',
      // The calls of the first Region pass.
      after: 2,
      times: 1,
      effect: { kind: 'error', code: 'UnauthorizedOperation', message: 'Not authorized.', status: 403 },
    });
    await expect(runPrune(harness, BOTH)).rejects.toThrow('Allow ec2:DescribeInstances');
    expect(harness.sandbox.world.region(AWAY).state.images.size).toBe(away);
    expect(await imagesLeft(harness)).toEqual(new Set(images));
  });
});

describe('several applications', () => {
  test('each has its own plan, and the account is read once', async () => {
    const ours = seedImages(harness, 4);
    const theirs = seedImages(harness, 4, { application: 'octo/mail' });
    const others = seedImages(harness, 4, { application: 'octo/other' });
    const once = await callsOf(harness, () => runPrune(harness, { 'dry-run': 'true' }));
    const context = harness.context();
    const calls = await callsOf(harness, () =>
      runPrune(harness, { 'dry-run': 'true', application: 'octo/shop, octo/mail' }, context),
    );
    const reads = (all: typeof calls) =>
      all.filter(({ operation }) => !/ImageAttribute|ImageReferences/.test(operation)).length;
    expect(reads(calls)).toBe(reads(once));
    await runPrune(harness, { application: 'octo/shop, octo/mail' }, context);
    expect(await imagesLeft(harness)).toEqual(
      new Set([...ours.slice(0, 2), ...theirs.slice(0, 2), ...others]),
    );
    expect(context.report.summary).toContain('octo/mail in us-east-1');
    expect(context.report.summary).toContain(
      '| octo/shop | us-east-1 | done | 4 | 2 | 2 | 16 of 32 | 0.8 of 1.6 |',
    );
  });

  test('one that a guard stops does not stop the others, and fails the step', async () => {
    const ours = seedImages(harness, 6);
    const theirs = seedImages(harness, 4, { application: 'octo/mail' });
    await expect(
      runPrune(harness, { application: 'octo/shop, octo/mail', 'max-deletions': '3' }),
    ).rejects.toThrow('4 images would be removed, more than "max-deletions" allows (3)');
    expect(await imagesLeft(harness)).toEqual(new Set([...ours, ...theirs.slice(0, 2)]));
  });
});

describe('group-by', () => {
  test('several tags make a group together', async () => {
    const image = (daysOld: number, flavour: string, branch = 'main') =>
      seedImage(harness, { daysOld, branch, tags: { flavour } });
    const arm = [100, 101, 102].map((days) => image(days, 'arm'));
    const intel = [200, 201, 202].map((days) => image(days, 'intel'));
    const next = [300, 301].map((days) => image(days, 'arm', 'next'));
    const context = await runPrune(harness, { 'group-by': 'branch, flavour' });
    expect(await imagesLeft(harness)).toEqual(new Set([...arm.slice(0, 2), ...intel.slice(0, 2), ...next]));
    expect(context.report.summary).toContain('one of the newest 2 (branch main, flavour arm)');
  });

  test('an image that commits of several branches used again counts in each, and is as new there', async () => {
    const images = seedImages(harness, 4);
    const reused = `immutable-deploy:commit:${'e'.repeat(40)}`;
    await tagImage(harness.aws, images[3] ?? '', { [reused]: '2026-09-01T00:00:00.000Z 77 feature/x' });
    const context = await runPrune(harness);
    expect(await imagesLeft(harness)).toEqual(new Set([images[0], images[1], images[3]]));
    expect(context.report.summary).toContain('one of the newest 2 (branch feature/x)');
  });

  test('a branch without a bake for stale-days keeps nothing for being new', async () => {
    const images = seedImages(harness, 2);
    seedImages(harness, 2, { branch: 'abandoned', daysOld: 120 });
    const context = await runPrune(harness, { 'stale-days': '90' });
    expect(await imagesLeft(harness)).toEqual(new Set(images));
    expect(context.report.summary).toContain('no bake for 90 days (branch abandoned)');
  });
});

test.each([
  ['aws:backup:source-resource', 'AWS Backup'],
  ['aws:dlm:lifecycle-policy-id', 'Data Lifecycle Manager'],
  ['dlm:managed', 'Data Lifecycle Manager'],
  ['Ec2ImageBuilderArn', 'EC2 Image Builder'],
])('an image with the tag %s is left to %s', async (key, service) => {
  seedImages(harness, 2);
  const managed = seedImage(harness, { daysOld: 400, tags: { [key]: 'x' } });
  const context = await runPrune(harness);
  expect(await imagesLeft(harness)).toContain(managed);
  expect(context.report.summary).toContain(`managed by ${service}`);
});

test('what has more to be looked at than may go is shown at once, and stopped', async () => {
  seedImages(harness, 1100, { daysOld: 400 });
  const context = harness.context();
  const calls = await callsOf(harness, async () => {
    await expect(runPrune(harness, { 'max-deletions': '50' }, context)).rejects.toThrow(
      'raise "max-deletions" to 1098',
    );
  });
  expect(calls.length).toBeLessThan(20);
  expect(calls.filter(isWrite)).toEqual([]);
  expect(context.report.summary).toContain('With whom these 1098 images are shared was not looked at');
});

test('the time of timeout-minutes ends it between two images, and says what was done', async () => {
  const images = seedImages(harness, 400);
  const context = harness.context();
  await expect(runPrune(harness, { 'timeout-minutes': '2' }, context)).rejects.toThrow(
    /The time of "timeout-minutes" \(2\) is used up. By then \d+ images, \d+ snapshots .* Run prune again for the rest\./,
  );
  const gone = outputOf(context, 'deleted-images');
  expect(gone.length).toBeGreaterThan(100);
  expect((await imagesLeft(harness)).size).toBe(images.length - gone.length);
  expect(context.log.text).toMatch(/\d+ of 398 images are done; about \d+ min left/);
});
