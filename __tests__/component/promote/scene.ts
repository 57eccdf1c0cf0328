import {
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
} from '@aws-sdk/client-auto-scaling';
import { DescribeImagesCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { addImage } from '../../../sandbox/scene.ts';
import { promote } from '../../../src/promote/promote.ts';
import { tagsOf } from '../../../src/tags.ts';
import { COMMIT_A, type Harness, inputsOf, startHarness, type TestContext } from '../../support/harness.ts';

/** What the tests of the mode promote share: the application `octo/shop`, the environment `dev`, and its groups. */
export interface PromoteScene {
  harness: Harness;
  /** The context of the last run. */
  context: TestContext;
  /** Runs the mode to its end in stepped time. */
  run(given?: Record<string, string>, overrides?: Parameters<Harness['context']>[0]): Promise<void>;
  /** Runs the mode, and does something else after so many seconds of it. */
  runAnd(seconds: number, meanwhile: () => Promise<unknown>, given?: Record<string, string>): Promise<void>;
  /** An image as the mode bake leaves it; returns its id. */
  baked(name: string, commit?: string, tags?: Record<string, string>): Promise<string>;
  group(name?: string): ReturnType<typeof describeGroup>;
  refreshes(name?: string): Promise<InstanceRefresh[]>;
  /** The images that the instances in service really run, by group. */
  running(name?: string): Promise<string[]>;
  tags(imageId: string): ReturnType<typeof imageTags>;
  /** Operations called since the scene was set that change something. */
  writes(): string[];
}

export async function startPromoteScene(): Promise<PromoteScene> {
  const harness = await startHarness();
  const { sandbox, aws } = harness;
  let before = 0;
  const scene: PromoteScene = {
    harness,
    context: harness.context(),
    async run(given = {}, overrides = {}) {
      before = sandbox.aws.calls.length;
      scene.context = harness.context(overrides);
      const groups = 'auto-scaling-group-tags' in given ? {} : { 'auto-scaling-groups': 'dev' };
      const inputs = inputsOf('promote', { environment: 'dev', ...groups, ...given });
      await harness.drive(promote(inputs, scene.context));
    },
    async runAnd(seconds, meanwhile, given = {}) {
      const later = sandbox.clock.sleep(seconds * 1000).then(meanwhile);
      const running = scene.run(given);
      await Promise.all([running, harness.drive(later)]);
    },
    baked: async (name, commit = COMMIT_A, tags = {}) =>
      await addImage(sandbox, aws, name, {
        'immutable-deploy:application': 'octo/shop',
        'immutable-deploy:commit': commit,
        'immutable-deploy:branch': 'main',
        ...tags,
      }),
    group: (name = 'dev') => describeGroup(harness, name),
    async refreshes(name = 'dev') {
      const { InstanceRefreshes = [] } = await aws.autoScaling.send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name }),
      );
      return InstanceRefreshes;
    },
    async running(name = 'dev') {
      const { Instances = [] } = await describeGroup(harness, name);
      const InstanceIds = Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
      const { Reservations = [] } = await aws.ec2.send(new DescribeInstancesCommand({ InstanceIds }));
      return Reservations.flatMap((one) => one.Instances ?? [])
        .map(({ ImageId }) => ImageId ?? '')
        .toSorted();
    },
    tags: (imageId) => imageTags(harness, imageId),
    writes: () =>
      sandbox.aws.calls
        .slice(before)
        .map((call) => call.operation)
        .filter((operation) => !/^(Describe|Get)/.test(operation)),
  };
  return scene;
}

async function describeGroup({ aws }: Harness, name: string) {
  const { AutoScalingGroups } = await aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  const [found] = AutoScalingGroups ?? [];
  if (!found) throw new Error(`There is no group ${name}.`);
  return found;
}

async function imageTags({ aws }: Harness, id: string) {
  const { Images } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
  return tagsOf(Images?.[0] ?? {});
}
