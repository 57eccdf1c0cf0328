import { describe, expect, test } from '@jest/globals';
import { type Job, workflow } from './workflow-files.ts';

const { jobs } = workflow('rollback.yml');
const job: Job = jobs.rollback ?? {};

describe('rollback.yml', () => {
  test('is one job without a bake and without a lane', () => {
    expect(Object.keys(jobs)).toEqual(['rollback']);
    expect(job.concurrency).toBeUndefined();
  });

  test("leaves the record to the action: GitHub's would be of the run's commit", () => {
    expect(job.environment).toEqual({ name: `\${{ inputs.environment }}`, deployment: false });
    expect(job.permissions).toMatchObject({ deployments: 'write' });
  });

  test('reads the settings of the environment as promote.yml does', () => {
    const step = (steps: Job['steps'], id: string) =>
      steps?.find((candidate) => candidate.id === id)?.with ?? {};
    const own = step(job.steps, 'rollback');
    const theirs = step(workflow('promote.yml').jobs.promote?.steps, 'promote');
    const settings = Object.keys(own).filter((name) => String(own[name]).includes('vars.'));
    expect(settings.length).toBeGreaterThan(8);
    for (const name of settings) expect([name, own[name]]).toEqual([name, theirs[name]]);
  });
});
