import { cleanEnvironment, runChild } from '../child.ts';
import type { Tool } from '../tools.ts';

/** The AWS CLI, pointed at a local AWS. */
export class AwsCli {
  readonly #path: string;
  readonly #env: Record<string, string>;

  constructor(tool: Tool, endpoint: string, region = 'us-east-1') {
    this.#path = tool.path;
    this.#env = cleanEnvironment({
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      // The first version of the AWS CLI knows only this name; the second opens a pager.
      AWS_DEFAULT_REGION: region,
      AWS_PAGER: '',
      AWS_MAX_ATTEMPTS: '1',
    });
  }

  /** What a command prints, read as JSON; `undefined` when it prints nothing. Rejects when AWS refuses. */
  async call<Output>(...args: string[]): Promise<Output> {
    const { exitCode, stdout, stderr } = await this.#run(args);
    if (exitCode !== 0) throw new Error(`aws ${args.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
    return JSON.parse(stdout.trim() || 'null');
  }

  /** Runs a command that AWS has to refuse, and returns the error's code. */
  async refused(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#run(args);
    const [, code] = /An error occurred \((\S+)\)/.exec(stderr) ?? [];
    if (exitCode === 0 || code === undefined) {
      throw new Error(
        `aws ${args.join(' ')} should have been refused; it ended with ${exitCode}: ${stdout}${stderr}`,
      );
    }
    return code;
  }

  async #run(args: readonly string[]) {
    return await runChild(this.#path, [...args, '--output', 'json'], { env: this.#env });
  }
}
