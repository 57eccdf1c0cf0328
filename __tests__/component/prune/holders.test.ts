import { CreateLaunchConfigurationCommand } from '@aws-sdk/client-auto-scaling';
import {
  CopyImageCommand,
  CreateLaunchTemplateCommand,
  ModifyImageAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { publicImage, tagImage } from '../../../sandbox/scene.ts';
import { TAG } from '../../../src/tags.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import {
  callsOf,
  imagesLeft,
  intercept,
  isWrite,
  outputOf,
  runPrune,
  seedImage,
  seedImages,
} from './scene.ts';

let harness: Harness;
/** Ten images, newest first: the first two stay anyway. Each test uses the last, which is the oldest. */
let images: string[];
let oldest: string;
beforeEach(async () => {
  harness = await startHarness();
  images = seedImages(harness, 10);
  oldest = images.at(-1) ?? '';
});
afterEach(async () => await harness.close());

const state = () => harness.sandbox.world.region(REGION).state;

const snapshotOf = (imageId: string): string =>
  state().images.get(imageId)?.image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';

/** Prunes, and expects that of the old images only the oldest stays, and why; `others` are not of these ten. */
async function expectKept(
  reason: string | RegExp,
  given: Record<string, string> = {},
  others: string[] = [],
) {
  const context = await runPrune(harness, given);
  expect(await imagesLeft(harness)).toEqual(new Set([...images.slice(0, 2), oldest, ...others]));
  const row = context.report.summary.split('\n').find((line) => line.startsWith(`| \`${oldest}\``));
  expect(row).toMatch(reason);
}

async function expectGone(given: Record<string, string> = {}) {
  await runPrune(harness, given);
  expect(await imagesLeft(harness)).not.toContain(oldest);
}

describe('fleets and Spot', () => {
  const withTemplate = async () => {
    const { LaunchTemplate } = await harness.aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'fleet',
        LaunchTemplateData: { ImageId: images[0], InstanceType: 't3.micro' },
      }),
    );
    return LaunchTemplate?.LaunchTemplateId ?? '';
  };

  const fleet = (FleetState: 'active' | 'deleted_running' | 'deleted', LaunchTemplateId: string) => ({
    FleetId: 'fleet-1',
    FleetState,
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateId, Version: '1' },
        Overrides: [{ ImageId: oldest, InstanceType: 't3.small' as const }],
      },
    ],
  });

  test.each(['active', 'deleted_running'] as const)(
    'an override of an EC2 Fleet that is %s',
    async (name) => {
      state().fleets.set('fleet-1', fleet(name, await withTemplate()));
      await expectKept(/in use by EC2 Fleet fleet-1/);
    },
  );

  test('a deleted EC2 Fleet holds nothing', async () => {
    state().fleets.set('fleet-1', fleet('deleted', await withTemplate()));
    await expectGone();
  });

  test.each([
    ['a launch specification', { LaunchSpecifications: [] as { ImageId: string }[] }],
    ['a snapshot in a launch specification', { LaunchSpecifications: undefined }],
  ])('%s of a Spot Fleet', async (_what, { LaunchSpecifications }) => {
    const specification = LaunchSpecifications
      ? { ImageId: oldest }
      : { ImageId: images[0], BlockDeviceMappings: [{ Ebs: { SnapshotId: snapshotOf(oldest) } }] };
    state().spotFleetRequests.set('sfr-1', {
      SpotFleetRequestId: 'sfr-1',
      SpotFleetRequestState: 'active',
      SpotFleetRequestConfig: {
        IamFleetRole: 'arn:aws:iam::123456789012:role/fleet',
        TargetCapacity: 1,
        LaunchSpecifications: [specification],
      },
    });
    await expectKept(/in use by Spot Fleet request sfr-1/);
  });

  test('a Spot request that is open', async () => {
    state().spotInstanceRequests.set('sir-1', {
      SpotInstanceRequestId: 'sir-1',
      State: 'open',
      Type: 'persistent',
      LaunchSpecification: { ImageId: oldest },
    });
    await expectKept(/in use by Spot request sir-1/);
  });

  test('all pages of Spot requests are read', async () => {
    for (let number = 0; number < 1001; number++) {
      const id = `sir-${number}`;
      const ImageId = number === 1000 ? oldest : images[0];
      state().spotInstanceRequests.set(id, {
        SpotInstanceRequestId: id,
        State: 'active',
        LaunchSpecification: { ...(ImageId === undefined ? {} : { ImageId }) },
      });
    }
    await expectKept(/in use by Spot request sir-1000/);
  });
});

describe('snapshots of an image that somebody makes volumes of', () => {
  test('a launch template of somebody else', async () => {
    await harness.aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'data',
        LaunchTemplateData: {
          ImageId: images[0],
          BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: snapshotOf(oldest) } }],
        },
      }),
    );
    await expectKept(/in use by launch template lt-\w+ version 1 with its snapshot snap-\w+/);
  });

  test('a launch configuration', async () => {
    await harness.aws.autoScaling.send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName: 'data',
        ImageId: images[0],
        InstanceType: 't3.micro',
        BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: snapshotOf(oldest) } }],
      }),
    );
    await expectKept(/in use by launch configuration data \(snapshot snap-\w+\)/);
  });

  test('another image stays with a snapshot of its own and of this one: only the snapshot is shared', async () => {
    const other = seedImage(harness, { daysOld: 10, snapshotId: snapshotOf(oldest) });
    const context = await runPrune(harness);
    expect(await imagesLeft(harness)).toEqual(new Set([images[0], other]));
    expect(state().snapshots.has(snapshotOf(other))).toBe(true);
    expect(context.report.summary).toContain('Snapshots that stay because other images use them');
  });
});

describe('images that others are made of', () => {
  test('the base of an image that stays, whatever application that is of', async () => {
    const other = seedImage(harness, {
      application: 'octo/other',
      daysOld: 300,
      tags: { [TAG.baseImage]: oldest },
    });
    await expectKept(new RegExp(`in use by image ${other} \\(is built on it\\)`), {}, [other]);
  });

  test('the base of an image that goes is free', async () => {
    await tagImage(harness.aws, images[8] ?? '', { [TAG.baseImage]: oldest });
    await expectGone();
  });

  test('the image that a running bake is built on, and what its run has made already', async () => {
    const run = 'https://github.com/octo/shop/actions/runs/77';
    const made = images[8] ?? '';
    await tagImage(harness.aws, made, { [TAG.run]: run });
    await harness.aws.ec2.send(
      new RunInstancesCommand({
        ImageId: oldest,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [
          {
            ResourceType: 'instance',
            Tags: [{ Key: TAG.run, Value: `${run}/attempts/1 until 2026-11-02T11:00:00.000Z abc` }],
          },
        ],
      }),
    );
    const context = await runPrune(harness);
    expect(await imagesLeft(harness)).toEqual(new Set([...images.slice(0, 2), made, oldest]));
    expect(context.report.summary).toMatch(/its build is not over \(builder instance i-\w+\)/);
  });

  test('the origin of a copy that is under way', async () => {
    const { ImageId: copy = '' } = await harness.aws.ec2.send(
      new CopyImageCommand({
        Name: 'copy',
        SourceImageId: oldest,
        SourceRegion: REGION,
        CopyImageTags: true,
      }),
    );
    await expectKept(new RegExp(`in use by image ${copy} \\(is being copied from it\\)`), {}, [copy]);
  });
});

describe("AWS's own search, as a second opinion", () => {
  const recipe = 'arn:aws:imagebuilder:us-east-1:123456789012:image-recipe/web/1.0.0';

  test('a recipe of Image Builder, which only AWS knows', async () => {
    intercept(harness.aws.ec2, 'DescribeImageReferences', {
      after: (output) =>
        Reflect.set(output, 'ImageReferences', [
          { ImageId: oldest, ResourceType: 'imagebuilder:ImageRecipe', Arn: recipe },
        ]),
    });
    await expectKept(/in use by imagebuilder:ImageRecipe web\/1\.0\.0 \(AWS's own search\)/);
  });

  test('a list that lacks an instance is found out', async () => {
    await harness.aws.ec2.send(
      new RunInstancesCommand({ ImageId: oldest, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
    );
    intercept(harness.aws.ec2, 'DescribeInstances', {
      after: (output) => Reflect.set(output, 'Reservations', []),
    });
    await expectKept(/in use by ec2:Instance i-\w+ \(AWS's own search\)/);
  });

  test('it is asked ten images at a time, and not about images that stay', async () => {
    images.push(...seedImages(harness, 15, { daysOld: 400 }));
    const calls = await callsOf(harness, () => runPrune(harness, { 'dry-run': 'true' }));
    const asked = calls
      .filter(({ operation }) => operation === 'DescribeImageReferences')
      .map(({ input }): string[] => Reflect.get(Object(input), 'ImageIds'));
    expect(asked.map((ids) => ids.length)).toEqual([10, 10, 3]);
    expect(asked.flat()).not.toContain(images[0]);
  });

  test('a role that may not ask: the report says what was not looked at, and what to allow', async () => {
    harness.sandbox.faults.add({
      operation: 'DescribeImageReferences',
      times: 'always',
      effect: { kind: 'access-denied' },
    });
    const context = await runPrune(harness);
    expect(outputOf(context, 'deleted-images')).toHaveLength(8);
    expect(context.report.summary).toContain('Image Builder recipes (allow ec2:DescribeImageReferences');
  });

  test('an answer that fails: those images stay, and the step fails', async () => {
    harness.sandbox.faults.add({
      operation: 'DescribeImageReferences',
      times: 'always',
      effect: { kind: 'error', code: 'InternalError', message: 'An internal error occurred.', status: 400 },
    });
    const calls = await callsOf(harness, async () => {
      await expect(runPrune(harness)).rejects.toThrow(
        'The image references could not be read (InternalError',
      );
    });
    expect(calls.filter(isWrite)).toEqual([]);
  });
});

describe('shared images with prune-shared', () => {
  beforeEach(async () => {
    await harness.aws.ec2.send(
      new ModifyImageAttributeCommand({
        ImageId: oldest,
        LaunchPermission: { Add: [{ UserId: '111122223333' }] },
      }),
    );
  });
  const usedBy = (accountId: string) => {
    const record = state().images.get(oldest);
    if (record) record.usedElsewhere = [{ accountId, type: 'ec2:Instance', count: 2 }];
  };

  test('go when the usage report is empty, which is deleted again', async () => {
    await expectGone({ 'prune-shared': 'true' });
    expect(state().imageUsageReports.size).toBe(0);
  });

  test('stay in the plan of a dry run, which makes no report, and says so', async () => {
    const context = harness.context();
    const calls = await callsOf(harness, () =>
      runPrune(harness, { 'prune-shared': 'true', 'dry-run': 'true' }, context),
    );
    expect(calls.filter(isWrite)).toEqual([]);
    expect(context.report.summary).toMatch(/Not looked at: usage reports of shared images/);
  });

  test('stay when another account uses them', async () => {
    usedBy('111122223333');
    await expectKept(/shared with account 111122223333, which uses it \(2 of ec2:Instance\)/, {
      'prune-shared': 'true',
    });
  });

  test('stay when AWS makes no report, and the step fails', async () => {
    harness.sandbox.faults.add({
      operation: 'CreateImageUsageReport',
      times: 'always',
      effect: { kind: 'access-denied' },
    });
    await expect(runPrune(harness, { 'prune-shared': 'true' })).rejects.toThrow(
      /Allow ec2:CreateImageUsageReport/,
    );
    expect(await imagesLeft(harness)).toContain(oldest);
  });

  test('stay when they are public: nobody has to tell AWS about it', async () => {
    await harness.aws.ec2.send(
      new ModifyImageAttributeCommand({ ImageId: oldest, LaunchPermission: { Add: [{ Group: 'all' }] } }),
    );
    await expectKept(/shared with everybody/, { 'prune-shared': 'true' });
  });

  test('are never disabled, because that takes their shares away for good', async () => {
    await expectKept(/shared with account 111122223333/, { 'prune-shared': 'true', removal: 'disable' }, [
      ...images.slice(2, 9),
    ]);
    expect(state().images.get(oldest)?.image.State).toBe('available');
  });
});

test('an image that stays has the public image as its origin, which is none of ours', async () => {
  const base = publicImage(harness.sandbox, REGION);
  await tagImage(harness.aws, images[0] ?? '', { [TAG.baseImage]: base });
  await runPrune(harness);
  expect(await imagesLeft(harness)).toEqual(new Set(images.slice(0, 2)));
});
