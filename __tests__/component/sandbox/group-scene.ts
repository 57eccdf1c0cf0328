import {
  type Activity,
  type AutoScalingClient,
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  type Instance,
  PutLifecycleHookCommand,
  type PutLifecycleHookCommandInput,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { publicImage } from '../../../sandbox/scene.ts';
import type { Harness } from '../../support/harness.ts';

/** A group by itself, without load balancers, and what tests ask about it. */
export interface GroupScene {
  name: string;
  templateId: string;
  client: AutoScalingClient;
  /** Lets time pass. */
  pass(seconds: number): void;
  group(): Promise<AutoScalingGroup>;
  members(): Promise<Instance[]>;
  /** Lifecycle states of the members. */
  states(): Promise<(string | undefined)[]>;
  /** The only member. */
  member(): Promise<Instance & { InstanceId: string }>;
  /** Newest first. */
  activities(): Promise<Activity[]>;
  newestActivity(): Promise<Activity>;
  setDesired(capacity: number): Promise<void>;
  putHook(hook: Partial<PutLifecycleHookCommandInput>): Promise<void>;
}

/** Creates a group (min 0, max 2, desired 0 unless said otherwise) and waits until its instances are in service. */
export async function groupScene(
  harness: Harness,
  overrides: Partial<CreateAutoScalingGroupCommandInput> = {},
): Promise<GroupScene> {
  const name = overrides.AutoScalingGroupName ?? 'web';
  const client = harness.aws.autoScaling;
  const { LaunchTemplate } = await harness.aws.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: `${name}-template`,
      LaunchTemplateData: {
        ImageId: publicImage(harness.sandbox, harness.aws.region),
        InstanceType: 't3.micro',
      },
    }),
  );
  const templateId = LaunchTemplate?.LaunchTemplateId ?? '';
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchTemplate: { LaunchTemplateId: templateId, Version: '$Latest' },
      MinSize: 0,
      MaxSize: 2,
      DesiredCapacity: 0,
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
      ...overrides,
    }),
  );
  const pass = (seconds: number) => harness.sandbox.clock.advance(seconds * 1000);
  pass(30);
  const scene: GroupScene = {
    name,
    templateId,
    client,
    pass,
    async group() {
      const { AutoScalingGroups } = await client.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
      );
      return theOnly(AutoScalingGroups);
    },
    async members() {
      return (await scene.group()).Instances ?? [];
    },
    async states() {
      return (await scene.members()).map(({ LifecycleState }) => LifecycleState);
    },
    async member() {
      const member = theOnly(await scene.members());
      return { ...member, InstanceId: member.InstanceId ?? '' };
    },
    async activities() {
      const { Activities } = await client.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }),
      );
      return Activities ?? [];
    },
    async newestActivity() {
      const [newest] = await scene.activities();
      if (!newest) throw new Error('There is no activity.');
      return newest;
    },
    async setDesired(DesiredCapacity) {
      await client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity }));
    },
    async putHook(hook) {
      await client.send(
        new PutLifecycleHookCommand({
          AutoScalingGroupName: name,
          LifecycleHookName: 'hook',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          ...hook,
        }),
      );
    },
  };
  return scene;
}

export const LAUNCHING = 'autoscaling:EC2_INSTANCE_LAUNCHING';
export const TERMINATING = 'autoscaling:EC2_INSTANCE_TERMINATING';

function theOnly<T>(items: readonly T[] | undefined): T {
  const [first, ...others] = items ?? [];
  if (first === undefined || others.length > 0) throw new Error(`There are ${items?.length ?? 0}, not one.`);
  return first;
}
