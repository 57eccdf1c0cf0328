import {
  CopyImageCommand,
  type CopyImageRequest,
  CreateImageCommand,
  CreateImageUsageReportCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeImageReferencesCommand,
  DescribeImagesCommand,
  DescribeImageUsageReportEntriesCommand,
  DescribeImageUsageReportsCommand,
  DescribeSnapshotsCommand,
  DisableImageCommand,
  DisableImageDeprecationCommand,
  DisableImageDeregistrationProtectionCommand,
  EnableImageCommand,
  EnableImageDeprecationCommand,
  EnableImageDeregistrationProtectionCommand,
  type Image,
  LockSnapshotCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  RegisterImageCommand,
  type ResourceTypeRequest,
  UnlockSnapshotCommand,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addImage } from '../../../sandbox/scene.ts';
import { createAws } from '../../../src/aws/clients.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import { describeImage, minimal, registered, run, runningInstance, snapshot } from './native/ec2-scene.ts';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
const CONSUMER = '111111111111';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const ec2 = () => harness.aws.ec2;
const advance = (ms: number) => harness.sandbox.clock.advance(ms);
const refusal = (name: string) => expect.objectContaining({ name });
const state = async (id: string) => (await describeImage(harness, id)).State;

const share = (ImageId: string) =>
  ec2().send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ UserId: CONSUMER }] } }));

describe('an image that is told to fail', () => {
  test('is failed in place of available, with a reason, and cannot be launched', async () => {
    const InstanceId = await runningInstance(harness);
    const Tags = [{ Key: 'sandbox:image', Value: 'fails' }];
    const { ImageId = '' } = await ec2().send(
      new CreateImageCommand({
        InstanceId,
        Name: 'bad',
        TagSpecifications: [{ ResourceType: 'image', Tags }],
      }),
    );
    expect(await state(ImageId)).toBe('pending');
    advance(120_000);
    expect(await describeImage(harness, ImageId)).toMatchObject({
      State: 'failed',
      StateReason: { Code: 'Server.InternalError' },
    });
    await expect(run(harness, { ImageId })).rejects.toEqual(refusal('InvalidAMIID.Unavailable'));
  });
});

describe('a copy into another Region', () => {
  const OTHER = 'eu-west-1';
  const credentials = async () => ({
    accessKeyId: 'test',
    secretAccessKey: 'test',
    sessionToken: 'test',
    expiration: new Date(Date.now() + 3_600_000),
  });
  const abroad = () =>
    createAws({ region: OTHER, endpoint: harness.sandbox.url, attempts: 2, credentials }).ec2;
  let imageId: string;
  beforeEach(async () => {
    imageId = await addImage(harness.sandbox, harness.aws, 'shop', { team: 'blue', kept: 'yes' });
  });

  const copy = async (request: Partial<CopyImageRequest> = {}) => {
    const command = new CopyImageCommand({
      Name: 'shop-copy',
      SourceRegion: REGION,
      SourceImageId: imageId,
      ...request,
    });
    return (await abroad().send(command)).ImageId ?? '';
  };
  const copied = async (id: string): Promise<Image> =>
    (await abroad().send(new DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0] ?? {};
  const snapshotOf = async (image: Image) => {
    const SnapshotIds = [image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? ''];
    return (await abroad().send(new DescribeSnapshotsCommand({ SnapshotIds }))).Snapshots?.[0] ?? {};
  };

  test('is pending first, names its source, and has a snapshot of its own', async () => {
    const id = await copy();
    expect(await copied(id)).toMatchObject({
      State: 'pending',
      SourceImageId: imageId,
      SourceImageRegion: REGION,
      Public: false,
    });
    advance(120_000);
    const image = await copied(id);
    expect(image.State).toBe('available');
    expect(image.Tags).toBeUndefined();
    expect(await snapshotOf(image)).toMatchObject({
      State: 'completed',
      Encrypted: false,
      VolumeId: 'vol-ffffffff',
      Description: expect.stringContaining(`Copied for DestinationAmi ${id} from SourceAmi ${imageId}`),
    });
    expect(image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId).not.toBe(
      (await describeImage(harness, imageId)).BlockDeviceMappings?.[0]?.Ebs?.SnapshotId,
    );
  });

  test('has the tags of its source when asked, below those of the request', async () => {
    const id = await copy({
      CopyImageTags: true,
      TagSpecifications: [
        { ResourceType: 'image', Tags: [{ Key: 'team', Value: 'red' }] },
        { ResourceType: 'snapshot', Tags: [{ Key: 'of', Value: 'copy' }] },
      ],
    });
    advance(10_000);
    const image = await copied(id);
    expect(Object.fromEntries((image.Tags ?? []).map(({ Key, Value }) => [Key, Value]))).toEqual({
      team: 'red',
      kept: 'yes',
    });
    expect((await snapshotOf(image)).Tags).toEqual([{ Key: 'of', Value: 'copy' }]);
  });

  test('is encrypted when asked, and a copy of an encrypted image always is', async () => {
    const id = await copy({ Encrypted: true });
    advance(120_000);
    expect(await snapshotOf(await copied(id))).toMatchObject({
      Encrypted: true,
      KmsKeyId: expect.any(String),
    });
    const again = await copy({ Name: 'again', SourceRegion: OTHER, SourceImageId: id, Encrypted: false });
    advance(10_000);
    expect((await snapshotOf(await copied(again))).Encrypted).toBe(true);
  });

  test('with a key of another Region fails, but only later', async () => {
    const KmsKeyId = `arn:aws:kms:${REGION}:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f`;
    const id = await copy({ Encrypted: true, KmsKeyId });
    expect((await copied(id)).State).toBe('pending');
    advance(120_000);
    const image = await copied(id);
    expect(image.State).toBe('failed');
    expect(await snapshotOf(image)).toMatchObject({
      State: 'error',
      StateMessage: 'Given key ID is not accessible',
    });
  });

  test("with an empty key, as Packer asks for it, has its source's", async () => {
    const id = await copy({ KmsKeyId: '' });
    advance(120_000);
    const image = await copied(id);
    expect(image.State).toBe('available');
    expect((await snapshotOf(image)).Encrypted).toBe(false);
  });

  test('is made once for a client token, which other parameters cannot use', async () => {
    const id = await copy({ ClientToken: 'once' });
    expect(await copy({ ClientToken: 'once' })).toBe(id);
    await expect(copy({ ClientToken: 'once', Name: 'other' })).rejects.toEqual(
      refusal('IdempotentParameterMismatch'),
    );
  });
});

describe('deprecation', () => {
  test('is to the minute, and can be taken back', async () => {
    const { imageId: ImageId } = await registered(harness);
    const DeprecateAt = new Date(harness.sandbox.clock.now() + 30 * DAY + 40_000);
    await ec2().send(new EnableImageDeprecationCommand({ ImageId, DeprecateAt }));
    const { DeprecationTime = '' } = await describeImage(harness, ImageId);
    expect(DeprecationTime).toMatch(/:00\.000Z$/);
    expect(Math.abs(Date.parse(DeprecationTime) - DeprecateAt.getTime())).toBeLessThanOrEqual(30_000);
    // Its owner sees a deprecated image, and can launch it.
    advance(31 * DAY);
    expect((await ec2().send(new DescribeImagesCommand({ Owners: ['self'] }))).Images).toHaveLength(1);
    await ec2().send(new DisableImageDeprecationCommand({ ImageId }));
    expect((await describeImage(harness, ImageId)).DeprecationTime).toBeUndefined();
  });

  test.each([-2 * DAY, 11 * 366 * DAY])('%d ms from now is refused', async (ms) => {
    const { imageId: ImageId } = await registered(harness);
    const DeprecateAt = new Date(harness.sandbox.clock.now() + ms);
    await expect(ec2().send(new EnableImageDeprecationCommand({ ImageId, DeprecateAt }))).rejects.toEqual(
      refusal('InvalidParameterValue'),
    );
  });

  test('hides a public image of somebody else unless it is asked for', async () => {
    advance(Date.parse('2037-01-01T00:00:00Z') - harness.sandbox.clock.now());
    const listed = async (IncludeDeprecated: boolean) =>
      (await ec2().send(new DescribeImagesCommand({ Owners: ['amazon'], IncludeDeprecated }))).Images?.length;
    expect([await listed(false), await listed(true)]).toEqual([0, 1]);
  });
});

test('a disabled image is hidden, cannot be launched or shared, and has lost its permissions for good', async () => {
  const { imageId: ImageId } = await registered(harness);
  await share(ImageId);
  await ec2().send(new DisableImageCommand({ ImageId }));
  const ids = { ImageIds: [ImageId] };
  expect((await ec2().send(new DescribeImagesCommand(ids))).Images).toEqual([]);
  const shown = await ec2().send(new DescribeImagesCommand({ ...ids, IncludeDisabled: true }));
  expect(shown.Images?.[0]?.State).toBe('disabled');
  await expect(run(harness, { ImageId })).rejects.toEqual(refusal('InvalidAMIID.Unavailable'));
  await expect(share(ImageId)).rejects.toEqual(refusal('InvalidAMIID.Unavailable'));
  await ec2().send(new EnableImageCommand({ ImageId }));
  expect(await state(ImageId)).toBe('available');
  const { LaunchPermissions } = await ec2().send(
    new DescribeImageAttributeCommand({ ImageId, Attribute: 'launchPermission' }),
  );
  expect(LaunchPermissions).toEqual([]);
});

test('the permission for all makes an image public; organisations and their units have theirs', async () => {
  const { imageId: ImageId } = await registered(harness);
  const Add = [
    { OrganizationArn: 'arn:aws:organizations::123456789012:organization/o-1' },
    { OrganizationalUnitArn: 'arn:aws:organizations::123456789012:ou/o-1/ou-1' },
  ];
  const modify = (LaunchPermission: object) =>
    ec2().send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission }));
  await modify({ Add });
  const { LaunchPermissions } = await ec2().send(
    new DescribeImageAttributeCommand({ ImageId, Attribute: 'launchPermission' }),
  );
  expect(LaunchPermissions).toEqual(Add);
  await modify({ Add: [{ Group: 'all' }] });
  expect((await describeImage(harness, ImageId)).Public).toBe(true);
  await modify({ Remove: [{ Group: 'all' }] });
  expect((await describeImage(harness, ImageId)).Public).toBe(false);
});

test('deregistration protection with a cooldown goes on for a day after it was disabled', async () => {
  const { imageId: ImageId } = await registered(harness);
  const deregister = () => ec2().send(new DeregisterImageCommand({ ImageId }));
  await ec2().send(new EnableImageDeregistrationProtectionCommand({ ImageId, WithCooldown: true }));
  expect((await describeImage(harness, ImageId)).DeregistrationProtection).toBe('enabled-with-cooldown');
  await expect(deregister()).rejects.toEqual(refusal('OperationNotPermitted'));
  await ec2().send(new DisableImageDeregistrationProtectionCommand({ ImageId }));
  advance(DAY - HOUR);
  await expect(deregister()).rejects.toEqual(refusal('OperationNotPermitted'));
  advance(HOUR);
  expect((await deregister()).Return).toBe(true);
});

test('without a cooldown the protection ends at once', async () => {
  const { imageId: ImageId } = await registered(harness);
  await ec2().send(new EnableImageDeregistrationProtectionCommand({ ImageId }));
  await ec2().send(new DisableImageDeregistrationProtectionCommand({ ImageId }));
  expect((await ec2().send(new DeregisterImageCommand({ ImageId }))).Return).toBe(true);
});

test('a launch is told a day later', async () => {
  const imageId = await addImage(harness.sandbox, harness.aws, 'shop');
  const told = async () => (await describeImage(harness, imageId)).LastLaunchedTime;
  const launchedAt = new Date(harness.sandbox.clock.now()).toISOString();
  await run(harness, { ImageId: imageId });
  advance(DAY - 1000);
  await run(harness, { ImageId: imageId });
  expect(await told()).toBeUndefined();
  advance(1000);
  expect(await told()).toBe(launchedAt);
  const { LastLaunchedTime } = await ec2().send(
    new DescribeImageAttributeCommand({ ImageId: imageId, Attribute: 'lastLaunchedTime' }),
  );
  expect(LastLaunchedTime).toEqual({ Value: launchedAt });
  advance(DAY);
  expect(await told()).not.toBe(launchedAt);
});

test('deleting its snapshots with an image: one that another image uses is skipped, a locked one is an error, a free one goes', async () => {
  const [free, used, locked] = [await snapshot(harness), await snapshot(harness), await snapshot(harness)];
  const devices = [free, used, locked].map((SnapshotId, index) => ({
    DeviceName: `/dev/sda${index + 1}`,
    Ebs: { SnapshotId },
  }));
  const { ImageId } = await ec2().send(
    new RegisterImageCommand({ ...minimal(free), BlockDeviceMappings: devices }),
  );
  await ec2().send(new RegisterImageCommand(minimal(used, 'other')));
  await ec2().send(new LockSnapshotCommand({ SnapshotId: locked, LockMode: 'governance', LockDuration: 1 }));
  const answer = await ec2().send(new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots: true }));
  expect(answer.DeleteSnapshotResults).toEqual([
    { SnapshotId: free, ReturnCode: 'success' },
    { SnapshotId: used, ReturnCode: 'skipped' },
    { SnapshotId: locked, ReturnCode: 'client-error' },
  ]);
  await ec2().send(new UnlockSnapshotCommand({ SnapshotId: locked }));
  const { Snapshots } = await ec2().send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  expect(Snapshots?.map(({ SnapshotId }) => SnapshotId)).toEqual([used, locked]);
});

test('a compliance lock cannot be taken off once its cool-off period has ended', async () => {
  const SnapshotId = await snapshot(harness);
  const unlock = () => ec2().send(new UnlockSnapshotCommand({ SnapshotId }));
  const lock = () =>
    ec2().send(
      new LockSnapshotCommand({ SnapshotId, LockMode: 'compliance', LockDuration: 2, CoolOffPeriod: 1 }),
    );
  expect((await lock()).LockState).toBe('compliance-cooloff');
  await unlock();
  await lock();
  advance(HOUR);
  await expect(unlock()).rejects.toEqual(refusal('OperationNotPermitted'));
});

test('a snapshot under the default key of EBS cannot be shared, one under a key of its own can', async () => {
  const shareSnapshotOf = async (KmsKeyId?: string) => {
    const { VolumeId } = await ec2().send(
      new CreateVolumeCommand({ AvailabilityZone: `${REGION}a`, Size: 1, Encrypted: true, KmsKeyId }),
    );
    const { SnapshotId } = await ec2().send(new CreateSnapshotCommand({ VolumeId }));
    await ec2().send(
      new ModifySnapshotAttributeCommand({
        SnapshotId,
        CreateVolumePermission: { Add: [{ UserId: CONSUMER }] },
      }),
    );
  };
  await expect(shareSnapshotOf()).rejects.toEqual(refusal('OperationNotPermitted'));
  await shareSnapshotOf('alias/shop');
});

describe('who uses an image', () => {
  const references = async (ImageIds: string[], ...ResourceTypes: ResourceTypeRequest[]) => {
    const all = ResourceTypes.length === 0 ? { IncludeAllResourceTypes: true } : { ResourceTypes };
    const answer = await ec2().send(new DescribeImageReferencesCommand({ ImageIds, ...all }));
    return (answer.ImageReferences ?? []).map(({ ResourceType, Arn }) => [
      ResourceType,
      Arn?.split(':').at(-1),
    ]);
  };

  test('instances in any state, versions of launch templates down to a depth, parameters of images', async () => {
    const imageId = await addImage(harness.sandbox, harness.aws, 'shop');
    const other = await addImage(harness.sandbox, harness.aws, 'other');
    const instance = await run(harness, { ImageId: imageId });
    const { LaunchTemplate } = await ec2().send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ImageId: imageId },
      }),
    );
    const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId ?? '';
    await harness.aws.ssm.send(
      new PutParameterCommand({
        Name: '/shop/image',
        Type: 'String',
        DataType: 'aws:ec2:image',
        Value: imageId,
      }),
    );
    // The value is validated some seconds after the answer.
    harness.sandbox.clock.advance(5000);
    const [ofInstance, ofTemplate, ofParameter] = [
      ['ec2:Instance', `instance/${instance.InstanceId}`],
      ['ec2:LaunchTemplate', `launch-template/${LaunchTemplateId}`],
      ['ssm:Parameter', 'parameter/shop/image'],
    ];
    expect(await references([imageId])).toEqual([ofInstance, ofTemplate, ofParameter]);
    expect(await references([other])).toEqual([]);
    const states = [{ OptionName: 'state-name' as const, OptionValues: ['stopped'] }];
    expect(
      await references([imageId], { ResourceType: 'ec2:Instance', ResourceTypeOptions: states }),
    ).toEqual([]);
    for (let count = 0; count < 10; count++) {
      await ec2().send(
        new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData: { ImageId: other } }),
      );
    }
    // Ten versions are looked at, or as many as one says.
    expect(await references([imageId], { ResourceType: 'ec2:LaunchTemplate' })).toEqual([]);
    const deeper = [{ OptionName: 'version-depth' as const, OptionValues: ['11'] }];
    expect(
      await references([imageId], { ResourceType: 'ec2:LaunchTemplate', ResourceTypeOptions: deeper }),
    ).toEqual([ofTemplate]);
  });

  test('at most ten images are looked up in a call', async () => {
    const ids = Array.from({ length: 11 }, (_, index) => `ami-0${String(index + 1).padStart(16, '0')}`);
    await expect(references(ids)).rejects.toEqual(refusal('InvalidParameterValue'));
  });

  test('a report on a shared image takes a moment, and tells of other accounts', async () => {
    const imageId = await addImage(harness.sandbox, harness.aws, 'shop');
    const record = harness.sandbox.world.region(REGION).state.images.get(imageId);
    if (record) record.usedElsewhere = [{ accountId: CONSUMER, type: 'ec2:Instance', count: 3 }];
    const { ReportId = '' } = await ec2().send(
      new CreateImageUsageReportCommand({
        ImageId: imageId,
        ResourceTypes: [{ ResourceType: 'ec2:Instance' }, { ResourceType: 'ec2:LaunchTemplate' }],
      }),
    );
    const ReportIds = [ReportId];
    const reported = async () =>
      (await ec2().send(new DescribeImageUsageReportsCommand({ ReportIds }))).ImageUsageReports?.[0]?.State;
    expect(await reported()).toBe('pending');
    advance(60_000);
    expect(await reported()).toBe('available');
    const { ImageUsageReportEntries } = await ec2().send(
      new DescribeImageUsageReportEntriesCommand({ ReportIds }),
    );
    expect(ImageUsageReportEntries).toMatchObject([
      { AccountId: CONSUMER, ResourceType: 'ec2:Instance', UsageCount: 3, ImageId: imageId },
    ]);
  });
});

test('names and snapshots of images are known after the state was saved and loaded', async () => {
  const { imageId, snapshotId } = await registered(harness);
  const { world } = harness.sandbox;
  world.load(world.save());
  const again = ec2().send(new RegisterImageCommand(minimal(snapshotId)));
  await expect(again).rejects.toThrow(`AMI name minimal is already in use by AMI ${imageId}`);
  await ec2().send(new RegisterImageCommand(minimal(snapshotId, 'second')));
  const { DeleteSnapshotResults } = await ec2().send(
    new DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: true }),
  );
  expect(DeleteSnapshotResults?.[0]?.ReturnCode).toBe('skipped');
  // The name is free again.
  await ec2().send(new RegisterImageCommand(minimal(snapshotId)));
});

test('a deregistered image is known for a while, and then no more', async () => {
  const { imageId } = await registered(harness);
  await ec2().send(new DeregisterImageCommand({ ImageId: imageId }));
  advance(2 * HOUR);
  await expect(ec2().send(new DescribeImagesCommand({ ImageIds: [imageId] }))).rejects.toEqual(
    refusal('InvalidAMIID.NotFound'),
  );
  await expect(
    ec2().send(new CreateTagsCommand({ Resources: [imageId], Tags: [{ Key: 'a', Value: 'b' }] })),
  ).rejects.toEqual(refusal('InvalidAMIID.NotFound'));
});
