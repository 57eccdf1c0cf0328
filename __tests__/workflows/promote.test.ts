import { describe, expect, test } from '@jest/globals';
import { evaluate } from './expressions.ts';
import { type Job, workflow } from './workflow-files.ts';

const { jobs, on } = workflow('promote.yml');
const job: Job = jobs.promote ?? {};
const github = { repository: 'octo/shop' };

/** What the action takes at most after its time is over, in minutes: it watches a rollback. */
const ROLLBACK = 30;
/** What GitHub gives to all post steps of a job together, in minutes. */
const POST = 5;

describe('promote.yml', () => {
  test('enters the environment in its only job', () => {
    expect(Object.keys(jobs)).toEqual(['promote']);
    expect(evaluate(job.environment?.name ?? '', { inputs: { environment: 'live' } })).toBe('live');
  });

  test.each([
    ['records a promotion as a deployment', { rollback: false, 'dry-run': false }, 'true'],
    ["records no rollback, which is not of the run's commit", { rollback: true, 'dry-run': false }, 'false'],
    ['records no plan', { rollback: false, 'dry-run': true }, 'false'],
  ])('%s', (_what, inputs, expected) => {
    expect(evaluate(job.environment?.deployment ?? '', { inputs })).toBe(expected);
  });

  test('takes from the variables of the environment what the caller did not give', () => {
    const given = job.steps?.[0]?.with ?? {};
    const vars = {
      IMMUTABLE_DEPLOY_GROUPS: 'web',
      IMMUTABLE_DEPLOY_REGION: 'eu-west-1',
      IMMUTABLE_DEPLOY_ROLE: 'arn',
    };
    const read = (name: string, inputs: object) => evaluate(String(given[name]), { vars, inputs });
    expect(read('auto-scaling-groups', { 'auto-scaling-groups': '' })).toBe('web');
    expect(read('auto-scaling-groups', { 'auto-scaling-groups': 'api' })).toBe('api');
    expect(read('aws-region', { 'aws-region': '' })).toBe('eu-west-1');
    expect(read('role-to-assume', { 'role-to-assume': '' })).toBe('arn');
  });

  test('lets one promotion at a time into an environment, and drops none', () => {
    expect(job.concurrency).toMatchObject({ 'cancel-in-progress': false, queue: 'max' });
    const groups = [
      { environment: 'dev', rollback: false, application: '' },
      { environment: 'production', rollback: false, application: '' },
      { environment: 'production', rollback: false, application: 'other' },
      { environment: 'production', rollback: true, application: '' },
    ].map((inputs) => groupOf(inputs));
    expect(new Set(groups).size).toBe(groups.length);
  });

  test('ends after the action has ended: time-out, rollback and post step fit into the job', () => {
    const input = on.workflow_call?.inputs['timeout-minutes'];
    const [, most] = /At most (\d+)/.exec(input?.description ?? '') ?? [];
    expect(Number(input?.default)).toBeLessThanOrEqual(Number(most));
    expect(Number(most) + ROLLBACK + POST).toBeLessThanOrEqual(job['timeout-minutes'] ?? 0);
  });
});

/** The text with each of its expressions evaluated. */
function groupOf(inputs: object): string {
  return (job.concurrency?.group ?? '').replace(/\$\{\{.*?\}\}/g, (expression) =>
    evaluate(expression, { inputs, github }),
  );
}
