import { readFileSync } from 'node:fs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PUBLIC_IMAGE_PARAMETER } from '../../../sandbox/engine/world.ts';
import { addGroup } from '../../../sandbox/scene.ts';
import { type Harness, startHarness } from '../../support/harness.ts';
import {
  addEmptyGroups,
  addTemplate,
  addVersion,
  callsOf,
  imagesLeft,
  isWrite,
  outputOf,
  promotedTag,
  runPrune,
  seedImage,
  seedImages,
  versionsLeft,
} from './scene.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

/** A year of weekly images, newest first; production runs the sixth and dev the newest. */
async function aYear() {
  const images = Array.from({ length: 52 }, (_, week) =>
    seedImage(harness, {
      daysOld: 7 * week,
      tags: week === 5 ? promotedTag('production', 20) : week === 0 ? promotedTag('dev', 1) : {},
    }),
  );
  const [newest = '', , , , , sixth = ''] = images;
  const dev = await addGroup(harness.sandbox, harness.aws, { name: 'dev', imageId: newest, size: 1 });
  await addGroup(harness.sandbox, harness.aws, { name: 'production', imageId: sixth, size: 2 });
  return { images, devTemplate: dev.launchTemplateId };
}

describe('a year of images', () => {
  test('removes the old ones with their snapshots, and reports what it did', async () => {
    const { images } = await aYear();
    const old = images.slice(6);
    const context = await runPrune(harness, { keep: '3' });

    // Three newest of the branch; younger than 35 days are the first five; the sixth is in use.
    expect(await imagesLeft(harness)).toEqual(new Set(images.slice(0, 6)));
    expect(outputOf(context, 'deleted-images')).toEqual(old.toReversed());
    expect(outputOf(context, 'deleted-snapshots')).toHaveLength(46);
    expect(context.report.outputs.get('freed-gib')).toBe(String(46 * 8));
    expect(harness.sandbox.world.region('us-east-1').state.snapshots.size).toBe(6);

    const report = JSON.parse(readFileSync(context.report.outputs.get('report') ?? '', 'utf8'));
    const [{ images: reported }] = report.prunes;
    expect(reported).toHaveLength(52);
    expect(reported[5]).toMatchObject({
      id: images[5],
      decision: 'keep',
      removed: false,
      reasons: expect.arrayContaining([expect.stringMatching(/^in use by instance i-/)]),
    });
    expect(reported[51]).toMatchObject({ id: images[51], decision: 'remove', removed: true });
    expect(context.report.announcement).toEqual({
      title: '🧹 Pruned',
      text: expect.stringMatching(/^46 images, 46 snapshots /),
    });
    expect(context.report.summary).toContain('## 🧹 Pruned: octo/shop in us-east-1');
    expect(context.report.summary).toContain('| Images | 52 | 46 | 46 |');
    expect(context.report.summary).toContain('| Snapshots | 52 | 46 | 46 |');
    expect(context.report.summary).toContain('| GiB | 416 | 368 | 368 |');
    expect(context.report.summary).toContain('| USD a month, at most | 20.8 | 18.4 | 18.4 |');
  });

  test('finds nothing when it runs again', async () => {
    await aYear();
    await runPrune(harness);
    const second = harness.context();
    const calls = await callsOf(harness, () => runPrune(harness, {}, second));
    expect(calls.filter(isWrite)).toEqual([]);
    expect(outputOf(second, 'deleted-images')).toEqual([]);
  });

  test('a dry run, which is the default, shows the plan and writes nothing', async () => {
    const { images } = await aYear();
    const context = harness.context();
    const calls = await callsOf(harness, () =>
      runPrune(harness, { 'dry-run': 'true', 'max-deletions': '5' }, context),
    );
    expect(calls.filter(isWrite)).toEqual([]);
    expect(await imagesLeft(harness)).toEqual(new Set(images));
    expect(context.log.text).toContain(
      `- ${images[51]} (commit cccccccccccc, main): not in use, 357 days old`,
    );
    expect(context.log.text).toContain('raise "max-deletions" to 46');
    expect(context.report.summary).toContain('dry run: nothing was changed');
    expect(outputOf(context, 'deleted-images')).toEqual([]);
  });

  test('more than max-deletions stops it before the first write', async () => {
    await aYear();
    const context = harness.context();
    const calls = await callsOf(harness, async () => {
      await expect(runPrune(harness, { 'max-deletions': '45' }, context)).rejects.toThrow(
        '46 images would be removed, more than "max-deletions" allows (45)',
      );
    });
    expect(calls.filter(isWrite)).toEqual([]);
    expect(context.report.summary).toContain('✋ Prune stopped');
  });

  test('a group that is not where one looks stops it: promoted images and no use of any', async () => {
    seedImages(harness, 5, { tags: promotedTag('production', 80) });
    await expect(runPrune(harness)).rejects.toThrow('Nothing in us-east-1 uses any image of octo/shop');
    expect((await imagesLeft(harness)).size).toBe(5);
  });

  test('an image that only an old launch template version held goes with it, in one run', async () => {
    const images = seedImages(harness, 8);
    const templateId = await addTemplate(harness.aws, 'web', images.toReversed());
    const context = await runPrune(harness);
    // Version 1 is the default, 7 and 8 are the newest.
    expect(await versionsLeft(harness, templateId)).toEqual([1, 7, 8]);
    expect(outputOf(context, 'deleted-launch-template-versions')).toEqual(
      [6, 5, 4, 3, 2].map((number) => `${templateId}:${number}`),
    );
    expect(await imagesLeft(harness)).toEqual(new Set([images[0], images[1], images[7]]));
    expect(context.log.text).not.toContain('kept after all');
  });

  test('other applications and images without our tag are not touched, whatever the name of ours', async () => {
    const others = seedImages(harness, 5, { application: 'sh\\op2' });
    const ours = seedImages(harness, 5, { application: 'sh\\op*' });
    await runPrune(harness, { application: 'sh\\op*' });
    expect(await imagesLeft(harness)).toEqual(new Set([...others, ...ours.slice(0, 2)]));
  });

  test('images that failed or were disabled go like others; one that is being made never', async () => {
    const images = seedImages(harness, 2);
    const pending = seedImage(harness, { daysOld: 300, state: 'pending' });
    seedImage(harness, { daysOld: 300, state: 'failed' });
    seedImage(harness, { daysOld: 300, state: 'disabled' });
    const context = await runPrune(harness);
    expect(await imagesLeft(harness)).toEqual(new Set([...images, pending]));
    expect(outputOf(context, 'deleted-images')).toHaveLength(2);
  });

  test('an application without images needs nothing', async () => {
    const context = await runPrune(harness);
    expect(outputOf(context, 'deleted-images')).toEqual([]);
    expect(context.log.text).toContain('There are no images of the application.');
  });
});

describe('pages', () => {
  test('reads all pages of images', async () => {
    const images = Array.from({ length: 2100 }, (_, index) =>
      seedImage(harness, { daysOld: 100 + index / 100 }),
    );
    const calls = await callsOf(harness, () => runPrune(harness, { 'dry-run': 'true', keep: '2099' }));
    expect(calls.filter(({ operation }) => operation === 'DescribeImages')).toHaveLength(3);
    // The one that has too many newer ones is on the last page.
    expect(calls.filter(({ operation }) => operation === 'DescribeImageAttribute')).toEqual([
      expect.objectContaining({ input: { ImageId: images[2099], Attribute: 'launchPermission' } }),
    ]);
  });

  test('reads all pages of groups, and deletes versions in calls of 200', async () => {
    const images = seedImages(harness, 3);
    const [, newer = '', oldest = ''] = images;
    const templateId = await addTemplate(harness.aws, 'web', [newer]);
    for (let count = 0; count < 450; count++)
      await addVersion(harness.aws, templateId, newer, `immutable-deploy octo/shop ${newer}`);
    await addEmptyGroups(harness, 100, await addTemplate(harness.aws, 'other', [newer]));
    await addGroup(harness.sandbox, harness.aws, { name: 'on-the-last-page', imageId: oldest, size: 0 });
    const calls = await callsOf(harness, () => runPrune(harness));
    const versions = calls
      .filter(({ operation }) => operation === 'DeleteLaunchTemplateVersions')
      .map(({ input }) => Reflect.get(Object(input), 'Versions').length);
    expect(versions).toEqual([200, 200, 48]);
    expect(await versionsLeft(harness, templateId)).toEqual([1, 450, 451]);
    expect(await imagesLeft(harness)).toEqual(new Set(images));
  });
});

test('a prune of a hundred images in three environments makes no call twice without need', async () => {
  const images = seedImages(harness, 100);
  for (const [index, name] of ['dev', 'staging', 'production'].entries()) {
    const { sandbox, aws } = harness;
    const group = await addGroup(sandbox, aws, { name, imageId: images[index] ?? '', size: 2 });
    for (const imageId of images.slice(0, 20))
      await addVersion(aws, group.launchTemplateId, imageId, `immutable-deploy octo/shop ${imageId}`);
  }
  await harness.aws.ssm.send(
    new PutParameterCommand({ Name: '/ami', Value: images[0], Type: 'String', DataType: 'aws:ec2:image' }),
  );
  // The parameter appears when its value has been validated.
  harness.sandbox.clock.advance(5000);
  await addTemplate(harness.aws, 'public', [`resolve:ssm:${PUBLIC_IMAGE_PARAMETER}`]);
  const calls = await callsOf(harness, () => runPrune(harness, { keep: '50' }));
  // AWS's public parameters name no image of ours.
  const asked = calls.filter(({ operation }) => operation === 'GetParameters');
  expect(asked.map(({ input }) => input)).toEqual(asked.map(() => ({ Names: ['/ami'] })));
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  // Three looks: for the plan, before the versions, and before the (one batch of) images.
  expect(counts).toEqual({
    DescribeImages: 3,
    // And once for builders that were left behind.
    DescribeInstances: 3 + 1,
    DescribeAutoScalingGroups: 3,
    DescribeLaunchConfigurations: 3,
    DescribeFleets: 3,
    DescribeSpotFleetRequests: 3,
    DescribeSpotInstanceRequests: 3,
    DescribeParameters: 3,
    GetParameters: 3,
    // And once for the older versions of each template.
    DescribeLaunchTemplateVersions: 3 + 3,
    DescribeInstanceRefreshes: 3,
    // Only for the fifty that are about to go; the second takes ten.
    DescribeImageAttribute: 50,
    DescribeImageReferences: 5,
    // What may be left over, once.
    DescribeKeyPairs: 1,
    DescribeLaunchTemplates: 1,
    DescribeLockedSnapshots: 1,
    DescribeSecurityGroups: 1,
    DescribeSnapshots: 1,
    DescribeVolumes: 1,
    ListImagesInRecycleBin: 1,
    DeleteLaunchTemplateVersions: 3,
    DeregisterImage: 50,
    // What became of the snapshots.
    ListSnapshotsInRecycleBin: 1,
  });
});
