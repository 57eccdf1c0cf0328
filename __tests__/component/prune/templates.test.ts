import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { LockSnapshotCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup } from '../../../sandbox/scene.ts';
import { type Harness, REGION, START, startHarness } from '../../support/harness.ts';
import {
  addEmptyGroups,
  addTemplate,
  addVersion,
  DAY,
  imagesLeft,
  intercept,
  outputOf,
  runPrune,
  seedImage,
  seedImages,
  versionsLeft,
} from './scene.ts';

let harness: Harness;
/** Six images, newest first. */
let images: string[];
beforeEach(async () => {
  harness = await startHarness();
  images = seedImages(harness, 6);
});
afterEach(async () => await harness.close());

const state = () => harness.sandbox.world.region(REGION).state;

/** Templates and their versions are as old as the images that they were made for. */
function age(templateId: string, days = 100) {
  for (const version of state().launchTemplates.get(templateId)?.versions ?? [])
    version.createdAt = START - days * DAY;
}

describe('launch templates that are named', () => {
  /** Six versions by somebody else, the first of which is the default. */
  async function byHand(name: string): Promise<string> {
    const id = await addTemplate(harness.aws, name, [images[0] ?? '']);
    for (const image of images.slice(1)) await addVersion(harness.aws, id, image);
    return id;
  }

  test.each(['name', 'id'] as const)('by %s: all their old versions go, and only theirs', async (by) => {
    const [named, other] = [await byHand('named'), await byHand('other')];
    await runPrune(harness, { 'launch-templates': by === 'name' ? 'named' : named });
    expect(await versionsLeft(harness, named)).toEqual([1, 5, 6]);
    expect(await versionsLeft(harness, other)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('versions that a group, an instance or a fleet uses stay', async () => {
    const named = await byHand('named');
    const { autoScaling, ec2 } = harness.aws;
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web',
        LaunchTemplate: { LaunchTemplateId: named, Version: '2' },
        AvailabilityZones: [`${REGION}a`],
        MinSize: 0,
        MaxSize: 0,
      }),
    );
    await ec2.send(
      new RunInstancesCommand({
        LaunchTemplate: { LaunchTemplateId: named, Version: '3' },
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    state().fleets.set('fleet-1', {
      FleetId: 'fleet-1',
      FleetState: 'active',
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'named', Version: '4' } }],
    });
    await runPrune(harness, { 'launch-templates': 'named' });
    expect(await versionsLeft(harness, named)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a name that does not exist is an error before anything is removed', async () => {
    await expect(runPrune(harness, { 'launch-templates': 'webb' })).rejects.toThrow(
      'There is no launch template webb in us-east-1',
    );
    expect((await imagesLeft(harness)).size).toBe(6);
  });
});

describe('launch templates of the application that nothing uses', () => {
  const asked = { 'unused-launch-templates': 'delete' };

  async function unusedTemplate() {
    const id = await addTemplate(harness.aws, 'forgotten', images.slice(0, 3));
    age(id);
    return id;
  }
  const isThere = (id: string) => state().launchTemplates.has(id);

  test('are listed, and stay', async () => {
    const id = await unusedTemplate();
    const context = await runPrune(harness);
    expect(isThere(id)).toBe(true);
    expect(context.report.summary).toContain(`Launch templates that nothing uses: forgotten (\`${id}\``);
  });

  test('go when that is asked for, and their images in the run after', async () => {
    const id = await unusedTemplate();
    const context = await runPrune(harness, asked);
    expect(isThere(id)).toBe(false);
    expect(context.report.summary).toContain('versions, deleted)');
    await addEmptyGroups(harness, 1, await addTemplate(harness.aws, 'other', [images[0] ?? '']));
    await runPrune(harness);
    expect(await imagesLeft(harness)).toEqual(new Set(images.slice(0, 2)));
  });

  test('stay when they are young', async () => {
    const id = await addTemplate(harness.aws, 'fresh', images.slice(0, 3));
    await runPrune(harness, asked);
    expect(isThere(id)).toBe(true);
  });

  test('stay when they are of somebody else', async () => {
    const id = await addTemplate(harness.aws, 'theirs', ['ami-0aaaaaaaaaaaaaaaa']);
    for (const version of state().launchTemplates.get(id)?.versions ?? []) version.description = 'by hand';
    age(id);
    await runPrune(harness, asked);
    expect(isThere(id)).toBe(true);
  });

  test('stay when a group uses one of their versions, even one that is gone', async () => {
    const id = await unusedTemplate();
    await addEmptyGroups(harness, 1, id);
    intercept(harness.aws.autoScaling, 'DescribeAutoScalingGroups', {
      after: (output) =>
        Reflect.set(output, 'AutoScalingGroups', [
          {
            AutoScalingGroupName: 'group-0',
            LaunchTemplate: { LaunchTemplateName: 'forgotten', Version: '99' },
          },
        ]),
    });
    await runPrune(harness, asked);
    expect(isThere(id)).toBe(true);
  });

  test('stay when a group comes to use them between the plan and the removal', async () => {
    const id = await unusedTemplate();
    let looks = 0;
    intercept(harness.aws.autoScaling, 'DescribeAutoScalingGroups', {
      before: async () => {
        looks++;
        if (looks === 2) await addEmptyGroups(harness, 1, id);
      },
    });
    const context = await runPrune(harness, asked);
    expect(isThere(id)).toBe(true);
    expect(context.log.text).toContain(`${id} is kept after all: it is in use now`);
  });

  test('stay when groups cannot be read', async () => {
    const id = await unusedTemplate();
    harness.sandbox.faults.add({
      operation: 'DescribeAutoScalingGroups',
      times: 'always',
      effect: { kind: 'access-denied' },
    });
    await expect(runPrune(harness, asked)).rejects.toThrow('autoscaling:DescribeAutoScalingGroups');
    expect(isThere(id)).toBe(true);
  });
});

describe('snapshots that do not go with their image at once', () => {
  const snapshotOf = (id: string | undefined) =>
    state().images.get(id ?? '')?.image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';

  test('one that is locked is reported, and is no failure', async () => {
    const SnapshotId = snapshotOf(images[5]);
    await harness.aws.ec2.send(
      new LockSnapshotCommand({ SnapshotId, LockMode: 'governance', LockDuration: 90 }),
    );
    const context = await runPrune(harness);
    expect(outputOf(context, 'deleted-images')).toContain(images[5]);
    expect(state().snapshots.has(SnapshotId)).toBe(true);
    expect(context.report.summary).toContain(
      `Snapshots that stay because they are locked: \`${SnapshotId}\` (of \`${images[5]}\`, until 2027-01-31)`,
    );
    expect(outputOf(context, 'deleted-snapshots')).not.toContain(SnapshotId);
  });

  test('one that a rule of the Recycle Bin keeps is said to cost still', async () => {
    const SnapshotId = snapshotOf(images[5]);
    state().recycledSnapshots.set(SnapshotId, { SnapshotId });
    const context = await runPrune(harness);
    expect(context.report.summary).toContain(
      `Snapshots that are in the Recycle Bin now, and cost until they leave it: \`${SnapshotId}\``,
    );
  });
});

describe('how a running application keeps its images', () => {
  test('the last promoted ones of an environment stay, so that a rollback finds them', async () => {
    const promoted = images.map((_id, index) => ({
      'immutable-deploy:promoted:production': new Date(START - index * DAY).toISOString(),
    }));
    const all = promoted.map((tags, index) => seedImage(harness, { daysOld: 300 + index, tags }));
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: all[0] ?? '', size: 1 });
    await runPrune(harness, { 'keep-promoted': '3' });
    expect(await imagesLeft(harness)).toEqual(new Set([...images.slice(0, 2), ...all.slice(0, 3)]));
  });
});
