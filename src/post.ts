import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import type { PromotionCleanUp } from './context.ts';
import { messageOf } from './errors.ts';

/**
 * The post step after a step that did not come to its end: stops the refreshes that it had started, and says where to
 * look. It starts the rollback and does not watch it: all post steps together have five minutes.
 */
export async function cleanUp(saved: string): Promise<void> {
  try {
    const work: PromotionCleanUp = JSON.parse(saved);
    const [{ connect }, { stopPromotion }, { clockFrom }, { runFactsFrom }, { givenInputs, parseInputs }] =
      await Promise.all([
        import('./aws/connect.ts'),
        import('./promote/stop.ts'),
        import('./clock.ts'),
        import('./github/run.ts'),
        import('./inputs/inputs.ts'),
      ]);
    const run = runFactsFrom(process.env);
    const { inputs } = parseInputs(givenInputs(process.env));
    const { aws } = connect(
      process.env,
      { ...inputs, awsRegion: work.region },
      {
        clock: clockFrom(process.env.IMMUTABLE_DEPLOY_CLOCK),
        folder: process.env.RUNNER_TEMP ?? tmpdir(),
        run,
      },
    );
    for (const line of await stopPromotion(aws, work)) core.warning(line);
  } catch (error) {
    core.error(
      `The clean-up failed: ${messageOf(error)} Look at the instance refreshes of the groups in the console.`,
    );
    process.exitCode = 1;
  }
}
