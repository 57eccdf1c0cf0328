import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateKeyPairCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateSecurityGroupCommand,
  CreateVolumeCommand,
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type ResourceType,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { CallRecord } from '../../../sandbox/call-log.ts';
import { imageDefaults } from '../../../sandbox/engine/images.ts';
import { publicImage } from '../../../sandbox/scene.ts';
import type { AnyClient } from '../../../src/aws/call-log.ts';
import type { Aws } from '../../../src/aws/clients.ts';
import { prune } from '../../../src/prune/prune.ts';
import { identityTags, markKey, markValue, TAG } from '../../../src/tags.ts';
import { versionDescription } from '../../../src/version-description.ts';
import { type Harness, inputsOf, REGION, START, type TestContext } from '../../support/harness.ts';

export const APPLICATION = 'octo/shop';
export const DAY = 24 * 3600 * 1000;

export interface SeededImage {
  daysOld?: number;
  branch?: string;
  application?: string;
  state?: 'available' | 'pending' | 'failed' | 'disabled';
  tags?: Readonly<Record<string, string>>;
  /** A snapshot that exists already; otherwise the image gets one of its own. */
  snapshotId?: string;
}

/** Puts an image with a snapshot straight into the sandbox's state, so that it can be as old as a test wants. */
export function seedImage({ sandbox }: Harness, seed: SeededImage = {}): string {
  const region = sandbox.world.region(REGION);
  const created = START - (seed.daysOld ?? 100) * DAY;
  const id = region.world.newId('ami');
  const snapshotId = seed.snapshotId ?? seedSnapshot(region, created);
  region.state.images.set(id, {
    image: {
      ...imageDefaults(region, id, `shop-${id}`),
      CreationDate: new Date(created).toISOString(),
      State: seed.state ?? 'available',
      RootDeviceName: '/dev/xvda',
      Architecture: 'x86_64',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshotId, VolumeSize: 8 } }],
    },
    launchPermissions: [],
  });
  const { application = APPLICATION, branch = 'main' } = seed;
  const run = 'https://github.com/octo/shop/actions/runs/1';
  const tags = identityTags({ application, commit: 'c'.repeat(40), branch, built: created, run });
  region.state.tags.set(id, { ...tags, ...seed.tags });
  region.state.tags.set(snapshotId, tags);
  return id;
}

function seedSnapshot(region: ReturnType<Harness['sandbox']['world']['region']>, startedAt: number): string {
  const id = region.world.newId('snap');
  const completedAt = startedAt + 60_000;
  const record = {
    id,
    volumeId: 'vol-1',
    description: '',
    startedAt,
    completedAt,
    sizeGiB: 8,
    encrypted: false,
  };
  region.state.snapshots.set(id, record);
  return id;
}

/** Images of one branch, a week apart, newest first; the newest is ten weeks old. */
export const seedImages = (harness: Harness, count: number, seed: SeededImage = {}): string[] =>
  Array.from({ length: count }, (_, week) => seedImage(harness, { daysOld: 70 + 7 * week, ...seed }));

/** A launch template whose versions are ours, one for each image; the first one is the default. */
export async function addTemplate(aws: Aws, name: string, imageIds: readonly string[]): Promise<string> {
  const [first = '', ...others] = imageIds;
  const { LaunchTemplate } = await aws.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      VersionDescription: versionDescription(APPLICATION, first),
      LaunchTemplateData: { ImageId: first, InstanceType: 't3.micro' },
    }),
  );
  const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId ?? '';
  for (const imageId of others) {
    await addVersion(aws, LaunchTemplateId, imageId, versionDescription(APPLICATION, imageId));
  }
  return LaunchTemplateId;
}

export async function addVersion(
  aws: Aws,
  LaunchTemplateId: string,
  ImageId: string,
  VersionDescription = 'by somebody else',
): Promise<void> {
  await aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId,
      SourceVersion: '1',
      VersionDescription,
      LaunchTemplateData: { ImageId },
    }),
  );
}

/** Empty groups on version 1 of a template: enough of them to fill pages. */
export async function addEmptyGroups(
  { aws }: Harness,
  count: number,
  LaunchTemplateId: string,
): Promise<void> {
  for (let number = 0; number < count; number++) {
    await aws.autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: `group-${number}`,
        LaunchTemplate: { LaunchTemplateId, Version: '1' },
        AvailabilityZones: [`${aws.region}a`],
        MinSize: 0,
        MaxSize: 0,
      }),
    );
  }
}

/** The mark of a build that gives up at a time, as it is in `run_tags`. */
export const buildMark = (until: number, repository = APPLICATION) =>
  `https://github.com/${repository}/actions/runs/77/attempts/1 until ${new Date(until).toISOString()} 0a1b`;

const tagged = (ResourceType: ResourceType, run: string, more: Record<string, string> = {}) => [
  {
    ResourceType,
    Tags: Object.entries({ [TAG.run]: run, ...more }).map(([Key, Value]) => ({ Key, Value })),
  },
];

/** What a build has while it runs: an instance, its key pair and security group, and a volume and template besides. */
export async function seedBuild(harness: Harness, name: string, run: string): Promise<string[]> {
  const { ec2 } = harness.aws;
  const { KeyPairId = '' } = await ec2.send(
    new CreateKeyPairCommand({ KeyName: `packer_${name}`, TagSpecifications: tagged('key-pair', run) }),
  );
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: `packer_${name}`,
      Description: 'Temporary group for Packer',
      TagSpecifications: tagged('security-group', run),
    }),
  );
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: publicImage(harness.sandbox, REGION),
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SecurityGroupIds: [GroupId],
      TagSpecifications: tagged('instance', run),
    }),
  );
  const { VolumeId = '' } = await ec2.send(
    new CreateVolumeCommand({
      AvailabilityZone: `${REGION}a`,
      Size: 8,
      TagSpecifications: tagged('volume', run),
    }),
  );
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: `packer-fleet-launch-template-${name}`,
      LaunchTemplateData: { InstanceType: 't3.micro' },
      TagSpecifications: tagged('launch-template', run),
    }),
  );
  harness.sandbox.clock.advance(60_000);
  return [
    Instances[0]?.InstanceId ?? '',
    KeyPairId,
    GroupId,
    VolumeId,
    LaunchTemplate?.LaunchTemplateId ?? '',
  ];
}

export const promotedTag = (environment: string, daysAgo: number) => ({
  [markKey('promoted', environment)]: markValue(START - daysAgo * DAY),
});

/** Runs prune for real, with few enough kept that old images go; inputs can be replaced. */
export async function runPrune(
  harness: Harness,
  given: Readonly<Record<string, string>> = {},
  context: TestContext = harness.context(),
): Promise<TestContext> {
  const inputs = inputsOf('prune', {
    'dry-run': 'false',
    keep: '2',
    'keep-promoted': '1',
    'stale-days': '10000',
    'keep-launch-template-versions': '2',
    'max-deletions': '10000',
    'max-deletion-percent': '100',
    ...given,
  });
  await harness.drive(prune(inputs, context));
  return context;
}

export const outputOf = (context: TestContext, name: string): string[] =>
  JSON.parse(context.report.outputs.get(name) ?? 'null');

/** The ids of the application's images that are registered, in no order. */
export async function imagesLeft({ aws }: Harness): Promise<Set<string>> {
  const { Images = [] } = await aws.ec2.send(
    new DescribeImagesCommand({ Owners: ['self'], IncludeDisabled: true }),
  );
  return new Set(Images.map(({ ImageId = '' }) => ImageId));
}

export async function versionsLeft({ aws }: Harness, LaunchTemplateId: string): Promise<number[]> {
  const { LaunchTemplateVersions = [] } = await aws.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }),
  );
  return LaunchTemplateVersions.map(({ VersionNumber = 0 }) => VersionNumber).toReversed();
}

/** The calls that `work` makes. */
export async function callsOf({ sandbox }: Harness, work: () => Promise<unknown>): Promise<CallRecord[]> {
  const before = sandbox.aws.calls.length;
  await work();
  return sandbox.aws.calls.slice(before);
}

export const isWrite = ({ operation }: CallRecord) => !/^(Describe|Get|List)/.test(operation);

/** Lets a test see each call of an operation before it is sent, or change what came back: what the sandbox cannot do. */
export function intercept(
  client: AnyClient,
  operation: string,
  { before, after }: { before?: () => unknown; after?: (output: object) => void },
): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== `${operation}Command`) return await next(args);
        await before?.();
        const result = await next(args);
        after?.(result.output);
        return result;
      },
    { step: 'initialize', name: `intercept${operation}` },
  );
}
