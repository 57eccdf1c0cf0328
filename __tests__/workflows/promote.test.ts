import { describe, expect, test } from '@jest/globals';
import { evaluate } from './expressions.ts';
import { type Outcome, runJobs } from './run-jobs.ts';
import { inputsOf, type Job, workflow } from './workflow-files.ts';

const promote = workflow('promote.yml');
const { jobs, on } = promote;
const job: Job = jobs.promote ?? {};
const github = { repository: 'octo/shop', run_id: '7' };
const given = (inputs: Record<string, unknown> = {}) => inputsOf(promote, { environment: 'live', ...inputs });

/** What the action takes at most after its time is over, in minutes: it watches a rollback. */
const ROLLBACK = 30;
/** What GitHub gives to all post steps of a job together, in minutes. */
const POST = 5;

describe('promote.yml', () => {
  test('enters the environment only where it promotes', () => {
    expect(evaluate(job.environment?.name ?? '', { inputs: given() })).toBe('live');
    expect(jobs.plan?.environment).toBeUndefined();
    expect(jobs.approve?.environment).toEqual({
      name: `\${{ inputs.approval-environment }}`,
      deployment: false,
    });
  });

  test.each([
    ['records a promotion as a deployment', {}, 'true'],
    ["records no image of another commit than the run's", { deployment: false }, 'false'],
    [
      'records a given image that the caller only describes',
      { 'ami-id': 'ami-1', commit: 'abcdef0' },
      'true',
    ],
    ['records none that is chosen by its commit', { commit: 'abcdef0' }, 'false'],
    ['records none that is chosen by its version', { version: 'v1' }, 'false'],
    ['records none that is chosen by its branch', { branch: 'main' }, 'false'],
    ['records no plan', { 'dry-run': true }, 'false'],
  ])('%s', (_what, inputs, expected) => {
    expect(evaluate(String(job.environment?.deployment), { inputs: given(inputs) })).toBe(expected);
  });

  test('takes from the variables of the environment what the caller did not give', () => {
    const step = job.steps?.find(({ id }) => id === 'promote')?.with ?? {};
    const read = (name: string, inputs: object, vars: object) =>
      evaluate(String(step[name]), { vars, inputs: given({ ...inputs }) });
    const settings = {
      'auto-scaling-groups': 'IMMUTABLE_DEPLOY_GROUPS',
      'auto-scaling-group-tags': 'IMMUTABLE_DEPLOY_GROUP_TAGS',
      'aws-region': 'IMMUTABLE_DEPLOY_REGION',
      'role-to-assume': 'IMMUTABLE_DEPLOY_ROLE',
      'expected-account-ids': 'IMMUTABLE_DEPLOY_ACCOUNT',
      'environment-url': 'IMMUTABLE_DEPLOY_URL',
      'verify-url': 'IMMUTABLE_DEPLOY_VERIFY_URL',
      alarms: 'IMMUTABLE_DEPLOY_ALARMS',
      'preferences-file': 'IMMUTABLE_DEPLOY_PREFERENCES',
      'sns-topic-arn': 'IMMUTABLE_DEPLOY_SNS_TOPIC',
    };
    for (const [input, variable] of Object.entries(settings)) {
      expect([input, read(input, {}, { [variable]: 'set' })]).toEqual([input, 'set']);
      expect([input, read(input, { [input]: 'given' }, { [variable]: 'set' })]).toEqual([input, 'given']);
      expect([input, read(input, {}, {})]).toEqual([input, '']);
    }
  });

  test('does not mix groups that the caller names with those that the environment names', () => {
    const step = job.steps?.find(({ id }) => id === 'promote')?.with ?? {};
    const vars = { IMMUTABLE_DEPLOY_GROUPS: 'web', IMMUTABLE_DEPLOY_GROUP_TAGS: 'a=b' };
    const read = (name: string, inputs: object) =>
      evaluate(String(step[name]), { vars, inputs: given({ ...inputs }) });
    expect(read('auto-scaling-groups', { 'auto-scaling-group-tags': 'c=d' })).toBe('');
    expect(read('auto-scaling-group-tags', { 'auto-scaling-groups': 'api' })).toBe('');
  });

  test('ends after the action has ended: time-out, rollback and post step fit into the job', () => {
    const input = on.workflow_call?.inputs['timeout-minutes'];
    const [, most] = /At most (\d+)/.exec(input?.description ?? '') ?? [];
    expect(Number(input?.default)).toBeLessThanOrEqual(Number(most));
    expect(Number(most) + ROLLBACK + POST).toBeLessThanOrEqual(job['timeout-minutes'] ?? 0);
  });
});

describe('the jobs of promote.yml', () => {
  const vars = { IMMUTABLE_DEPLOY_PLAN_ROLE: 'arn' };
  const run = (inputs: object, outcomes: Partial<Record<string, Outcome>> = {}, variables: object = vars) =>
    runJobs(promote, { inputs: given({ ...inputs }), vars: variables }, outcomes);

  test('plan, then promote; GitHub asks the reviewers of the environment in between', () => {
    expect(run({})).toEqual({ plan: 'success', approve: 'skipped', promote: 'success' });
  });

  test('with an approval environment ask its reviewers after the plan and before the promotion', () => {
    expect(run({ 'approval-environment': 'gate' })).toEqual({
      plan: 'success',
      approve: 'success',
      promote: 'success',
    });
    expect(jobs.approve?.needs).toEqual(['plan']);
    expect(jobs.promote?.needs).toEqual(['plan', 'approve']);
  });

  test.each(['failure', 'cancelled'] as const)(
    'do not promote after an approval that ended in %s',
    (approve) => {
      expect(run({ 'approval-environment': 'gate' }, { approve }).promote).toBe('skipped');
    },
  );

  test('plan only where there is a role for it', () => {
    expect(run({}, {}, {}).plan).toBe('skipped');
    expect(run({}, {}, { IMMUTABLE_DEPLOY_BAKE_ROLE: 'arn' }).plan).toBe('success');
    expect(run({ 'plan-role-to-assume': 'arn' }, {}, {}).plan).toBe('success');
    expect(run({ plan: false }).plan).toBe('skipped');
  });

  test('promote without a plan, and after one that failed: it is for people', () => {
    expect(run({ plan: false }).promote).toBe('success');
    expect(run({}, { plan: 'failure' }).promote).toBe('success');
    expect(jobs.plan?.steps?.every((step) => step['continue-on-error'] === true)).toBe(true);
  });

  test('look at the groups in the plan only with a role that may', () => {
    const step = jobs.plan?.steps?.[0]?.with ?? {};
    const groups = (variables: object) =>
      evaluate(String(step['auto-scaling-groups']), {
        inputs: given({ 'auto-scaling-groups': 'web' }),
        vars: variables,
      });
    expect(groups(vars)).toBe('web');
    expect(groups({ IMMUTABLE_DEPLOY_BAKE_ROLE: 'arn' })).toBe('');
  });

  test('plan the very image that is promoted', () => {
    const planned = jobs.plan?.steps?.[0]?.with ?? {};
    const promoted = job.steps?.find(({ id }) => id === 'promote')?.with ?? {};
    for (const name of ['application', 'ami-id', 'commit', 'version', 'branch', 'environment'])
      expect([name, planned[name]]).toEqual([name, promoted[name]]);
    expect(planned['dry-run']).toBe(true);
  });
});

describe('the concurrency of promote.yml', () => {
  const group = (inputs: object, run_id = '7') =>
    (job.concurrency?.group ?? '').replace(/\$\{\{.*?\}\}/g, (expression) =>
      evaluate(expression, { inputs: given({ ...inputs }), github: { ...github, run_id } }),
    );

  test('is none between runs while the reviewers of the environment are asked in the job itself', () => {
    expect(group({}, '7')).not.toBe(group({}, '8'));
  });

  test('is one lane for an application and environment after an approval', () => {
    const gate = { 'approval-environment': 'gate' };
    expect(group(gate, '7')).toBe('immutable-deploy-octo/shop-live');
    expect(group(gate, '8')).toBe(group(gate, '7'));
    expect(group({ ...gate, application: 'other' })).not.toBe(group(gate));
    expect(group({ ...gate, environment: 'staging' })).not.toBe(group(gate));
  });

  test('drops nobody, and is held by nobody who waits for a person', () => {
    expect(job.concurrency).toMatchObject({ 'cancel-in-progress': false, queue: 'max' });
    expect(jobs.approve?.concurrency).toBeUndefined();
  });
});
