import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeleteLaunchTemplateVersionsCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotsCommand,
  paginateDescribeImages,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addImage } from '../../../sandbox/scene.ts';
import { errorCode } from '../../../src/errors.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const code = async (work: Promise<unknown>) =>
  errorCode(
    await work.then(
      () => new Error(),
      (error: unknown) => error,
    ),
  );

describe('images', () => {
  test('are listed by tag, in pages whose tokens lead through all of them', async () => {
    for (let number = 0; number < 12; number++)
      await addImage(harness.sandbox, harness.aws, `image-${number}`, {
        team: number % 2 ? 'blue' : 'green',
      });
    const request = { Owners: ['self'], Filters: [{ Name: 'tag:team', Values: ['bl*'] }] };
    const pages: number[] = [];
    const ids = new Set<string>();
    for await (const page of paginateDescribeImages({ client: harness.aws.ec2, pageSize: 5 }, request)) {
      pages.push(page.Images?.length ?? 0);
      for (const image of page.Images ?? []) ids.add(image.ImageId ?? '');
    }
    expect(pages).toEqual([5, 1]);
    expect(ids.size).toBe(6);
  });

  test('a token of another query is refused', async () => {
    for (let number = 0; number < 6; number++)
      await addImage(harness.sandbox, harness.aws, `image-${number}`);
    const { NextToken } = await harness.aws.ec2.send(
      new DescribeImagesCommand({ Owners: ['self'], MaxResults: 5 }),
    );
    const other = new DescribeImagesCommand({
      Owners: ['self'],
      MaxResults: 5,
      NextToken,
      Filters: [{ Name: 'name', Values: ['x'] }],
    });
    expect(await code(harness.aws.ec2.send(other))).toBe('InvalidParameterValue');
  });

  test('have snapshots that are deleted with them when asked, and tags that are gone then', async () => {
    const imageId = await addImage(harness.sandbox, harness.aws, 'one', { team: 'blue' });
    const { Snapshots: [snapshot] = [] } = await harness.aws.ec2.send(
      new DescribeSnapshotsCommand({ Filters: [{ Name: 'tag:team', Values: ['blue'] }] }),
    );
    const SnapshotId = snapshot?.SnapshotId ?? '';
    expect(snapshot).toMatchObject({
      State: 'completed',
      VolumeSize: 8,
      Description: expect.stringContaining(imageId),
    });
    expect(await code(harness.aws.ec2.send(new DeleteSnapshotCommand({ SnapshotId })))).toBe(
      'InvalidSnapshot.InUse',
    );
    const { DeleteSnapshotResults } = await harness.aws.ec2.send(
      new DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: true }),
    );
    expect(DeleteSnapshotResults).toEqual([{ SnapshotId, ReturnCode: 'success' }]);
    expect(
      await code(harness.aws.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }))),
    ).toBe('InvalidSnapshot.NotFound');
    // Asked for by id, an image that was there a moment ago is an empty list, and not an error.
    expect((await harness.aws.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }))).Images).toEqual(
      [],
    );
    expect(await code(harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: imageId })))).toBe(
      'InvalidAMIID.Unavailable',
    );
  });

  test('a name can be used once', async () => {
    await addImage(harness.sandbox, harness.aws, 'one');
    expect(await code(addImage(harness.sandbox, harness.aws, 'one'))).toBe('InvalidAMIName.Duplicate');
  });

  test('a dry run is answered as such, and changes nothing', async () => {
    const imageId = await addImage(harness.sandbox, harness.aws, 'one');
    expect(
      await code(harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: imageId, DryRun: true }))),
    ).toBe('DryRunOperation');
    expect(
      (await harness.aws.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }))).Images,
    ).toHaveLength(1);
  });

  test('take 50 tags and no more', async () => {
    const imageId = await addImage(harness.sandbox, harness.aws, 'one');
    const tags = (count: number) =>
      Array.from({ length: count }, (_item, index) => ({ Key: `k${index}`, Value: '' }));
    await harness.aws.ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags: tags(50) }));
    expect(
      await code(harness.aws.ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags: tags(51) }))),
    ).toBe('TagLimitExceeded');
  });
});

describe('launch templates', () => {
  let LaunchTemplateId: string;
  beforeEach(async () => {
    const { LaunchTemplate } = await harness.aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: {
          InstanceType: 't3.micro',
          MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
        },
      }),
    );
    LaunchTemplateId = LaunchTemplate?.LaunchTemplateId ?? '';
  });

  test('a version inherits from its source by top-level member', async () => {
    const { LaunchTemplateVersion } = await harness.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: { MetadataOptions: { HttpEndpoint: 'enabled' } },
      }),
    );
    expect(LaunchTemplateVersion?.LaunchTemplateData).toEqual({
      InstanceType: 't3.micro',
      MetadataOptions: { HttpEndpoint: 'enabled' },
    });
  });

  test('without a source it has only what is given', async () => {
    const { LaunchTemplateVersion } = await harness.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData: { KeyName: 'k' } }),
    );
    expect(LaunchTemplateVersion?.LaunchTemplateData).toEqual({ KeyName: 'k' });
  });

  test('a repeated client token makes no second version, and is refused with other parameters', async () => {
    const create = (KeyName: string) =>
      harness.aws.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId,
          ClientToken: 't',
          LaunchTemplateData: { KeyName },
        }),
      );
    const [first, second] = [await create('a'), await create('a')];
    expect(second.LaunchTemplateVersion?.VersionNumber).toBe(first.LaunchTemplateVersion?.VersionNumber);
    expect(await code(create('b'))).toBe('IdempotentParameterMismatch');
  });

  test('deletions are answered item by item; the default version fails the whole call; numbers are not used again', async () => {
    for (let count = 0; count < 2; count++) {
      await harness.aws.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId,
          SourceVersion: '1',
          LaunchTemplateData: {},
        }),
      );
    }
    const remove = (...Versions: string[]) =>
      harness.aws.ec2.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions }));
    expect(await code(remove('3', '1'))).toBe('InvalidParameterValue');
    const answer = await remove('3', '99');
    expect(answer.SuccessfullyDeletedLaunchTemplateVersions?.map((item) => item.VersionNumber)).toEqual([3]);
    expect(
      answer.UnsuccessfullyDeletedLaunchTemplateVersions?.map((item) => [
        item.VersionNumber,
        item.ResponseError?.Code,
      ]),
    ).toEqual([[99, 'launchTemplateVersionDoesNotExist']]);
    const { LaunchTemplates } = await harness.aws.ec2.send(
      new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [LaunchTemplateId] }),
    );
    expect(LaunchTemplates?.[0]?.LatestVersionNumber).toBe(2);
    const { LaunchTemplateVersion } = await harness.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: {},
      }),
    );
    expect(LaunchTemplateVersion?.VersionNumber).toBe(4);
  });

  test('versions come newest first, and twice when they are asked for twice', async () => {
    await harness.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: {},
      }),
    );
    const numbers = async (Versions?: string[]) =>
      (
        await harness.aws.ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions }))
      ).LaunchTemplateVersions?.map((version) => version.VersionNumber);
    expect(await numbers()).toEqual([2, 1]);
    expect(await numbers(['1', '$Default'])).toEqual([1, 1]);
  });
});

test('the state can be saved and loaded, with its timers', async () => {
  const { sandbox, aws } = harness;
  const imageId = await addImage(sandbox, aws, 'one', { team: 'blue' });
  const saved = await (await fetch(`${sandbox.url}/_sandbox/state`)).text();
  await aws.ec2.send(new DeregisterImageCommand({ ImageId: imageId }));
  await fetch(`${sandbox.url}/_sandbox/state`, { method: 'PUT', body: saved });
  const { Images } = await aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  expect(Images?.map((image) => [image.ImageId, image.Tags])).toEqual([
    [imageId, [{ Key: 'team', Value: 'blue' }]],
  ]);
});

test('an operation that is not there is an InvalidAction, never a crash', async () => {
  const { DescribeHostsCommand } = await import('@aws-sdk/client-ec2');
  expect(await code(harness.aws.ec2.send(new DescribeHostsCommand({})))).toBe('InvalidAction');
});
