/** How a mode starts a program that may run for long and has to end with the step. */
export interface ProcessRunner {
  /**
   * Runs a program to its end and resolves with its exit code, whatever that is.
   * Rejects when it cannot be started, or with the signal's reason when the step was cancelled.
   */
  run(command: string, args: readonly string[], options: RunOptions): Promise<number>;
}

export interface RunOptions {
  cwd: string;
  /** The whole environment of the program: nothing is added to it. */
  env: Record<string, string>;
  /** Called for each complete line, as it arrives. */
  onLine?(line: string, stream: 'stdout' | 'stderr'): void;
  signal?: AbortSignal;
}
