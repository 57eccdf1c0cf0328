import {
  CreateImageCommand,
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type ImageAttributeName,
  ModifyImageAttributeCommand,
  type ModifyImageAttributeRequest,
  RegisterImageCommand,
  type RegisterImageRequest,
  ResetImageAttributeCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';
import { publicImage } from '../../../../sandbox/scene.ts';
import { type Harness, REGION } from '../../../support/harness.ts';
import {
  createdImage,
  describeImage,
  giveAway,
  minimal,
  OTHER_ACCOUNT,
  part,
  registered,
  snapshot,
  withIds,
} from './ec2-scene.ts';
import {
  type Check,
  expectAbsent,
  expectError,
  expectMembers,
  expectPresent,
  type Fact,
  type FactTable,
} from './fact.ts';

const OWNER = '123456789012';

/** `{account}` and the like, and a time as the facts write it, as patterns. */
const readable = (data: unknown): unknown =>
  JSON.parse(JSON.stringify(data).replace(/YYYY-MM-DDTHH:MM:(SS|00)\.000Z/g, '{time}'));

const attribute = async ({ aws }: Harness, ImageId: string, Attribute: ImageAttributeName) => {
  const { $metadata: _metadata, ...answer } = await aws.ec2.send(
    new DescribeImageAttributeCommand({ ImageId, Attribute }),
  );
  return answer;
};

/** The attribute of the fact's request, asked of a minimal image. */
const asksAttribute: Check = async (harness, fact) => {
  const { imageId } = await registered(harness);
  const name = part(fact.request, 'Attribute') as ImageAttributeName;
  expect(await attribute(harness, imageId, name)).toEqual(withIds(fact.response, { 'ami-EXAMPLE': imageId }));
};

const registering =
  (change: (snapshotId: string) => Partial<RegisterImageRequest>): Check =>
  async (harness, fact) => {
    const { imageId, snapshotId } = await registered(harness);
    const request = { ...minimal(snapshotId, 'another'), ...change(snapshotId) };
    await expectError(harness.aws.ec2.send(new RegisterImageCommand(request)), fact, {
      'image-id': imageId,
      name: request.Name ?? '',
      'snap-id': request.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '',
    });
  };

const modifying =
  (request: ModifyImageAttributeRequest): Check =>
  async (harness, fact) => {
    const { imageId } = await registered(harness);
    await expectError(
      harness.aws.ec2.send(new ModifyImageAttributeCommand({ ...request, ImageId: imageId })),
      fact,
    );
  };

const device = (Ebs: object) => [{ DeviceName: '/dev/sda1', Ebs }];

const describing = async ({ aws }: Harness, request: object) =>
  (await aws.ec2.send(new DescribeImagesCommand(request))).Images ?? [];

const share = ({ aws }: Harness, ImageId: string, ...users: string[]) =>
  aws.ec2.send(
    new ModifyImageAttributeCommand({
      ImageId,
      LaunchPermission: { Add: users.map((UserId) => ({ UserId })) },
    }),
  );

const malformed = async ({ aws }: Harness, fact: Fact, id: string) =>
  await expectError(aws.ec2.send(new DescribeImagesCommand({ ImageIds: [id] })), fact, { 'image-id': id });

export const ec2Images: FactTable = {
  checks: {
    'ec2-016': async (harness, fact) => {
      const { aws } = harness;
      const answer = await aws.ec2.send(new RegisterImageCommand(minimal(await snapshot(harness))));
      expectMembers(answer, withIds(fact.response, { 'ami-EXAMPLE': '{id}' }));
      expect(fact.timing).toMatch(/^State available in the first DescribeImages/);
      expect((await describeImage(harness, answer.ImageId ?? '')).State).toBe('available');
    },
    'ec2-017': async (harness, fact) => {
      const { imageId, snapshotId } = await registered(harness);
      const image = await describeImage(harness, imageId);
      const present = part(fact.response, 'present');
      const { BlockDeviceMappings: _sizes, ...members } = present as Record<string, unknown>;
      expectMembers(image, readable(members), { account: OWNER, name: 'minimal' });
      const { VolumeSize, ...Ebs } = part(present, 'BlockDeviceMappings', 0, 'Ebs') as Record<
        string,
        unknown
      >;
      expectMembers(image.BlockDeviceMappings?.[0]?.Ebs, withIds(Ebs, { 'snap-EXAMPLE': snapshotId }));
      expect(VolumeSize).toBe('filled in from the snapshot');
      expect(image.BlockDeviceMappings?.[0]?.Ebs?.VolumeSize).toBe(1);
      expect(image.CreationDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
      expectAbsent(image, part(fact.response, 'absent'));
    },
    'ec2-018': async (harness, fact) => {
      const SnapshotId = await snapshot(harness);
      const { ImageId = '' } = await harness.aws.ec2.send(
        new RegisterImageCommand({
          ...minimal(SnapshotId),
          EnaSupport: true,
          ImdsSupport: 'v2.0',
          BootMode: 'uefi-preferred',
          BlockDeviceMappings: device({ SnapshotId, VolumeType: 'gp3', DeleteOnTermination: false }),
        }),
      );
      const image = await describeImage(harness, ImageId);
      const ebs = image.BlockDeviceMappings?.[0]?.Ebs ?? {};
      expectMembers({ ...image, Ebs: ebs }, part(fact.response, 'described'));
      const absent = part(fact.response, 'absent') as string[];
      expectAbsent(
        ebs,
        absent.map((name) => name.replace('Ebs.', '')),
      );
    },
    'ec2-019': registering(() => ({ Name: 'minimal' })),
    'ec2-020': async (harness, fact) => {
      await registering(() => ({ RootDeviceName: '/dev/missing' }))(harness, fact);
      const noSnapshot = { ...minimal(''), Name: 'bare', BlockDeviceMappings: device({ VolumeSize: 8 }) };
      await expectError(harness.aws.ec2.send(new RegisterImageCommand(noSnapshot)), fact);
    },
    'ec2-021': async (harness, fact) => {
      const SnapshotId = String(part(fact.request, 'BlockDeviceMappings', 0, 'Ebs', 'SnapshotId'));
      await expectError(harness.aws.ec2.send(new RegisterImageCommand(minimal(SnapshotId))), fact, {
        'snap-id': SnapshotId,
      });
    },
    'ec2-022': registering((SnapshotId) => ({
      BlockDeviceMappings: device({ SnapshotId, Encrypted: false }),
    })),
    'ec2-023': async (harness, fact) => {
      const id = await snapshot(harness);
      const record = harness.sandbox.world.region(REGION).state.snapshots.get(id);
      if (!record) throw new Error('The snapshot is not there.');
      record.ownerId = OTHER_ACCOUNT;
      record.createVolumePermissions = [{ UserId: OWNER }];
      await expectError(harness.aws.ec2.send(new RegisterImageCommand(minimal(id))), fact, {
        'snap-id': id,
        'caller-account': OWNER,
      });
    },
    'ec2-025': async ({ aws }, fact) =>
      await expectError(aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'], MaxResults: 1 })), fact),
    'ec2-026': async (harness, fact) => {
      const { imageId } = await registered(harness);
      const request = { ImageIds: [imageId], MaxResults: 5 };
      await expectError(harness.aws.ec2.send(new DescribeImagesCommand(request)), fact);
    },
    'ec2-027': async (harness, fact) => {
      await malformed(harness, fact, String(part(fact.request, 'ImageIds', 0)));
      await malformed(harness, fact, 'ami-00000000000000000');
    },
    'ec2-028': async (harness, fact) =>
      await malformed(harness, fact, String(part(fact.request, 'ImageIds', 0))),
    'ec2-029': async (harness, fact) => {
      const { imageId } = await registered(harness);
      await harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: imageId }));
      for (const later of [0, 1600]) {
        harness.sandbox.clock.advance(later);
        expect({ Images: await describing(harness, { ImageIds: [imageId] }) }).toEqual(fact.response);
      }
    },
    'ec2-030': async (harness, fact) => {
      const { imageId } = await registered(harness);
      giveAway(harness, imageId, false);
      expect({ Images: await describing(harness, { ImageIds: [imageId] }) }).toEqual(fact.response);
    },
    'ec2-031': async (harness, fact) => {
      const { imageId } = await registered(harness, {
        Description: 'shared',
        TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'secret', Value: 'of the owner' }] }],
      });
      giveAway(harness, imageId, true);
      const image = await describeImage(harness, imageId);
      const present = part(fact.response, 'present') as string[];
      expectPresent(
        image,
        present.map((name) => name.replace(/[= ].*/, '')),
      );
      expect(image.Public).toBe(false);
      expect(image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId).toBeDefined();
      expectAbsent(image, part(fact.response, 'absent'));
    },
    'ec2-032': async (harness, fact) => {
      const { imageId } = await registered(harness);
      const request = { ImageIds: [imageId], ExecutableUsers: ['self'] };
      expect(await describing(harness, request)).toHaveLength(0);
      await share(harness, imageId, OWNER);
      const images = await describing(harness, request);
      expect(images).toHaveLength((part(fact.response, 'Images') as unknown[]).length);
    },
    'ec2-033': async (harness, fact) => {
      const { imageId } = await registered(harness);
      const request = { ImageIds: [imageId], ExecutableUsers: ['all'] };
      expect({ Images: await describing(harness, request) }).toEqual(fact.response);
    },
    'ec2-034': async (harness, fact) => {
      const [image = {}] = await describing(harness, { Owners: ['amazon'] });
      const present = part(fact.response, 'present');
      const known = withIds(readable(present), { 'ami-EXAMPLE': '{id}' }) as Record<string, unknown>;
      const { PublicSsmParameterName, ...others } = known;
      expectMembers(image, others, { name: image.Name ?? '' });
      expectMembers(image, { PublicSsmParameterName });
      expect(image.DeprecationTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
      expectAbsent(image, part(fact.response, 'absent'));
    },
    'ec2-035': asksAttribute,
    'ec2-036': async (harness, fact) => {
      await asksAttribute(harness, fact);
      const { imageId } = await registered(harness, { Name: 'second' });
      for (const [name, member] of [
        ['imdsSupport', 'ImdsSupport'],
        ['kernel', 'KernelId'],
        ['ramdisk', 'RamdiskId'],
        ['sriovNetSupport', 'SriovNetSupport'],
        ['tpmSupport', 'TpmSupport'],
        ['uefiData', 'UefiData'],
      ] as const)
        expect(await attribute(harness, imageId, name)).toEqual({ ImageId: imageId, [member]: {} });
    },
    'ec2-037': asksAttribute,
    'ec2-038': asksAttribute,
    'ec2-039': asksAttribute,
    'ec2-040': async (harness, fact) => {
      const { imageId } = await registered(harness);
      await expectError(attribute(harness, imageId, 'blockDeviceMapping'), fact);
    },
    'ec2-041': async (harness, fact) => {
      const { imageId } = await registered(harness);
      giveAway(harness, imageId, true);
      await expectError(attribute(harness, imageId, 'launchPermission'), fact, { 'image-id': imageId });
    },
    'ec2-042': async (harness, fact) => {
      const { imageId } = await registered(harness);
      const Value = String(part(fact.request, 'Description', 'Value'));
      await harness.aws.ec2.send(
        new ModifyImageAttributeCommand({ ImageId: imageId, Description: { Value } }),
      );
      expect((await describeImage(harness, imageId)).Description).toBe(Value);
    },
    'ec2-043': modifying({ ImageId: '', Attribute: 'description', Value: '' }),
    'ec2-044': modifying({ ImageId: '', ImdsSupport: { Value: '' } }),
    'ec2-045': modifying({ ImageId: '', LaunchPermission: {} }),
    'ec2-046': modifying({ ImageId: '', LaunchPermission: { Add: [{ UserId: '123' }] } }),
    'ec2-047': async (harness, fact) => {
      const { imageId } = await registered(harness);
      await share(harness, imageId, OWNER);
      await share(harness, imageId, OTHER_ACCOUNT);
      expectMembers(await attribute(harness, imageId, 'launchPermission'), fact.response, { owner: OWNER });
    },
    'ec2-048': async (harness, fact) => {
      const { imageId } = await registered(harness);
      await share(harness, imageId, OWNER);
      const answer = await harness.aws.ec2.send(
        new ModifyImageAttributeCommand({
          ImageId: imageId,
          LaunchPermission: { Remove: [{ UserId: OWNER }, { UserId: OTHER_ACCOUNT }] },
        }),
      );
      expectMembers(answer, fact.response);
      expect((await attribute(harness, imageId, 'launchPermission')).LaunchPermissions).toEqual([]);
    },
    'ec2-049': async (harness, fact) => {
      const { imageId } = await registered(harness);
      await share(harness, imageId, OTHER_ACCOUNT);
      await harness.aws.ec2.send(
        new ResetImageAttributeCommand({ ImageId: imageId, Attribute: 'launchPermission' }),
      );
      expect((await attribute(harness, imageId, 'launchPermission')).LaunchPermissions).toEqual(
        part(fact.response, 'LaunchPermissions afterwards'),
      );
    },
    'ec2-050': async (harness, fact) => {
      const { imageId } = await registered(harness);
      const request = { ImageId: imageId, Attribute: fact.request.Attribute as 'launchPermission' };
      await expectError(harness.aws.ec2.send(new ResetImageAttributeCommand(request)), fact);
    },
    'ec2-051': async (harness, fact) => {
      const { imageId, snapshotId } = await registered(harness);
      const { $metadata: _metadata, ...answer } = await harness.aws.ec2.send(
        new DeregisterImageCommand({ ImageId: imageId }),
      );
      expect(answer).toEqual(fact.response);
      const stays = new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] });
      expect((await harness.aws.ec2.send(stays)).Snapshots).toHaveLength(1);
    },
    'ec2-052': async (harness, fact) => {
      const { imageId } = await registered(harness);
      const deregister = () => harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: imageId }));
      await deregister();
      await expectError(deregister(), fact, { 'image-id': imageId });
      harness.sandbox.clock.advance(1000);
      await expectError(deregister(), fact, { 'image-id': imageId });
    },
    'ec2-053': async (harness, fact) => {
      const { imageId, instanceId } = await createdImage(harness);
      const { clock } = harness.sandbox;
      const state = async () => (await describeImage(harness, imageId)).State;
      const seconds = [...(fact.timing ?? '').matchAll(/(\d+) s/g)].map(([, number]) => Number(number));
      const [pendingUntil = 0, availableAt = 0] = seconds;
      expect([pendingUntil, availableAt]).toEqual([82, 92]);
      clock.advance(pendingUntil * 1000);
      expect(await state()).toBe('pending');
      clock.advance((availableAt - pendingUntil) * 1000);
      expect(await state()).toBe('available');
      // Of a stopped instance just as well.
      await harness.aws.ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
      clock.advance(30_000);
      const stopped = new CreateImageCommand({ InstanceId: instanceId, Name: 'of a stopped one' });
      expectMembers(await harness.aws.ec2.send(stopped), withIds(fact.response, { 'ami-EXAMPLE': '{id}' }));
    },
    'ec2-054': async (harness, fact) => {
      const { imageId } = await createdImage(harness);
      const early = await describeImage(harness, imageId);
      const [ebs = {}] = (early.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs);
      expectMembers(early, {
        State: part(fact.response, 'State'),
        BlockDeviceMappings: [part(fact.response, 'BlockDeviceMappings', 0), { DeviceName: '/dev/sdf' }],
      });
      expectAbsent(ebs, part(fact.response, 'absent in Ebs'));
      expect(early.Tags).toEqual([{ Key: 'kind', Value: 'image' }]);
      harness.sandbox.clock.advance(10_000);
      const later = await describeImage(harness, imageId);
      expect(later.State).toBe('pending');
      expectPresent(later.BlockDeviceMappings?.[0]?.Ebs ?? {}, part(fact.response, 'absent in Ebs'));
    },
    'ec2-055': async (harness, fact) => {
      const { imageId, instanceId } = await createdImage(harness);
      const { absent, ...members } = fact.response ?? {};
      const image = await describeImage(harness, imageId);
      expectMembers(
        image,
        withIds(members, {
          'i-EXAMPLE': instanceId,
          'image of the instance': publicImage(harness.sandbox, REGION),
        }),
      );
      expectAbsent(image, absent);
    },
    'ec2-057': async (harness, fact) => {
      const { imageId } = await createdImage(harness);
      expectMembers(
        {
          ...(await attribute(harness, imageId, 'imdsSupport')),
          ...(await attribute(harness, imageId, 'sriovNetSupport')),
          ...(await attribute(harness, imageId, 'bootMode')),
        },
        fact.response,
      );
    },
  },
  cannotHold: {
    'ec2-024': 'It states which permissions a caller needs; that is held by the checks of permissions.',
  },
};
