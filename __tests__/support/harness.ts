import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { subjectOf } from '../../sandbox/github/github.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { type Aws, clientsOf, createAws } from '../../src/aws/clients.ts';
import type { CleanUp, Context } from '../../src/context.ts';
import type { GitHub } from '../../src/github/github.ts';
import type { RunFacts } from '../../src/github/run.ts';
import { parseInputs } from '../../src/inputs/inputs.ts';
import type { Inputs, Mode } from '../../src/inputs/schema.ts';
import type { Log } from '../../src/log.ts';
import { Report } from '../../src/report.ts';

export const REGION = 'us-east-1';
export const START = Date.parse('2026-11-02T09:00:00Z');

/** A local AWS in stepped time and everything that a mode needs, for one test. */
export interface Harness {
  sandbox: Sandbox;
  aws: Aws;
  /** Runs work to its end; whenever all of it waits, time jumps. */
  drive<T>(work: Promise<T>): Promise<T>;
  /** A context like the runner's; parts can be replaced. */
  context(overrides?: Partial<Context>): TestContext;
  close(): Promise<void>;
}

export interface TestContext extends Context {
  log: RecordedLog;
  /** What was saved for the post step, newest last. */
  cleanUps: (CleanUp | undefined)[];
}

export interface RecordedLog extends Log {
  lines: string[];
  readonly text: string;
}

export function recordedLog(): RecordedLog {
  const lines: string[] = [];
  const add = (kind: string) => (message: string) => void lines.push(`${kind}${message}`);
  return {
    lines,
    get text() {
      return lines.join('\n');
    },
    info: add(''),
    notice: add('notice: '),
    warning: add('warning: '),
    error: add('error: '),
    secret: () => {},
    async group(title, work) {
      lines.push(`== ${title}`);
      return await work();
    },
    startGroup(title) {
      lines.push(`== ${title}`);
      return () => {};
    },
  };
}

export const COMMIT_A = 'a'.repeat(40);
export const COMMIT_B = 'b'.repeat(40);
export const COMMIT_C = 'c'.repeat(40);

export const runFacts: RunFacts = {
  repository: 'octo/shop',
  commit: COMMIT_A,
  branch: 'main',
  repositoryUrl: 'https://github.com/octo/shop',
  url: 'https://github.com/octo/shop/actions/runs/1',
  id: '1',
  attempt: 1,
  workspace: process.cwd(),
  temp: tmpdir(),
};

export async function startHarness(): Promise<Harness> {
  const sandbox = await Sandbox.start({ timeScale: 0, now: START });
  sandbox.github.commits = [COMMIT_A, COMMIT_B, COMMIT_C];
  const aws = createAws({
    region: REGION,
    endpoint: sandbox.url,
    // The SDK pauses between attempts in real time.
    attempts: 2,
    credentials: async () => ({
      accessKeyId: 'test',
      secretAccessKey: 'test',
      sessionToken: 'test',
      expiration: new Date(Date.now() + 3_600_000),
    }),
  });
  holdClock(sandbox, aws);
  const github: GitHub = {
    async compare(base, head) {
      const { status, by, commits } = sandbox.github.compare(base, head);
      const known = commits.map((sha) => ({ sha, subject: subjectOf(sha), author: 'octocat' }));
      return { status, total: by, commits: known };
    },
    createDeployment: async (wanted) => sandbox.github.deploy(wanted).id,
    setDeploymentState: async (id, state, { environmentUrl }) =>
      sandbox.github.setState(id, state, environmentUrl),
  };
  return {
    sandbox,
    aws,
    drive: async (work) => await sandbox.clock.drive(work),
    close: async () => await sandbox.close(),
    context(overrides = {}) {
      const cleanUps: (CleanUp | undefined)[] = [];
      return {
        aws,
        clock: sandbox.clock,
        report: new Report(),
        github,
        run: { ...runFacts, temp: mkdtempSync(join(tmpdir(), 'immutable-deploy-')) },
        processes: { run: () => Promise.reject(new Error('No program is started in this test.')) },
        fetch: (...request) => sandbox.clock.holdWhile(() => fetch(...request)),
        checkedOut: async () => undefined,
        env: {},
        signal: new AbortController().signal,
        saveCleanUp: (cleanUp) => void cleanUps.push(cleanUp),
        ...overrides,
        log: recordedLog(),
        cleanUps,
      };
    },
  };
}

/** Time does not jump while an AWS call is under way, seen from its caller. */
export function holdClock(sandbox: Sandbox, aws: Aws): void {
  for (const client of clientsOf(aws)) {
    client.middlewareStack.add((next) => (args) => sandbox.clock.holdWhile(() => next(args)), {
      step: 'initialize',
      name: 'holdClock',
    });
  }
}

/** Inputs of a mode as the parser makes them, from what a test gives; an empty one is none, as for the runner. */
export function inputsOf<M extends Mode>(
  mode: M,
  given: Readonly<Record<string, string>>,
): Extract<Inputs, { mode: M }> {
  const present = Object.entries(given).filter(([, value]) => value !== '');
  const { inputs } = parseInputs(new Map([['mode', mode], ...present]));
  if (inputs.mode !== mode) throw new Error(`Inputs of ${inputs.mode} instead of ${mode}.`);
  return inputs as Extract<Inputs, { mode: M }>;
}
