import type { AutoScalingGroup, AutoScalingGroupsType } from '@aws-sdk/client-auto-scaling';
import type {
  CreateImageResult,
  CreateLaunchTemplateResult,
  CreateLaunchTemplateVersionResult,
  DescribeInstancesResult,
  DescribeSubnetsResult,
  Reservation,
} from '@aws-sdk/client-ec2';
import type {
  CreateLoadBalancerOutput,
  CreateTargetGroupOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { GetParameterResult } from '@aws-sdk/client-ssm';
import { PUBLIC_IMAGE_PARAMETER } from '../../engine/world.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import type { AwsCli } from './aws-cli.ts';

/** Sets a scene as a person would by hand. */

export async function publicImage(aws: AwsCli): Promise<string> {
  const { Parameter } = await aws.call<GetParameterResult>(
    'ssm',
    'get-parameter',
    '--name',
    PUBLIC_IMAGE_PARAMETER,
  );
  return Parameter?.Value ?? '';
}

export async function runInstance(aws: AwsCli): Promise<string> {
  const { Instances } = await aws.call<Reservation>(
    ...['ec2', 'run-instances', '--image-id', await publicImage(aws), '--instance-type', 't3.micro'],
  );
  return Instances?.[0]?.InstanceId ?? '';
}

/** An image of an instance; the tags are written as `Key=…,Value=…`. */
export async function createImage(
  aws: AwsCli,
  instanceId: string,
  name: string,
  tags: readonly string[],
): Promise<string> {
  const list = `[${tags.map((tag) => `{${tag}}`).join(',')}]`;
  const { ImageId = '' } = await aws.call<CreateImageResult>(
    ...['ec2', 'create-image', '--instance-id', instanceId, '--name', name, '--tag-specifications'],
    `ResourceType=image,Tags=${list}`,
    `ResourceType=snapshot,Tags=${list}`,
  );
  return ImageId;
}

/** A launch template whose version 1 has the public image and whose version 2 another one. */
export async function createTwoVersions(aws: AwsCli, name: string, imageId: string): Promise<void> {
  const data = { ImageId: await publicImage(aws), InstanceType: 't3.micro' };
  await aws.call<CreateLaunchTemplateResult>(
    ...['ec2', 'create-launch-template', '--launch-template-name', name],
    ...['--launch-template-data', JSON.stringify(data)],
  );
  await aws.call<CreateLaunchTemplateVersionResult>(
    ...['ec2', 'create-launch-template-version', '--launch-template-name', name, '--source-version', '1'],
    ...['--launch-template-data', JSON.stringify({ ImageId: imageId })],
  );
}

/** A group of one instance of version 1 behind a target group, in service; its launch template has its name. */
export async function createGroup(aws: AwsCli, sandbox: SandboxProcess, name: string): Promise<void> {
  const { Subnets = [] } = await aws.call<DescribeSubnetsResult>('ec2', 'describe-subnets');
  const subnets = Subnets.slice(0, 2).flatMap(({ SubnetId }) => SubnetId ?? []);
  const { TargetGroups } = await aws.call<CreateTargetGroupOutput>(
    ...['elbv2', 'create-target-group', '--name', name, '--protocol', 'HTTP', '--port', '8080'],
    ...['--vpc-id', Subnets[0]?.VpcId ?? '', '--health-check-interval-seconds', '10'],
    ...['--healthy-threshold-count', '2', '--unhealthy-threshold-count', '2'],
  );
  const targetGroup = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const { LoadBalancers } = await aws.call<CreateLoadBalancerOutput>(
    ...['elbv2', 'create-load-balancer', '--name', name, '--subnets', ...subnets],
  );
  await aws.call(
    ...['elbv2', 'create-listener', '--load-balancer-arn', LoadBalancers?.[0]?.LoadBalancerArn ?? ''],
    ...[
      '--protocol',
      'HTTP',
      '--port',
      '80',
      '--default-actions',
      `Type=forward,TargetGroupArn=${targetGroup}`,
    ],
  );
  await aws.call(
    ...['autoscaling', 'create-auto-scaling-group', '--auto-scaling-group-name', name],
    ...['--launch-template', `LaunchTemplateName=${name},Version=1`],
    ...['--min-size', '1', '--max-size', '2', '--desired-capacity', '1'],
    ...['--vpc-zone-identifier', subnets.join(','), '--target-group-arns', targetGroup],
    ...['--health-check-type', 'ELB', '--health-check-grace-period', '60', '--default-instance-warmup', '20'],
  );
  await sandbox.advance(180);
}

export async function describeGroup(aws: AwsCli, name: string): Promise<AutoScalingGroup> {
  const { AutoScalingGroups } = await aws.call<AutoScalingGroupsType>(
    ...['autoscaling', 'describe-auto-scaling-groups', '--auto-scaling-group-names', name],
  );
  const group = AutoScalingGroups?.[0];
  if (!group) throw new Error(`There is no group ${name}.`);
  return group;
}

/** The images that the group's instances in service really run. */
export async function imagesInService(aws: AwsCli, name: string): Promise<string[]> {
  const { Instances = [] } = await describeGroup(aws, name);
  const ids = Instances.filter(({ LifecycleState }) => LifecycleState === 'InService').flatMap(
    ({ InstanceId }) => InstanceId ?? [],
  );
  const { Reservations = [] } = await aws.call<DescribeInstancesResult>(
    ...['ec2', 'describe-instances', '--instance-ids', ...ids],
  );
  return Reservations.flatMap(({ Instances: some = [] }) => some.flatMap(({ ImageId }) => ImageId ?? []));
}
