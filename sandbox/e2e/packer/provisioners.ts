import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Policy, readPolicy, unused } from '../../iam/trial.ts';
import type { StepResult } from '../../runner/step.ts';
import { Sandbox } from '../../sandbox.ts';
import { publicImage } from '../../scene.ts';
import type { Bench, Case } from '../case.ts';
import { bakeStep, REGION } from './bake-step.ts';
import { startSshServer } from './ssh-server.ts';

/** Debian's Packer is of 2020. */
const POLICIES = [readPolicy('bake.json'), readPolicy('bake-with-old-plugins.json')] as const;

const LICENSE = 'hunter2-hunter2';

/** The user's provisioners run unchanged, and the log tells what they do. */
export const provisionerCases: readonly Case[] = [
  {
    name: 'packer: shell, file and Ansible provisioners over SSH',
    needs: ['packer', 'ansible-playbook', 'asyncssh'],
    run: (bench) => provision(bench, 0, checkProvisioned),
  },
  {
    name: 'packer: a provisioner that fails, with its last lines as an annotation',
    needs: ['packer', 'ansible-playbook', 'asyncssh'],
    run: (bench) => provision(bench, 3, checkFailed),
  },
  {
    name: 'packer: a build over SSH with exactly the policy that is documented',
    needs: ['packer', 'ansible-playbook', 'asyncssh'],
    run: (bench) => provision(bench, 0, checkPermitted, POLICIES),
  },
];

async function provision(
  { tool, folder }: Bench,
  endsWith: number,
  check: (result: StepResult, home: string, sandbox: Sandbox) => void,
  policies?: readonly Policy[],
): Promise<void> {
  const home = join(folder, 'home');
  const sandbox = await Sandbox.start({ timeScale: 60 });
  const ssh = await startSshServer(tool('asyncssh'), 'run', home);
  try {
    cpSync('sandbox/e2e/packer/provisioners', folder, { recursive: true });
    const variables = {
      endpoint: sandbox.url,
      source_ami: publicImage(sandbox, REGION),
      ssh_port: ssh.port,
      home,
      license: LICENSE,
      python: tool('asyncssh').path,
      ends_with: endsWith,
    };
    const programs = [tool('packer'), tool('ansible-playbook')];
    if (policies) sandbox.aws.iam.load({ '*': policies });
    const result = await bakeStep(sandbox, folder, { template: 'provisioners.pkr.hcl', variables, programs });
    check(result, home, sandbox);
  } finally {
    await ssh.stop();
    await sandbox.close();
  }
}

const BUILD = 'amazon-ebs.shop';

function checkProvisioned({ exitCode, log, outputs }: StepResult, home: string): void {
  equal(exitCode, 0, log);
  equal(readFileSync(join(home, 'inline'), 'utf8'), 'port = 8080\n');
  equal(readFileSync(join(home, 'ansible-was-here'), 'utf8'), 'by Ansible\n');
  deepEqual(groupsOf(log), [
    'Launch the builder instance',
    'Connect to it',
    'Provision: file shop.conf',
    'Provision: shell',
    'Provision: ansible',
    'Provision: shell finish.sh',
    'Make the image',
    'Clean up',
    'Post-process: shell-local',
  ]);
  const kept = readFileSync(outputs['packer-log'] ?? '', 'utf8');
  match(kept, /license \*\*\* is used/);
  doesNotMatch(kept, new RegExp(LICENSE));
  match(log, new RegExp(`^::add-mask::${LICENSE}$`, 'm'));
}

function checkFailed({ exitCode, log, outputs }: StepResult): void {
  equal(exitCode, 1, log);
  match(
    log,
    new RegExp(
      `^::error title=${BUILD}%3A Provision%3A shell finish\\.sh::.*no package nginx available`,
      'm',
    ),
  );
  match(readFileSync(outputs['packer-log'] ?? '', 'utf8'), /no package nginx available/);
  equal(groupsOf(log).at(-1), 'Clean up');
}

/** Nothing is refused, nothing is left, and the statements that are Packer's are all needed. */
function checkPermitted({ exitCode, log }: StepResult, _home: string, { aws, world }: Sandbox): void {
  equal(exitCode, 0, log);
  doesNotMatch(log, /not authorized/i);
  const { state } = world.region(REGION);
  deepEqual([...state.keyPairs.keys()], []);
  deepEqual(
    [...state.securityGroups.values()].map(({ name }) => name),
    ['default'],
  );
  const [policy, old] = POLICIES;
  const Statement = policy.Statement.filter(({ Sid }) => Sid.startsWith('Packer'));
  deepEqual(unused({ ...policy, Statement }, aws.iam.granted), []);
  deepEqual(unused(old, aws.iam.granted), []);
}

/** The sections of the build in the log. */
function groupsOf(log: string): string[] {
  return [...log.matchAll(new RegExp(`^::group::${BUILD}: (.*)$`, 'gm'))].map(([, title = '']) => title);
}
