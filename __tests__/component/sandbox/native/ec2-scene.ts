import {
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  type Image,
  type Instance,
  RegisterImageCommand,
  type RegisterImageRequest,
  type RequestLaunchTemplateData,
  RunInstancesCommand,
  type RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { publicImage } from '../../../../sandbox/scene.ts';
import { type Harness, REGION } from '../../../support/harness.ts';

/** Scenes for the facts about EC2, set over its own API. */

export const OTHER_ACCOUNT = '111111111111';

/** A fact's data with the ids of the scene in place of those that it was written down with. */
export function withIds<T>(data: T, ids: Readonly<Record<string, string>>): T {
  let text = JSON.stringify(data);
  for (const [example, id] of Object.entries(ids)) text = text.replaceAll(example, id);
  return JSON.parse(text);
}

/** A part of a fact's data, of which nothing but its place is known. */
export function part(data: unknown, ...path: (string | number)[]): unknown {
  let value = data;
  for (const key of path) value = Reflect.get(Object(value), key);
  if (value === undefined) throw new Error(`The fact has no ${path.join('.')}.`);
  return value;
}

export async function run({ sandbox, aws }: Harness, request: Partial<RunInstancesRequest> = {}) {
  const { Instances: [instance] = [] } = await aws.ec2.send(
    new RunInstancesCommand({
      ...(request.LaunchTemplate ? {} : { ImageId: publicImage(sandbox, REGION), InstanceType: 't3.nano' }),
      MinCount: 1,
      MaxCount: 1,
      ...request,
    }),
  );
  if (!instance?.InstanceId) throw new Error('No instance was launched.');
  return { ...instance, InstanceId: instance.InstanceId };
}

/** A running instance's id. */
export async function runningInstance(harness: Harness, request: Partial<RunInstancesRequest> = {}) {
  const { InstanceId } = await run(harness, request);
  harness.sandbox.clock.advance(10_000);
  return InstanceId;
}

export async function describeInstance({ aws }: Harness, id: string): Promise<Instance> {
  const { Reservations } = await aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const instance = Reservations?.[0]?.Instances?.[0];
  if (!instance) throw new Error(`${id} is not described.`);
  return instance;
}

export async function volume({ aws }: Harness, Size = 1): Promise<string> {
  const { VolumeId = '' } = await aws.ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: `${REGION}a`, Size, VolumeType: 'gp3' }),
  );
  return VolumeId;
}

/** A completed snapshot. */
export async function snapshot(harness: Harness): Promise<string> {
  const { SnapshotId = '' } = await harness.aws.ec2.send(
    new CreateSnapshotCommand({ VolumeId: await volume(harness) }),
  );
  harness.sandbox.clock.advance(120_000);
  return SnapshotId;
}

/** The request for a minimal image. */
export function minimal(SnapshotId: string, Name = 'minimal') {
  return {
    Name,
    Architecture: 'x86_64',
    VirtualizationType: 'hvm',
    RootDeviceName: '/dev/sda1',
    BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId } }],
  } satisfies RegisterImageRequest;
}

export async function registered(
  harness: Harness,
  request: Partial<RegisterImageRequest> = {},
): Promise<{ imageId: string; snapshotId: string }> {
  const snapshotId = await snapshot(harness);
  const { ImageId = '' } = await harness.aws.ec2.send(
    new RegisterImageCommand({ ...minimal(snapshotId), ...request }),
  );
  return { imageId: ImageId, snapshotId };
}

export async function describeImage({ aws }: Harness, id: string): Promise<Image> {
  const { Images } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
  if (!Images?.[0]) throw new Error(`${id} is not described.`);
  return Images[0];
}

/** An image made from an instance with a root and a data volume, the root not deleted with the instance. */
export async function createdImage(harness: Harness) {
  const instanceId = await runningInstance(harness, {
    BlockDeviceMappings: [
      { DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: false } },
      { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1, VolumeType: 'gp3' } },
    ],
  });
  const { ImageId = '' } = await harness.aws.ec2.send(
    new CreateImageCommand({
      InstanceId: instanceId,
      Name: 'created',
      NoReboot: true,
      TagSpecifications: [
        { ResourceType: 'image', Tags: [{ Key: 'kind', Value: 'image' }] },
        { ResourceType: 'snapshot', Tags: [{ Key: 'kind', Value: 'snapshot' }] },
      ],
    }),
  );
  return { imageId: ImageId, instanceId };
}

/** Gives an image to another account: there is only one in the sandbox. */
export function giveAway({ sandbox }: Harness, imageId: string, sharedBack: boolean): void {
  const record = sandbox.world.region(REGION).state.images.get(imageId);
  if (!record) throw new Error(`There is no image ${imageId}.`);
  record.image.OwnerId = OTHER_ACCOUNT;
  record.launchPermissions = sharedBack ? [{ UserId: '123456789012' }] : [];
  sandbox.world.region(REGION).state.tags.delete(imageId);
}

export async function template(
  { aws }: Harness,
  LaunchTemplateData: RequestLaunchTemplateData = { InstanceType: 't3.micro' },
  LaunchTemplateName = 'web',
): Promise<string> {
  const { LaunchTemplate } = await aws.ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }),
  );
  return LaunchTemplate?.LaunchTemplateId ?? '';
}
