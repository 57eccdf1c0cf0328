import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { evaluate } from './expressions.ts';
import {
  type Job,
  type Step,
  type Workflow,
  workflow,
  workflowFiles,
  workflowText,
} from './workflow-files.ts';

const all = workflowFiles.map((file) => ({ file, ...workflow(file) }));
const stepsOf = ({ jobs }: Pick<Workflow, 'jobs'>): Step[] =>
  Object.values(jobs).flatMap((job) => job.steps ?? []);
const triggers = ({ on }: Pick<Workflow, 'on'>) => Object.keys(on);
const grants = ({ jobs }: Pick<Workflow, 'jobs'>) =>
  Object.values(jobs).flatMap((job) => Object.entries(job.permissions ?? {}));

describe('the gate of CI', () => {
  const { ci: gate, ...others } = workflow('ci.yml').jobs;
  const decide = (results: string) =>
    spawnSync('bash', ['-e', '-c', gate?.steps?.[0]?.run ?? 'exit 9'], { env: { RESULTS: results } }).status;

  test('waits for every other job', () => {
    expect(gate?.needs?.toSorted()).toEqual(Object.keys(others).toSorted());
  });

  test('decides whatever became of them', () => {
    expect(gate?.if).toMatch(/^\$\{\{ always\(\) \}\}$/);
  });

  test('passes when all did', () => expect(decide('success success success')).toBe(0));

  test.each(['failure', 'cancelled', 'skipped'])('does not pass when one was a %s', (result) => {
    expect(decide(`success ${result} success`)).toBe(1);
  });

  test('has the name that branch protection asks for', () => expect(gate?.name).toBe('ci'));
});

describe('CI', () => {
  const group = (event: object) =>
    evaluate(/group: (ci-.*)$/m.exec(workflowText('ci.yml'))?.[1]?.replace('ci-', '') ?? '', {
      github: event,
    });

  test('ends an older run of a pull request, and no run of main', () => {
    const pull = (sha: string) => group({ sha, event: { pull_request: { number: 7 } } });
    const push = (sha: string) => group({ sha, event: {} });
    expect(pull('a')).toBe(pull('b'));
    expect(push('a')).not.toBe(push('b'));
  });
});

describe('all workflows', () => {
  test('name one commit for each action', () => {
    const commits = new Map<string, Set<string>>();
    for (const { file } of all) {
      for (const [, repository = '', commit = ''] of workflowText(file).matchAll(
        /uses: ([\w.-]+\/[\w.-]+)[\w./-]*@(\S+ # \S+)/g,
      ))
        commits.set(repository, (commits.get(repository) ?? new Set()).add(commit));
    }
    expect(commits.size).toBeGreaterThan(5);
    expect([...commits].filter(([, versions]) => versions.size > 1)).toEqual([]);
  });

  test('run scripts that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));
    const commands = all.flatMap(stepsOf).flatMap(({ run }) => run ?? []);
    const npm = commands.flatMap((command) =>
      [...command.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    const files = commands.flatMap((command) =>
      [...command.matchAll(/node (scripts\/\S+)/g)].map(([, file = '']) => file),
    );
    expect(npm.filter((name) => !scripts[name])).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  test('never meet the code of a pull request with a token that may write', () => {
    expect(all.filter((each) => triggers(each).includes('pull_request_target'))).toEqual([]);
    for (const each of all.filter((one) => triggers(one).includes('pull_request'))) {
      const writes = grants(each).filter(([, access]) => access === 'write');
      // To upload what CodeQL found. GitHub takes it away from a fork's pull request.
      expect(writes.filter(([scope]) => scope !== 'security-events')).toEqual([]);
    }
  });
});

describe('dist for Dependabot', () => {
  const build: Job = workflow('dist.yml').jobs.build ?? {};
  const commit: Job = workflow('dist-commit.yml').jobs.commit ?? {};
  const event = (run: object) => ({
    github: { repository: 'octo/shop', event: { workflow_run: run } },
  });
  const good = {
    conclusion: 'success',
    event: 'pull_request',
    head_repository: { full_name: 'octo/shop' },
  };

  test('is built for Dependabot alone', () => {
    const by = (login: string) =>
      evaluate(build.if ?? '', { github: { event: { pull_request: { user: { login } } } } });
    expect(by('dependabot[bot]')).toBe('true');
    expect(by('octocat')).toBe('false');
  });

  test('is built from the branch itself, with a token that can only read', () => {
    expect(build.permissions).toEqual({ contents: 'read' });
    const ref = String(build.steps?.[0]?.with?.ref);
    expect(evaluate(ref, { github: { event: { pull_request: { head: { sha: 'c1' } } } } })).toBe('c1');
  });

  test('is installed without running scripts of packages', () => {
    expect(build.steps?.map(({ run }) => run)).toContain('npm ci --ignore-scripts');
  });

  test.each([
    ['takes over what was built', {}, 'true'],
    ['takes nothing from a build that failed', { conclusion: 'failure' }, 'false'],
    ['takes nothing from a build that was skipped', { conclusion: 'skipped' }, 'false'],
    ['takes nothing from a run that somebody started', { event: 'workflow_dispatch' }, 'false'],
    ['takes nothing from a fork', { head_repository: { full_name: 'mallory/shop' } }, 'false'],
  ])('%s', (_what, more, expected) => {
    expect(evaluate(commit.if ?? '', event({ ...good, ...more }))).toBe(expected);
  });

  test('is committed by a job that runs no code of the pull request', () => {
    const checkout = commit.steps?.find(({ uses }) => uses?.startsWith('actions/checkout@'));
    // Without a ref: main, whose workflow it is.
    expect(Object.keys(checkout?.with ?? {}).toSorted()).toEqual(['persist-credentials', 'sparse-checkout']);
    expect(commit.steps?.flatMap(({ run }) => run ?? [])).toEqual(['node scripts/dist/commit-dist.ts']);
  });

  test('is downloaded to where nothing is run from', () => {
    const download = commit.steps?.find(({ uses }) => uses?.startsWith('actions/download-artifact@'));
    const given = download?.with ?? {};
    const contexts = { runner: { temp: '/tmp' }, ...event({ id: 7 }) };
    expect(evaluate(String(given.path).replace('/dist', ''), contexts)).toBe('/tmp');
    expect(evaluate(String(given['run-id']), contexts)).toBe('7');
    expect(given.name).toBe(
      build.steps?.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))?.with?.name,
    );
  });

  test('hands over by the name of the workflow', () => {
    const { on }: { on: unknown } = workflow('dist-commit.yml');
    expect(on).toMatchObject({
      workflow_run: { workflows: [/^name: (.*)$/m.exec(workflowText('dist.yml'))?.[1]] },
    });
  });
});

describe('a release', () => {
  const { jobs, on } = workflow('release.yml');
  const ancestors = (id: string): string[] =>
    (jobs[id]?.needs ?? []).flatMap((need) => [need, ...ancestors(need)]);

  test('is only ever started by a person', () => expect(Object.keys(on)).toEqual(['workflow_dispatch']));

  test('goes through its jobs one after the other', () => {
    expect(ancestors('tags')).toEqual(['publish', 'attest', 'gate', 'draft', 'check']);
    expect(Object.keys(jobs)).toHaveLength(6);
  });

  test('waits for the reviewers before anything but a draft is made', () => {
    expect(jobs.gate?.environment?.name).toBe('release');
    const writers = Object.entries(jobs).filter(([, job]) =>
      Object.values(job.permissions ?? {}).includes('write'),
    );
    const early = writers.filter(([id]) => !ancestors(id).includes('gate')).map(([id]) => id);
    expect(early).toEqual(['draft']);
  });

  test('is signed by a job that runs nothing, and written by jobs that install nothing', () => {
    expect(jobs.attest?.steps?.flatMap(({ run }) => run ?? [])).toEqual([]);
    for (const job of Object.values(jobs).filter(({ permissions }) => permissions?.contents === 'write'))
      expect(job.steps?.flatMap(({ run }) => run ?? [])).toEqual([
        expect.stringMatching(/^node scripts\/release\/release\.ts [a-z-]+$/),
      ]);
  });

  test('uses no cache, which another branch could have filled', () => {
    for (const { uses, with: given } of stepsOf({ jobs }))
      if (uses?.startsWith('actions/setup-node@'))
        expect(given).toMatchObject({ 'package-manager-cache': false });
  });
});

describe('Scorecard', () => {
  // https://github.com/ossf/scorecard-action#workflow-restrictions
  test('can publish: its job uses nothing but what the service accepts', () => {
    const steps = workflow('scorecard.yml').jobs.scorecard?.steps ?? [];
    expect(steps.map(({ uses }) => uses?.split('@')[0])).toEqual([
      'actions/checkout',
      'ossf/scorecard-action',
      'actions/upload-artifact',
      'github/codeql-action/upload-sarif',
    ]);
    expect(workflowText('scorecard.yml')).not.toMatch(/^\s*(env|defaults):/m);
  });
});
