import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Aws, clientsOf, createAws } from '../../../src/aws/clients.ts';
import type { Clock } from '../../../src/clock.ts';
import type { Context } from '../../../src/context.ts';
import { givenInputs, parseInputs } from '../../../src/inputs/inputs.ts';
import type { PromoteInputs } from '../../../src/inputs/schema.ts';
import type { Log } from '../../../src/log.ts';
import { Report } from '../../../src/report.ts';
import { Sandbox } from '../../sandbox.ts';
import { addGroup, addImage } from '../../scene.ts';

const REGION = 'us-east-1';
const APPLICATION = 'octo/shop';

const COMMIT = { old: 'a'.repeat(40), next: 'b'.repeat(40) };

/** A sandbox in stepped time with one group that runs the image `old`, and the image `next`. */
export interface Stage {
  sandbox: Sandbox;
  aws: Aws;
  old: string;
  next: string;
}

/** @param boot how instances of the image `next` behave; default: well */
export async function setStage(options: {
  groups: readonly string[];
  size: number;
  healthCheckType?: 'EC2' | 'ELB';
  boot?: string;
}): Promise<Stage> {
  const sandbox = await Sandbox.start({ timeScale: 0, now: Date.now() });
  const aws = benchAws(sandbox.url);
  // Time must not jump while a call is under way.
  for (const client of clientsOf(aws)) {
    client.middlewareStack.add((next) => (args) => sandbox.clock.holdWhile(() => next(args)), {
      step: 'initialize',
      name: 'holdClock',
    });
  }
  const old = await addImage(sandbox, aws, 'shop-old', tagsOf(COMMIT.old));
  const boot = options.boot === undefined ? {} : { 'sandbox:boot': options.boot };
  const next = await addImage(sandbox, aws, 'shop-next', { ...tagsOf(COMMIT.next), ...boot });
  const { size, healthCheckType = 'ELB' } = options;
  for (const name of options.groups)
    await addGroup(sandbox, aws, { name, imageId: old, size, healthCheckType });
  return { sandbox, aws, old, next };
}

const tagsOf = (commit: string) => ({
  'immutable-deploy:application': APPLICATION,
  'immutable-deploy:commit': commit,
  'immutable-deploy:branch': 'main',
});

export function benchAws(endpoint: string): Aws {
  const credentials = {
    accessKeyId: 'bench',
    secretAccessKey: 'bench',
    sessionToken: 'bench',
    expiration: new Date(Date.now() + 3_600_000),
  };
  return createAws({ region: REGION, endpoint, credentials: async () => credentials });
}

/** What the runner sets for a step that lives in the sandbox. */
export const stepEnvironment = (sandbox: Sandbox): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: REGION,
  AWS_ENDPOINT_URL: sandbox.url,
  IMMUTABLE_DEPLOY_CLOCK: sandbox.clock.variable,
  GITHUB_REPOSITORY: APPLICATION,
  GITHUB_SHA: COMMIT.next,
  GITHUB_RUN_ID: '1',
});

export function promoteInputs(given: Readonly<Record<string, string>>): PromoteInputs {
  const all = { mode: 'promote', environment: 'bench', application: APPLICATION, ...given };
  const env = Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const { inputs } = parseInputs(givenInputs(Object.fromEntries(env)));
  if (inputs.mode !== 'promote') throw new Error('The inputs are those of a promotion.');
  return inputs;
}

const nothing = () => {};

export const silentLog: Log = {
  info: nothing,
  notice: nothing,
  warning: nothing,
  error: nothing,
  secret: nothing,
  startGroup: () => nothing,
  group: async (_title, work) => await work(),
};

/** A context that says nothing, with GitHub out of reach. */
export function quietContext(aws: Aws, clock: Clock): Context {
  const away = () => Promise.reject(new Error('GitHub is not asked in a measurement.'));
  return {
    aws,
    clock,
    log: silentLog,
    report: new Report(),
    github: { compare: away, createDeployment: away, setDeploymentState: away },
    run: {
      repository: APPLICATION,
      commit: COMMIT.next,
      branch: 'main',
      repositoryUrl: 'https://github.com/octo/shop',
      url: 'https://github.com/octo/shop/actions/runs/1',
      id: '1',
      attempt: 1,
      workspace: process.cwd(),
      temp: mkdtempSync(join(tmpdir(), 'bench-')),
    },
    processes: { run: away },
    fetch: away,
    checkedOut: async () => undefined,
    env: {},
    signal: new AbortController().signal,
    saveCleanUp: nothing,
  };
}
