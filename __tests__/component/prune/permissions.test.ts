import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Ask } from '../../../sandbox/iam/policy.ts';
import { unused } from '../../../sandbox/iam/trial.ts';
import { notify } from '../../../src/github/notify.ts';
import { type Harness, REGION } from '../../support/harness.ts';
import { busyAccount, EVERYTHING, policy } from './permissions-scene.ts';
import { callsOf, isWrite, runPrune, seedImages } from './scene.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await busyAccount();
});
afterEach(async () => await harness.close());

describe('the documented policy', () => {
  const granted: Ask[] = [];

  test.each(['delete', 'deprecate', 'disable'])(
    'is enough for everything, with removal: %s',
    async (removal) => {
      harness.sandbox.aws.iam.load({ '*': policy });
      const context = await runPrune(harness, { ...EVERYTHING, removal });
      expect(context.log.lines.filter((line) => /^(error|warning)/.test(line))).toEqual([]);
      expect(context.report.summary).not.toContain('allow ec2:DescribeImageReferences');
      granted.push(...harness.sandbox.aws.iam.granted);
    },
  );

  test('has statements to look by that are enough for a dry run of everything', async () => {
    const Statement = policy.Statement.filter(({ Sid }) => /^(Look|Read)/.test(Sid));
    harness.sandbox.aws.iam.load({ '*': { ...policy, Statement } });
    for (const removal of ['delete', 'disable']) {
      const given = { ...EVERYTHING, removal, 'dry-run': 'true' };
      const calls = await callsOf(harness, () => runPrune(harness, given));
      expect(calls.filter(isWrite)).toEqual([]);
    }
  });

  test('is enough for a notification', async () => {
    const { TopicArn = '' } = await harness.aws.sns.send(new CreateTopicCommand({ Name: 'deployments' }));
    harness.sandbox.aws.iam.load({ '*': policy });
    const context = harness.context();
    await notify(context, TopicArn, { title: '', text: '', event: 'prune', application: '' });
    expect(context.log.lines).toEqual([]);
    granted.push(...harness.sandbox.aws.iam.granted);
  });

  test('has nothing in it that none of these needs', () => {
    expect(unused(policy, granted)).toEqual([]);
  });

  test('does not reach images of others, whatever prune is asked for', async () => {
    const others = seedImages(harness, 4, { application: 'elsewhere/shop' });
    harness.sandbox.aws.iam.load({ '*': policy });
    await expect(runPrune(harness, { application: 'elsewhere/shop' })).rejects.toThrow(
      /could not be deregistered: .*Allow ec2:DeregisterImage/,
    );
    expect(others.every((id) => harness.sandbox.world.region(REGION).state.images.has(id))).toBe(true);
  });
});
