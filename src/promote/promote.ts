import type { Context } from '../context.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { isFloating } from './configuration.ts';
import { reportPlan, reportResults } from './outcome.ts';
import { pinGroups } from './pin.ts';
import { planFromMarks } from './plan-from-marks.ts';
import { deadlineOf, jobOf, namesGroups, prepare } from './prepare.ts';
import { openRecord } from './record.ts';
import { rollOutAll } from './roll-out-all.ts';
import { waitForOthers } from './wait.ts';

/** Puts one image into the groups of one environment: the steps, in order. Rejects when it did not get there. */
export async function promote(inputs: PromoteInputs, context: Context): Promise<void> {
  const { log } = context;
  const job = jobOf(context, inputs);
  if (inputs.dryRun && !namesGroups(inputs)) return await planFromMarks(context, job);
  let prepared = await prepare(context, job);
  if (inputs.dryRun) return reportPlan(context, job, prepared);

  while (prepared.plans.some(({ action }) => action.kind === 'busy')) {
    await log.group('Wait', () => waitForOthers(context, prepared.plans, deadlineOf(job)));
    prepared = await prepare(context, job);
  }
  const record = await openRecord(context, job, prepared);
  try {
    if (prepared.plans.some(({ running }) => isFloating(running))) {
      await log.group('Pin', () => pinGroups(context, job.application, prepared.plans));
      prepared = await prepare(context, job);
    }
  } catch (error) {
    await record.abandon();
    throw error;
  }
  const title = `Promote ${prepared.images.map(({ id }) => id).join(', ')} to ${inputs.environment}`;
  const results = await log.group(title, () => rollOutAll(context, job, prepared));
  await record.close(prepared.plans, results);
  reportResults(context, job, prepared, results);
}
