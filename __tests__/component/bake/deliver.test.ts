import {
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tagsOf } from '../../../src/tags.ts';
import { COMMIT_A, COMMIT_B, REGION, runFacts } from '../../support/harness.ts';
import { type BakeScene, packer, startBakeScene } from './scene.ts';

let scene: BakeScene;

beforeEach(async () => {
  scene = await startBakeScene();
});
afterEach(async () => await scene.harness.close());

const IRELAND = 'eu-west-1';
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-4333-8444-555555555555';
const ORGANISATION = 'arn:aws:organizations::123456789012:organization/o-abc123';
const UNIT = 'arn:aws:organizations::123456789012:ou/o-abc123/ou-abcd-12345678';

const inIreland = () => scene.harness.aws.inRegion(IRELAND);
const idIn = (region: string) => JSON.parse(scene.output('ami-ids'))[region];

const laterRun = {
  ...runFacts,
  id: '2',
  commit: COMMIT_B,
  url: 'https://github.com/octo/shop/actions/runs/2',
};
const again = (given: Record<string, string>) =>
  scene.run(given, { run: { ...laterRun, workspace: scene.workspace } });

/** Fails a call so many times; the client tries twice. */
const refuse = (operation: string, code = 'OperationNotPermitted') =>
  scene.harness.sandbox.faults.add({
    operation,
    times: 1,
    effect: { kind: 'error', code, message: 'not now', status: 400 },
  });

describe('copies', () => {
  test('are made in every Region, with the key of the Region and all tags', async () => {
    await scene.run({
      'copy-to-regions': `${IRELAND}, us-west-2, ${REGION}`,
      'kms-key-ids': `${IRELAND}=${KEY}`,
      tags: 'team=web',
    });
    expect(Object.keys(JSON.parse(scene.output('ami-ids')))).toEqual([REGION, IRELAND, 'us-west-2']);
    expect(scene.context.log.text).toMatch(/ami-\w+ in eu-west-1 is pending: snap-\w+ \d+%, snap-\w+ \d+%/);
    // Only what is new is said.
    const pending = scene.context.log.lines.filter((line) => line.includes('is pending'));
    expect(new Set(pending).size).toBe(pending.length);
    const copy = await scene.image(idIn(IRELAND), inIreland());
    expect(copy).toMatchObject({ State: 'available', SourceImageId: scene.output('ami-id') });
    const tags = tagsOf(copy);
    expect(tags).toMatchObject({ 'immutable-deploy:commit': COMMIT_A, team: 'web', Name: 'shop' });
    expect(tags['immutable-deploy:base-image']).toBe(scene.output('base-ami-id'));
    const ids = copy.BlockDeviceMappings?.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []) ?? [];
    const { Snapshots = [] } = await inIreland().ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: ids }));
    expect(Snapshots).toHaveLength(2);
    for (const snapshot of Snapshots) {
      expect(snapshot.KmsKeyId).toBe(KEY);
      expect(tagsOf(snapshot)).toMatchObject({ 'immutable-deploy:commit': COMMIT_A, team: 'web' });
    }
    const plain = await scene.image(idIn('us-west-2'), scene.harness.aws.inRegion('us-west-2'));
    expect(plain.BlockDeviceMappings?.[0]?.Ebs?.Encrypted).toBe(false);
  });

  test('that are there are the next commit’s as well, and marks of this Region stay here', async () => {
    await scene.run({ 'copy-to-regions': IRELAND });
    const [imageId, copyId] = [scene.output('ami-id'), idIn(IRELAND)];
    await scene.harness.aws.ec2.send(
      new CreateTagsCommand({
        Resources: [imageId],
        Tags: [{ Key: 'immutable-deploy:promoted:production', Value: '2026-11-02T09:00:00Z' }],
      }),
    );
    await again({ 'copy-to-regions': `${IRELAND}, us-west-2` });
    expect(idIn(IRELAND)).toBe(copyId);
    for (const region of [REGION, IRELAND, 'us-west-2']) {
      const tags = tagsOf(await scene.image(idIn(region), scene.harness.aws.inRegion(region)));
      expect(tags).toHaveProperty([`immutable-deploy:commit:${COMMIT_B}`]);
      expect('immutable-deploy:promoted:production' in tags).toBe(region === REGION);
    }
    expect(scene.started).toEqual([]);
  });

  test('that AWS could not make are made again by the next bake', async () => {
    const wrong = { 'copy-to-regions': `${IRELAND}, us-west-2`, 'kms-key-ids': `${IRELAND}=no-key` };
    await expect(scene.run(wrong)).rejects.toThrow(
      /"Copy to eu-west-1, us-west-2" failed: .*eu-west-1: .* ended failed: .*key.*kms-key-ids.*run the bake again/s,
    );
    const imageId = scene.output('ami-id');
    expect(Object.keys(JSON.parse(scene.output('ami-ids')))).toEqual([REGION, 'us-west-2']);
    expect(scene.context.report.summary).toContain('❌ Not finished');
    const right = { 'copy-to-regions': `${IRELAND}, us-west-2`, 'kms-key-ids': `${IRELAND}=${KEY}` };
    await again(right);
    expect(scene.output('ami-id')).toBe(imageId);
    expect(idIn(IRELAND)).toMatch(/^ami-/);
    const { Images } = await inIreland().ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    expect(Images?.map(({ State }) => State)).toEqual(['available']);
  });

  test('to a Region that is none are refused before anything is built', async () => {
    await expect(scene.run({ 'copy-to-regions': 'mars-north-1' })).rejects.toThrow(
      'Check the input "copy-to-regions": Invalid region names: [mars-north-1].',
    );
    expect(scene.started).toEqual([]);
  });
});

describe('sharing', () => {
  const permissions = async (region: string) => {
    const { LaunchPermissions } = await scene.harness.aws
      .inRegion(region)
      .ec2.send(new DescribeImageAttributeCommand({ ImageId: idIn(region), Attribute: 'launchPermission' }));
    return LaunchPermissions;
  };

  test('lets accounts, organisations and their units launch the image and its copies', async () => {
    await scene.run({
      'share-with': `210987654321, ${ORGANISATION}, ${UNIT}`,
      'copy-to-regions': IRELAND,
    });
    for (const region of [REGION, IRELAND])
      expect(await permissions(region)).toEqual([
        { UserId: '210987654321' },
        { OrganizationArn: ORGANISATION },
        { OrganizationalUnitArn: UNIT },
      ]);
  });

  test('of snapshots goes to the accounts, and says so', async () => {
    await scene.run({ 'share-with': `210987654321, ${ORGANISATION}`, 'share-snapshots': 'true' });
    for (const SnapshotId of JSON.parse(scene.output('snapshot-ids'))) {
      const { CreateVolumePermissions } = await scene.harness.aws.ec2.send(
        new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }),
      );
      expect(CreateVolumePermissions).toEqual([{ UserId: '210987654321' }]);
    }
    expect(scene.context.log.text).toContain('notice: The snapshots are shared with the accounts only');
  });

  test('of disks that AWS’s own key encrypts is refused with the reason and the way out', async () => {
    const given = { 'share-with': '210987654321', 'ssm-parameter': '/shop/ami' };
    const processes = packer(scene, { encrypted: true });
    await expect(scene.run(given, { processes })).rejects.toThrow(
      /can’t be shared.*encrypt the image with a key of your own.*Not begun: Publish in the parameter/s,
    );
    expect(scene.context.report.summary).toContain('| Share with 210987654321 | ❌ failed |');
    expect(scene.output('ami-id')).toMatch(/^ami-/);
  });
});

describe('the parameter', () => {
  const parameter = async (region = REGION, name = '/shop/ami') =>
    (await scene.harness.aws.inRegion(region).ssm.send(new GetParameterCommand({ Name: name }))).Parameter;

  test('says the image of each Region, when the step ends', async () => {
    await scene.run({ 'ssm-parameter': '/shop/ami', 'copy-to-regions': IRELAND });
    for (const region of [REGION, IRELAND])
      expect(await parameter(region)).toMatchObject({ Value: idIn(region), DataType: 'aws:ec2:image' });
  });

  test('is left alone when it says so already', async () => {
    await scene.run({ 'ssm-parameter': '/shop/ami' });
    await again({ 'ssm-parameter': '/shop/ami' });
    expect(scene.calls()).not.toContain('PutParameter');
    expect((await parameter())?.Version).toBe(1);
  });

  test('that is plain text stays so, and is told', async () => {
    const { ssm } = scene.harness.aws;
    await ssm.send(new PutParameterCommand({ Name: '/shop/ami', Value: 'none', Type: 'String' }));
    await scene.run({ 'ssm-parameter': '/shop/ami' });
    expect(await parameter()).toMatchObject({ Value: scene.output('ami-id'), DataType: 'text' });
    expect(scene.context.log.text).toContain('notice: /shop/ami in us-east-1 is plain text');
  });

  test('that holds a secret is refused before anything is built', async () => {
    const { ssm } = scene.harness.aws;
    await ssm.send(new PutParameterCommand({ Name: '/shop/ami', Value: 'x', Type: 'SecureString' }));
    await expect(scene.run({ 'ssm-parameter': '/shop/ami' })).rejects.toThrow('is a SecureString');
    expect(scene.started).toEqual([]);
  });

  test('from which launch templates take their image is a warning that names them', async () => {
    for (const [name, ImageId] of [
      ['shop', 'resolve:ssm:/shop/ami'],
      ['pinned', 'resolve:ssm:/shop/ami:1'],
      ['other', 'resolve:ssm:/shop/ami2'],
    ])
      await scene.harness.aws.ec2.send(
        new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData: { ImageId } }),
      );
    await scene.run({ 'ssm-parameter': '/shop/ami' });
    expect(scene.context.log.text).toContain(
      'take their image from the parameter /shop/ami: shop (version 1), pinned (version 1). Whatever',
    );
  });

  test('holds one image: several are refused by name of the Region', async () => {
    const processes = packer(scene, { sources: 2 });
    await expect(scene.run({ 'ssm-parameter': '/shop/ami' }, { processes })).rejects.toThrow(
      /The template made 2 images in us-east-1 \(ami-\w+, ami-\w+\), and only one can be meant/,
    );
  });

  test('that never says the image fails the step', async () => {
    const { state } = scene.harness.sandbox.world.region(REGION);
    // Parameter Store finds something wrong with the image, which it tells nobody.
    scene.harness.aws.ssm.middlewareStack.add((next, { commandName }) => async (args) => {
      const answer = await next(args);
      if (commandName === 'PutParameterCommand') state.parameterPuts.clear();
      return answer;
    });
    await expect(scene.run({ 'ssm-parameter': '/shop/ami' })).rejects.toThrow(
      /The parameter \/shop\/ami in us-east-1 still says nothing and not ami-.*ec2:DescribeImages/,
    );
  });
});

describe('the image itself', () => {
  test('is deprecated some days later, and protected, in every Region', async () => {
    await scene.run({
      'deprecate-after-days': '90',
      'deregistration-protection': 'true',
      'copy-to-regions': IRELAND,
    });
    for (const region of [REGION, IRELAND]) {
      const image = await scene.image(idIn(region), scene.harness.aws.inRegion(region));
      expect(image.DeprecationTime).toMatch(/^2027-01-31T/);
      expect(image.DeregistrationProtection).toBe('enabled-without-cooldown');
    }
  });
});

describe('what fails afterwards', () => {
  test('leaves the image and says what is not finished; running again finishes without a build', async () => {
    const given = { 'deprecate-after-days': '90', 'deregistration-protection': 'true' };
    refuse('EnableImageDeprecation');
    await expect(scene.run(given)).rejects.toThrow(
      /"Deprecate after 90 days" failed: not now Not begun: Protect from being deregistered\. ami-\w+ \(us-east-1\) stays; run the bake again/,
    );
    const imageId = scene.output('ami-id');
    expect(scene.context.report.summary).toContain('| Protect from being deregistered | ⏳ not begun |');
    await again(given);
    expect(scene.output('ami-id')).toBe(imageId);
    expect(await scene.image(imageId)).toMatchObject({
      DeregistrationProtection: 'enabled-without-cooldown',
    });
  });

  test('is in the plan before', async () => {
    await scene.run({
      'dry-run': 'true',
      'copy-to-regions': IRELAND,
      'share-with': '210987654321',
      'smoke-test': 'status',
    });
    expect(scene.context.report.summary).toContain(
      '1. Smoke test (status), unless the image has passed it\n1. Copy to eu-west-1\n1. Share with 210987654321',
    );
  });
});

test.each([
  [{ 'kms-key-ids': `${IRELAND}=${KEY}` }, 'a key for eu-west-1, which is not in "copy-to-regions"'],
  [{ 'kms-key-ids': `us-west-2=${KEY}`, 'copy-to-regions': 'us-west-2' }, 'a key of eu-west-1 for us-west-2'],
  [{ 'kms-key-ids': `${REGION}=alias/app` }, 'its template decides about that'],
  [{ 'share-with': ORGANISATION, 'share-snapshots': 'true' }, 'needs account ids in "share-with"'],
  [{ 'share-snapshots': 'true' }, 'needs account ids in "share-with"'],
])('inputs that cannot work together are refused before the first call: %o', async (given, problem) => {
  await expect(scene.run(given)).rejects.toThrow(problem);
  expect(scene.calls()).toEqual([]);
});
