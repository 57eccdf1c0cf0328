/**
 * What can go wrong, in the words that the user reads: what happened, to which resource, and what to change.
 * `cause` keeps the original error.
 */

/** Something the user can correct, found before anything was written: inputs, missing resources. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
  /** Every problem that was found, one sentence each. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(
      problems.length === 1
        ? problems[0]
        : `${problems.length} problems:\n${problems.map((p) => `- ${p}`).join('\n')}`,
      options,
    );
    this.problems = problems;
  }
}

/** AWS or GitHub did not let us: credentials or permissions to change. It can happen before or after a write. */
export class PermissionError extends Error {
  override name = 'PermissionError';
}

/** The work was started and did not succeed: a failed build, a refresh that was rolled back, a failed verification. */
export class DeploymentError extends Error {
  override name = 'DeploymentError';
}

/** The step was cancelled, or ran out of its time, before the outcome was known. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';
}

/** The error's message, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The error's name as AWS's wire format has it: the JS SDK appends `Fault` to some
 * (`InstanceRefreshInProgressFault`), the CLI and boto3 do not (`InstanceRefreshInProgress`).
 */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.name.replace(/Fault$/, '');
}
