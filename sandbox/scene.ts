import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../src/aws/clients.ts';
import { PUBLIC_IMAGE_PARAMETER } from './engine/world.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Sets scenes on a local AWS through its own API: images, launch templates, load balancers and groups as a team
 * would have them. Used by the demo and by the tests.
 */

/** The AMI id of the public image that everything starts from. */
export function publicImage(sandbox: Sandbox, region: string): string {
  const id = sandbox.world
    .region(region)
    .state.parameters.get(PUBLIC_IMAGE_PARAMETER)
    ?.versions.at(-1)?.value;
  if (id === undefined) throw new Error(`There is no public image in ${region}.`);
  return id;
}

/** An available image with these tags on it and its snapshots, made from an instance as a build makes it. */
export async function addImage(
  sandbox: Sandbox,
  aws: Aws,
  name: string,
  tags: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { Instances: [builder] = [] } = await aws.ec2.send(
    new RunInstancesCommand({
      ImageId: publicImage(sandbox, aws.region),
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
    }),
  );
  const InstanceId = builder?.InstanceId ?? '';
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const TagSpecifications =
    Tags.length === 0 ? [] : (['image', 'snapshot'] as const).map((ResourceType) => ({ ResourceType, Tags }));
  const { ImageId = '' } = await aws.ec2.send(
    new CreateImageCommand({ InstanceId, Name: name, TagSpecifications }),
  );
  await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  sandbox.clock.advance(120_000);
  return ImageId;
}

export async function tagImage(
  aws: Aws,
  imageId: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  await aws.ec2.send(
    new CreateTagsCommand({
      Resources: [imageId],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
}

export interface GroupScene {
  launchTemplateId: string;
  targetGroupArn: string;
}

/**
 * A group of `size` instances of an image, behind a target group of an application load balancer, with ELB health
 * checks. Its launch template has the group's name.
 */
export async function addGroup(
  sandbox: Sandbox,
  aws: Aws,
  options: {
    name: string;
    imageId: string;
    size: number;
    healthCheckType?: 'EC2' | 'ELB';
    graceSeconds?: number;
    tags?: Record<string, string>;
  },
): Promise<GroupScene> {
  const { name, imageId, size } = options;
  const { LaunchTemplate } = await aws.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: {
        ImageId: imageId,
        InstanceType: 't3.micro',
        MetadataOptions: { HttpTokens: 'required' },
      },
    }),
  );
  const { subnets, vpcs } = sandbox.world.region(aws.region).state;
  const { TargetGroups } = await aws.elb.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: [...vpcs.keys()][0],
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const targetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  await aws.elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: targetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
    }),
  );
  const { LoadBalancers } = await aws.elb.send(
    new CreateLoadBalancerCommand({ Name: name, Type: 'application', Subnets: [...subnets.keys()] }),
  );
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  await aws.elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  );
  const launchTemplateId = LaunchTemplate?.LaunchTemplateId ?? '';
  await aws.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: '1' },
      AvailabilityZones: ['a', 'b', 'c'].map((zone) => `${aws.region}${zone}`),
      MinSize: 0,
      MaxSize: Math.max(1, size * 2),
      DesiredCapacity: size,
      HealthCheckType: options.healthCheckType ?? 'ELB',
      HealthCheckGracePeriod: options.graceSeconds ?? 60,
      TargetGroupARNs: [targetGroupArn],
      Tags: Object.entries(options.tags ?? {}).map(([Key, Value]) => ({
        Key,
        Value,
        PropagateAtLaunch: true,
        ResourceId: name,
        ResourceType: 'auto-scaling-group',
      })),
    }),
  );
  sandbox.clock.advance(180_000);
  return { launchTemplateId, targetGroupArn };
}
