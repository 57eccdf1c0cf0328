import {
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  type MixedInstancesPolicy,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplateVersionsCommand,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup } from '../../../sandbox/scene.ts';
import { COMMIT_A, COMMIT_B } from '../../support/harness.ts';
import { type PromoteScene, startPromoteScene } from './scene.ts';

/** What a group launches from, and how the image gets into it. */

let scene: PromoteScene;
let old: string;
let next: string;
beforeEach(async () => {
  scene = await startPromoteScene();
  old = await scene.baked('old', COMMIT_A);
  next = await scene.baked('next', COMMIT_B);
});
afterEach(async () => await scene.harness.close());

async function template(name: string, data: object): Promise<string> {
  const { LaunchTemplate } = await scene.harness.aws.ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData: data }),
  );
  return LaunchTemplate?.LaunchTemplateId ?? '';
}

async function createGroup(source: object, size = 2): Promise<void> {
  await scene.harness.aws.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'dev',
      MinSize: 0,
      MaxSize: 10,
      DesiredCapacity: size,
      AvailabilityZones: ['us-east-1a'],
      ...source,
    }),
  );
  scene.harness.sandbox.clock.advance(180_000);
}

async function versionData(id: string, version: string) {
  const { LaunchTemplateVersions } = await scene.harness.aws.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version] }),
  );
  return LaunchTemplateVersions?.[0]?.LaunchTemplateData;
}

describe.each(['$Latest', '$Default'])('a group on %s', (alias) => {
  let id: string;
  beforeEach(async () => {
    id = await template('shop', { ImageId: old, InstanceType: 't3.micro' });
    await createGroup({ LaunchTemplate: { LaunchTemplateId: id, Version: alias } });
  });

  test('is refused, with the number to set', async () => {
    await expect(scene.run({ commit: COMMIT_B })).rejects.toThrow(
      /follows \$\w+ of its launch template: .* Set the group to the version number it runs, 1, or set "pin-version: true"/,
    );
    expect(scene.writes()).toEqual([]);
  });

  test('is set to the version that its instances run with pin-version, and then promoted', async () => {
    await scene.run({ commit: COMMIT_B, 'pin-version': 'true' });
    expect(scene.writes()).toEqual([
      'CreateTags',
      'UpdateAutoScalingGroup',
      'CreateLaunchTemplateVersion',
      'StartInstanceRefresh',
      'CreateTags',
      'DeleteTags',
    ]);
    expect((await scene.group()).LaunchTemplate?.Version).toBe('2');
    expect(await scene.running()).toEqual([next, next]);
  });

  test('is set to what really runs, not to what the alias means by now', async () => {
    await scene.harness.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: id,
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 't3.large' },
      }),
    );
    await scene.run({ commit: COMMIT_B, 'pin-version': 'true' });
    // Nobody has deployed the larger type: the new version is made from what runs.
    expect(await versionData(id, '3')).toMatchObject({ ImageId: next, InstanceType: 't3.micro' });
    expect((await scene.group()).LaunchTemplate?.Version).toBe('3');
  });
});

describe('a template that takes its image from a parameter', () => {
  beforeEach(async () => {
    const { ssm } = scene.harness.aws;
    await ssm.send(new PutParameterCommand({ Name: '/shop/image', Type: 'String', Value: old }));
    const id = await template('shop', { ImageId: 'resolve:ssm:/shop/image', InstanceType: 't3.micro' });
    await createGroup({ LaunchTemplate: { LaunchTemplateId: id, Version: '1' } });
  });

  test('is refused', async () => {
    await expect(scene.run({ commit: COMMIT_B })).rejects.toThrow(
      /takes its image from resolve:ssm:\/shop\/image/,
    );
    expect(scene.writes()).toEqual([]);
  });

  test('gets a version with the image that really runs with pin-version, and is promoted then', async () => {
    await scene.run({ commit: COMMIT_B, 'pin-version': 'true' });
    const { LaunchTemplate } = await scene.group();
    expect(LaunchTemplate?.Version).toBe('3');
    expect(await versionData(LaunchTemplate?.LaunchTemplateId ?? '', '2')).toMatchObject({ ImageId: old });
    expect(await scene.running()).toEqual([next, next]);
  });
});

test('another group that follows $Latest of the same template is named before anything is written', async () => {
  const id = await template('shop', { ImageId: old, InstanceType: 't3.micro' });
  await createGroup({ LaunchTemplate: { LaunchTemplateId: id, Version: '1' } });
  await createGroup({
    AutoScalingGroupName: 'batch',
    LaunchTemplate: { LaunchTemplateId: id, Version: '$Latest' },
  });
  await expect(scene.run({ commit: COMMIT_B })).rejects.toThrow(
    /The group "batch" follows \$Latest of the launch template shop: .* would go live there unchecked/,
  );
  expect(scene.writes()).toEqual([]);
});

describe('source-version', () => {
  test('makes the new version from another one than the group runs', async () => {
    const id = await template('shop', { ImageId: old, InstanceType: 't3.micro' });
    await scene.harness.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: id,
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 't3.large' },
      }),
    );
    await createGroup({ LaunchTemplate: { LaunchTemplateId: id, Version: '1' } });
    await scene.run({ commit: COMMIT_B, 'source-version': 'latest' });
    expect(await versionData(id, '3')).toMatchObject({ ImageId: next, InstanceType: 't3.large' });
    expect((await scene.group()).LaunchTemplate?.Version).toBe('3');
  });
});

describe('a mixed instances policy', () => {
  const policy = (
    specification: object,
    overrides: object[],
    distribution: object = { OnDemandPercentageAboveBaseCapacity: 0 },
  ): MixedInstancesPolicy => ({
    LaunchTemplate: { LaunchTemplateSpecification: specification, Overrides: overrides },
    InstancesDistribution: distribution,
  });

  test('gets the image in its base, and keeps everything else', async () => {
    const id = await template('shop', { ImageId: old });
    const overrides = [
      { InstanceType: 'm5.large', WeightedCapacity: '1' },
      { InstanceType: 'm6i.large', WeightedCapacity: '1' },
    ];
    await createGroup({ MixedInstancesPolicy: policy({ LaunchTemplateId: id, Version: '1' }, overrides) });
    const before = await scene.group();
    await scene.run({ commit: COMMIT_B });
    const after = await scene.group();
    expect(await scene.running()).toEqual([next, next]);
    expect(after.MixedInstancesPolicy).toEqual({
      ...before.MixedInstancesPolicy,
      LaunchTemplate: {
        LaunchTemplateSpecification: {
          LaunchTemplateId: id,
          LaunchTemplateName: 'shop',
          Version: '2',
        },
        Overrides: overrides,
      },
    });
    expect(scene.context.report.outputs.get('launch-template-version')).toBe('2');
    await scene.run({ commit: COMMIT_B });
    expect(scene.context.report.outputs.get('status')).toBe('already-there');
  });

  test('gets it in overrides with templates and images of their own', async () => {
    const id = await template('shop', { ImageId: old });
    const other = await template('other', { ImageId: old });
    const overrides = [
      { InstanceType: 'm5.large', LaunchTemplateSpecification: { LaunchTemplateId: other, Version: '1' } },
      { InstanceType: 'm6i.large', ImageId: old },
    ];
    await createGroup({ MixedInstancesPolicy: policy({ LaunchTemplateId: id, Version: '1' }, overrides) });
    await scene.run({ commit: COMMIT_B });
    expect(await scene.running()).toEqual([next, next]);
    const { Overrides } = (await scene.group()).MixedInstancesPolicy?.LaunchTemplate ?? {};
    expect(Overrides?.[0]?.LaunchTemplateSpecification?.Version).toBe('2');
    expect(Overrides?.[1]?.ImageId).toBe(next);
  });

  test('is rolled back as a whole when the image is bad', async () => {
    await scene.baked('bad', 'd'.repeat(40), { 'sandbox:boot': 'fails-to-launch' });
    const id = await template('shop', { ImageId: old });
    const overrides = [{ InstanceType: 'm5.large' }, { InstanceType: 'm6i.large', ImageId: old }];
    await createGroup({ MixedInstancesPolicy: policy({ LaunchTemplateId: id, Version: '1' }, overrides) });
    const before = await scene.group();
    await expect(scene.run({ commit: 'd'.repeat(40) })).rejects.toThrow(/rolled-back/);
    expect((await scene.group()).MixedInstancesPolicy).toEqual(before.MixedInstancesPolicy);
    expect(await scene.running()).toEqual([old, old]);
  });

  test('with types by attributes is updated first, and brought back here when the image is bad', async () => {
    const id = await template('shop', { ImageId: old });
    const overrides = [{ InstanceRequirements: { VCpuCount: { Min: 2 }, MemoryMiB: { Min: 1024 } } }];
    const MixedInstancesPolicy = policy({ LaunchTemplateId: id, Version: '1' }, overrides);
    await createGroup({ MixedInstancesPolicy });
    await scene.run({ commit: COMMIT_B });
    expect(scene.context.log.text).toMatch(/chooses instance types by attributes/);
    expect(await scene.running()).toEqual([next, next]);

    await scene.baked('bad', 'd'.repeat(40), { 'sandbox:boot': 'fails-to-launch' });
    await expect(scene.run({ commit: 'd'.repeat(40) })).rejects.toThrow(
      /The group was brought back to its former configuration/,
    );
    expect(await scene.running()).toEqual([next, next]);
    const saved = (await scene.group()).MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
    expect(saved?.Version).toBe('2');
  });
});

test('a group on a launch configuration is told how to leave it', async () => {
  await scene.harness.aws.autoScaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'old-days',
      ImageId: old,
      InstanceType: 't3.micro',
    }),
  );
  await createGroup({ LaunchConfigurationName: 'old-days' });
  await expect(scene.run({ commit: COMMIT_B })).rejects.toThrow(
    /uses the launch configuration old-days\. .*Copy to launch template/,
  );
});

test('a group whose version is gone is told so', async () => {
  const { launchTemplateId } = await addGroup(scene.harness.sandbox, scene.harness.aws, {
    name: 'dev',
    imageId: old,
    size: 1,
  });
  const record = scene.harness.sandbox.world.region('us-east-1').state.launchTemplates.get(launchTemplateId);
  if (record) record.versions = [];
  await scene.harness.aws.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'dev', MaxSize: 5 }),
  );
  await expect(scene.run({ commit: COMMIT_B })).rejects.toThrow(
    /version 1 of the launch template dev, which no longer exists/,
  );
});
