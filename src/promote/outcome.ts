import type { Context } from '../context.ts';
import { DeploymentError } from '../errors.ts';
import { announcementOf } from './announcement.ts';
import { imageOf } from './configuration.ts';
import { describePlan } from './make-plan.ts';
import type { Job, Prepared } from './prepare.ts';
import { type GroupResult, isGood, overallStatus, targetsOutput } from './result.ts';
import { promotionSummary } from './summary.ts';

/** With dry-run: the plan as if it were the outcome. */
export function reportPlan(context: Context, job: Job, prepared: Prepared): void {
  const results = prepared.plans.map((plan): GroupResult => {
    const [base] = plan.versions;
    return {
      group: plan.target.name,
      status: 'planned',
      launchTemplateId: plan.running.base.launchTemplateId,
      ...(base?.number === undefined ? {} : { version: base.number }),
      previousVersion: plan.running.base.number,
      previousImageId: imageOf(plan.running.base) ?? '',
      instances: 0,
      reason: describePlan(plan),
      imageAtFault: false,
      stages: [],
    };
  });
  reportResults(context, job, prepared, results);
}

/** Outputs and summary, and the error that makes the step fail when a group did not get the image. */
export function reportResults(
  { report, clock, log, run }: Context,
  { inputs, started }: Job,
  { image, plans, changes }: Prepared,
  results: readonly GroupResult[],
): void {
  const status = overallStatus(results);
  const seconds = Math.round((clock.now() - started) / 1000);
  const [first] = results;
  report.set({
    'ami-id': image.id,
    'previous-ami-id': first?.previousImageId,
    'launch-template-id': first?.launchTemplateId,
    'launch-template-version': first?.version,
    'previous-launch-template-version': first?.previousVersion,
    'instance-refresh-id': first?.refreshId,
    status,
    targets: targetsOutput(results),
    'duration-seconds': seconds,
  });
  const { environment, rollback } = inputs;
  const outcome = { status, environment, rollback, image, changes, results, seconds };
  report.write(promotionSummary({ ...outcome, plans, repositoryUrl: run.repositoryUrl }));
  report.announce(announcementOf({ ...outcome, previousImageId: first?.previousImageId }));
  const failed = results.filter((result) => !isGood(result));
  if (failed.length > 0) {
    throw new DeploymentError(
      `${image.id} did not get into ${inputs.environment} (${status}). ${failed.map((result) => `${result.group}: ${result.reason}`).join(' ')}`,
    );
  }
  for (const result of results.filter(({ status }) => status === 'not-verified'))
    log.warning(`${result.group}: ${result.reason}`);
}
