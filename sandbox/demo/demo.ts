import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { type Aws, createAws } from '../../src/aws/clients.ts';
import { TAG, tagsOf } from '../../src/tags.ts';
import { readable } from '../runner/readable.ts';
import { actionNode, runStep, type StepResult } from '../runner/step.ts';
import { Sandbox } from '../sandbox.ts';
import { publicImage } from '../scene.ts';
import { aYearOfReleases, ENVIRONMENTS, PAST_COMMITS } from './history.ts';
import { prepareDemoPacker } from './packer.ts';

/** `npm run demo`: the main job on the local AWS, with the built action, told as a story. */

const REGION = 'us-east-1';
const APPLICATION = 'octo/shop';
const YEAR = 365 * 24 * 3600 * 1000;
/** An hour of AWS's time in twelve seconds. */
const SCALE = 300;
const COMMITS = { A: 'a1'.repeat(20), B: 'b2'.repeat(20), C: 'c3'.repeat(20) };

const started = Date.now();
const folder = resolve('.demo');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const summaries: string[] = [];

const sandbox = await Sandbox.start({ now: Date.now() - YEAR, timeScale: 0 });
const credentials = { AWS_ACCESS_KEY_ID: 'demo', AWS_SECRET_ACCESS_KEY: 'demo' };
const aws: Aws = createAws({
  region: REGION,
  endpoint: sandbox.url,
  credentials: async () => ({
    accessKeyId: 'demo',
    secretAccessKey: 'demo',
    sessionToken: 'demo',
    expiration: new Date(Date.now() + YEAR),
  }),
});
sandbox.github.commits = [...PAST_COMMITS, ...Object.values(COMMITS)];

try {
  await tell();
} finally {
  await sandbox.close();
}

async function tell(): Promise<void> {
  title('immutable-deploy on a local AWS: nothing here is real but the action');
  say(`The action runs on Node ${nodeVersion()} from dist/, as GitHub's runner starts it.`);
  const packer = prepareDemoPacker(folder);
  say(packer.said);
  await aYearOfReleases(sandbox, aws, APPLICATION);
  sandbox.clock.set({ now: Date.now(), scale: SCALE });
  say(
    `A year of releases is there: ${await countImages()} images, and the groups ${Object.keys(ENVIRONMENTS).join(', ')} behind a load balancer.`,
  );
  say(`From here on, AWS's time runs ${SCALE} times as fast as yours.`);

  const bake = async (commit: string, variables: Readonly<Record<string, string>> = {}) => {
    // Each commit changes something: of the same content there would be one image for all.
    writeFileSync(join(packer.template, 'RELEASE'), commit);
    return await step(
      `bake ${short(commit)}`,
      {
        mode: 'bake',
        template: '.',
        'packer-version': 'system',
        variables: lines({
          endpoint: sandbox.url,
          region: REGION,
          source_ami: publicImage(sandbox, REGION),
          ...variables,
        }),
      },
      { commit, path: packer.path, workspace: packer.template },
    );
  };
  const promote = async (
    environment: string,
    imageId: string,
    commit: string,
    more: Readonly<Record<string, string>> = {},
  ) =>
    await step(
      `promote to ${environment}`,
      {
        mode: 'promote',
        environment,
        'auto-scaling-groups': environment,
        ...(imageId === '' ? {} : { 'ami-id': imageId }),
        ...more,
      },
      { commit },
    );

  title(`1. Commit ${short(COMMITS.A)} goes through all environments`);
  const first = await must(bake(COMMITS.A));
  for (const environment of Object.keys(ENVIRONMENTS)) {
    approval(environment);
    await must(promote(environment, image(first), COMMITS.A));
  }

  title(`2. Commit ${short(COMMITS.B)} never becomes healthy`);
  const bad = await must(bake(COMMITS.B, { boot: 'never-healthy' }));
  const failed = await promote('dev', image(bad), COMMITS.B);
  if (failed.exitCode !== 1 || failed.outputs.status !== 'rolled-back')
    throw new Error('The bad image should have been rolled back, with exit code 1.');
  say(
    'Exit code 1: the pipeline stops here. Staging and production never saw this image, and dev runs the one before.',
  );

  title(`3. Commit ${short(COMMITS.C)} repairs it`);
  const third = await must(bake(COMMITS.C));
  for (const environment of Object.keys(ENVIRONMENTS)) {
    approval(environment);
    await must(promote(environment, image(third), COMMITS.C));
  }

  title(`4. Production goes back to ${short(COMMITS.A)}, by hand`);
  await must(promote('production', '', COMMITS.A, { rollback: 'true', commit: COMMITS.A }));

  title('5. Old images go');
  // The first time after a year more of them go than a prune removes when nothing is said.
  const rules = { mode: 'prune', 'max-deletion-percent': '70' };
  await must(step('prune, dry run', rules, { commit: COMMITS.C }));
  await must(step('prune', { ...rules, 'dry-run': 'false' }, { commit: COMMITS.C }));
  say(`${await countImages()} images are left.`);

  title('What each environment runs');
  console.log(await environmentsTable());
  say(`Job summaries: ${summaries.map((path) => relative('.', path)).join(' ')}`);
  say(`The demo took ${((Date.now() - started) / 1000).toFixed(0)} s of your time.`);
}

/** Runs one step of a job and tells what it says; the lines of Packer and of groups are indented. */
async function step(
  name: string,
  inputs: Readonly<Record<string, string>>,
  run: { commit: string; path?: string; workspace?: string },
): Promise<StepResult> {
  const real = Date.now();
  const virtual = sandbox.clock.now();
  console.log(`\n  ▶ ${name}`);
  const result = await runStep({
    inputs: { ...inputs, 'github-token': 'demo' },
    folder: join(folder, `${String(summaries.length + 1).padStart(2, '0')}-${name.replace(/\W+/g, '-')}`),
    env: {
      ...credentials,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: sandbox.url,
      IMMUTABLE_DEPLOY_CLOCK: sandbox.clock.variable,
      // Real Packer waits by the machine's clock.
      AWS_POLL_DELAY_SECONDS: '1',
      CHECKPOINT_DISABLE: '1',
      GITHUB_API_URL: `${sandbox.url}/_github`,
      GITHUB_REPOSITORY: APPLICATION,
      GITHUB_SHA: run.commit,
      GITHUB_REF_NAME: 'main',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_RUN_ID: String(1000 + summaries.length),
      GITHUB_WORKSPACE: run.workspace ?? folder,
      ...(run.path === undefined ? {} : { PATH: run.path }),
    },
    onLine: (line) => {
      const shown = readable(line);
      if (shown !== undefined) console.log(`    ${shown}`);
    },
  });
  summaries.push(result.summaryPath);
  const minutes = ((sandbox.clock.now() - virtual) / 60_000).toFixed(1);
  console.log(
    `  ${result.exitCode === 0 ? '✓' : '✗'} ${name}: exit code ${result.exitCode}; ${minutes} min on AWS's clock, ${((Date.now() - real) / 1000).toFixed(1)} s on yours`,
  );
  return result;
}

async function must(work: Promise<StepResult>): Promise<StepResult> {
  const result = await work;
  if (result.exitCode !== 0) throw new Error(`The step failed:\n${result.log}`);
  return result;
}

function image(result: StepResult): string {
  return result.outputs['ami-id'] ?? '';
}

function approval(environment: string): void {
  if (environment === 'dev') return;
  console.log(
    `\n  ⏸ ${environment} waits for an approval … approved. (On GitHub: a required reviewer of the environment. Here: simulated.)`,
  );
}

async function countImages(): Promise<number> {
  const { Images = [] } = await aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  return Images.length;
}

async function environmentsTable(): Promise<string> {
  const { AutoScalingGroups = [] } = await aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  const { Images = [] } = await aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  const rows = AutoScalingGroups.map((group) => {
    const instances = (group.Instances ?? []).filter((instance) => instance.LifecycleState === 'InService');
    const imageId = imageOf(
      group.LaunchTemplate?.LaunchTemplateId ?? '',
      Number(group.LaunchTemplate?.Version),
    );
    const commit = tagsOf(Images.find((candidate) => candidate.ImageId === imageId) ?? {})[TAG.commit] ?? '';
    return [
      group.AutoScalingGroupName ?? '',
      imageId,
      short(commit),
      `version ${group.LaunchTemplate?.Version}`,
      `${instances.length} in service`,
    ];
  });
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`)
    .join('\n');
}

function imageOf(launchTemplateId: string, version: number): string {
  const template = sandbox.world.region(REGION).state.launchTemplates.get(launchTemplateId);
  return template?.versions.find((candidate) => candidate.number === version)?.data.ImageId ?? '';
}

function nodeVersion(): string {
  return execFileSync(actionNode(), ['--version'], { encoding: 'utf8' }).trim();
}

function lines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

function short(commit: string): string {
  return commit.slice(0, 7);
}

function title(text: string): void {
  console.log(`\n━━ ${text}`);
}

function say(text: string): void {
  console.log(`  ${text}`);
}
