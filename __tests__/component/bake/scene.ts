import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CopyImageCommand,
  CreateImageCommand,
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  DeleteKeyPairCommand,
  DeleteSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  type Image,
  type ResourceType,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { publicImage } from '../../../sandbox/scene.ts';
import type { Aws } from '../../../src/aws/clients.ts';
import { bake } from '../../../src/bake/bake.ts';
import { createProcessRunner } from '../../../src/packer/exec.ts';
import type { ProcessRunner, RunOptions } from '../../../src/process.ts';
import { tagsOf } from '../../../src/tags.ts';
import {
  type Harness,
  inputsOf,
  REGION,
  runFacts,
  startHarness,
  type TestContext,
} from '../../support/harness.ts';

/** What the tests of the mode bake share: a workspace with a template, and a Packer that makes what Packer makes. */
export interface BakeScene {
  harness: Harness;
  workspace: string;
  /** The context of the last run. */
  context: TestContext;
  /** Commands that Packer was started with. */
  started: string[];
  /** Runs the mode to its end in stepped time. */
  run(given?: Record<string, string>, overrides?: Parameters<Harness['context']>[0]): Promise<void>;
  output(name: string): string;
  image(id: string, aws?: Aws): Promise<Image>;
  tags(id: string): Promise<Readonly<Record<string, string>>>;
  /** Names of the operations of the last run. */
  calls(): string[];
  /** Everything in the Region that a build makes for its own time, and is still there. */
  leftovers(): Promise<string[]>;
}

export async function startBakeScene(): Promise<BakeScene> {
  const harness = await startHarness();
  const workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  writeFileSync(join(workspace, 'app.pkr.hcl'), '# a template');
  let before = 0;
  const { aws, sandbox } = harness;
  const scene: BakeScene = {
    harness,
    workspace,
    context: harness.context(),
    started: [],
    async run(given = {}, overrides = {}) {
      before = sandbox.aws.calls.length;
      scene.started = [];
      const run = { ...runFacts, workspace, ...overrides.run };
      scene.context = harness.context({ processes: packer(scene), ...overrides, run });
      const inputs = inputsOf('bake', { template: 'app.pkr.hcl', 'packer-version': 'system', ...given });
      await harness.drive(bake(inputs, scene.context));
    },
    output: (name) => scene.context.report.outputs.get(name) ?? '',
    async image(id, from = aws) {
      const { Images } = await from.ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
      const [image] = Images ?? [];
      if (!image) throw new Error(`There is no image ${id}.`);
      return image;
    },
    tags: async (id) => tagsOf(await scene.image(id)),
    calls: () => sandbox.aws.calls.slice(before).map(({ operation }) => operation),
    async leftovers() {
      const { state } = sandbox.world.region(REGION);
      const instances = [...state.instances.values()].filter(
        (instance) => instance.state !== 'terminated' && instance.state !== 'shutting-down',
      );
      return [
        ...instances.map(({ id }) => id),
        ...[...state.volumes.values()].filter((volume) => volume.state === 'available').map(({ id }) => id),
        ...[...state.keyPairs.keys()],
        ...[...state.securityGroups.values()].filter(({ name }) => name !== 'default').map(({ id }) => id),
        ...[...state.parameters.keys()].filter((name) => name.startsWith('/immutable-deploy/')),
      ];
    },
  };
  return scene;
}

/** What the test's Packer does besides an ordinary build. */
export interface PackerOptions {
  /** Called with each thing that it made; it ends where this rejects. */
  onMade?(what: string): Promise<void> | void;
  exitCode?: number;
  /** Whether the template gives `run_tags`; default: it does. */
  runTags?: boolean;
  /** Whether it gives `run_volume_tags`; default: it does not. */
  runVolumeTags?: boolean;
  imageTags?: Record<string, string>;
  name?: string;
  /** Lines that it, or a provisioner, prints besides. */
  says?: readonly string[];
  /** The AWS that it talks to; default: the scene's. */
  aws?: Aws;
  /** How many sources the template has; default: one. */
  sources?: number;
  /** As with `ami_regions`: a copy there. */
  alsoIn?: string;
  /** With the key that AWS keeps for EBS. */
  encrypted?: boolean;
}

let builds = 0;

/**
 * Stands for Packer within a test: the calls and the lines of an amazon-ebs build with a temporary key pair and
 * security group. git is the real one.
 */
export function packer(scene: BakeScene, options: PackerOptions = {}): ProcessRunner {
  const real = createProcessRunner();
  return {
    async run(command, args, run) {
      if (command === 'git')
        return await scene.harness.sandbox.clock.holdWhile(() => real.run(command, args, run));
      scene.started.push(args[0] ?? '');
      if (args[0] === 'version') run.onLine?.('Packer v1.14.2', 'stdout');
      if (args[0] !== 'build') return 0;
      let exitCode = 0;
      for (let source = 0; source < (options.sources ?? 1); source++)
        exitCode = await build(scene.harness, run, options);
      return exitCode;
    },
  };
}

async function build(
  { aws, sandbox }: Harness,
  { env, onLine }: RunOptions,
  options: PackerOptions,
): Promise<number> {
  const { ec2 } = options.aws ?? aws;
  const number = String(++builds).padStart(8, '0');
  const name = `packer_${number}-0000-4000-8000-000000000000`;
  const say = (text: string) => onLine?.(`1795262600,,ui,message,    amazon-ebs.shop: ${text}`, 'stdout');
  const made = async (what: string) => await options.onMade?.(what);
  const Tags = [{ Key: 'immutable-deploy:run', Value: env.PKR_VAR_immutable_deploy_run ?? '' }];
  const tagged = (ResourceType: ResourceType) => (options.runTags === false ? [] : [{ ResourceType, Tags }]);

  for (const line of options.says ?? []) say(line);
  say(`Creating temporary keypair: ${name}`);
  await ec2.send(
    new CreateKeyPairCommand({ KeyName: name, KeyType: 'ed25519', TagSpecifications: tagged('key-pair') }),
  );
  await made('key pair');
  say(`Creating temporary security group for this instance: ${name}`);
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: name,
      Description: 'Temporary group for Packer',
      TagSpecifications: tagged('security-group'),
    }),
  );
  await made('security group');
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: publicImage(sandbox, REGION),
      MinCount: 1,
      MaxCount: 1,
      KeyName: name,
      SecurityGroupIds: [GroupId],
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/sdf',
          Ebs: { VolumeSize: 1, DeleteOnTermination: false, Encrypted: options.encrypted ?? false },
        },
      ],
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [{ Key: 'Name', Value: 'Packer Builder' }, ...(options.runTags === false ? [] : Tags)],
        },
        ...(options.runVolumeTags === true ? [{ ResourceType: 'volume' as const, Tags }] : []),
      ],
    }),
  );
  const InstanceId = Instances?.[0]?.InstanceId ?? '';
  say(`Instance ID: ${InstanceId}`);
  await made('instance');
  const { ImageId = '' } = await ec2.send(
    new CreateImageCommand({
      InstanceId,
      Name: options.name ?? `shop-${number}`,
      TagSpecifications: [
        {
          ResourceType: 'image',
          Tags: Object.entries({ Name: 'shop', ...options.imageTags }).map(([Key, Value]) => ({
            Key,
            Value,
          })),
        },
      ],
    }),
  );
  say(`AMI: ${ImageId}`);
  await made('image');
  const isAvailable = async () => {
    const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
    return Images?.[0]?.State === 'available';
  };
  while (!(await isAvailable())) await sandbox.clock.sleep(15_000);
  const copies: string[] = [];
  if (options.alsoIn !== undefined) {
    const copy = await aws.inRegion(options.alsoIn).ec2.send(
      new CopyImageCommand({
        SourceRegion: REGION,
        SourceImageId: ImageId,
        Name: options.name ?? `shop-${number}`,
      }),
    );
    copies.push(`${options.alsoIn}:${copy.ImageId}`);
  }
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  sandbox.clock.advance(30_000);
  for (const volume of sandbox.world.region(REGION).state.volumes.values()) {
    if (volume.state === 'available') sandbox.world.region(REGION).state.volumes.delete(volume.id);
  }
  await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  await ec2.send(new DeleteKeyPairCommand({ KeyName: name }));
  const ids = [`${REGION}:${ImageId}`, ...copies].join('%!(PACKER_COMMA)');
  onLine?.(`1795262600,amazon-ebs.shop,artifact,0,id,${ids}`, 'stdout');
  await made('artifact');
  return options.exitCode ?? 0;
}

/** How many builder instances there are in whatever state, by a look at AWS. */
export async function countInstances({ aws }: Harness): Promise<number> {
  const { Reservations = [] } = await aws.ec2.send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances).length;
}
