import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { preparePacker } from '../../../src/packer/prepare.ts';
import type { RunOptions } from '../../../src/process.ts';
import { Report } from '../../../src/report.ts';
import { recordingLog } from '../../unit/packer/recording-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prepare-'));
  writeFileSync(join(folder, 'app.pkr.hcl'), 'variable "license" { sensitive = true }');
});

/** Prepares the template that is in the folder, with a Packer that takes everything. */
async function prepare({ webIdentity = {}, env = {}, variableFiles = [] as string[] } = {}) {
  const log = recordingLog();
  const report = new Report();
  const commands = new Map<string, RunOptions>();
  const processes = {
    run: async (_program: string, [command = '']: readonly string[], options: RunOptions) => {
      commands.set(command, options);
      if (command === 'version') options.onLine?.('Packer v1.14.2', 'stdout');
      return 0;
    },
  };
  const clock = { now: Date.now, sleep: (_ms: number, signal?: AbortSignal) => untilAborted(signal) };
  const run = {
    workspace: folder,
    temp: folder,
    repository: 'octo/shop',
    repositoryUrl: 'https://github.com/octo/shop',
    commit: '',
    url: '',
    id: '1',
    attempt: 1,
  };
  const packer = await preparePacker(
    { version: 'system', template: '.', workingDirectory: folder, variables: {}, variableFiles, env },
    { log, report, processes, clock, run, signal: new AbortController().signal, ...webIdentity },
  );
  return { packer, log, report, commands };
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}

describe('Packer is prepared', () => {
  test('with the role of the action, and no other credentials, for all that asks AWS', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/bake';
    const webIdentity = { webIdentity: { roleArn, sessionName: 'run-1', idToken: async () => 'token' } };
    const { packer, commands } = await prepare({ webIdentity, env: { AWS_ACCESS_KEY_ID: 'static' } });
    await packer.build({});
    for (const command of ['validate', 'build']) {
      expect(commands.get(command)?.env).toMatchObject({
        AWS_ROLE_ARN: roleArn,
        AWS_ROLE_SESSION_NAME: 'run-1',
      });
      expect(commands.get(command)?.env).not.toHaveProperty('AWS_ACCESS_KEY_ID');
    }
  });

  test("with the environment's credentials where no role is asked for", async () => {
    const { commands } = await prepare({ env: { AWS_ACCESS_KEY_ID: 'static' } });
    expect(commands.get('validate')?.env).toMatchObject({ AWS_ACCESS_KEY_ID: 'static' });
  });

  test('after all values of sensitive variables are known, also of files that Packer reads by itself', async () => {
    writeFileSync(join(folder, 'team.auto.pkrvars.hcl'), 'license = "from-automatic"');
    writeFileSync(join(folder, 'production.pkrvars.hcl'), 'license = "from-named"');
    const { log } = await prepare({ variableFiles: ['production.pkrvars.hcl'] });
    expect(log.entries.slice(0, 2)).toEqual(['secret: from-automatic', 'secret: from-named']);
  });

  test('with a log file that every command adds to', async () => {
    const { packer, report } = await prepare();
    expect(report.outputs.get('packer-log')).toBe(packer.logPath);
    await packer.build({});
    expect(readFileSync(packer.logPath, 'utf8').match(/packer \w+ \.$/gm)).toEqual([
      'packer init .',
      'packer validate .',
      'packer build .',
    ]);
  });
});
