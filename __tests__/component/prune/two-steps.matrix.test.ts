import {
  DisableImageDeprecationCommand,
  EnableImageCommand,
  ModifyImageAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tagImage } from '../../../sandbox/scene.ts';
import { markValue, TAG } from '../../../src/tags.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import { callsOf, DAY, imagesLeft, intercept, isWrite, outputOf, runPrune, seedImages } from './scene.ts';

let harness: Harness;
/** Four images, newest first; the last two go. */
let images: string[];
let old: string[];
beforeEach(async () => {
  harness = await startHarness();
  images = seedImages(harness, 4);
  old = images.slice(2);
});
afterEach(async () => await harness.close());

const imageOf = (id: string | undefined) =>
  harness.sandbox.world.region(REGION).state.images.get(id ?? '')?.image;
const tagsOf = (id: string | undefined) => harness.sandbox.world.region(REGION).tagsOf(id ?? '');
const later = (days: number) => harness.sandbox.clock.advance(days * DAY);

describe.each(['deprecate', 'disable'] as const)('removal: %s', (removal) => {
  const isSoftened = (id: string | undefined) =>
    removal === 'disable' ? imageOf(id)?.State === 'disabled' : imageOf(id)?.DeprecationTime !== undefined;

  test('changes images first and deletes them after the days of grace, not before', async () => {
    const context = await runPrune(harness, { removal });
    expect(old.map(isSoftened)).toEqual([true, true]);
    expect(images.slice(0, 2).map(isSoftened)).toEqual([false, false]);
    expect(outputOf(context, 'deleted-images')).toEqual([]);
    expect(context.report.summary).toContain(`to be ${removal}d first`);

    later(6);
    const calls = await callsOf(harness, () => runPrune(harness, { removal }));
    expect(calls.filter(isWrite)).toEqual([]);
    expect(await imagesLeft(harness)).toEqual(new Set(images));

    later(1.1);
    const last = await runPrune(harness, { removal });
    expect(outputOf(last, 'deleted-images')).toEqual(old.toReversed());
    expect(outputOf(last, 'deleted-snapshots')).toHaveLength(2);
  });

  test('an image that is kept again in between is as before', async () => {
    await runPrune(harness, { removal });
    later(3);
    await tagImage(harness.aws, old[0] ?? '', { [TAG.keep]: 'wanted after all' });
    const context = await runPrune(harness, { removal });
    expect(old.map(isSoftened)).toEqual([false, true]);
    expect(imageOf(old[0])?.State).toBe('available');
    expect(tagsOf(old[0])[TAG.removing]).toBeUndefined();
    expect(context.log.text).toContain(`Restored ${old[0]}`);
    // Without the tag its days of grace begin anew.
    harness.sandbox.world.region(REGION).state.tags.set(old[0] ?? '', {
      ...Object.fromEntries(Object.entries(tagsOf(old[0])).filter(([key]) => key !== TAG.keep)),
    });
    later(5);
    await runPrune(harness, { removal });
    expect(await imagesLeft(harness)).toEqual(new Set([...images.slice(0, 2), old[0]]));
  });

  test('a killed step that had only set its mark is completed, and the days of grace begin then', async () => {
    let writes = 0;
    intercept(harness.aws.ec2, removal === 'disable' ? 'DisableImage' : 'EnableImageDeprecation', {
      before: () => {
        writes++;
        if (writes <= 2) throw new Error('The step is dead.');
      },
    });
    await expect(runPrune(harness, { removal })).rejects.toThrow('The step is dead.');
    expect(old.map(isSoftened)).toEqual([false, false]);
    later(1);
    await runPrune(harness, { removal });
    expect(old.map(isSoftened)).toEqual([true, true]);
    later(6.5);
    expect(outputOf(await runPrune(harness, { removal }), 'deleted-images')).toEqual([]);
    later(0.6);
    const context = await runPrune(harness, { removal });
    expect(outputOf(context, 'deleted-images')).toHaveLength(2);
  });

  test('an image that somebody has undone by hand has all its days again', async () => {
    await runPrune(harness, { removal });
    later(6.9);
    await harness.aws.ec2.send(
      removal === 'disable'
        ? new EnableImageCommand({ ImageId: old[0] })
        : new DisableImageDeprecationCommand({ ImageId: old[0] }),
    );
    await runPrune(harness, { removal });
    later(0.2);
    const context = await runPrune(harness, { removal });
    expect(outputOf(context, 'deleted-images')).toEqual([old[1]]);
    expect(old.map(isSoftened)).toEqual([true, true]);
  });
});

test('a deprecated image that an instance is started of is no longer deprecated', async () => {
  await runPrune(harness, { removal: 'deprecate' });
  await harness.aws.ec2.send(
    new RunInstancesCommand({ ImageId: old[0], InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  later(8);
  await runPrune(harness, { removal: 'deprecate' });
  expect(imageOf(old[0])?.DeprecationTime).toBeUndefined();
  expect(await imagesLeft(harness)).toEqual(new Set([...images.slice(0, 2), old[0]]));
});

test('a deprecation that somebody had set for later comes back', async () => {
  const planned = new Date(harness.sandbox.clock.now() + 90 * DAY).toISOString();
  const image = imageOf(old[0]);
  if (image) image.DeprecationTime = planned;
  await runPrune(harness, { removal: 'deprecate' });
  expect(imageOf(old[0])?.DeprecationTime).not.toBe(planned);
  await tagImage(harness.aws, old[0] ?? '', { [TAG.keep]: '' });
  await runPrune(harness, { removal: 'deprecate' });
  expect(imageOf(old[0])?.DeprecationTime).toBe(planned);
});

test('a deprecation that is planned for later is not taken for the one of prune', async () => {
  const image = imageOf(old[0]);
  if (image) image.DeprecationTime = new Date(harness.sandbox.clock.now() + 90 * DAY).toISOString();
  const mark = { [TAG.removing]: markValue(harness.sandbox.clock.now() - 30 * DAY, 'deprecate') };
  await tagImage(harness.aws, old[0] ?? '', mark);
  const context = await runPrune(harness, { removal: 'deprecate' });
  expect(outputOf(context, 'deleted-images')).toEqual([]);
});

test('a deprecation of long ago was somebody else’s, and stays', async () => {
  const past = new Date(harness.sandbox.clock.now() - 20 * DAY).toISOString();
  const image = imageOf(old[0]);
  if (image) image.DeprecationTime = past;
  await runPrune(harness, { removal: 'deprecate' });
  await tagImage(harness.aws, old[0] ?? '', { [TAG.keep]: '' });
  await runPrune(harness, { removal: 'deprecate' });
  expect(tagsOf(old[0])[TAG.removing]).toBeUndefined();
  expect(imageOf(old[0])?.DeprecationTime).toBe(past);
});

test('a source that cannot be read does not begin the days of grace anew', async () => {
  await runPrune(harness, { removal: 'deprecate' });
  later(6);
  harness.sandbox.faults.add({ operation: 'DescribeFleets', effect: { kind: 'access-denied' } });
  await expect(runPrune(harness, { removal: 'deprecate' })).rejects.toThrow('ec2:DescribeFleets');
  expect(imageOf(old[0])?.DeprecationTime).toBeDefined();
  later(1.1);
  const context = await runPrune(harness, { removal: 'deprecate' });
  expect(outputOf(context, 'deleted-images')).toHaveLength(2);
});

test('a shared image is not disabled: its shares would be lost for good', async () => {
  await harness.aws.ec2.send(
    new ModifyImageAttributeCommand({
      ImageId: old[0],
      LaunchPermission: { Add: [{ UserId: '111122223333' }] },
    }),
  );
  await runPrune(harness, { removal: 'disable' });
  expect(old.map((id) => imageOf(id)?.State)).toEqual(['available', 'disabled']);
});

test('an image that failed is deleted at once: nothing could be launched of it', async () => {
  const [failed] = seedImages(harness, 1, { state: 'failed', daysOld: 90 });
  const context = await runPrune(harness, { removal: 'deprecate' });
  expect(outputOf(context, 'deleted-images')).toEqual([failed]);
});

test('without the permission the images stay as they are, and the failure names it', async () => {
  harness.sandbox.faults.add({
    operation: 'DisableImage',
    times: 'always',
    effect: { kind: 'access-denied' },
  });
  await expect(runPrune(harness, { removal: 'disable' })).rejects.toThrow(
    /could not be disabled: .*Allow ec2:DisableImage in the policy of the role/,
  );
  expect(old.map((id) => imageOf(id)?.State)).toEqual(['available', 'available']);
});
