import {
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  DisableImageDeregistrationProtectionCommand,
  EnableImageDeregistrationProtectionCommand,
  ModifyImageAttributeCommand,
  ModifyLaunchTemplateCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, tagImage } from '../../../sandbox/scene.ts';
import { markKey, markValue, TAG } from '../../../src/tags.ts';
import { type Harness, START, startHarness } from '../../support/harness.ts';
import {
  addTemplate,
  addVersion,
  DAY,
  imagesLeft,
  intercept,
  runPrune,
  seedImages,
  versionsLeft,
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

/** Prunes, and expects that of the old images only the oldest stays, for this reason. */
async function expectKept(reason: string | RegExp, given: Record<string, string> = {}) {
  const context = await runPrune(harness, given);
  expect(await imagesLeft(harness)).toEqual(new Set([...images.slice(0, 2), oldest]));
  const row = context.report.summary.split('\n').find((line) => line.includes(oldest));
  expect(row).toMatch(reason instanceof RegExp ? reason : new RegExp(reason.replace(/[.$()]/g, '\\$&')));
}

async function runInstance(parameters: Partial<RunInstancesCommand['input']> = {}): Promise<string> {
  const { Instances = [] } = await harness.aws.ec2.send(
    new RunInstancesCommand({
      ImageId: oldest,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      ...parameters,
    }),
  );
  harness.sandbox.clock.advance(60_000);
  return Instances[0]?.InstanceId ?? '';
}

describe('an image that is in use survives', () => {
  test('by an instance', async () => {
    const id = await runInstance();
    await expectKept(`in use by instance ${id}`);
  });

  test('by a stopped instance', async () => {
    const id = await runInstance();
    await harness.aws.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    harness.sandbox.clock.advance(60_000);
    await expectKept(`in use by instance ${id}`);
  });

  test('not by a terminated instance', async () => {
    const id = await runInstance();
    await harness.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    harness.sandbox.clock.advance(60_000);
    await runPrune(harness);
    expect(await imagesLeft(harness)).toEqual(new Set(images.slice(0, 2)));
  });

  test('by the launch template version of a group without instances', async () => {
    const { launchTemplateId } = await addGroup(harness.sandbox, harness.aws, {
      name: 'web',
      imageId: oldest,
      size: 0,
    });
    await expectKept(`in use by Auto Scaling group web (launch template ${launchTemplateId} version 1)`);
  });

  test('by a version that a group names as $Latest', async () => {
    const templateId = await addTemplate(harness.aws, 'web', [images[0] ?? '', oldest]);
    await harness.aws.autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web',
        LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
        AvailabilityZones: [`${harness.aws.region}a`],
        MinSize: 0,
        MaxSize: 0,
      }),
    );
    await expectKept(`in use by Auto Scaling group web (launch template ${templateId} version 2)`);
  });

  test('by the overrides of a mixed instances policy', async () => {
    const templateId = await addTemplate(harness.aws, 'arm', [oldest, ...images.slice(0, 3)]);
    const Overrides = [
      { LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version: '1' } },
      { ImageId: images[8] },
    ];
    await addGroup(harness.sandbox, harness.aws, { name: 'mixed', imageId: images[0] ?? '', size: 0 });
    intercept(harness.aws.autoScaling, 'DescribeAutoScalingGroups', {
      after: (output) =>
        Reflect.set(output, 'AutoScalingGroups', [
          { AutoScalingGroupName: 'mixed', MixedInstancesPolicy: { LaunchTemplate: { Overrides } } },
        ]),
    });
    const context = await runPrune(harness);
    const left = await imagesLeft(harness);
    expect(left).toContain(oldest);
    expect(left).toContain(images[8]);
    expect(context.report.summary).toContain(
      `Auto Scaling group mixed (launch template ${templateId} version 1)`,
    );
  });

  test('by a launch configuration', async () => {
    await harness.aws.autoScaling.send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName: 'old-web',
        ImageId: oldest,
        InstanceType: 't3.micro',
      }),
    );
    await expectKept('in use by launch configuration old-web');
  });

  test('by the desired configuration of a refresh, whose version stays too', async () => {
    const { launchTemplateId } = await addGroup(harness.sandbox, harness.aws, {
      name: 'web',
      imageId: images[0] ?? '',
      size: 1,
    });
    for (const imageId of [oldest, images[5], images[0], images[1]])
      await addVersion(harness.aws, launchTemplateId, imageId ?? '', `immutable-deploy octo/shop ${imageId}`);
    await harness.aws.autoScaling.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: 'web',
        DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: '2' } },
      }),
    );
    await expectKept(
      /in use by instance refresh \S+ of Auto Scaling group web \(launch template \S+ version 2\)/,
    );
    expect(await versionsLeft(harness, launchTemplateId)).toEqual([1, 2, 4, 5]);
  });

  test('by an instance whose launch template version is old: the version stays too', async () => {
    const newest = images[0] ?? '';
    const templateId = await addTemplate(harness.aws, 'web', [newest, oldest, newest, newest, newest]);
    const id = await runInstance({
      ImageId: undefined,
      LaunchTemplate: { LaunchTemplateId: templateId, Version: '2' },
    });
    await expectKept(`in use by instance ${id}`);
    expect(await versionsLeft(harness, templateId)).toEqual([1, 2, 4, 5]);
  });

  test('by the $Default version of a template, by whomever it was made', async () => {
    const templateId = await addTemplate(harness.aws, 'web', [images[0] ?? '']);
    await addVersion(harness.aws, templateId, oldest);
    for (const imageId of images.slice(0, 2))
      await addVersion(harness.aws, templateId, imageId, `immutable-deploy octo/shop ${imageId}`);
    await harness.aws.ec2.send(
      new ModifyLaunchTemplateCommand({ LaunchTemplateId: templateId, DefaultVersion: '2' }),
    );
    await expectKept(`in use by launch template ${templateId} version 2 (made by somebody else, $Default)`);
  });

  test('by a version in the middle of a template, made by somebody else', async () => {
    const templateId = await addTemplate(harness.aws, 'web', [images[0] ?? '']);
    await addVersion(harness.aws, templateId, oldest);
    await addVersion(harness.aws, templateId, images[1] ?? '');
    await expectKept(`in use by launch template ${templateId} version 2 (made by somebody else)`);
  });

  test('by an SSM parameter of data type aws:ec2:image', async () => {
    await harness.aws.ssm.send(
      new PutParameterCommand({
        Name: '/shop/ami',
        Value: oldest,
        Type: 'String',
        DataType: 'aws:ec2:image',
      }),
    );
    // The parameter appears when its value has been validated.
    harness.sandbox.clock.advance(5000);
    await expectKept('in use by SSM parameter /shop/ami');
  });

  test('by a launch template whose image is a version of an SSM parameter', async () => {
    for (const Value of [oldest, images[0]])
      await harness.aws.ssm.send(
        new PutParameterCommand({ Name: '/ami', Value, Type: 'String', Overwrite: true }),
      );
    const templateId = await addTemplate(harness.aws, 'alias', ['resolve:ssm:/ami:1']);
    await expectKept(`in use by launch template ${templateId} version 1`);
  });

  test('by the word of the user', async () => {
    await expectKept('in use by input in-use-ami-ids', { 'in-use-ami-ids': oldest });
  });
});

describe('an image stays without being in use', () => {
  test('while a promotion puts it somewhere', async () => {
    await tagImage(harness.aws, oldest, {
      [markKey('promoting', 'production')]: markValue(START - 14 * DAY),
    });
    await expectKept('promotion under way in production');
  });

  test('when somebody tagged it', async () => {
    await tagImage(harness.aws, oldest, { [TAG.keep]: 'for the audit' });
    await expectKept('tagged immutable-deploy:keep');
  });

  test('when another account can use it; the own account is no other', async () => {
    const share = (ImageId: string | undefined, UserId: string) =>
      harness.aws.ec2.send(
        new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ UserId }] } }),
      );
    await share(oldest, '111122223333');
    await share(images[8], '123456789012');
    await expectKept('shared with account 111122223333');
  });

  test('when its deregistration protection is on', async () => {
    await harness.aws.ec2.send(new EnableImageDeregistrationProtectionCommand({ ImageId: oldest }));
    await expectKept('protected from deregistration');
  });

  test('while the cooldown of that protection goes on, which is no failure', async () => {
    await harness.aws.ec2.send(
      new EnableImageDeregistrationProtectionCommand({ ImageId: oldest, WithCooldown: true }),
    );
    await harness.aws.ec2.send(new DisableImageDeregistrationProtectionCommand({ ImageId: oldest }));
    await expectKept(/kept: The image '\S+' can't be deregistered/);
  });
});
