import {
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DeleteAutoScalingGroupCommand,
  DeleteLaunchConfigurationCommand,
  type LaunchTemplateOverrides,
  type MixedInstancesPolicy,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addImage, publicImage } from '../../../../sandbox/scene.ts';
import { REGION } from '../../../support/harness.ts';
import {
  code,
  group,
  membersOf,
  newest,
  newVersion,
  type RefreshScene,
  rollBack,
  setDesired,
  start,
  startScene,
  timeline,
  untilStatus,
} from './scene.ts';

/** The group `web` on something else than one launch template. */

let scene: RefreshScene;
beforeEach(async () => {
  scene = await startScene(0);
});
afterEach(async () => await scene.harness.close());

const policy = (
  version: string,
  overrides: LaunchTemplateOverrides[],
  distribution?: MixedInstancesPolicy['InstancesDistribution'],
): MixedInstancesPolicy => ({
  LaunchTemplate: {
    LaunchTemplateSpecification: { LaunchTemplateId: scene.templateId, Version: version },
    Overrides: overrides,
  },
  InstancesDistribution: distribution,
});

async function replaceGroup(source: object, size: number): Promise<void> {
  const { aws, sandbox } = scene.harness;
  await aws.autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'web' }));
  sandbox.clock.advance(60_000);
  await aws.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'web',
      MinSize: 0,
      MaxSize: 20,
      DesiredCapacity: size,
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
      ...source,
    }),
  );
  sandbox.clock.advance(120_000);
}

/** The members' types with the images that they really run. */
async function running(): Promise<string[]> {
  const { Reservations = [] } = await scene.harness.aws.ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: 'instance-state-name', Values: ['running'] },
        { Name: 'tag:aws:autoscaling:groupName', Values: ['web'] },
      ],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances)
    .map((instance) => `${instance.InstanceType} ${instance.ImageId}`)
    .toSorted();
}

describe('a mixed instances policy', () => {
  const types = [{ InstanceType: 'm5.large' as const }, { InstanceType: 'm6i.large' as const }];

  test('is described with the defaults of its distribution', async () => {
    await replaceGroup({ MixedInstancesPolicy: policy('1', types) }, 1);
    const found = await group(scene.harness);
    expect(found).not.toHaveProperty('LaunchTemplate');
    expect(found.MixedInstancesPolicy).toEqual({
      LaunchTemplate: {
        LaunchTemplateSpecification: {
          LaunchTemplateId: scene.templateId,
          LaunchTemplateName: 'web',
          Version: '1',
        },
        Overrides: types,
      },
      InstancesDistribution: {
        OnDemandAllocationStrategy: 'prioritized',
        OnDemandBaseCapacity: 0,
        OnDemandPercentageAboveBaseCapacity: 100,
        SpotAllocationStrategy: 'lowest-price',
        SpotInstancePools: 2,
      },
    });
    expect(found.Instances?.[0]).toMatchObject({
      InstanceType: 'm5.large',
      LaunchTemplate: { LaunchTemplateId: scene.templateId, Version: '1' },
    });
    expect(found.Instances?.[0]).not.toHaveProperty('ImageId');
  });

  test('On-Demand instances take the first type, Spot instances are spread over the pools', async () => {
    const distribution = { OnDemandBaseCapacity: 2, OnDemandPercentageAboveBaseCapacity: 0 };
    await replaceGroup({ MixedInstancesPolicy: policy('1', types, distribution) }, 6);
    const found = (await membersOf(scene.harness)).map((member) => member.InstanceType).toSorted();
    expect(found).toEqual(['m5.large', 'm5.large', 'm5.large', 'm5.large', 'm6i.large', 'm6i.large']);
  });

  test('weights count as units of capacity', async () => {
    const weighted = [{ InstanceType: 'm5.xlarge' as const, WeightedCapacity: '4' }];
    await replaceGroup({ MixedInstancesPolicy: policy('1', weighted) }, 8);
    const members = await membersOf(scene.harness);
    expect(members.map((member) => member.WeightedCapacity)).toEqual(['4', '4']);
    const version = await newVersion(scene);
    await start(scene.harness, {
      DesiredConfiguration: { MixedInstancesPolicy: policy(version, weighted) },
      Preferences: { InstanceWarmup: 0, MinHealthyPercentage: 90 },
    });
    await untilStatus(scene.harness, 'InProgress');
    expect((await newest(scene.harness)).InstancesToUpdate).toBe(2);
    expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
    expect(await membersOf(scene.harness)).toHaveLength(2);
  });

  test('some overrides with a weight and some without are refused', async () => {
    const MixedInstancesPolicy = policy('1', [
      { InstanceType: 'm5.large', WeightedCapacity: '1' },
      { InstanceType: 'm6i.large' },
    ]);
    const update = new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', MixedInstancesPolicy });
    await expect(scene.harness.aws.autoScaling.send(update)).rejects.toThrow(/weight/);
  });

  test('a refresh replaces instances of every override, each by its own template and image', async () => {
    const { aws, sandbox } = scene.harness;
    const first = publicImage(sandbox, REGION);
    const second = await addImage(sandbox, aws, 'second');
    const third = await addImage(sandbox, aws, 'third');
    const { LaunchTemplate } = await aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'other',
        LaunchTemplateData: { ImageId: first },
      }),
    );
    const other = (version: string) => ({
      LaunchTemplateId: LaunchTemplate?.LaunchTemplateId,
      Version: version,
    });
    const half = { OnDemandPercentageAboveBaseCapacity: 0 };
    const overrides = (image: string): LaunchTemplateOverrides[] => [
      { InstanceType: 'm5.large', LaunchTemplateSpecification: other('1') },
      { InstanceType: 'm6i.large', ImageId: image },
    ];
    await replaceGroup({ MixedInstancesPolicy: policy('1', overrides(second), half) }, 2);
    expect(await running()).toEqual([`m5.large ${first}`, `m6i.large ${second}`]);
    expect((await membersOf(scene.harness)).map((member) => member.ImageId)).toEqual([undefined, second]);

    await start(scene.harness, {
      DesiredConfiguration: { MixedInstancesPolicy: policy('1', overrides(third), half) },
      Preferences: { InstanceWarmup: 0, SkipMatching: true },
    });
    await untilStatus(scene.harness, 'InProgress');
    // Only the override with another image differs.
    expect((await newest(scene.harness)).InstancesToUpdate).toBe(1);
    expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
    expect(await running()).toEqual([`m5.large ${first}`, `m6i.large ${third}`]);
    const saved = (await group(scene.harness)).MixedInstancesPolicy?.LaunchTemplate?.Overrides;
    expect(saved?.map((override) => override.ImageId)).toEqual([undefined, third]);
  });

  test('is rolled back as a whole', async () => {
    await replaceGroup({ MixedInstancesPolicy: policy('1', types) }, 2);
    const version = await newVersion(scene);
    await start(scene.harness, {
      DesiredConfiguration: { MixedInstancesPolicy: policy(version, types) },
      Preferences: { InstanceWarmup: 0, BakeTime: 600, AutoRollback: true },
    });
    await untilStatus(scene.harness, 'Baking');
    await rollBack(scene.harness);
    expect((await timeline(scene.harness)).at(-1)).toBe('RollbackSuccessful 0 2');
    const versions = (await membersOf(scene.harness)).map((member) => member.LaunchTemplate?.Version);
    expect(versions).toEqual(['1', '1']);
  });

  test('with $Latest anywhere in it is irreversible', async () => {
    await replaceGroup({ MixedInstancesPolicy: policy('$Latest', types) }, 1);
    const version = await newVersion(scene);
    const desired = { DesiredConfiguration: { MixedInstancesPolicy: policy(version, types) } };
    await expect(start(scene.harness, { ...desired, Preferences: { AutoRollback: true } })).rejects.toThrow(
      /\$Latest/,
    );
    await start(scene.harness, desired);
    await untilStatus(scene.harness, 'InProgress');
    expect(await code(rollBack(scene.harness))).toBe('IrreversibleInstanceRefresh');
  });

  test('that selects types by attributes takes no desired configuration', async () => {
    const byAttributes = policy('1', [
      { InstanceRequirements: { VCpuCount: { Min: 4 }, MemoryMiB: { Min: 8192 } } },
    ]);
    await replaceGroup({ MixedInstancesPolicy: byAttributes }, 1);
    expect((await membersOf(scene.harness))[0]?.InstanceType).toBe('m5.xlarge');
    const desired = { DesiredConfiguration: { MixedInstancesPolicy: byAttributes } };
    await expect(start(scene.harness, desired)).rejects.toThrow(/attribute-based instance type selection/);
    const skipping = { Preferences: { SkipMatching: true } };
    await expect(start(scene.harness, skipping)).rejects.toThrow(/attribute-based instance type selection/);
    await start(scene.harness, {});
    expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
  });
});

test('an override without capacity gives way to the next one', async () => {
  const { aws, sandbox } = scene.harness;
  const scarce = await addImage(sandbox, aws, 'scarce', { 'sandbox:boot': 'fails-to-launch' });
  const overrides: LaunchTemplateOverrides[] = [
    { InstanceType: 'm5.large', ImageId: scarce },
    { InstanceType: 'm6i.large' },
  ];
  await replaceGroup({ MixedInstancesPolicy: policy('1', overrides) }, 1);
  expect((await membersOf(scene.harness)).map((member) => member.InstanceType)).toEqual(['m6i.large']);
});

describe('a launch configuration', () => {
  beforeEach(async () => {
    await scene.harness.aws.autoScaling.send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName: 'old-days',
        ImageId: publicImage(scene.harness.sandbox, REGION),
        InstanceType: 't3.micro',
      }),
    );
    await replaceGroup({ LaunchConfigurationName: 'old-days' }, 1);
  });

  test('launches the members, and cannot be deleted meanwhile', async () => {
    const found = await group(scene.harness);
    expect(found.LaunchConfigurationName).toBe('old-days');
    expect(found.Instances?.[0]).toMatchObject({ LaunchConfigurationName: 'old-days' });
    expect(found.Instances?.[0]).not.toHaveProperty('LaunchTemplate');
    const deletion = new DeleteLaunchConfigurationCommand({ LaunchConfigurationName: 'old-days' });
    expect(await code(scene.harness.aws.autoScaling.send(deletion))).toBe('ResourceInUse');
  });

  test('is left for a launch template by a refresh', async () => {
    const LaunchTemplate = { LaunchTemplateId: scene.templateId, Version: '1' };
    await start(scene.harness, {
      DesiredConfiguration: { LaunchTemplate },
      Preferences: { InstanceWarmup: 0 },
    });
    expect((await timeline(scene.harness)).at(-1)).toBe('Successful 100 0');
    const found = await group(scene.harness);
    expect(found).not.toHaveProperty('LaunchConfigurationName');
    expect(found.LaunchTemplate?.Version).toBe('1');
    await setDesired(scene.harness, 2);
    scene.harness.sandbox.clock.advance(60_000);
    expect(await membersOf(scene.harness)).toHaveLength(2);
  });
});

test('a group launches from one source only', async () => {
  const both = new CreateAutoScalingGroupCommand({
    AutoScalingGroupName: 'both',
    MinSize: 0,
    MaxSize: 0,
    LaunchTemplate: { LaunchTemplateId: scene.templateId },
    LaunchConfigurationName: 'old-days',
  });
  await expect(scene.harness.aws.autoScaling.send(both)).rejects.toThrow(
    /Valid requests must contain either LaunchTemplate/,
  );
});
