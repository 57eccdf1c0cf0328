import type { Context } from '../context.ts';
import {
  configurationWith,
  describeConfiguration,
  isFloating,
  type RunningVersion,
} from './configuration.ts';
import { createVersion, planVersion } from './launch-template.ts';
import type { Plan } from './plan.ts';
import { setConfiguration } from './refresh.ts';

/**
 * Sets groups that follow an alias or a parameter's image to the versions that their instances really run: nothing
 * changes for them, but from then on a rollback has something fixed to go back to.
 */
export async function pinGroups(
  { aws, log }: Context,
  application: string,
  plans: readonly Plan[],
): Promise<void> {
  for (const { target, running } of plans.filter((plan) => isFloating(plan.running))) {
    const numbers = new Map<RunningVersion, string>();
    for (const version of running.versions) {
      if (version.resolvedImageId === undefined) continue;
      const sourceVersion = 'running' as const;
      const fixed = await planVersion(aws, version, version.resolvedImageId, { application, sourceVersion });
      numbers.set(version, fixed.number ?? (await createVersion(aws, fixed, application)));
    }
    const configuration = configurationWith(
      running,
      (version) => numbers.get(version) ?? version.number,
      (imageId) => imageId,
    );
    await setConfiguration(aws, target.name, configuration);
    log.info(`${target.name}: set to ${describeConfiguration(configuration)}, which its instances run.`);
  }
}
