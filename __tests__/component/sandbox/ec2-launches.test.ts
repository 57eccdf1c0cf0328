import {
  AttachVolumeCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateImageCommand,
  CreateKeyPairCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteKeyPairCommand,
  DeleteLaunchTemplateVersionsCommand,
  DeleteSecurityGroupCommand,
  DeleteTagsCommand,
  DeleteVolumeCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  GetConsoleOutputCommand,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  type RunInstancesRequest,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { publicImage } from '../../../sandbox/scene.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import {
  describeImage,
  describeInstance,
  registered,
  run,
  runningInstance,
  template,
  volume,
} from './native/ec2-scene.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const ec2 = () => harness.aws.ec2;
const advance = (ms: number) => harness.sandbox.clock.advance(ms);
const refusal = (name: string) => expect.objectContaining({ name });
const launch = async (request: Partial<RunInstancesRequest>) =>
  await ec2().send(
    new RunInstancesCommand({
      ImageId: publicImage(harness.sandbox, REGION),
      InstanceType: 't3.nano',
      MinCount: 1,
      MaxCount: 1,
      ...request,
    }),
  );

describe('RunInstances', () => {
  test('launches as many as fit into one reservation', async () => {
    const { ReservationId, Instances } = await launch({ MinCount: 1, MaxCount: 3 });
    expect(Instances).toHaveLength(3);
    const { Reservations } = await ec2().send(new DescribeInstancesCommand({}));
    expect(Reservations?.map((one) => [one.ReservationId, one.Instances?.length])).toEqual([
      [ReservationId, 3],
    ]);
    await expect(launch({ MinCount: 2, MaxCount: 1 })).rejects.toEqual(refusal('InvalidParameterValue'));
  });

  test('launches once for a client token, which other parameters cannot use', async () => {
    const first = await launch({ ClientToken: 'once' });
    const again = await launch({ ClientToken: 'once' });
    expect(again.Instances?.[0]?.InstanceId).toBe(first.Instances?.[0]?.InstanceId);
    await expect(launch({ ClientToken: 'once', InstanceType: 't3.micro' })).rejects.toEqual(
      refusal('IdempotentParameterMismatch'),
    );
    expect((await ec2().send(new DescribeInstancesCommand({}))).Reservations).toHaveLength(1);
  });

  test('refuses a type of another architecture, in the words of EC2', async () => {
    await expect(launch({ InstanceType: 't4g.nano' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringMatching(
        /^The architecture 'arm64' of the specified instance type does not match the architecture 'x86_64' of the specified AMI\./,
      ),
    });
    const { imageId } = await registered(harness, { Architecture: 'arm64' });
    const { Architecture } = await run(harness, { ImageId: imageId, InstanceType: 't4g.nano' });
    expect(Architecture).toBe('arm64');
  });

  test('names what is not there', async () => {
    const missing: [Partial<RunInstancesRequest>, string][] = [
      [{ ImageId: 'ami-0123456789abcdef0' }, 'InvalidAMIID.NotFound'],
      [{ ImageId: 'ami-1' }, 'InvalidAMIID.Malformed'],
      [{ KeyName: 'missing' }, 'InvalidKeyPair.NotFound'],
      [{ SecurityGroupIds: ['sg-0123456789abcdef0'] }, 'InvalidGroup.NotFound'],
      [{ SubnetId: 'subnet-0123456789abcdef0' }, 'InvalidSubnetID.NotFound'],
      [{ InstanceType: 't3.colossal' as 't3.nano' }, 'InvalidParameterValue'],
    ];
    for (const [request, name] of missing) await expect(launch(request)).rejects.toEqual(refusal(name));
    expect((await ec2().send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  });

  test('takes everything from a template that the request does not say', async () => {
    await ec2().send(new CreateKeyPairCommand({ KeyName: 'key' }));
    const LaunchTemplateId = await template(harness, {
      ImageId: publicImage(harness.sandbox, REGION),
      InstanceType: 't3.nano',
      KeyName: 'key',
      UserData: 'IyEvYmluL3No',
      IamInstanceProfile: { Name: 'web' },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20 } }],
      InstanceInitiatedShutdownBehavior: 'terminate',
      TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'of', Value: 'template' }] }],
    });
    const InstanceId = await runningInstance(harness, { LaunchTemplate: { LaunchTemplateId } });
    const instance = await describeInstance(harness, InstanceId);
    expect(instance).toMatchObject({
      KeyName: 'key',
      IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/web' },
    });
    const { Volumes } = await ec2().send(new DescribeVolumesCommand({}));
    expect(Volumes).toMatchObject([{ Size: 20, Tags: [{ Key: 'of', Value: 'template' }] }]);
    const attribute = async (Attribute: 'userData' | 'instanceInitiatedShutdownBehavior') =>
      await ec2().send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
    expect((await attribute('userData')).UserData).toEqual({ Value: 'IyEvYmluL3No' });
    expect((await attribute('instanceInitiatedShutdownBehavior')).InstanceInitiatedShutdownBehavior).toEqual({
      Value: 'terminate',
    });
  });
});

describe('instances', () => {
  test('a stopped instance starts again; a terminated one does not', async () => {
    const id = await runningInstance(harness);
    const InstanceIds = [id];
    await ec2().send(new StopInstancesCommand({ InstanceIds }));
    await expect(ec2().send(new StartInstancesCommand({ InstanceIds }))).rejects.toEqual(
      refusal('IncorrectInstanceState'),
    );
    advance(60_000);
    await ec2().send(new StartInstancesCommand({ InstanceIds }));
    advance(10_000);
    expect((await describeInstance(harness, id)).State?.Name).toBe('running');
    await ec2().send(new TerminateInstancesCommand({ InstanceIds }));
    advance(60_000);
    await expect(ec2().send(new StartInstancesCommand({ InstanceIds }))).rejects.toEqual(
      refusal('IncorrectInstanceState'),
    );
  });

  test('some attributes change only while the instance is stopped', async () => {
    const InstanceId = await runningInstance(harness);
    const change = () =>
      ec2().send(new ModifyInstanceAttributeCommand({ InstanceId, InstanceType: { Value: 't3.small' } }));
    await expect(change()).rejects.toEqual(refusal('IncorrectInstanceState'));
    await ec2().send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
    advance(60_000);
    await change();
    expect((await describeInstance(harness, InstanceId)).InstanceType).toBe('t3.small');
  });

  test('the console says that it is simulated, and whether the application answers', async () => {
    const InstanceId = await runningInstance(harness);
    const text = async () => {
      const { Output = '' } = await ec2().send(new GetConsoleOutputCommand({ InstanceId }));
      return Buffer.from(Output, 'base64').toString();
    };
    expect(await text()).toMatch(/simulated[\s\S]*booting/);
    advance(60_000);
    expect(await text()).toMatch(/the application answers/);
  });

  test('an image leaves out a device, or has it larger, as its request says', async () => {
    const InstanceId = await runningInstance(harness, {
      BlockDeviceMappings: [
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1 } },
        { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 2 } },
      ],
    });
    const { ImageId = '' } = await ec2().send(
      new CreateImageCommand({
        InstanceId,
        Name: 'shaped',
        BlockDeviceMappings: [
          { DeviceName: '/dev/sdf', NoDevice: '' },
          { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 10, DeleteOnTermination: true } },
        ],
      }),
    );
    advance(120_000);
    const { BlockDeviceMappings } = await describeImage(harness, ImageId);
    expect(BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.VolumeSize])).toEqual([
      ['/dev/xvda', 8],
      ['/dev/sdg', 10],
    ]);
  });

  test('a volume is attached, keeps its data beyond the instance, and cannot be deleted while in use', async () => {
    const InstanceId = await runningInstance(harness);
    const VolumeId = await volume(harness);
    const state = async () =>
      (await ec2().send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))).Volumes?.[0]?.State;
    const attach = () => ec2().send(new AttachVolumeCommand({ VolumeId, InstanceId, Device: '/dev/sdf' }));
    await expect(attach()).rejects.toEqual(refusal('IncorrectState'));
    advance(10_000);
    await attach();
    await expect(ec2().send(new DeleteVolumeCommand({ VolumeId }))).rejects.toEqual(refusal('VolumeInUse'));
    await ec2().send(new DetachVolumeCommand({ VolumeId }));
    expect(await state()).toBe('available');
    await attach();
    await ec2().send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    advance(60_000);
    expect(await state()).toBe('available');
  });
});

describe('launch templates', () => {
  const addVersion = (LaunchTemplateId: string) =>
    ec2().send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: {},
      }),
    );

  test('have quotas', async () => {
    const { quotas } = harness.sandbox.world.region(REGION).state;
    expect(quotas).toEqual({ launchTemplates: 5000, launchTemplateVersions: 10_000 });
    Object.assign(quotas, { launchTemplates: 1, launchTemplateVersions: 2 });
    const id = await template(harness);
    await addVersion(id);
    await expect(addVersion(id)).rejects.toEqual(refusal('LaunchTemplateVersionLimitExceeded'));
    await expect(template(harness, undefined, 'other')).rejects.toEqual(
      refusal('LaunchTemplateLimitExceeded'),
    );
    // A deleted version makes room, though its number is gone.
    const two = { LaunchTemplateId: id, Versions: ['2'] };
    await ec2().send(new DeleteLaunchTemplateVersionsCommand(two));
    expect((await addVersion(id)).LaunchTemplateVersion?.VersionNumber).toBe(3);
  });

  test('an alias is shown as it was given, or resolved when asked', async () => {
    const image = publicImage(harness.sandbox, REGION);
    const put = (Value: string) =>
      harness.aws.ssm.send(
        new PutParameterCommand({ Name: '/shop/image', Type: 'String', Value, Overwrite: true }),
      );
    await put('ami-0123456789abcdef0');
    await put(image);
    const shown = async (ImageId: string, ResolveAlias: boolean) => {
      const LaunchTemplateId = await template(harness, { ImageId }, `web-${ImageId.length}-${ResolveAlias}`);
      const { LaunchTemplateVersions } = await ec2().send(
        new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ['1'], ResolveAlias }),
      );
      return LaunchTemplateVersions?.[0]?.LaunchTemplateData?.ImageId;
    };
    const alias = 'resolve:ssm:/shop/image';
    expect(await shown(alias, false)).toBe(alias);
    expect(await shown(alias, true)).toBe(image);
    expect(await shown(`${alias}:1`, true)).toBe('ami-0123456789abcdef0');
    const arn = `resolve:ssm:arn:aws:ssm:${REGION}:123456789012:parameter/shop/image`;
    expect(await shown(arn, true)).toBe(image);
  });

  test('tell their kinds of page: from one item to 200', async () => {
    const LaunchTemplateId = await template(harness);
    for (const MaxResults of [0, 201]) {
      const request = { LaunchTemplateId, MaxResults };
      await expect(ec2().send(new DescribeLaunchTemplateVersionsCommand(request))).rejects.toEqual(
        refusal('InvalidParameterValue'),
      );
    }
  });
});

describe('what a builder needs', () => {
  test('empty texts stand for nothing, as Packer sends them', async () => {
    await ec2().send(new CreateSecurityGroupCommand({ GroupName: 'packer', Description: 'ssh', VpcId: '' }));
    const instance = await run(harness, {
      ImageId: publicImage(harness.sandbox, REGION),
      SubnetId: '',
      KeyName: '',
      UserData: '',
      Placement: { AvailabilityZone: '' },
    });
    expect(instance.SubnetId).toMatch(/^subnet-/);
    expect(instance).not.toHaveProperty('KeyName');
  });

  test('a security group with a rule, which cannot go while an instance or another group uses it', async () => {
    const { GroupId = '' } = await ec2().send(
      new CreateSecurityGroupCommand({ GroupName: 'builder', Description: 'ssh' }),
    );
    const rule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
    const authorize = () =>
      ec2().send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
    await authorize();
    await expect(authorize()).rejects.toEqual(refusal('InvalidPermission.Duplicate'));
    const { SecurityGroups } = await ec2().send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
    expect(SecurityGroups?.[0]?.IpPermissions).toMatchObject([rule]);
    const { InstanceId } = await run(harness, { SecurityGroupIds: [GroupId] });
    const remove = () => ec2().send(new DeleteSecurityGroupCommand({ GroupId }));
    await expect(remove()).rejects.toEqual(refusal('DependencyViolation'));
    await ec2().send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    advance(60_000);
    await remove();
  });

  test('a key pair that an instance is launched with, and that goes without a word, there or not', async () => {
    const { KeyPairId } = await ec2().send(new CreateKeyPairCommand({ KeyName: 'packer' }));
    await expect(ec2().send(new CreateKeyPairCommand({ KeyName: 'packer' }))).rejects.toEqual(
      refusal('InvalidKeyPair.Duplicate'),
    );
    expect((await launch({ KeyName: 'packer' })).Instances?.[0]?.KeyName).toBe('packer');
    const remove = () => ec2().send(new DeleteKeyPairCommand({ KeyName: 'packer' }));
    expect((await remove()).KeyPairId).toBe(KeyPairId);
    expect((await remove()).Return).toBe(true);
  });

  test('instance types with their architecture, and where they are offered', async () => {
    const types = async (...InstanceTypes: 't3.micro'[]) =>
      (await ec2().send(new DescribeInstanceTypesCommand({ InstanceTypes }))).InstanceTypes;
    const found = await types('t3.micro', 't4g.micro' as 't3.micro', 'i4g.large' as 't3.micro');
    expect(found?.map(({ ProcessorInfo }) => ProcessorInfo?.SupportedArchitectures)).toEqual([
      ['x86_64'],
      ['arm64'],
      ['arm64'],
    ]);
    await expect(types('t3.colossal' as 't3.micro')).rejects.toEqual(refusal('InvalidInstanceType'));
    const { InstanceTypeOfferings } = await ec2().send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType: 'availability-zone',
        Filters: [{ Name: 'instance-type', Values: ['t3.micro'] }],
      }),
    );
    expect(InstanceTypeOfferings?.map(({ Location }) => Location)).toEqual(
      ['a', 'b', 'c'].map((letter) => `${REGION}${letter}`),
    );
  });
});

describe('tags', () => {
  const tag = (id: string, ...Tags: { Key: string; Value: string }[]) =>
    ec2().send(new CreateTagsCommand({ Resources: [id], Tags }));
  let id: string;
  beforeEach(async () => {
    id = (await registered(harness)).imageId;
  });

  test.each([
    ['a key of AWS', { Key: 'aws:mine', Value: '' }],
    ['a key of more than 127 characters', { Key: 'k'.repeat(128), Value: '' }],
    ['a value of more than 256 characters', { Key: 'k', Value: 'v'.repeat(257) }],
  ])('%s is refused, on a resource and on a new one', async (_what, bad) => {
    await expect(tag(id, bad)).rejects.toEqual(refusal('InvalidParameterValue'));
    const TagSpecifications = [{ ResourceType: 'launch-template' as const, Tags: [bad] }];
    const request = { LaunchTemplateName: 'web', LaunchTemplateData: { KeyName: 'k' }, TagSpecifications };
    await expect(ec2().send(new CreateLaunchTemplateCommand(request))).rejects.toEqual(
      refusal('InvalidParameterValue'),
    );
  });

  test('are set on all resources or on none', async () => {
    const Resources = [id, 'ami-0123456789abcdef0'];
    const Tags = [{ Key: 'a', Value: 'b' }];
    await expect(ec2().send(new CreateTagsCommand({ Resources, Tags }))).rejects.toEqual(
      refusal('InvalidAMIID.NotFound'),
    );
    expect((await describeImage(harness, id)).Tags).toBeUndefined();
  });

  test('go by key and value, by key, or all at once, but never those of AWS', async () => {
    const { InstanceId } = await run(harness, {
      LaunchTemplate: {
        LaunchTemplateId: await template(harness, {
          ImageId: publicImage(harness.sandbox, REGION),
          InstanceType: 't3.nano',
        }),
      },
    });
    await tag(InstanceId, { Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }, { Key: 'c', Value: '3' });
    const remove = (...Tags: { Key: string; Value?: string }[]) =>
      ec2().send(new DeleteTagsCommand({ Resources: [InstanceId], ...(Tags.length > 0 ? { Tags } : {}) }));
    const keys = async () =>
      ((await describeInstance(harness, InstanceId)).Tags ?? [])
        .flatMap(({ Key }) => Key ?? [])
        .filter((key) => !key.startsWith('aws:'));
    await remove({ Key: 'a', Value: 'other' }, { Key: 'b', Value: '2' });
    expect(await keys()).toEqual(['a', 'c']);
    await remove();
    expect(await keys()).toEqual([]);
    expect((await describeInstance(harness, InstanceId)).Tags).toHaveLength(2);
  });

  test('are listed by the resources that a filter names', async () => {
    const { imageId: other } = await registered(harness, { Name: 'other' });
    await tag(id, { Key: 'a', Value: '1' });
    await tag(other, { Key: 'a', Value: '2' });
    const values = async (...Values: string[]) =>
      (await ec2().send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values }] }))).Tags?.map(
        ({ Value }) => Value,
      );
    expect(await values(other, other)).toEqual(['2']);
    expect(await values('ami-*')).toEqual(['1', '2']);
    expect(await values('ami-0123456789abcdef0')).toEqual([]);
  });
});
