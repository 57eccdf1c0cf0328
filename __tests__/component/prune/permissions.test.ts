import { readFileSync } from 'node:fs';
import { CreateImageCommand, ModifyImageAttributeCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { ACCOUNT } from '../../../sandbox/engine/world.ts';
import { addGroup, publicImage } from '../../../sandbox/scene.ts';
import { markValue, TAG } from '../../../src/tags.ts';
import { type Harness, REGION, START, startHarness } from '../../support/harness.ts';
import { addTemplate, buildMark, DAY, runPrune, seedBuild, seedImage, seedImages } from './scene.ts';

/** The policy that the documentation offers is enough, and nothing in it is superfluous. */

const Policy = v.object({
  Version: v.string(),
  Statement: v.array(v.looseObject({ Sid: v.string(), Action: v.array(v.string()) })),
});
const policy = v.parse(
  Policy,
  JSON.parse(
    readFileSync('docs/policies/prune.json', 'utf8')
      .replaceAll('111122223333', ACCOUNT)
      .replaceAll('org/*', 'octo/*'),
  ),
);
const actions = policy.Statement.flatMap(({ Action }) => Action);

let harness: Harness;
const state = () => harness.sandbox.world.region(REGION).state;

/** Something to do for every action of the policy. */
beforeEach(async () => {
  harness = await startHarness();
  const { aws, sandbox } = harness;
  const images = seedImages(harness, 8);
  await addTemplate(aws, 'shop', images.toReversed());
  const unused = await addTemplate(aws, 'unused', images.slice(0, 2));
  for (const version of state().launchTemplates.get(unused)?.versions ?? [])
    version.createdAt = START - 100 * DAY;
  await addTemplate(aws, 'alias', ['resolve:ssm:/aws/service/x', 'resolve:ssm:/ami']);
  await addGroup(sandbox, aws, { name: 'web', imageId: images[0] ?? '', size: 1 });
  const shared = { ImageId: images[5], LaunchPermission: { Add: [{ UserId: '111122223333' }] } };
  await aws.ec2.send(new ModifyImageAttributeCommand(shared));
  await seedBuild(harness, 'lost', buildMark(START - DAY));
  await orphanedSnapshot();
  // One that was disabled and deprecated by an earlier run, and is wanted now.
  const removing = { [TAG.removing]: markValue(START - DAY, 'disable'), [TAG.keep]: '' };
  const wanted = seedImage(harness, { daysOld: 300, state: 'disabled', tags: removing });
  const record = state().images.get(wanted);
  if (record) record.image.DeprecationTime = new Date(START - DAY).toISOString();
});
afterEach(async () => await harness.close());

async function orphanedSnapshot(): Promise<void> {
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
  state().images.delete(ImageId);
}

const EVERYTHING = { 'prune-shared': 'true', 'unused-launch-templates': 'delete' };

async function run(given: Record<string, string>): Promise<string> {
  const context = harness.context();
  const failure = await runPrune(harness, { ...EVERYTHING, ...given }, context).then(
    () => '',
    (error: unknown) => String(error),
  );
  return `${failure}\n${context.log.lines.filter((line) => /^(error|warning)/.test(line)).join('\n')}\n${context.report.summary}`;
}

describe('the documented policy', () => {
  test.each(['delete', 'deprecate', 'disable'])(
    'is enough for everything, with removal: %s',
    async (removal) => {
      harness.sandbox.aws.iam.load({ '*': policy });
      const context = await runPrune(harness, { ...EVERYTHING, removal });
      expect(context.log.lines.filter((line) => /^(error|warning)/.test(line))).toEqual([]);
      expect(context.report.summary).not.toContain('allow ec2:DescribeImageReferences');
    },
  );

  test('does not reach images of others, whatever prune is asked for', async () => {
    const others = seedImages(harness, 4, { application: 'elsewhere/shop' });
    harness.sandbox.aws.iam.load({ '*': policy });
    await expect(runPrune(harness, { application: 'elsewhere/shop' })).rejects.toThrow(
      /could not be deregistered: .*Allow ec2:DeregisterImage/,
    );
    expect(others.every((id) => state().images.has(id))).toBe(true);
  });

  test.each(
    // That one only says what is good to know.
    actions.filter((action) => !/ListSnapshotsInRecycleBin/.test(action)),
  )('needs %s, and says so', async (action) => {
    const removal = /EnableImageDeprecation$/.test(action)
      ? 'deprecate'
      : /:DisableImage$|CreateTags/.test(action)
        ? 'disable'
        : 'delete';
    const Statement = policy.Statement.map((statement) => ({
      ...statement,
      Action: statement.Action.filter((other) => other !== action),
    })).filter(({ Action }) => Action.length > 0);
    harness.sandbox.aws.iam.load({ '*': { ...policy, Statement } });
    expect(await run({ removal })).toContain(action);
  });
});
