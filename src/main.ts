import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import { CLEAN_UP_STATE } from './clean-up-state.ts';
import { clockFrom } from './clock.ts';
import type { Context } from './context.ts';
import { ConfigurationError, InterruptedError, messageOf } from './errors.ts';
import { actionsLog } from './github/actions-log.ts';
import { githubApi } from './github/github.ts';
import { runFactsFrom } from './github/run.ts';
import { givenInputs, parseInputs } from './inputs/inputs.ts';
import type { Inputs } from './inputs/schema.ts';
import { Report } from './report.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs the step from the runner's environment. Never rejects: a failure becomes exit code 1 and a sentence. */
export async function runStep(env: Environment): Promise<void> {
  const report = new Report();
  const cancel = cancelOnSignal();
  let failure: unknown;
  try {
    const { inputs, warnings } = parseInputs(givenInputs(env));
    for (const warning of warnings) core.warning(warning);
    await untilCancelled(runMode(env, inputs, report, cancel.signal), cancel.signal);
  } catch (error) {
    failure = cancel.signal.aborted ? cancel.signal.reason : error;
  }
  cancel.release();
  // A mode that came to its report has told the failure there.
  if (failure !== undefined && report.summary === '') report.write(failureSummary(failure));
  await writeReport(report);
  if (failure !== undefined) fail(failure);
  // What a cancelled step left open, such as a download, must not keep it alive: the runner kills it after 7.5 s.
  if (cancel.signal.aborted) process.exit();
}

/** The runner interrupts a cancelled step and kills it 7.5 seconds later: every wait ends at once. */
function cancelOnSignal(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort(new InterruptedError('The step was cancelled.'));
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', abort);
      process.off('SIGTERM', abort);
    },
  };
}

/** After a cancel the mode may still say what it knows, but a call that hangs is not waited for. Milliseconds. */
const LAST_WORDS_MS = 4000;

async function untilCancelled(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const outOfTime = new Promise<never>((_resolve, reject) => {
    const later = () => setTimeout(() => reject(signal.reason), LAST_WORDS_MS);
    signal.addEventListener('abort', later, { once: true });
  });
  await Promise.race([work, outOfTime]);
}

async function runMode(env: Environment, inputs: Inputs, report: Report, signal: AbortSignal): Promise<void> {
  const [{ connect, refuseOtherAccounts }, { explained }] = await Promise.all([
    import('./aws/connect.ts'),
    import('./aws/errors.ts'),
  ]);
  const run = runFactsFrom(env);
  const clock = clockFrom(env.IMMUTABLE_DEPLOY_CLOCK);
  const folder = join(run.temp, 'immutable-deploy');
  mkdirSync(folder, { recursive: true });
  const { aws, logPath, webIdentity } = connect(env, inputs, { clock, folder, run });
  report.set({ log: logPath });
  const [{ processRunner }, { checkedOutCommit }] = await Promise.all([
    import('./packer/exec.ts'),
    import('./github/checkout.ts'),
  ]);
  const context: Context = {
    aws,
    ...(webIdentity ? { webIdentity } : {}),
    clock,
    log: actionsLog,
    report,
    github: githubApi(inputs.githubToken, run.repository),
    run: { ...run, temp: folder },
    processes: processRunner,
    fetch,
    checkedOut: (path) => checkedOutCommit(run.workspace, path),
    env,
    signal,
    saveCleanUp: (cleanUp) =>
      core.saveState(CLEAN_UP_STATE, cleanUp === undefined ? '' : JSON.stringify(cleanUp)),
  };
  try {
    if (inputs.expectedAccountIds) await refuseOtherAccounts(aws, inputs.expectedAccountIds);
    await dispatch(inputs, context);
    await tell(context, inputs);
  } catch (error) {
    const known = explained(error);
    await tell(context, inputs, known);
    throw known;
  }
}

/** Each mode is loaded only when it is asked for. */
async function dispatch(inputs: Inputs, context: Context): Promise<void> {
  switch (inputs.mode) {
    case 'bake':
      return await (await import('./bake/bake.ts')).bake(inputs, context);
    case 'promote':
      return await (await import('./promote/promote.ts')).promote(inputs, context);
    case 'prune':
      return await (await import('./prune/prune.ts')).prune(inputs, context);
  }
}

/** What the mode announces; when it did not come so far, that it failed. */
async function tell(context: Context, inputs: Inputs, failure?: unknown): Promise<void> {
  if (inputs.snsTopicArn === undefined) return;
  const { notify } = await import('./github/notify.ts');
  const where = inputs.mode === 'promote' ? ` to ${inputs.environment}` : '';
  const plain =
    failure === undefined
      ? { title: `✅ ${inputs.mode}${where}`, text: 'Done.' }
      : { title: `❌ ${inputs.mode}${where}`, text: messageOf(failure) };
  await notify(context, inputs.snsTopicArn, {
    ...(context.report.announcement ?? plain),
    event: inputs.mode,
    application: [inputs.application ?? context.run.repository].flat().join(', '),
  });
}

function failureSummary(error: unknown): string {
  if (error instanceof ConfigurationError)
    return ['## ❌ Nothing was changed', ...error.problems.map((problem) => `- ${problem}`)].join('\n');
  return `**${error instanceof InterruptedError ? 'Cancelled' : 'Failed'}**: ${messageOf(error)}`;
}

/** A step summary over 1 MiB is refused whole by the runner. */
const LONGEST_SUMMARY = 1024 * 1024 - 1024;

async function writeReport(report: Report): Promise<void> {
  for (const [name, value] of report.outputs) core.setOutput(name, value);
  if (report.summary === '' || !process.env.GITHUB_STEP_SUMMARY) return;
  const whole = Buffer.from(`${report.summary}\n`);
  const text =
    whole.length <= LONGEST_SUMMARY
      ? whole.toString()
      : `${whole.subarray(0, LONGEST_SUMMARY).toString()}\n\n(cut at 1 MiB)`;
  await core.summary.addRaw(text, true).write();
}

function fail(error: unknown): void {
  core.setFailed(messageOf(error));
  for (
    let cause = error instanceof Error ? error.cause : undefined;
    cause !== undefined;
    cause = cause instanceof Error ? cause.cause : undefined
  ) {
    core.info(`  because: ${messageOf(cause)}`);
  }
}
