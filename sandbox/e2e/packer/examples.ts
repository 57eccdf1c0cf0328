import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sandbox } from '../../sandbox.ts';
import { publicImage } from '../../scene.ts';
import type { Bench, Case } from '../case.ts';
import { cleanEnvironment, runChild } from '../child.ts';
import { bakeStep, REGION } from './bake-step.ts';
import { startSshServer } from './ssh-server.ts';

interface Example {
  /** In the folder of examples; a folder with this file in it. */
  template: string;
  inputs?: Readonly<Record<string, string>>;
  /** What has to arrive on the builder instance, below /tmp. */
  uploads: readonly string[];
}

const APP = ['app/server.mjs', 'app/shop.service'];
const CONFIGURATION = ['configuration/app-configuration', 'configuration/app-configuration@.service'];

const BUILT: readonly Example[] = [
  { template: 'node-app/node-app.pkr.hcl', uploads: [...APP, ...CONFIGURATION] },
  { template: 'legacy-json/template.json', uploads: [...APP, ...CONFIGURATION] },
  { template: 'rpm/rpm.pkr.hcl', uploads: ['shop.rpm', ...CONFIGURATION] },
];

/** Packer before 1.7 does not know what these files say; they are all that it does not read. */
const PLUGINS = 'plugins.pkr.hcl';

export const exampleCases: readonly Case[] = [
  {
    name: 'packer: the examples are valid',
    needs: ['packer', 'ansible-playbook'],
    run: validate,
  },
  ...BUILT.map(
    (example): Case => ({
      name: `packer: the example ${example.template} is built`,
      needs: ['packer', 'ssh', 'asyncssh'],
      run: (bench) => withBuilder(bench, async (build) => void (await build(example))),
    }),
  ),
  {
    name: 'packer: the example base-and-app is built, the application on the base',
    needs: ['packer', 'ssh', 'asyncssh'],
    run: (bench) => withBuilder(bench, buildInLayers),
  },
  {
    name: 'packer: the RPM package of the example',
    needs: ['rpmbuild'],
    run: packageRpm,
  },
];

async function validate({ tool, folder }: Bench): Promise<void> {
  const examples = copyExamples(folder);
  const env = cleanEnvironment({
    PATH: `${join(tool('ansible-playbook').path, '..')}:${process.env.PATH ?? ''}`,
    AWS_REGION: REGION,
    CHECKPOINT_DISABLE: '1',
  });
  const packer = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await runChild(tool('packer').path, args, { cwd: examples, env });
    equal(exitCode, 0, `packer ${args.join(' ')}:\n${stdout}${stderr}`);
  };
  const templates = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /(\.pkr\.hcl|template\.json)$/.test(name) && !name.endsWith(PLUGINS),
  );
  equal(templates.length, 7);
  for (const template of templates) {
    const variables = template.endsWith('app/app.pkr.hcl') ? ['-var', 'source_ami=ami-0abc'] : [];
    await packer('validate', ...variables, template);
    if (template.endsWith('.hcl')) await packer('fmt', '-check', template);
  }
  const playbook = join(examples, 'ansible/playbook.yml');
  const { exitCode, stderr } = await runChild(tool('ansible-playbook').path, ['--syntax-check', playbook], {
    env,
  });
  equal(exitCode, 0, stderr);
}

type Build = (example: Example) => Promise<string>;

/** Real Packer builds on the local AWS, and uploads to an SSH server that runs nothing of what it is told. */
async function withBuilder(
  { tool, folder }: Bench,
  work: (build: Build, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const examples = copyExamples(folder);
  const sandbox = await Sandbox.start({ timeScale: 60 });
  const ssh = await startSshServer(tool('asyncssh'), 'record', join(folder, 'builder'));
  try {
    await work(async ({ template, inputs = {}, uploads }) => {
      redirect(join(examples, template), { endpoint: sandbox.url, port: ssh.port });
      const { exitCode, log, outputs } = await bakeStep(sandbox, folder, {
        template: join('examples', template),
        inputs,
        programs: [tool('packer')],
      });
      equal(exitCode, 0, log);
      for (const upload of uploads) ok(existsSync(join(ssh.folder, 'tmp', upload)), `${upload}:\n${log}`);
      await checkScripts(ssh.folder);
      return outputs['ami-id'] ?? '';
    }, sandbox);
  } finally {
    await ssh.stop();
    await sandbox.close();
  }
}

/** As their workflows: the base is an application of its own, and the application asks for the newest one. */
async function buildInLayers(build: Build, sandbox: Sandbox): Promise<void> {
  const base = await build({
    template: 'base-and-app/base/base.pkr.hcl',
    inputs: { application: 'octo/base' },
    uploads: CONFIGURATION,
  });
  const app = await build({
    template: 'base-and-app/app/app.pkr.hcl',
    inputs: { 'base-image': 'application:octo/base' },
    uploads: APP,
  });
  const sourceOf = (id: string) => sandbox.world.region(REGION).state.images.get(id)?.image.SourceImageId;
  deepEqual([sourceOf(app), sourceOf(base)], [base, publicImage(sandbox, REGION)]);
}

/** The scripts that Packer ran: each is one that bash understands. */
async function checkScripts(builder: string): Promise<void> {
  const commands = readFileSync(join(builder, 'commands'), 'utf8');
  match(commands, /chmod .*\/tmp\/script_\d+\.sh/);
  const scripts = readdirSync(join(builder, 'tmp')).filter((name) => /^script_\d+\.sh$/.test(name));
  ok(scripts.length > 0, commands);
  for (const script of scripts) {
    const { exitCode, stderr } = await runChild('bash', ['-n', join(builder, 'tmp', script)]);
    equal(exitCode, 0, stderr);
  }
}

function copyExamples(folder: string): string {
  const examples = join(folder, 'examples');
  cpSync('examples', examples, { recursive: true });
  for (const name of readdirSync(examples, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith(PLUGINS)) rmSync(join(examples, name));
  writeFileSync(join(folder, 'shop.rpm'), 'a package');
  writeFileSync(join(examples, 'shop.rpm'), 'a package');
  return examples;
}

/** The same template, with the local AWS and the SSH server in place of AWS and its instance. */
function redirect(path: string, { endpoint, port }: { endpoint: string; port: number }): void {
  const places = {
    custom_endpoint_ec2: endpoint,
    ssh_host: '127.0.0.1',
    ssh_port: port,
    skip_region_validation: true,
    skip_metadata_api_check: true,
    associate_public_ip_address: true,
  };
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) {
    const document = JSON.parse(text);
    Object.assign(document.builders[0], places);
    writeFileSync(path, JSON.stringify(document));
    return;
  }
  const lines = Object.entries(places).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`);
  writeFileSync(
    path,
    text.replace(/^source "amazon-ebs".*\{$/m, (head) => [head, ...lines].join('\n')),
  );
}

async function packageRpm({ tool, folder }: Bench): Promise<void> {
  const app = join(copyExamples(folder), 'node-app/app');
  const spec = join(folder, 'examples/rpm/shop.spec');
  const define = (name: string, value: string) => ['--define', `${name} ${value}`];
  const { exitCode, stdout, stderr } = await runChild(
    tool('rpmbuild').path,
    ['-bb', ...define('_topdir', folder), ...define('_sourcedir', app), ...define('release_of', '42'), spec],
    { env: cleanEnvironment({}) },
  );
  equal(exitCode, 0, stdout + stderr);
  ok(existsSync(join(folder, 'RPMS/noarch/shop-1.0.0-42.noarch.rpm')));
}
