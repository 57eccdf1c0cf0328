import { afterEach, beforeEach, expect, test } from '@jest/globals';
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
