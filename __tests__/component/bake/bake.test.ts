import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { publicImage } from '../../../sandbox/scene.ts';
import { bake } from '../../../src/bake/bake.ts';
import type { ProcessRunner, RunOptions } from '../../../src/process.ts';
import { tagsOf } from '../../../src/tags.ts';
import {
  COMMIT_A,
  COMMIT_B,
  type Harness,
  inputsOf,
  REGION,
  runFacts,
  startHarness,
  type TestContext,
} from '../../support/harness.ts';

let harness: Harness;
let context: TestContext;
let workspace: string;

beforeEach(async () => {
  harness = await startHarness();
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  writeFileSync(join(workspace, 'app.pkr.hcl'), '');
});
afterEach(async () => await harness.close());

/** A Packer of the test's: answers each command with lines and an exit code, and makes what a build makes. */
function packer(build: (options: RunOptions) => Promise<number>, started: string[][] = []): ProcessRunner {
  return {
    async run(command, args, options) {
      if (command === 'git') return 128;
      started.push([...args]);
      switch (args[0]) {
        case 'version':
          options.onLine?.('Packer v1.14.2', 'stdout');
          return 0;
        case 'build':
          return await build(options);
        default:
          return 0;
      }
    },
  };
}

/** Makes an image as a builder does, and names it as Packer does. It is still pending then. */
async function makeImage(options: RunOptions, { source = 'shop', region = REGION } = {}): Promise<string> {
  const { sandbox } = harness;
  const aws = harness.aws.inRegion(region);
  const { Instances } = await aws.ec2.send(
    new RunInstancesCommand({ ImageId: publicImage(sandbox, region), MinCount: 1, MaxCount: 1 }),
  );
  const { ImageId = '' } = await aws.ec2.send(
    new CreateImageCommand({ InstanceId: Instances?.[0]?.InstanceId ?? '', Name: source }),
  );
  options.onLine?.(`1795262600,amazon-ebs.${source},artifact,0,id,${region}:${ImageId}`, 'stdout');
  return ImageId;
}

async function run(
  given: Record<string, string>,
  overrides: Parameters<Harness['context']>[0],
): Promise<void> {
  context = harness.context({ run: { ...runFacts, workspace }, ...overrides });
  await harness.drive(
    bake(inputsOf('bake', { template: 'app.pkr.hcl', 'packer-version': 'system', ...given }), context),
  );
}

const builtImage = {
  processes: packer(async (options) => {
    await makeImage(options);
    return 0;
  }),
};

describe('a build', () => {
  test('is tagged with what it is, on the image and on its snapshots, and awaited until available', async () => {
    await run({ application: 'shop' }, builtImage);
    const imageId = context.report.outputs.get('ami-id') ?? '';
    const { Images } = await harness.aws.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    expect(Images?.[0]?.State).toBe('available');
    const identity = {
      'immutable-deploy:application': 'shop',
      'immutable-deploy:commit': COMMIT_A,
      'immutable-deploy:branch': 'main',
      'immutable-deploy:run': 'https://github.com/octo/shop/actions/runs/1',
      'immutable-deploy:built': '2026-11-02T09:00:00.000Z',
      'immutable-deploy:fingerprint': context.report.outputs.get('fingerprint'),
      'immutable-deploy:base-image': publicImage(harness.sandbox, REGION),
    };
    expect(tagsOf(Images?.[0] ?? {})).toEqual(identity);
    expect(context.report.outputs.get('base-ami-id')).toBe(publicImage(harness.sandbox, REGION));
    const { Snapshots = [] } = await harness.aws.ec2.send(new DescribeSnapshotsCommand({}));
    expect(Snapshots.map((snapshot) => tagsOf(snapshot))).toEqual([identity]);
    expect(JSON.parse(context.report.outputs.get('snapshot-ids') ?? '')).toEqual(
      Snapshots.map(({ SnapshotId }) => SnapshotId),
    );
    expect(JSON.parse(context.report.outputs.get('ami-ids') ?? '')).toEqual({ [REGION]: imageId });
  });

  test('of a git tag carries the version and no branch', async () => {
    const { branch: _branch, ...facts } = runFacts;
    await run({}, { ...builtImage, run: { ...facts, workspace, version: 'v1.2.3' } });
    const { Images } = await harness.aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    const tags = tagsOf(Images?.[0] ?? {});
    expect(tags['immutable-deploy:version']).toBe('v1.2.3');
    expect(tags['immutable-deploy:branch']).toBeUndefined();
  });

  test('is of the commit that is checked out, when that is another one', async () => {
    await run({}, { ...builtImage, checkedOut: async () => COMMIT_B });
    expect(context.report.outputs.get('commit')).toBe(COMMIT_B);
    expect(context.log.text).toContain(`notice: The workspace has commit ${COMMIT_B} checked out`);
  });

  test('gets the template, variables and what it is for, and nothing of the job that is none of its business', async () => {
    const started: string[][] = [];
    let env: Record<string, string> = {};
    const processes = packer(async (options) => {
      env = options.env;
      await makeImage(options);
      return 0;
    }, started);
    await run(
      { variables: 'size=big\nname=a=b', only: 'amazon-ebs.shop' },
      {
        processes,
        env: {
          PATH: '/bin',
          'INPUT_GITHUB-TOKEN': 'secret',
          ACTIONS_RUNTIME_TOKEN: 'secret',
          MY_SETTING: 'x',
        },
      },
    );
    expect(started.map(([command]) => command)).toEqual(['version', 'init', 'validate', 'build']);
    expect(started.at(-1)).toEqual(
      expect.arrayContaining([
        '-machine-readable',
        '-only=amazon-ebs.shop',
        '-var',
        'size=big',
        'name=a=b',
        'app.pkr.hcl',
      ]),
    );
    expect(env).toMatchObject({
      PATH: '/bin',
      MY_SETTING: 'x',
      PKR_VAR_immutable_deploy_commit: COMMIT_A,
      PKR_VAR_immutable_deploy_application: 'octo/shop',
      PKR_VAR_immutable_deploy_ref: 'main',
      PKR_VAR_immutable_deploy_version: '',
      PKR_VAR_immutable_deploy_run: expect.stringMatching(
        /^https:\/\/github\.com\/octo\/shop\/actions\/runs\/1\/attempts\/1 until /,
      ),
      PKR_VAR_immutable_deploy_base_image: '',
      AWS_REGION: REGION,
    });
    expect(JSON.stringify(env)).not.toContain('secret');
  });

  test('in several Regions, and of several sources in one, gives every id', async () => {
    const processes = packer(async (options) => {
      await makeImage(options, { source: 'amd' });
      await makeImage(options, { source: 'arm' });
      await makeImage(options, { source: 'amd', region: 'eu-west-1' });
      return 0;
    });
    await run({}, { processes });
    const images = async (region: string) => {
      const { Images = [] } = await harness.aws
        .inRegion(region)
        .ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
      for (const image of Images) expect(tagsOf(image)['immutable-deploy:commit']).toBe(COMMIT_A);
      return Images.map(({ ImageId }) => ImageId).toSorted();
    };
    const { outputs } = context.report;
    const byRegion = JSON.parse(outputs.get('ami-ids') ?? '');
    expect(Object.keys(byRegion)).toEqual([REGION, 'eu-west-1']);
    expect(byRegion[REGION].split(',').toSorted()).toEqual(await images(REGION));
    expect([byRegion['eu-west-1']]).toEqual(await images('eu-west-1'));
    // What `ami-id` of a promotion takes.
    expect(outputs.get('ami-id')).toBe(byRegion[REGION]);
    expect(JSON.parse(outputs.get('snapshot-ids') ?? '')).toHaveLength(2);
  });

  test('keeps all that Packer said in a file, and shows no value of a sensitive variable', async () => {
    writeFileSync(join(workspace, 'app.pkr.hcl'), 'variable "license" { sensitive = true }');
    const secrets: string[] = [];
    const processes = packer(async (options) => {
      options.onLine?.('1,,ui,message,    amazon-ebs.shop: license hunter2 accepted', 'stdout');
      await makeImage(options);
      return 0;
    });
    context = harness.context({ run: { ...runFacts, workspace, temp: workspace }, processes });
    context.log.secret = (value) => void secrets.push(value);
    const inputs = { template: 'app.pkr.hcl', 'packer-version': 'system', variables: 'license=hunter2' };
    await harness.drive(bake(inputsOf('bake', inputs), context));
    expect(secrets).toEqual(['hunter2']);
    const kept = readFileSync(context.report.outputs.get('packer-log') ?? '', 'utf8');
    expect(kept).toContain('license *** accepted');
    expect(kept).not.toContain('hunter2');
    expect(kept).toMatch(/^2026-11-02T09:00:00\.000Z packer validate app\.pkr\.hcl$/m);
  });

  test('gets the role that was assumed, with a token file that lasts as long as it does', async () => {
    const seen: (string | undefined)[] = [];
    const processes = packer(async (options) => {
      const file = options.env.AWS_WEB_IDENTITY_TOKEN_FILE ?? '';
      seen.push(readFileSync(file, 'utf8'), options.env.AWS_ROLE_ARN, options.env.AWS_ACCESS_KEY_ID, file);
      await makeImage(options);
      return 0;
    });
    const roleArn = 'arn:aws:iam::123456789012:role/bake';
    const webIdentity = { roleArn, sessionName: 'immutable-deploy-1', idToken: async () => 'fresh token' };
    await run({}, { processes, webIdentity, env: { AWS_ACCESS_KEY_ID: 'static', PATH: '/bin' } });
    expect(seen.slice(0, 3)).toEqual(['fresh token', roleArn, undefined]);
    expect(existsSync(seen[3] ?? '')).toBe(false);
  });

  test('with dry-run is only validated', async () => {
    const started: string[][] = [];
    await run(
      { 'dry-run': 'true' },
      { processes: packer(() => Promise.reject(new Error('must not build')), started) },
    );
    expect(started.map(([command]) => command)).toEqual(['version', 'init', 'validate']);
    expect(context.report.summary).toContain('Plan: bake');
  });
});

describe('a build that fails', () => {
  test("ends with Packer's own words", async () => {
    const processes = packer(async (options) => {
      options.onLine?.(
        '1795262600,,ui,error,==> amazon-ebs.shop: Script exited with non-zero exit status: 3',
        'stdout',
      );
      return 1;
    });
    await expect(run({}, { processes })).rejects.toThrow(
      /failed with exit code 1[\s\S]*Script exited with non-zero exit status: 3/,
    );
  });

  test('after it made an image leaves none without tags', async () => {
    const processes = packer(async (options) => {
      await makeImage(options);
      return 1;
    });
    await expect(run({}, { processes })).rejects.toThrow(/failed with exit code 1/);
    const { Images } = await harness.aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    expect(tagsOf(Images?.[0] ?? {})).toMatchObject({
      'immutable-deploy:commit': COMMIT_A,
      'immutable-deploy:quarantined': expect.stringContaining('the build failed that made it'),
    });
  });

  test('to make any image is a failure', async () => {
    await expect(run({}, { processes: packer(async () => 0) })).rejects.toThrow(/reported no AMI/);
  });

  test('because the template is not there, names the inputs before Packer is looked for', async () => {
    const started: string[][] = [];
    await expect(
      run(
        { template: 'nope.pkr.hcl', 'variable-files': 'a.pkrvars.hcl' },
        { processes: packer(async () => 0, started) },
      ),
    ).rejects.toThrow(/There is no template nope\.pkr\.hcl[\s\S]*There is no variable file a\.pkrvars\.hcl/);
    expect(started).toEqual([]);
  });

  test('because its snapshots take longer than timeout-minutes, says so', async () => {
    await expect(run({ 'timeout-minutes': '1' }, builtImage)).rejects.toThrow(
      /still pending when timeout-minutes was over/,
    );
  });
});
