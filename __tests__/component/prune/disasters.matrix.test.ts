import { CreateAutoScalingGroupCommand, type Instance as GroupInstance } from '@aws-sdk/client-auto-scaling';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, tagImage } from '../../../sandbox/scene.ts';
import { refuseOtherAccounts } from '../../../src/aws/connect.ts';
import { markKey, markValue, TAG } from '../../../src/tags.ts';
import { type Harness, REGION, START, startHarness } from '../../support/harness.ts';
import {
  addEmptyGroups,
  addTemplate,
  callsOf,
  imagesLeft,
  intercept,
  isWrite,
  promotedTag,
  runPrune,
  seedImage,
  seedImages,
} from './scene.ts';

/** How cleaners of images have taken down production, one by one, and what stops it here. */

let harness: Harness;
/** Twelve images, newest first; the ninth, long superseded, is what production runs. */
let images: string[];
let production: string;
beforeEach(async () => {
  harness = await startHarness();
  images = seedImages(harness, 12);
  production = images[8] ?? '';
  await tagImage(harness.aws, production, promotedTag('production', 200));
});
afterEach(async () => await harness.close());

/** The old rules would take it, and nothing but what a test shows saves it. */
async function expectSaved(given: Record<string, string> = {}) {
  const rules = { keep: '2', 'keep-promoted': '1', ...given };
  const newer = seedImage(harness, { daysOld: 60, tags: promotedTag('production', 1) });
  try {
    return await runPrune(harness, rules);
  } finally {
    expect(await imagesLeft(harness)).toContain(production);
    expect(await imagesLeft(harness)).toContain(newer);
  }
}

async function expectNothingDone(message: string | RegExp, given: Record<string, string> = {}) {
  const calls = await callsOf(harness, async () => {
    await expect(expectSaved(given)).rejects.toThrow(message);
  });
  expect(calls.filter(isWrite)).toEqual([]);
}

test('without any use the image would go: the tests below can fail', async () => {
  await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: images[0] ?? '', size: 1 });
  seedImage(harness, { daysOld: 60, tags: promotedTag('production', 1) });
  await runPrune(harness);
  expect(await imagesLeft(harness)).not.toContain(production);
});

describe('all launch templates were moved to SSM parameters', () => {
  async function moved(dataType: 'aws:ec2:image' | 'text') {
    await harness.aws.ssm.send(
      new PutParameterCommand({ Name: '/ami', Value: production, Type: 'String', DataType: dataType }),
    );
    harness.sandbox.clock.advance(5000);
    const templateId = await addTemplate(harness.aws, 'web', ['resolve:ssm:/ami']);
    await addEmptyGroups(harness, 1, templateId);
    // Nothing runs at night.
    return templateId;
  }

  test.each(['aws:ec2:image', 'text'] as const)('of the data type %s', async (dataType) => {
    await moved(dataType);
    const context = await expectSaved();
    expect(context.report.summary).toMatch(new RegExp(`${production}.*in use by`));
  });

  test('and the role may not read them', async () => {
    await moved('text');
    harness.sandbox.faults.add({
      operation: 'GetParameters',
      times: 'always',
      effect: { kind: 'access-denied' },
    });
    await expectNothingDone('Allow ssm:GetParameters');
  });
});

describe('an answer that is not whole', () => {
  test('no instances at all, but a group has members', async () => {
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: production, size: 3 });
    intercept(harness.aws.ec2, 'DescribeInstances', {
      after: (output) => Reflect.set(output, 'Reservations', []),
    });
    await expectNothingDone(/The EC2 instances could not be read \(the list lacks i-\w+/);
  });

  test('no groups at all, but instances are members of one', async () => {
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: images[0] ?? '', size: 2 });
    intercept(harness.aws.autoScaling, 'DescribeAutoScalingGroups', {
      after: (output) => Reflect.set(output, 'AutoScalingGroups', []),
    });
    await expectNothingDone(/The Auto Scaling groups could not be read \(the list lacks web \(of instance/);
  });

  test('neither groups nor instances, although images were promoted', async () => {
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: images[0] ?? '', size: 1 });
    for (const [client, operation, member] of [
      [harness.aws.autoScaling, 'DescribeAutoScalingGroups', 'AutoScalingGroups'],
      [harness.aws.ec2, 'DescribeInstances', 'Reservations'],
      [harness.aws.ec2, 'DescribeLaunchTemplateVersions', 'LaunchTemplateVersions'],
    ] as const)
      intercept(client, operation, { after: (output) => Reflect.set(output, member, []) });
    // A role that may not ask for the second opinion either.
    harness.sandbox.faults.add({
      operation: 'DescribeImageReferences',
      times: 'always',
      effect: { kind: 'access-denied' },
    });
    await expectNothingDone(/Nothing in us-east-1 uses any image of octo\/shop, although 2 were promoted/);
  });

  test('the second page of groups is lost, with the one that runs the image', async () => {
    const templateId = await addTemplate(harness.aws, 'other', [images[0] ?? '']);
    await addEmptyGroups(harness, 100, templateId);
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: production, size: 1 });
    intercept(harness.aws.autoScaling, 'DescribeAutoScalingGroups', {
      after: (output) => Reflect.set(output, 'NextToken', undefined),
    });
    await expectNothingDone(/The Auto Scaling groups could not be read \(the list lacks web/);
  });

  test('the second page of instances is lost, with those that run the image', async () => {
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: production, size: 2 });
    intercept(harness.aws.ec2, 'DescribeInstances', {
      after: (output) => {
        const all: object[] = Reflect.get(output, 'Reservations');
        Reflect.set(output, 'Reservations', all.slice(0, 1));
      },
    });
    await expectNothingDone(/The EC2 instances could not be read \(the list lacks i-\w+ \(of Auto Scaling/);
  });

  test('a page of parameters is lost: AWS itself knows better', async () => {
    await harness.aws.ssm.send(
      new PutParameterCommand({
        Name: '/ami',
        Value: production,
        Type: 'String',
        DataType: 'aws:ec2:image',
      }),
    );
    harness.sandbox.clock.advance(5000);
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: images[0] ?? '', size: 1 });
    intercept(harness.aws.ssm, 'DescribeParameters', {
      after: (output) => Reflect.set(output, 'Parameters', []),
    });
    const context = await expectSaved();
    expect(context.report.summary).toContain("in use by ssm:Parameter ami (AWS's own search)");
  });

  test('an instance that was only just launched is no contradiction', async () => {
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: production, size: 1 });
    intercept(harness.aws.autoScaling, 'DescribeAutoScalingGroups', {
      after: (output) => {
        const [group]: { Instances: GroupInstance[] }[] = Reflect.get(output, 'AutoScalingGroups');
        group?.Instances.push({
          InstanceId: 'i-0aaaaaaaaaaaaaaaa',
          LifecycleState: 'Pending',
          AvailabilityZone: `${REGION}a`,
          HealthStatus: 'Healthy',
          ProtectedFromScaleIn: false,
        });
      },
    });
    await expectSaved();
  });
});

describe('the wrong account', () => {
  test('that is not expected is refused before anything is read', async () => {
    await expect(refuseOtherAccounts(harness.aws, ['999999999999'])).rejects.toThrow(
      'The credentials are of account 123456789012, but "expected-account-ids" allows 999999999999',
    );
  });

  test('where the images are and the groups are not', async () => {
    await expectNothingDone('name the images that are used elsewhere in "in-use-ami-ids"');
  });

  test('the wrong Region: versions of the application, but none of its images', async () => {
    const templateId = await addTemplate(harness.aws, 'web', images);
    harness.sandbox.world.region(REGION).state.images.clear();
    await expect(runPrune(harness)).rejects.toThrow('There is no image of octo/shop in us-east-1');
    expect(harness.sandbox.world.region(REGION).state.launchTemplates.get(templateId)?.versions).toHaveLength(
      12,
    );
  });
});

describe('a clock that is wrong', () => {
  const answersDated = (offset: number) =>
    harness.aws.ec2.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const headers: Record<string, string> = Reflect.get(Object(result.response), 'headers');
        headers.date = new Date(Date.now() + offset).toUTCString();
        return result;
      },
      { step: 'deserialize', name: 'dated', priority: 'high' },
    );

  test('a runner that is a year ahead takes all images for old', async () => {
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: production, size: 1 });
    answersDated(-365 * 24 * 3600_000);
    await expectNothingDone(/The clock of this runner is 525\d\d\d minutes ahead of AWS's/);
  });

  test('a few seconds are fine', async () => {
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: production, size: 1 });
    answersDated(-5000);
    await expectSaved();
  });
});

describe('something that is under way while prune runs', () => {
  beforeEach(async () => {
    await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: images[0] ?? '', size: 1 });
  });

  test('a promotion: its mark stands before anything else', async () => {
    const mark = { [markKey('promoting', 'production')]: markValue(START - 3600_000, 'run 1') };
    await tagImage(harness.aws, production, mark);
    const context = await expectSaved();
    expect(context.report.summary).toContain('promotion under way in production');
  });

  test('an approval: twenty newer images were baked while it waited', async () => {
    const waiting = seedImage(harness, { daysOld: 30 });
    for (let day = 29; day >= 10; day--) seedImage(harness, { daysOld: day });
    await runPrune(harness);
    expect(await imagesLeft(harness)).toContain(waiting);
  });

  test('a bake: its builder runs from the image, and what it made is not finished', async () => {
    const run = 'https://github.com/octo/shop/actions/runs/99';
    await tagImage(harness.aws, production, { [TAG.run]: run });
    await harness.aws.ec2.send(
      new RunInstancesCommand({
        ImageId: images[0],
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [
          {
            ResourceType: 'instance',
            Tags: [{ Key: TAG.run, Value: `${run}/attempts/2 until ${new Date(START).toISOString()} 1f` }],
          },
        ],
      }),
    );
    await expectSaved();
  });

  test('a refresh that somebody starts with an image of its own, while images are being removed', async () => {
    // Enough of them that it takes more than a minute.
    seedImages(harness, 300, { daysOld: 500 });
    let removed = 0;
    intercept(harness.aws.ec2, 'DeregisterImage', { before: () => removed++ });
    const LaunchTemplate = { Overrides: [{ ImageId: production, InstanceType: 't3.micro' }] };
    intercept(harness.aws.autoScaling, 'DescribeInstanceRefreshes', {
      after: (output) => {
        if (removed < 10) return;
        Reflect.set(output, 'InstanceRefreshes', [
          {
            InstanceRefreshId: 'by-hand',
            AutoScalingGroupName: 'web',
            Status: 'InProgress',
            DesiredConfiguration: { MixedInstancesPolicy: { LaunchTemplate } },
          },
        ]);
      },
    });
    const context = await expectSaved();
    expect(context.log.text).toContain(
      `${production} is kept after all: in use by instance refresh by-hand of Auto Scaling group web`,
    );
  });

  test('a group that is made while images are being removed', async () => {
    let removed = 0;
    const state = () => harness.sandbox.world.region(REGION).state;
    // More than one batch of images, so that it is looked at once more before the second.
    seedImages(harness, 60, { daysOld: 500 });
    intercept(harness.aws.ec2, 'DeregisterImage', {
      before: async () => {
        removed++;
        if (removed !== 10) return;
        const templateId = await addTemplate(harness.aws, 'new', [production]);
        await harness.aws.autoScaling.send(
          new CreateAutoScalingGroupCommand({
            AutoScalingGroupName: 'new',
            LaunchTemplate: { LaunchTemplateId: templateId, Version: '1' },
            AvailabilityZones: [`${REGION}a`],
            MinSize: 0,
            MaxSize: 0,
          }),
        );
      },
    });
    const context = await expectSaved();
    expect(context.log.text).toContain(`${production} is kept after all: in use by`);
    expect(state().groups.has('new')).toBe(true);
  });
});
