import {
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  LockSnapshotCommand,
  ModifySnapshotAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, publicImage, tagImage } from '../../../sandbox/scene.ts';
import { TAG } from '../../../src/tags.ts';
import { type Harness, REGION, START, startHarness } from '../../support/harness.ts';
import {
  APPLICATION,
  buildMark,
  callsOf,
  DAY,
  intercept,
  isWrite,
  outputOf,
  runPrune,
  seedBuild,
  seedImages,
} from './scene.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const state = () => harness.sandbox.world.region(REGION).state;
const HOUR = 3600_000;

const mark = buildMark;

const aBuild = (name: string, run: string) => seedBuild(harness, name, run);

const isThere = (id: string) => {
  const { instances, keyPairs, securityGroups, volumes, launchTemplates, snapshots } = state();
  const instance = instances.get(id);
  if (instance) return instance.state !== 'terminated';
  const volume = volumes.get(id);
  if (volume) return volume.state !== 'deleting';
  return [keyPairs, securityGroups, launchTemplates, snapshots].some((table) => table.has(id));
};
const present = (ids: readonly string[]) => ids.filter(isThere);

describe('what a build left behind', () => {
  test('goes with everything that hangs on it, when its time has been over for an hour', async () => {
    const left = await aBuild('lost', mark(START - 2 * HOUR));
    const context = await runPrune(harness);
    expect(present(left)).toEqual([]);
    for (const id of left) expect(context.report.summary).toMatch(new RegExp(`\`${id}\`.*removed.*run 77`));
  });

  test.each([
    ['still works', mark(START + HOUR)],
    ['has ended less than an hour ago', mark(START - HOUR / 2)],
    ['is of another application', mark(START - 2 * HOUR, 'octo/other')],
    [
      'has only the address of a run, as instances may have it from their image',
      mark(START).split('/att')[0],
    ],
  ])('stays when its build %s', async (_why, run) => {
    const left = await aBuild('other', run ?? '');
    const calls = await callsOf(harness, () => runPrune(harness));
    expect(present(left)).toEqual(left);
    expect(calls.filter(isWrite)).toEqual([]);
  });

  test('a member of a group is no builder, whatever its tags say', async () => {
    const [image = ''] = seedImages(harness, 2);
    await addGroup(harness.sandbox, harness.aws, {
      name: 'web',
      imageId: image,
      size: 1,
      tags: { [TAG.run]: mark(START - 2 * HOUR) },
    });
    const [member = ''] = state().instances.keys();
    expect(harness.sandbox.world.region(REGION).tagsOf(member)[TAG.run]).toBeDefined();
    await runPrune(harness);
    expect(state().instances.get(member)?.state).toBe('running');
  });

  test('a tag keeps it, and so does orphans: false', async () => {
    const left = await aBuild('lost', mark(START - 2 * HOUR));
    await runPrune(harness, { orphans: 'false' });
    expect(present(left)).toEqual(left);
    const { tags } = state();
    for (const id of left) tags.set(id, { ...tags.get(id), [TAG.keep]: 'for debugging' });
    await runPrune(harness);
    expect(present(left)).toEqual(left);
  });

  test('a dry run only names it', async () => {
    const left = await aBuild('lost', mark(START - 2 * HOUR));
    const context = await runPrune(harness, { 'dry-run': 'true' });
    expect(present(left)).toEqual(left);
    expect(context.report.summary).toContain(`instance \`${left[0]}\` | to be removed`);
  });

  test('more than max-deletions stop it', async () => {
    const left = await aBuild('lost', mark(START - 2 * HOUR));
    await expect(runPrune(harness, { 'max-deletions': '4' })).rejects.toThrow(
      '5 leftovers would be removed, more than "max-deletions" allows (4)',
    );
    expect(present(left)).toEqual(left);
  });

  test('what may not be deleted is named with the permission, and the others go', async () => {
    const left = await aBuild('lost', mark(START - 2 * HOUR));
    harness.sandbox.faults.add({
      operation: 'DeleteVolume',
      times: 'always',
      effect: { kind: 'access-denied' },
    });
    await expect(runPrune(harness)).rejects.toThrow(
      /The leftover vol-\w+ could not be removed: .* Allow ec2:DeleteVolume/,
    );
    expect(present(left)).toEqual([left[3]]);
  });
});

describe('snapshots whose image is gone', () => {
  /** An image as AWS makes it, deregistered by hand without its snapshot. */
  async function orphan(name: string, tags: Record<string, string> = { [TAG.application]: APPLICATION }) {
    const { ec2 } = harness.aws;
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: publicImage(harness.sandbox, REGION),
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    const { ImageId = '' } = await ec2.send(
      new CreateImageCommand({
        InstanceId: Instances[0]?.InstanceId,
        Name: name,
        TagSpecifications: [
          { ResourceType: 'snapshot', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
        ],
      }),
    );
    harness.sandbox.clock.advance(5 * 60_000);
    const record = state().images.get(ImageId);
    const snapshotId = record?.image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
    const forget = () => state().images.delete(ImageId);
    return { imageId: ImageId, snapshotId, forget };
  }
  const days = (count: number) => harness.sandbox.clock.advance(count * DAY);

  test('go after a day, and count as freed', async () => {
    const { snapshotId, forget } = await orphan('lost');
    forget();
    await runPrune(harness);
    expect(isThere(snapshotId)).toBe(true);
    days(1.1);
    const context = await runPrune(harness);
    expect(isThere(snapshotId)).toBe(false);
    expect(outputOf(context, 'deleted-snapshots')).toEqual([snapshotId]);
    expect(context.report.outputs.get('freed-gib')).toBe('8');
    expect(context.report.summary).toMatch(/its image ami-\w+ is gone/);
  });

  test.each(['available', 'disabled', 'pending'] as const)(
    'stay while their image is %s, whoever it is of',
    async (name) => {
      const { imageId, snapshotId } = await orphan('there');
      const record = state().images.get(imageId);
      if (record) record.image.State = name;
      // A pending image does not name its snapshots yet.
      if (record && name === 'pending') record.image.BlockDeviceMappings = [];
      days(2);
      await runPrune(harness);
      expect(isThere(snapshotId)).toBe(true);
    },
  );

  test('stay while their image is in the Recycle Bin: it would come back without them', async () => {
    const { imageId, snapshotId, forget } = await orphan('recycled');
    forget();
    state().recycledImages.set(imageId, { ImageId: imageId });
    days(2);
    await runPrune(harness);
    expect(isThere(snapshotId)).toBe(true);
  });

  test('stay when a launch template makes volumes of them', async () => {
    const { snapshotId, forget } = await orphan('data');
    forget();
    await harness.aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'data',
        LaunchTemplateData: {
          BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: snapshotId } }],
        },
      }),
    );
    days(2);
    await runPrune(harness);
    expect(isThere(snapshotId)).toBe(true);
  });

  test('stay when a launch template comes to make volumes of them meanwhile', async () => {
    const { snapshotId, forget } = await orphan('data');
    forget();
    days(2);
    let made = false;
    intercept(harness.aws.ec2, 'DescribeSnapshotAttribute', {
      before: async () => {
        if (made) return;
        made = true;
        await harness.aws.ec2.send(
          new CreateLaunchTemplateCommand({
            LaunchTemplateName: 'data',
            LaunchTemplateData: {
              BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: snapshotId } }],
            },
          }),
        );
      },
    });
    const context = await runPrune(harness);
    expect(isThere(snapshotId)).toBe(true);
    expect(context.log.text).toContain(`${snapshotId} is kept after all: it may be in use now`);
  });

  test.each([
    ['of another application', { [TAG.application]: 'octo/other' }],
    ['without our tag', {}],
    ['of a backup', { [TAG.application]: APPLICATION, 'dlm:managed': 'true' }],
  ])('stay when they are %s', async (_what, tags) => {
    const { snapshotId, forget } = await orphan('other', tags);
    forget();
    days(2);
    await runPrune(harness);
    expect(isThere(snapshotId)).toBe(true);
  });

  test('stay when a person made them, whatever their tags', async () => {
    const { snapshotId, forget } = await orphan('by hand');
    forget();
    const record = state().snapshots.get(snapshotId);
    if (record) record.description = 'before the migration';
    days(2);
    await runPrune(harness);
    expect(isThere(snapshotId)).toBe(true);
  });

  test('stay, and are reported, when they are shared, locked or tagged to be kept', async () => {
    const { ec2 } = harness.aws;
    const [shared, locked, kept] = [await orphan('shared'), await orphan('locked'), await orphan('kept')];
    for (const { forget } of [shared, locked, kept]) forget();
    await ec2.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId: shared.snapshotId,
        CreateVolumePermission: { Add: [{ UserId: '111122223333' }] },
      }),
    );
    await ec2.send(
      new LockSnapshotCommand({ SnapshotId: locked.snapshotId, LockMode: 'governance', LockDuration: 90 }),
    );
    await tagImage(harness.aws, kept.snapshotId, { [TAG.keep]: 'x' });
    days(2);
    const context = await runPrune(harness);
    expect(present([shared, locked, kept].map(({ snapshotId }) => snapshotId))).toHaveLength(3);
    const { summary } = context.report;
    expect(summary).toContain(`\`${shared.snapshotId}\` | stays | shared with account 111122223333`);
    expect(summary).toContain(`\`${locked.snapshotId}\` | stays | locked (governance) until 2027-01-31`);
    expect(summary).toContain(`\`${kept.snapshotId}\` | stays | tagged immutable-deploy:keep`);
  });

  test.each([
    ['DescribeSnapshots', 'ec2:DescribeSnapshots'],
    ['ListImagesInRecycleBin', 'ec2:ListImagesInRecycleBin'],
    ['DescribeLockedSnapshots', 'ec2:DescribeLockedSnapshots'],
    ['DescribeSnapshotAttribute', 'ec2:DescribeSnapshotAttribute'],
    ['DescribeInstances', 'ec2:DescribeInstances'],
  ])('stay when %s is not allowed, and the failure names the permission', async (operation, permission) => {
    const { snapshotId, forget } = await orphan('lost');
    forget();
    days(2);
    harness.sandbox.faults.add({ operation, times: 'always', effect: { kind: 'access-denied' } });
    await expect(runPrune(harness)).rejects.toThrow(permission);
    expect(isThere(snapshotId)).toBe(true);
  });
});
