import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { releaseFiles, signingKey, startReleaseServer } from '../../sandbox/packer/release-server.ts';
import { actionNode, runStep, type StepOptions } from '../../sandbox/runner/step.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { publicImage } from '../../sandbox/scene.ts';
import { COMMIT_A, REGION } from '../support/harness.ts';

/**
 * dist/ bakes, as the runner starts it. Packer is the stand-in, which makes the calls of an amazon-ebs build with AWS's
 * own search for credentials; e2e does the same with real Packer.
 */

let sandbox: Sandbox;
let workspace: string;
let bin: string;

beforeEach(async () => {
  sandbox = await Sandbox.start({ timeScale: 300 });
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  bin = mkdtempSync(join(tmpdir(), 'bin-'));
  writeFileSync(
    join(workspace, 'app.pkr.hcl'),
    `
variable "source_ami" {}
variable "endpoint" {}
variable "immutable_deploy_commit" {}
variable "license" { sensitive = true }
source "amazon-ebs" "shop" {
  custom_endpoint_ec2 = var.endpoint
  source_ami          = var.source_ami
  instance_type       = "t3.micro"
  ami_name            = "shop-\${var.immutable_deploy_commit}"
  tags                = { "Description" = "license is \${var.license}" }
}
`,
  );
  const script = resolve('sandbox/packer/stand-in.ts');
  writeFileSync(
    join(bin, 'packer'),
    `#!/bin/sh\nexec "${actionNode()}" --disable-warning=ExperimentalWarning "${script}" "$@"\n`,
  );
  chmodSync(join(bin, 'packer'), 0o755);
});
afterEach(async () => await sandbox.close());

async function bake(
  inputs: Record<string, string> = {},
  { env = {}, ...options }: Partial<StepOptions> = {},
) {
  return await runStep({
    ...options,
    inputs: {
      mode: 'bake',
      template: 'app.pkr.hcl',
      'packer-version': 'system',
      variables: `source_ami=${publicImage(sandbox, REGION)}\nendpoint=${sandbox.url}\nlicense=hunter2-hunter2`,
      ...inputs,
    },
    env: {
      PATH: [bin, process.env.PATH].join(delimiter),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: sandbox.url,
      IMMUTABLE_DEPLOY_CLOCK: sandbox.clock.variable,
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_SHA: COMMIT_A,
      GITHUB_REF_NAME: 'main',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_RUN_ID: '1',
      GITHUB_WORKSPACE: workspace,
      ...env,
    },
  });
}

const callsOf = (operation: string) => sandbox.aws.calls.filter((call) => call.operation === operation);

describe('the built action bakes', () => {
  test('an image, with the role that Packer assumes itself: a log in phases, and all of it in a file without secrets', async () => {
    const role = 'arn:aws:iam::123456789012:role/bake';
    const { exitCode, outputs, log, summary } = await bake(
      { 'role-to-assume': role, 'expected-account-ids': '123456789012' },
      {
        env: {
          AWS_ACCESS_KEY_ID: 'left',
          AWS_SECRET_ACCESS_KEY: 'over',
          ACTIONS_ID_TOKEN_REQUEST_URL: `${sandbox.url}/_github/oidc?x=1`,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token',
        },
      },
    );
    expect([exitCode, log.match(/::error/g)]).toEqual([0, null]);
    expect(JSON.parse(outputs['ami-ids'] ?? '')).toEqual({ [REGION]: outputs['ami-id'] });
    expect(outputs.commit).toBe(COMMIT_A);
    expect(log.match(/^::group::(Find Packer|Plugins|packer |amazon-ebs\.).*$/gm)).toEqual([
      '::group::Find Packer',
      '::group::Plugins',
      '::group::packer validate',
      '::group::amazon-ebs.shop: Launch the builder instance',
      '::group::amazon-ebs.shop: Make the image',
      '::group::amazon-ebs.shop: Tag and share it',
      '::group::amazon-ebs.shop: Clean up',
    ]);
    expect(log).toContain('::add-mask::hunter2-hunter2');
    const kept = readFileSync(outputs['packer-log'] ?? '', 'utf8');
    expect(kept).toContain('license is ***');
    expect(kept).not.toContain('hunter2');
    expect(summary).toContain('| amazon-ebs.shop | Make the image |');
    // By the action, with the duration of its input, and by Packer; with the keys that were left over by nobody.
    const assumed = callsOf('AssumeRoleWithWebIdentity').map(({ input }) => input);
    for (const input of assumed)
      expect(input).toMatchObject({ RoleArn: role, RoleSessionName: 'immutable-deploy-1' });
    expect(assumed.filter((input) => !('DurationSeconds' in Object(input)))).toHaveLength(1);
  });

  test('and when it is interrupted, ends within the 7.5 seconds that the runner gives, without an image', async () => {
    let main: ChildProcess | undefined;
    let interrupted = 0;
    const result = await bake(
      {},
      {
        onLine: (line) => {
          if (line.includes('Instance ID:') && interrupted === 0) {
            interrupted = Date.now();
            main?.kill('SIGINT');
          }
        },
        onStart: (child) => {
          main ??= child;
        },
      },
    );
    expect(Date.now() - interrupted).toBeLessThan(7500);
    expect(result.exitCode).toBe(1);
    expect(result.log).toContain('The step was cancelled.');
    expect(callsOf('RunInstances')).toHaveLength(1);
    expect(callsOf('CreateImage')).toEqual([]);
  });

  test('never with a Packer that HashiCorp did not sign, wherever it comes from', async () => {
    const server = await startReleaseServer();
    try {
      const key = await signingKey();
      const machine = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
      const files = await releaseFiles({ version: '1.14.9', machine }, key.privateKey);
      for (const { path, content } of Object.values(files)) server.files.set(path, [content]);
      const { exitCode, log } = await bake({ 'packer-version': '1.14.9', 'packer-mirror': server.url });
      expect(exitCode).toBe(1);
      expect(log).toMatch(/cannot be trusted.*not HashiCorp's.*Nothing of it was run/s);
      expect(callsOf('RunInstances')).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
