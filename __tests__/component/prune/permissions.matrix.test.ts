import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { statementNames, without } from '../../../sandbox/iam/trial.ts';
import type { Harness } from '../../support/harness.ts';
import { actions, busyAccount, EVERYTHING, policy } from './permissions-scene.ts';
import { runPrune } from './scene.ts';

/** Nothing in the documented policy is superfluous. */

let harness: Harness;
beforeEach(async () => {
  harness = await busyAccount();
});
afterEach(async () => await harness.close());

async function run(given: Record<string, string>): Promise<string> {
  const context = harness.context();
  const failure = await runPrune(harness, { ...EVERYTHING, ...given }, context).then(
    () => '',
    (error: unknown) => String(error),
  );
  return `${failure}\n${context.log.lines.filter((line) => /^(error|warning)/.test(line)).join('\n')}\n${context.report.summary}`;
}

test.each(
  // One only says what is good to know, the other one is for the message at the end.
  actions.filter((action) => !/ListSnapshotsInRecycleBin|sns:Publish/.test(action)),
)('needs %s, and says so', async (action) => {
  const removal = /EnableImageDeprecation$/.test(action)
    ? 'deprecate'
    : /:DisableImage$|CreateTags/.test(action)
      ? 'disable'
      : 'delete';
  const Statement = policy.Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((other) => other !== action),
  })).filter(({ Action }) => Action.length > 0);
  harness.sandbox.aws.iam.load({ '*': { ...policy, Statement } });
  expect(await run({ removal })).toContain(action);
});

test.each(
  // The message at the end is tried beside the others.
  statementNames(policy).filter((sid) => sid !== 'OnlyForSnsTopic'),
)('is not enough without the statement %s', async (sid) => {
  const said: string[] = [];
  for (const removal of ['delete', 'deprecate', 'disable']) {
    await harness.close();
    harness = await busyAccount();
    harness.sandbox.aws.iam.load({ '*': without(policy, sid) });
    said.push(await run({ removal }));
  }
  expect(said.join('\n')).toMatch(/[Aa]llow (ec2|ssm|autoscaling):/);
});

test('is enough with all of them', async () => {
  harness.sandbox.aws.iam.load({ '*': policy });
  expect(await run({ removal: 'delete' })).not.toMatch(/[Aa]llow (ec2|ssm|autoscaling):/);
});
