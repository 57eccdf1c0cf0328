import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  type CreateVolumeRequest,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  ModifySnapshotAttributeCommand,
  type ModifySnapshotAttributeRequest,
  type SnapshotAttributeName,
} from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';
import { type Harness, REGION } from '../../../support/harness.ts';
import {
  createdImage,
  describeImage,
  OTHER_ACCOUNT,
  part,
  registered,
  snapshot,
  volume,
} from './ec2-scene.ts';
import {
  type Check,
  expectAbsent,
  expectError,
  expectMembers,
  expectPresent,
  type FactTable,
} from './fact.ts';

const OWNER = '123456789012';
const SECOND = '222222222222';

const describing = async ({ aws }: Harness, id: string) => {
  const { Snapshots } = await aws.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }));
  return Snapshots?.[0] ?? {};
};

const permissions = async ({ aws }: Harness, SnapshotId: string) => {
  const Attribute: SnapshotAttributeName = 'createVolumePermission';
  const answer = await aws.ec2.send(new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute }));
  return answer.CreateVolumePermissions;
};

const modify = ({ aws }: Harness, SnapshotId: string, request: Partial<ModifySnapshotAttributeRequest>) =>
  aws.ec2.send(new ModifySnapshotAttributeCommand({ ...request, SnapshotId }));

const adding = (...users: string[]) => ({
  CreateVolumePermission: { Add: users.map((UserId) => ({ UserId })) },
});

const creating = ({ aws }: Harness, request: Partial<CreateVolumeRequest>) =>
  aws.ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: `${REGION}a`, Size: 1, VolumeType: 'gp3', ...request }),
  );

const refusedVolume =
  (...iops: number[]): Check =>
  async (harness, fact) => {
    await expectError(creating(harness, { Iops: iops[0] ?? 0 }), fact);
    for (const Iops of iops.slice(1)) await expect(creating(harness, { Iops })).rejects.toThrow(/too low/);
  };

export const ec2Snapshots: FactTable = {
  checks: {
    'ec2-008': async (harness, fact) => {
      const { snapshotId } = await registered(harness);
      const request = { SnapshotId: snapshotId, DryRun: true };
      await expectError(harness.aws.ec2.send(new DeleteSnapshotCommand(request)), fact);
    },
    'ec2-015': async (harness, fact) => {
      await expectError(creating(harness, { DryRun: true, Iops: -1 }), fact);
      await expect(creating(harness, { DryRun: true })).rejects.toMatchObject({ name: 'DryRunOperation' });
      const { Volumes } = await harness.aws.ec2.send(new DescribeVolumesCommand({}));
      expect(Volumes).toEqual([]);
    },
    'ec2-056': async (harness, fact) => {
      const { imageId, instanceId } = await createdImage(harness);
      harness.sandbox.clock.advance(10_000);
      const image = await describeImage(harness, imageId);
      const ids = (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
      expect(ids).toHaveLength(2);
      const found = [await describing(harness, ids[0] ?? ''), await describing(harness, ids[1] ?? '')];
      const Description = part(fact.response, 'Description');
      for (const one of found) {
        expectMembers(one, { Description }, { 'instance-id': instanceId, 'image-id': imageId });
        expect(one.Tags).toEqual([{ Key: 'kind', Value: 'snapshot' }]);
        expect(one.VolumeId).toMatch(/^vol-0/);
      }
      expect(new Set(found.map(({ VolumeId }) => VolumeId)).size).toBe(2);
      expect(found[0]?.StartTime).toEqual(found[1]?.StartTime);
    },
    'ec2-058': async (harness, fact) => {
      const { imageId } = await createdImage(harness);
      harness.sandbox.clock.advance(10_000);
      // The root's and the data volume's.
      for (const { Ebs } of (await describeImage(harness, imageId)).BlockDeviceMappings ?? []) {
        const id = Ebs?.SnapshotId ?? '';
        await expectError(harness.aws.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id })), fact, {
          'snap-id': id,
          'image-id': imageId,
        });
      }
    },
    'ec2-059': async (harness, fact) => {
      const { imageId, snapshotId } = await registered(harness);
      await harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: imageId }));
      harness.sandbox.clock.advance(500);
      const answer = await harness.aws.ec2.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId }));
      expectMembers(answer, fact.response);
    },
    'ec2-060': async (harness, fact) => {
      const id = await snapshot(harness);
      await harness.aws.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id }));
      await expectError(describing(harness, id), fact, { 'snap-id': id });
    },
    'ec2-061': async (harness, fact) => {
      const VolumeId = await volume(harness, 2);
      const Tags = [{ Key: 'team', Value: 'blue' }];
      const answer = await harness.aws.ec2.send(
        new CreateSnapshotCommand({
          VolumeId,
          Description: 'text',
          TagSpecifications: [{ ResourceType: 'snapshot', Tags }],
        }),
      );
      const { State, Progress, VolumeSize, Encrypted } = fact.response ?? {};
      expectMembers(answer, { State, Progress, VolumeSize, Encrypted });
      expect(answer.Tags).toEqual(Tags);
      expectAbsent(answer, fact.response?.absent);
    },
    'ec2-062': async (harness, fact) => {
      const { SnapshotId = '' } = await harness.aws.ec2.send(
        new CreateSnapshotCommand({ VolumeId: await volume(harness, 2) }),
      );
      const { absent, ...pending } = part(fact.response, 'while pending') as Record<string, unknown>;
      const always = part(fact.response, 'always');
      harness.sandbox.clock.advance(46_000);
      const early = await describing(harness, SnapshotId);
      expectMembers(early, pending);
      expectMembers(early, always);
      expectAbsent(early, absent);
      harness.sandbox.clock.advance(30_000);
      const { CompletionTime: _time, ...done } = part(fact.response, 'when done') as Record<string, unknown>;
      const late = await describing(harness, SnapshotId);
      expectMembers(late, done);
      expectMembers(late, always);
      expect(late.CompletionTime).toBeInstanceOf(Date);
    },
    'ec2-063': async (harness, fact) => {
      const VolumeId = await volume(harness);
      const create = async () =>
        (await harness.aws.ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId;
      expect(part(fact.response, 'SnapshotId')).toBe('a new id');
      expect(await create()).not.toBe(await create());
    },
    'ec2-065': async (harness, fact) => {
      const id = await snapshot(harness);
      const record = harness.sandbox.world.region(REGION).state.snapshots.get(id);
      if (!record) throw new Error('The snapshot is not there.');
      record.ownerId = OTHER_ACCOUNT;
      const asked = () => harness.aws.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }));
      expect((await asked()).Snapshots).toEqual([]);
      record.createVolumePermissions = [{ UserId: OWNER }];
      const shared = await describing(harness, id);
      expectMembers(shared, { OwnerId: part(fact.response, 'OwnerId') }, { owner: OTHER_ACCOUNT });
      expectAbsent(shared, part(fact.response, 'absent'));
    },
    'ec2-066': async (harness, fact) => {
      const { SnapshotId = '' } = await harness.aws.ec2.send(
        new CreateSnapshotCommand({ VolumeId: await volume(harness) }),
      );
      expect((await describing(harness, SnapshotId)).State).toBe('pending');
      await modify(harness, SnapshotId, adding(OTHER_ACCOUNT));
      expect({ CreateVolumePermissions: await permissions(harness, SnapshotId) }).toEqual(fact.response);
    },
    'ec2-067': async (harness, fact) => {
      const id = await snapshot(harness);
      await modify(harness, id, adding(OTHER_ACCOUNT));
      await modify(harness, id, adding(OWNER));
      expect(part(fact.response, 'CreateVolumePermissions')).toMatch(/own account not listed/);
      expect(await permissions(harness, id)).toEqual([{ UserId: OTHER_ACCOUNT }]);
    },
    'ec2-068': async (harness, fact) => {
      const id = await snapshot(harness);
      const { CreateVolumePermission } = fact.request as Partial<ModifySnapshotAttributeRequest>;
      expectMembers(await modify(harness, id, { CreateVolumePermission }), fact.response);
      await modify(harness, id, adding(OTHER_ACCOUNT));
      await modify(harness, id, adding(OTHER_ACCOUNT));
      expect(await permissions(harness, id)).toEqual([{ UserId: OTHER_ACCOUNT }]);
    },
    'ec2-069': async (harness, fact) => {
      const id = await snapshot(harness);
      await modify(harness, id, fact.request as Partial<ModifySnapshotAttributeRequest>);
      expect({ CreateVolumePermissions: await permissions(harness, id) }).toEqual(fact.response);
    },
    'ec2-070': async (harness, fact) => {
      const id = await snapshot(harness);
      await expectError(modify(harness, id, adding(SECOND, '123')), fact);
      expect(await permissions(harness, id)).toEqual([]);
    },
    'ec2-071': async (harness, fact) => {
      const id = await snapshot(harness);
      await expectError(modify(harness, id, { CreateVolumePermission: { Add: [{}] } }), fact);
    },
    'ec2-072': async (harness, fact) => {
      const id = await snapshot(harness);
      const request = fact.request as Partial<ModifySnapshotAttributeRequest>;
      await expectError(modify(harness, id, { ...request, UserIds: [SECOND] }), fact);
    },
    'ec2-073': async (harness, fact) => {
      const answer = await creating(harness, {});
      const { AvailabilityZoneId: _zone, CreateTime: _time, ...members } = fact.response ?? {};
      expectMembers(answer, members);
      expect(answer.AvailabilityZoneId).toBe('use1-az1');
      expect(answer.CreateTime?.getMilliseconds()).toBe(0);
    },
    'ec2-074': async (harness, fact) => {
      expectMembers(await creating(harness, { Iops: 500 }), fact.response);
      expect((await creating(harness, { Throughput: 0 })).Throughput).toBe(125);
    },
    'ec2-075': refusedVolume(0, 1),
    'ec2-076': refusedVolume(501),
    'ec2-077': async (harness, fact) => {
      const VolumeId = await volume(harness);
      const state = async () => {
        const asked = new DescribeVolumesCommand({ VolumeIds: [VolumeId] });
        return (await harness.aws.ec2.send(asked)).Volumes?.[0]?.State;
      };
      expect(await state()).toBe('creating');
      await harness.aws.ec2.send(new DeleteVolumeCommand({ VolumeId }));
      harness.sandbox.clock.advance(200);
      expect(part(fact.response, 'DescribeVolumes')).toBe(`State ${await state()} 0.2 s later`);
      harness.sandbox.clock.advance(4800);
      await expect(state()).rejects.toMatchObject({ name: 'InvalidVolume.NotFound' });
    },
    'ec2-078': async ({ aws }, fact) => {
      const id = 'vol-0123456789abcdef0';
      await expectError(aws.ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] })), fact, {
        'vol-id': id,
      });
      await expectError(aws.ec2.send(new DeleteVolumeCommand({ VolumeId: id })), fact, { 'vol-id': id });
    },
    'ec2-079': async (harness, fact) => {
      const id = await volume(harness);
      harness.sandbox.clock.advance(10_000);
      const { Volumes } = await harness.aws.ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }));
      const present = part(fact.response, 'present beyond CreateVolume') as string[];
      expectPresent(
        Volumes?.[0] ?? {},
        present.map((text) => text.replace(/[ {].*/, '')),
      );
      expectMembers(Volumes?.[0], {
        State: 'available',
        Attachments: [],
        Operator: { Managed: false, HiddenByDefault: false },
      });
    },
  },
  cannotHold: {
    'ec2-064': 'The direct APIs of EBS, which make a snapshot without a volume, are another service.',
  },
};
