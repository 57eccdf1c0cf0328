import type { Bench } from '../case.ts';
import { type SandboxProcess, startSandbox } from '../sandbox-process.ts';
import { AwsCli } from './aws-cli.ts';

/** Does some work with the AWS CLI on a local AWS of its own. */
export async function withSandbox(
  { tool }: Bench,
  timeScale: number,
  work: (aws: AwsCli, sandbox: SandboxProcess) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox(timeScale);
  try {
    await work(new AwsCli(tool('aws'), sandbox.url), sandbox);
  } finally {
    await sandbox.stop();
  }
}
