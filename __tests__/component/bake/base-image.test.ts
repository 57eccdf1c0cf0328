import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PUBLIC_IMAGE_PARAMETER } from '../../../sandbox/engine/world.ts';
import { addImage, publicImage } from '../../../sandbox/scene.ts';
import { REGION } from '../../support/harness.ts';
import { type BakeScene, packer, startBakeScene } from './scene.ts';

let scene: BakeScene;

beforeEach(async () => {
  scene = await startBakeScene();
});
afterEach(async () => await scene.harness.close());

const addBase = async (name: string, tags: Record<string, string> = {}) =>
  await addImage(scene.harness.sandbox, scene.harness.aws, name, tags);

const quarantine = async (imageId: string) =>
  await scene.harness.aws.ec2.send(
    new CreateTagsCommand({
      Resources: [imageId],
      Tags: [{ Key: 'immutable-deploy:quarantined', Value: 'bad' }],
    }),
  );

async function chosen(baseImage: string): Promise<string> {
  await scene.run({ 'base-image': baseImage, 'dry-run': 'true' });
  return scene.output('base-ami-id');
}

describe('the base image', () => {
  test('is an id, the newest of an owner with a name, a parameter, or another bake', async () => {
    const standard = publicImage(scene.harness.sandbox, REGION);
    expect(await chosen(standard)).toBe(standard);
    expect(await chosen('amazon:al2023-ami-2023.*-x86_64')).toBe(standard);
    expect(await chosen('137112412989:al2023-ami-*')).toBe(standard);
    expect(await chosen(`ssm:${PUBLIC_IMAGE_PARAMETER}`)).toBe(standard);
    await addBase('primal-1', { 'immutable-deploy:application': 'primal' });
    const newest = await addBase('primal-2', { 'immutable-deploy:application': 'primal' });
    await quarantine(await addBase('primal-3', { 'immutable-deploy:application': 'primal' }));
    expect(await chosen('application:primal')).toBe(newest);
    expect(await chosen('self:primal-*')).toBe(newest);
  });

  test('is given to the template, and noted on the image and its snapshots', async () => {
    const base = await addBase('primal');
    let args: readonly string[] = [];
    let env: Readonly<Record<string, string>> = {};
    const inner = packer(scene);
    const processes: typeof inner = {
      run(command, all, options) {
        if (all[0] === 'build') [args, env] = [all, options.env];
        return inner.run(command, all, options);
      },
    };
    await scene.run({ 'base-image': base, 'base-image-variable': 'parent' }, { processes });
    expect(args).toEqual(expect.arrayContaining(['-var', `parent=${base}`]));
    expect(env.PKR_VAR_immutable_deploy_base_image).toBe(base);
    const tags = await scene.tags(scene.output('ami-id'));
    expect(tags['immutable-deploy:base-image']).toBe(base);
    expect(scene.output('base-ami-id')).toBe(base);
  });

  test('that is newer means a new image', async () => {
    await addBase('primal-1');
    await scene.run({ 'base-image': 'self:primal-*' });
    const first = scene.output('ami-id');
    await scene.run({ 'base-image': 'self:primal-*' });
    expect(scene.output('ami-id')).toBe(first);
    const newer = await addBase('primal-2');
    await scene.run({ 'base-image': 'self:primal-*' });
    expect(scene.output('ami-id')).not.toBe(first);
    expect(scene.output('base-ami-id')).toBe(newer);
  });

  test.each([
    ['ami-0123456789abcdef0', /which does not exist in us-east-1, or is not shared/],
    ['amazon:debian-*', /There is no available image of amazon with a name like "debian-\*"/],
    ['ssm:/golden/image', /There is no parameter \/golden\/image in us-east-1/],
    ['application:primal', /There is no available image of the application "primal".*bake it first/],
  ])('%s that is not there is refused before anything is written', async (baseImage, message) => {
    await expect(scene.run({ 'base-image': baseImage })).rejects.toThrow(message);
    expect(scene.started).toEqual([]);
    expect(scene.calls()).toHaveLength(1);
  });

  test('that is quarantined is refused', async () => {
    const base = await addBase('primal');
    await quarantine(base);
    await expect(chosen(base)).rejects.toThrow(/quarantined \(bad\)/);
  });

  test('and the variable that gets it cannot both be given', async () => {
    await expect(
      scene.run({ 'base-image': 'application:primal', variables: 'source_ami=ami-1' }),
    ).rejects.toThrow(/The variable source_ami gets the id of "base-image"/);
    expect(scene.calls()).toEqual([]);
  });
});
