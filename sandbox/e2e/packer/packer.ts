import { deepEqual, equal, match } from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DescribeImagesResult,
  DescribeInstancesResult,
  DescribeKeyPairsResult,
  DescribeSecurityGroupsResult,
  DescribeSnapshotsResult,
  Tag,
} from '@aws-sdk/client-ec2';
import { Sandbox } from '../../sandbox.ts';
import { publicImage } from '../../scene.ts';
import { AwsCli } from '../aws-cli/aws-cli.ts';
import type { Bench, Case } from '../case.ts';
import { bakeStep, COMMIT, REGION, RUN } from './bake-step.ts';

/** The tags that each image and each of its snapshots has to carry, besides those of the template and the time. */
const TAGS = {
  'immutable-deploy:application': 'octo/shop',
  'immutable-deploy:branch': 'main',
  'immutable-deploy:commit': COMMIT,
  'immutable-deploy:run': RUN,
  Name: 'shop',
};

/** Real Packer makes an image by the built action, for both kinds of templates. */
export const packerCases: readonly Case[] = [
  {
    name: 'packer: an image of an HCL2 template',
    needs: ['packer', 'aws'],
    run: (bench) => bake(bench, 'sandbox/demo/app'),
  },
  {
    name: 'packer: an image of a JSON template',
    needs: ['packer', 'aws'],
    run: (bench) => bake(bench, 'sandbox/e2e/packer/template.json'),
  },
  {
    name: 'packer: images of several sources and Regions',
    needs: ['packer', 'aws'],
    run: bakeSeveral,
  },
  {
    name: 'packer: a mistake in the template is shown at its place',
    needs: ['packer'],
    run: bakeMistake,
  },
  {
    name: 'packer: an image whose name is taken',
    needs: ['packer'],
    run: bakeTwice,
  },
];

async function bakeSeveral({ tool, folder }: Bench): Promise<void> {
  const sandbox = await Sandbox.start({ timeScale: 60 });
  try {
    cpSync('sandbox/e2e/packer/several.pkr.hcl', join(folder, 'several.pkr.hcl'));
    const variables = { endpoint: sandbox.url, source_ami: publicImage(sandbox, REGION) };
    const { exitCode, log, outputs } = await bakeStep(sandbox, folder, {
      template: 'several.pkr.hcl',
      variables,
    });
    equal(exitCode, 0, log);
    const byRegion: Record<string, string> = JSON.parse(outputs['ami-ids'] ?? '');
    equal(outputs['ami-id'], byRegion[REGION]);
    for (const [region, names] of [
      [REGION, ['blue', 'green']],
      ['eu-west-1', ['blue']],
    ] as const) {
      const aws = new AwsCli(tool('aws'), sandbox.url, region);
      const { Images = [] } = await aws.call<DescribeImagesResult>(
        'ec2',
        'describe-images',
        '--owners',
        'self',
      );
      deepEqual(
        Images.map(({ Name }) => Name).toSorted(),
        names.map((name) => `${name}-${COMMIT}`),
      );
      deepEqual(byRegion[region]?.split(',').toSorted(), Images.map(({ ImageId }) => ImageId).toSorted());
      for (const { Tags } of Images) deepEqual({ ...identity(Tags), Name: 'shop' }, TAGS);
    }
  } finally {
    await sandbox.close();
  }
}

async function bakeMistake({ folder }: Bench): Promise<void> {
  const sandbox = await Sandbox.start();
  try {
    mkdirSync(join(folder, 'images'));
    writeFileSync(
      join(folder, 'images/app.pkr.hcl'),
      'source "amazon-ebs" "shop" {\n  nonsense = 1\n}\nbuild {\n  sources = ["source.amazon-ebs.shop"]\n}\n',
    );
    const { exitCode, log } = await bakeStep(sandbox, folder, { template: 'images' });
    equal(exitCode, 1, log);
    match(
      log,
      /^::error title=packer,file=images\/app\.pkr\.hcl,line=2::Unsupported argument%0A.*"nonsense"/m,
    );
  } finally {
    await sandbox.close();
  }
}

/** A template with a fixed name builds once. */
async function bakeTwice({ folder }: Bench): Promise<void> {
  const sandbox = await Sandbox.start({ timeScale: 60 });
  try {
    cpSync('sandbox/demo/app', join(folder, 'app'), { recursive: true });
    const variables = { endpoint: sandbox.url, region: REGION, source_ami: publicImage(sandbox, REGION) };
    await bakeStep(sandbox, folder, { template: 'app', variables });
    const { exitCode, log } = await bakeStep(sandbox, folder, { template: 'app', variables });
    equal(exitCode, 1, log);
    match(log, /^::error::.*is used by an existing AMI: ami-.*timestamp.*force_deregister/m);
  } finally {
    await sandbox.close();
  }
}

async function bake({ tool, folder }: Bench, source: string): Promise<void> {
  const sandbox = await Sandbox.start({ timeScale: 60 });
  try {
    const template = source.endsWith('.json') ? 'template.json' : 'app';
    cpSync(source, join(folder, template), { recursive: true });
    const result = await bakeStep(sandbox, folder, {
      template,
      variables: { endpoint: sandbox.url, region: REGION, source_ami: publicImage(sandbox, REGION) },
    });
    equal(result.exitCode, 0, result.log);
    match(result.log, new RegExp(`Packer ${tool('packer').version.replaceAll('.', '\\.')} from PATH`));
    await checkImage(new AwsCli(tool('aws'), sandbox.url, REGION), result.outputs);
  } finally {
    await sandbox.close();
  }
}

async function checkImage(aws: AwsCli, outputs: Readonly<Record<string, string>>): Promise<void> {
  const imageId = outputs['ami-id'] ?? '';
  deepEqual(JSON.parse(outputs['ami-ids'] ?? ''), { [REGION]: imageId });
  const { Images } = await aws.call<DescribeImagesResult>('ec2', 'describe-images', '--owners', 'self');
  deepEqual(
    Images?.map(({ ImageId, State }) => [ImageId, State]),
    [[imageId, 'available']],
  );
  deepEqual(identity(Images?.[0]?.Tags), TAGS);

  const { Snapshots } = await aws.call<DescribeSnapshotsResult>(
    'ec2',
    'describe-snapshots',
    '--owner-ids',
    'self',
  );
  deepEqual(
    Snapshots?.map(({ SnapshotId }) => SnapshotId),
    JSON.parse(outputs['snapshot-ids'] ?? ''),
  );
  deepEqual(
    Snapshots?.map(({ Tags }) => identity(Tags)),
    [TAGS],
  );
  await checkNothingIsLeft(aws);
}

/** The tags with values that are known beforehand. */
function identity(tags: readonly Tag[] = []): Record<string, string> {
  const wanted = tags.filter(({ Key = '' }) => Key in TAGS);
  return Object.fromEntries(wanted.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** The instance that built the image is going or gone, and its key pair and security group are deleted. */
async function checkNothingIsLeft(aws: AwsCli): Promise<void> {
  const { Reservations = [] } = await aws.call<DescribeInstancesResult>('ec2', 'describe-instances');
  const states = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
  deepEqual(
    states.filter((state) => state !== 'shutting-down' && state !== 'terminated'),
    [],
  );
  const { KeyPairs } = await aws.call<DescribeKeyPairsResult>('ec2', 'describe-key-pairs');
  deepEqual(KeyPairs, []);
  const { SecurityGroups } = await aws.call<DescribeSecurityGroupsResult>('ec2', 'describe-security-groups');
  deepEqual(
    SecurityGroups?.map(({ GroupName }) => GroupName),
    ['default'],
  );
}
