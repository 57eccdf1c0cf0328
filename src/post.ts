import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import type { Aws } from './aws/clients.ts';
import type { Clock } from './clock.ts';
import type { CleanUp } from './context.ts';
import { messageOf } from './errors.ts';

/**
 * The post step after a step that did not come to its end: stops the refreshes that it had started and says where to
 * look, or removes what a build left. It starts a rollback and does not watch it: all post steps together have five
 * minutes.
 */
export async function cleanUp(saved: string): Promise<void> {
  try {
    const work: CleanUp = JSON.parse(saved);
    const [{ connect }, { clockFrom }, { runFactsFrom }, { givenInputs, parseInputs }] = await Promise.all([
      import('./aws/connect.ts'),
      import('./clock.ts'),
      import('./github/run.ts'),
      import('./inputs/inputs.ts'),
    ]);
    const run = runFactsFrom(process.env);
    const { inputs } = parseInputs(givenInputs(process.env));
    const clock = clockFrom(process.env.IMMUTABLE_DEPLOY_CLOCK);
    const { aws } = connect(
      process.env,
      { ...inputs, awsRegion: work.region },
      { clock, folder: process.env.RUNNER_TEMP ?? tmpdir(), run },
    );
    for (const line of await finish(work, { aws, clock })) core.warning(line);
  } catch (error) {
    core.error(
      `The clean-up failed: ${messageOf(error)} Look at the instance refreshes of the groups, or at the instances named Packer Builder, in the console.`,
    );
    process.exitCode = 1;
  }
}

async function finish(work: CleanUp, tools: { aws: Aws; clock: Clock }): Promise<string[]> {
  switch (work.mode) {
    case 'promote':
      return await (await import('./promote/stop.ts')).stopPromotion(tools.aws, work);
    case 'bake':
      return await (await import('./bake/clean-up.ts')).cleanUpBake(tools, work);
  }
}
