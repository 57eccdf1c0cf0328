import { readFileSync } from 'node:fs';
import { DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { ModifyImageAttributeCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup, tagImage } from '../../../sandbox/scene.ts';
import { ConfigurationError, DeploymentError } from '../../../src/errors.ts';
import { markKey, markValue } from '../../../src/tags.ts';
import { type Harness, START, startHarness } from '../../support/harness.ts';
import {
  addEmptyGroups,
  addTemplate,
  addVersion,
  callsOf,
  imagesLeft,
  intercept,
  isWrite,
  outputOf,
  runPrune,
  seedImages,
  versionsLeft,
} from './scene.ts';

let harness: Harness;
/** Eight images, newest first; a template of ours has a version for each, and a group runs the newest. */
let images: string[];
let templateId: string;
beforeEach(async () => {
  harness = await startHarness();
  images = seedImages(harness, 8);
  templateId = await addTemplate(harness.aws, 'shop', images.toReversed());
  await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId: images[0] ?? '', size: 1 });
  // A template whose image comes from a parameter, so that there is a value to be read.
  const Value = images[0] ?? '';
  await harness.aws.ssm.send(new PutParameterCommand({ Name: '/ami', Value, Type: 'String' }));
  await addTemplate(harness.aws, 'alias', ['resolve:ssm:/ami']);
});
afterEach(async () => await harness.close());

function deny(operation: string, code = 'UnauthorizedOperation', after = 0) {
  harness.sandbox.faults.add({
    operation,
    times: 1000,
    after,
    effect: {
      kind: 'error',
      code,
      message: 'You are not authorized to perform this operation.',
      status: 403,
    },
  });
}

const readReport = (path: string | undefined) => JSON.parse(readFileSync(path ?? '', 'utf8'));

describe('a source that cannot be read', () => {
  test.each([
    ['DescribeInstances', 'ec2:DescribeInstances', 'UnauthorizedOperation'],
    ['DescribeAutoScalingGroups', 'autoscaling:DescribeAutoScalingGroups', 'AccessDenied'],
    ['DescribeInstanceRefreshes', 'autoscaling:DescribeInstanceRefreshes', 'AccessDenied'],
    ['DescribeLaunchTemplateVersions', 'ec2:DescribeLaunchTemplateVersions', 'UnauthorizedOperation'],
  ])(
    '%s: nothing at all is removed, and the failure names the permission',
    async (operation, permission, code) => {
      deny(operation, code);
      const context = harness.context();
      const calls = await callsOf(harness, async () => {
        const failure = runPrune(harness, {}, context);
        await expect(failure).rejects.toBeInstanceOf(ConfigurationError);
        await expect(failure).rejects.toThrow(`Allow ${permission} in the policy of the role.`);
      });
      expect(calls.filter(isWrite)).toEqual([]);
      expect(context.report.summary).toContain(permission);
      expect(outputOf(context, 'deleted-images')).toEqual([]);
      const report = readReport(context.report.outputs.get('report'));
      expect(report.prunes[0].images.at(-2).reasons).toEqual([expect.stringContaining('could not be read')]);
    },
  );

  test.each([
    ['DescribeLaunchConfigurations', 'autoscaling:DescribeLaunchConfigurations', 'AccessDenied'],
    ['DescribeParameters', 'ssm:DescribeParameters', 'AccessDeniedException'],
    ['GetParameters', 'ssm:GetParameters', 'AccessDeniedException'],
  ])('%s: no image is removed; versions, which it cannot hold, are', async (operation, permission, code) => {
    deny(operation, code);
    await expect(runPrune(harness)).rejects.toThrow(`Allow ${permission} in the policy of the role.`);
    expect(await imagesLeft(harness)).toEqual(new Set(images));
    expect(await versionsLeft(harness, templateId)).toEqual([1, 7, 8]);
  });

  test('launch permissions: those images stay, and no call is made in vain', async () => {
    images.push(...seedImages(harness, 10, { daysOld: 300 }));
    deny('DescribeImageAttribute');
    const calls = await callsOf(harness, async () => {
      await expect(runPrune(harness)).rejects.toThrow(
        'Allow ec2:DescribeImageAttribute in the policy of the role.',
      );
    });
    expect(await imagesLeft(harness)).toEqual(new Set(images));
    // As many as are under way at once.
    expect(calls.filter(({ operation }) => operation === 'DescribeImageAttribute')).toHaveLength(5);
  });

  test('a page of it: an error in the middle of a list is no end of the list', async () => {
    await addEmptyGroups(harness, 105, templateId);
    deny('DescribeAutoScalingGroups', 'AccessDenied', 1);
    await expect(runPrune(harness)).rejects.toThrow('The Auto Scaling groups could not be read');
    expect(await imagesLeft(harness)).toEqual(new Set(images));
  });

  test('an answer of SSM without the parameter that was asked for frees nothing', async () => {
    intercept(harness.aws.ssm, 'GetParameters', { after: (output) => Reflect.set(output, 'Parameters', []) });
    await expect(runPrune(harness)).rejects.toThrow('SSM did not answer for the parameter /ami');
    expect(await imagesLeft(harness)).toEqual(new Set(images));
  });

  test('only at the second look: what was planned is kept after all', async () => {
    // The first look asks twice: what uses images, and for builders that were left behind.
    deny('DescribeInstances', 'UnauthorizedOperation', 2);
    const context = harness.context();
    await expect(runPrune(harness, {}, context)).rejects.toThrow('Allow ec2:DescribeInstances');
    expect(await imagesLeft(harness)).toEqual(new Set(images));
    expect(await versionsLeft(harness, templateId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(context.log.lines.filter((line) => line.startsWith('error: '))).toHaveLength(1);
    expect(context.log.text).toMatch(/is kept after all: .*EC2 instances could not be read/);
  });

  test('the images themselves: it fails at once, with empty outputs', async () => {
    deny('DescribeImages');
    const context = harness.context();
    await expect(runPrune(harness, {}, context)).rejects.toThrow('not authorized');
    expect(outputOf(context, 'deleted-images')).toEqual([]);
    expect(context.report.outputs.get('freed-gib')).toBe('0');
  });

  test('a group that is deleted while its refreshes are asked for is no doubt', async () => {
    await addEmptyGroups(harness, 1, templateId);
    let calls = 0;
    intercept(harness.aws.autoScaling, 'DescribeInstanceRefreshes', {
      before: async () => {
        calls++;
        if (calls === 1)
          await harness.aws.autoScaling.send(
            new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'group-0', ForceDelete: true }),
          );
      },
    });
    const context = await runPrune(harness);
    expect(outputOf(context, 'deleted-images')).toHaveLength(5);
  });

  test('a dry run fails too: its plan is not complete', async () => {
    deny('DescribeInstances');
    await expect(runPrune(harness, { 'dry-run': 'true' })).rejects.toThrow('Allow ec2:DescribeInstances');
  });
});

describe('a launch template version that a group names and that was not listed', () => {
  const groupOn = (Version: string) =>
    intercept(harness.aws.autoScaling, 'DescribeAutoScalingGroups', {
      after: (output) =>
        Reflect.set(output, 'AutoScalingGroups', [
          { AutoScalingGroupName: 'web', LaunchTemplate: { LaunchTemplateId: templateId, Version } },
        ]),
    });

  test('is looked up, because it may have been made meanwhile', async () => {
    const image = images[5] ?? '';
    await addVersion(harness.aws, templateId, image);
    groupOn('9');
    // Lists do not have it yet; only who asks for the number gets it.
    intercept(harness.aws.ec2, 'DescribeLaunchTemplateVersions', {
      after: (output) => {
        const found: { VersionNumber: number }[] = Reflect.get(output, 'LaunchTemplateVersions');
        if (found.length > 1)
          Reflect.set(
            output,
            'LaunchTemplateVersions',
            found.filter(({ VersionNumber }) => VersionNumber !== 9),
          );
      },
    });
    const context = await runPrune(harness);
    expect(await imagesLeft(harness)).toContain(image);
    expect(context.report.summary).toContain(
      `in use by Auto Scaling group web (launch template ${templateId} version 9)`,
    );
  });

  test('holds nothing when it does not exist, and the log says so once', async () => {
    groupOn('99');
    const context = await runPrune(harness);
    expect(outputOf(context, 'deleted-images')).toHaveLength(5);
    const warning = `Auto Scaling group web names launch template ${templateId} version 99, which does not exist.`;
    expect(context.log.lines.filter((line) => line.includes(warning))).toHaveLength(1);
  });
});

describe('what changes between the plan and the removal', () => {
  /** Something happens right before the first second look: after the versions are planned, before anything is removed. */
  function meanwhile(work: () => Promise<unknown>) {
    let looks = 0;
    intercept(harness.aws.ec2, 'DescribeInstances', {
      before: async () => {
        looks++;
        if (looks === 2) await work();
      },
    });
  }

  /** Once: the client's pace, which waits in virtual time, counts these calls as well. */
  function onFirst(operation: string, work: () => Promise<unknown>) {
    let calls = 0;
    intercept(harness.aws.ec2, operation, {
      before: async () => {
        calls++;
        if (calls === 1) await work();
      },
    });
  }

  test('a promotion that begins keeps its image and the version that it uses again', async () => {
    // The third oldest has version 3, which was to go.
    const image = images[5] ?? '';
    await expectPlanned(image);
    // The mark has to be there before the images are listed again, which happens beside the instances.
    onFirst('DescribeImageAttribute', () =>
      tagImage(harness.aws, image, { [markKey('promoting', 'production')]: markValue(START) }),
    );
    const context = await runPrune(harness);
    expect(await imagesLeft(harness)).toContain(image);
    expect(await versionsLeft(harness, templateId)).toEqual([1, 3, 7, 8]);
    expect(context.log.text).toContain(`${image} is kept after all:`);
  });

  test('an instance that is started keeps its image', async () => {
    const image = images[5] ?? '';
    meanwhile(() =>
      harness.aws.ec2.send(
        new RunInstancesCommand({ ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
      ),
    );
    await runPrune(harness);
    expect(await imagesLeft(harness)).toContain(image);
  });

  test('a launch template version that somebody makes keeps its image', async () => {
    const image = images[5] ?? '';
    onFirst('DescribeImageAttribute', () => addVersion(harness.aws, templateId, image));
    await runPrune(harness);
    expect(await imagesLeft(harness)).toContain(image);
  });

  async function expectPlanned(image: string) {
    const context = await runPrune(harness, { 'dry-run': 'true' });
    expect(context.log.text).toContain(`- ${image}`);
  }
});

describe('what fails in the removal', () => {
  test('an image that is gone already is fine', async () => {
    harness.sandbox.faults.add({
      operation: 'DeregisterImage',
      times: 1,
      effect: {
        kind: 'error',
        code: 'InvalidAMIID.Unavailable',
        message: 'no longer available',
        status: 400,
      },
    });
    const context = await runPrune(harness);
    expect(outputOf(context, 'deleted-images')).toHaveLength(4);
    expect(context.report.summary).toContain('**was gone already**');
  });

  test('one image that fails does not stop the others', async () => {
    harness.sandbox.faults.add({
      operation: 'DeregisterImage',
      times: 1,
      effect: { kind: 'error', code: 'UnauthorizedOperation', message: 'Not authorized.', status: 403 },
    });
    const context = harness.context();
    const failure = runPrune(harness, {}, context);
    await expect(failure).rejects.toBeInstanceOf(DeploymentError);
    await expect(failure).rejects.toThrow(
      `Image ${images[6]} could not be deregistered: Not authorized. Allow ec2:DeregisterImage`,
    );
    expect(outputOf(context, 'deleted-images')).toEqual([images[5], images[4], images[3], images[2]]);
    expect(await imagesLeft(harness)).toContain(images[6]);
  });

  test('a version that is not deleted holds its image', async () => {
    // Of versions 2 to 6 EC2 could not delete the last one.
    intercept(harness.aws.ec2, 'DeleteLaunchTemplateVersions', {
      after: (output) => {
        const deleted: { VersionNumber?: number }[] = Reflect.get(
          output,
          'SuccessfullyDeletedLaunchTemplateVersions',
        );
        Reflect.set(
          output,
          'SuccessfullyDeletedLaunchTemplateVersions',
          deleted.filter(({ VersionNumber }) => VersionNumber !== 2),
        );
        Reflect.set(output, 'UnsuccessfullyDeletedLaunchTemplateVersions', [
          {
            LaunchTemplateId: templateId,
            VersionNumber: 2,
            ResponseError: { Code: 'unexpectedError', Message: 'An internal error occurred.' },
          },
        ]);
      },
    });
    const context = harness.context();
    await expect(runPrune(harness, {}, context)).rejects.toThrow(
      `Version 2 of launch template ${templateId} could not be deleted: unexpectedError: An internal error occurred.`,
    );
    expect(outputOf(context, 'deleted-launch-template-versions')).toHaveLength(4);
    expect(await imagesLeft(harness)).toEqual(new Set([images[0], images[1], images[6], images[7]]));
    expect(context.log.text).toContain(
      `${images[6]} is kept after all: in use by launch template ${templateId} version 2`,
    );
  });

  test('a version that was deleted meanwhile holds nothing', async () => {
    intercept(harness.aws.ec2, 'DeleteLaunchTemplateVersions', {
      after: (output) => {
        Reflect.set(output, 'SuccessfullyDeletedLaunchTemplateVersions', []);
        Reflect.set(
          output,
          'UnsuccessfullyDeletedLaunchTemplateVersions',
          [2, 3, 4, 5, 6].map((VersionNumber) => ({
            VersionNumber,
            ResponseError: { Code: 'launchTemplateVersionDoesNotExist', Message: 'It does not exist.' },
          })),
        );
      },
    });
    const context = await runPrune(harness);
    expect(outputOf(context, 'deleted-launch-template-versions')).toEqual([]);
    expect(outputOf(context, 'deleted-images')).toHaveLength(5);
  });

  test('a whole call for versions that is refused leaves them and their images', async () => {
    deny('DeleteLaunchTemplateVersions');
    const context = harness.context();
    await expect(runPrune(harness, {}, context)).rejects.toThrow('Allow ec2:DeleteLaunchTemplateVersions');
    expect(await imagesLeft(harness)).toEqual(new Set(images));
  });

  test('a snapshot that may not be deleted is a failure, one of two images is not', async () => {
    intercept(harness.aws.ec2, 'DeregisterImage', {
      after: (output) => {
        const results: { SnapshotId: string; ReturnCode: string }[] = Reflect.get(
          output,
          'DeleteSnapshotResults',
        );
        const [first] = results;
        if (first) first.ReturnCode = 'missing-permissions';
      },
    });
    const context = harness.context();
    await expect(runPrune(harness, {}, context)).rejects.toThrow(
      /Snapshot snap-\S+ of ami-\S+ is left over.*Allow ec2:DeleteSnapshot/,
    );
    expect(outputOf(context, 'deleted-images')).toHaveLength(5);
    expect(outputOf(context, 'deleted-snapshots')).toEqual([]);
  });

  test('a cancel stops between two images, and says what was done by then', async () => {
    images.push(...seedImages(harness, 20, { daysOld: 300 }));
    const cancel = new AbortController();
    let count = 0;
    intercept(harness.aws.ec2, 'DeregisterImage', {
      after: () => {
        count++;
        if (count === 7) cancel.abort(new Error('The step was cancelled.'));
      },
    });
    const context = harness.context({ signal: cancel.signal });
    const failure = await runPrune(harness, {}, context).then(
      () => '',
      (error: unknown) => String(error),
    );
    const gone = outputOf(context, 'deleted-images');
    // Those that were under way are waited for, and count.
    expect(gone.length).toBeGreaterThanOrEqual(7);
    expect(gone.length).toBeLessThan(12);
    expect(failure).toContain(
      `The step was cancelled. By then ${gone.length} images, ${gone.length} snapshots and 5 launch template versions were removed.`,
    );
    expect(await imagesLeft(harness)).toEqual(new Set(images.filter((id) => !gone.includes(id))));
  });

  test('a cancel while it reads removes nothing, and is no unreadable source', async () => {
    const cancel = new AbortController();
    intercept(harness.aws.ec2, 'DescribeInstances', {
      before: () => cancel.abort(new Error('The step was cancelled.')),
    });
    const context = harness.context({ signal: cancel.signal });
    await expect(runPrune(harness, {}, context)).rejects.toThrow('The step was cancelled.');
    expect(context.log.text).not.toContain('could not be read');
    expect(await imagesLeft(harness)).toEqual(new Set(images));
  });
});

describe('snapshots that two images use', () => {
  test('stay with the other image, and go with the last one', async () => {
    const snapshotsOf = (id: string | undefined) =>
      harness.sandbox.world
        .region('us-east-1')
        .state.images.get(id ?? '')
        ?.image.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.SnapshotId) ?? [];
    const [sharedWithKept = ''] = snapshotsOf(images[0]);
    const [sharedByTwo = ''] = snapshotsOf(images[3]);
    seedImages(harness, 1, { daysOld: 400, snapshotId: sharedWithKept });
    seedImages(harness, 1, { daysOld: 401, snapshotId: sharedByTwo });
    const context = await runPrune(harness);
    expect(outputOf(context, 'deleted-snapshots')).toContain(sharedByTwo);
    expect(outputOf(context, 'deleted-snapshots')).not.toContain(sharedWithKept);
    expect(context.report.summary).toContain(
      `Snapshots that stay because other images use them: \`${sharedWithKept}\``,
    );
  });
});

test('a share that is added for the own organisation keeps the image', async () => {
  const OrganizationArn = 'arn:aws:organizations::123456789012:organization/o-1';
  await harness.aws.ec2.send(
    new ModifyImageAttributeCommand({ ImageId: images[6], LaunchPermission: { Add: [{ OrganizationArn }] } }),
  );
  const context = await runPrune(harness);
  expect(await imagesLeft(harness)).toContain(images[6]);
  expect(context.report.summary).toContain(`shared with ${OrganizationArn}`);
});
