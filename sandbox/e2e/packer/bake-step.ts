import { dirname, join } from 'node:path';
import { runStep, type StepResult } from '../../runner/step.ts';
import type { Sandbox } from '../../sandbox.ts';
import type { Tool } from '../tools.ts';

export const REGION = 'us-east-1';
export const COMMIT = 'c0ffee'.padEnd(40, '0');
export const RUN = 'https://github.com/octo/shop/actions/runs/42';

export interface BakeStep {
  /** Relative to the folder, which is the workspace. */
  template: string;
  variables?: Readonly<Record<string, string | number>>;
  /** Programs that Packer has to find besides those on PATH. */
  programs?: readonly Tool[];
}

/** The built action bakes with the Packer that is on PATH, as on a runner. */
export async function bakeStep(
  sandbox: Sandbox,
  folder: string,
  { template, variables = {}, programs = [] }: BakeStep,
): Promise<StepResult> {
  return await runStep({
    folder: join(folder, 'runner'),
    inputs: {
      mode: 'bake',
      template,
      'packer-version': 'system',
      variables: Object.entries(variables)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n'),
    },
    env: {
      PATH: [...programs.map(({ path }) => dirname(path)), process.env.PATH].join(':'),
      AWS_ACCESS_KEY_ID: 'rehearsal',
      AWS_SECRET_ACCESS_KEY: 'rehearsal',
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: sandbox.url,
      IMMUTABLE_DEPLOY_CLOCK: sandbox.clock.variable,
      // Packer waits by the machine's clock.
      AWS_POLL_DELAY_SECONDS: '1',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_SHA: COMMIT,
      GITHUB_REF_NAME: 'main',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_RUN_ID: '42',
      GITHUB_WORKSPACE: folder,
    },
  });
}
