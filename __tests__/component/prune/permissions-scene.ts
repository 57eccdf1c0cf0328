import { CreateImageCommand, ModifyImageAttributeCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { readPolicy } from '../../../sandbox/iam/trial.ts';
import { addGroup, publicImage } from '../../../sandbox/scene.ts';
import { markValue, TAG } from '../../../src/tags.ts';
import { type Harness, REGION, START, startHarness } from '../../support/harness.ts';
import { addTemplate, buildMark, DAY, seedBuild, seedImage, seedImages } from './scene.ts';

/** The policy that the documentation offers, and an account to try it in. */

export const policy = readPolicy('prune.json');
export const actions = policy.Statement.flatMap(({ Action }) => Action);

/** An account with something to do for every action of the policy. */
export async function busyAccount(): Promise<Harness> {
  const harness = await startHarness();
  const { aws, sandbox } = harness;
  const { state } = sandbox.world.region(REGION);
  const images = seedImages(harness, 8);
  await addTemplate(aws, 'shop', images.toReversed());
  const unused = await addTemplate(aws, 'unused', images.slice(0, 2));
  for (const version of state.launchTemplates.get(unused)?.versions ?? [])
    version.createdAt = START - 100 * DAY;
  await addTemplate(aws, 'alias', ['resolve:ssm:/aws/service/x', 'resolve:ssm:/ami']);
  await addGroup(sandbox, aws, { name: 'web', imageId: images[0] ?? '', size: 1 });
  const shared = { ImageId: images[5], LaunchPermission: { Add: [{ UserId: '111122223333' }] } };
  await aws.ec2.send(new ModifyImageAttributeCommand(shared));
  await seedBuild(harness, 'lost', buildMark(START - DAY));
  await orphanedSnapshot(harness);
  // One that was disabled and deprecated by an earlier run, and is wanted now.
  const removing = { [TAG.removing]: markValue(START - DAY, 'disable'), [TAG.keep]: '' };
  const wanted = seedImage(harness, { daysOld: 300, state: 'disabled', tags: removing });
  const record = state.images.get(wanted);
  if (record) record.image.DeprecationTime = new Date(START - DAY).toISOString();
  return harness;
}

async function orphanedSnapshot(harness: Harness): Promise<void> {
  const { ec2 } = harness.aws;
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: publicImage(harness.sandbox, REGION),
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
    }),
  );
  const { ImageId = '' } = await ec2.send(
    new CreateImageCommand({
      InstanceId: Instances[0]?.InstanceId,
      Name: 'lost',
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: TAG.application, Value: 'octo/shop' }] }],
    }),
  );
  harness.sandbox.clock.advance(2 * DAY);
  harness.sandbox.world.region(REGION).state.images.delete(ImageId);
}

/** Inputs with which every part of prune has work. */
export const EVERYTHING = { 'prune-shared': 'true', 'unused-launch-templates': 'delete' };
