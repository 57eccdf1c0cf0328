import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Harness, REGION } from '../../support/harness.ts';
import { busyAccount, EVERYTHING, policy } from './permissions-scene.ts';
import { callsOf, isWrite, runPrune, seedImages } from './scene.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await busyAccount();
});
afterEach(async () => await harness.close());

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

  test('has one statement that is enough for a dry run of everything', async () => {
    const Statement = policy.Statement.filter(({ Sid }) => Sid === 'Look');
    harness.sandbox.aws.iam.load({ '*': { ...policy, Statement } });
    for (const removal of ['delete', 'disable']) {
      const given = { ...EVERYTHING, removal, 'dry-run': 'true' };
      const calls = await callsOf(harness, () => runPrune(harness, given));
      expect(calls.filter(isWrite)).toEqual([]);
    }
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
