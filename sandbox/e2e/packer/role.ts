import { equal, match, ok } from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sandbox } from '../../sandbox.ts';
import { publicImage } from '../../scene.ts';
import type { Bench, Case } from '../case.ts';
import { bakeStep, REGION } from './bake-step.ts';
import { startStsProxy } from './sts-proxy.ts';

const ROLE = 'arn:aws:iam::123456789012:role/bake';

export const roleCase: Case = {
  name: 'packer: it assumes the role itself, with the token file',
  needs: ['packer', 'openssl'],
  run: bakeWithRole,
};

/** Packer asks STS with nothing but the file; what an earlier step or the machine's user left over is used by nobody. */
async function bakeWithRole({ tool, folder }: Bench): Promise<void> {
  const sandbox = await Sandbox.start({ timeScale: 60 });
  const proxy = await startStsProxy(tool('openssl'), folder, sandbox.url);
  try {
    cpSync('sandbox/demo/app', join(folder, 'app'), { recursive: true });
    const home = join(folder, 'home');
    mkdirSync(join(home, '.aws'), { recursive: true });
    writeFileSync(
      join(home, '.aws/credentials'),
      '[default]\naws_access_key_id = other\naws_secret_access_key = account\n',
    );
    const { exitCode, log } = await bakeStep(sandbox, folder, {
      template: 'app',
      variables: { endpoint: sandbox.url, region: REGION, source_ami: publicImage(sandbox, REGION) },
      inputs: { 'role-to-assume': ROLE },
      env: {
        ...proxy.env,
        HOME: home,
        AWS_ACCESS_KEY_ID: 'left',
        AWS_SECRET_ACCESS_KEY: 'over',
        ACTIONS_ID_TOKEN_REQUEST_URL: `${sandbox.url}/_github/oidc?x=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token',
      },
    });
    equal(exitCode, 0, log);
    match(proxy.hosts.join(), /^sts\./);
    const assumed = sandbox.aws.calls.filter(({ operation }) => operation === 'AssumeRoleWithWebIdentity');
    // Packer does not say for how long.
    const byPacker = assumed.filter(({ input }) => !('DurationSeconds' in Object(input)));
    ok(byPacker.length > 0);
    for (const { input } of byPacker) match(JSON.stringify(input), /"RoleSessionName":"immutable-deploy-42"/);
  } finally {
    await proxy.close();
    await sandbox.close();
  }
}
