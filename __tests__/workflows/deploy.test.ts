import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluate } from './expressions.ts';
import { type Outcome, type Run, runJobs } from './run-jobs.ts';
import { workflow } from './workflow-files.ts';

const ENVIRONMENTS = ['dev', 'staging', 'production'] as const;
const deploy = workflow('deploy.yml');
const { jobs } = deploy;

interface Given {
  'ami-id'?: string;
  dev?: string;
  staging?: string;
  production?: string;
}

function run(given: Given, outcomes: Partial<Record<string, Outcome>> = {}): Run {
  const inputs = { 'ami-id': '', dev: '', staging: '', production: '', ...given };
  return runJobs(deploy, { inputs }, outcomes);
}

const all: Given = { dev: 'dev', staging: 'staging', production: 'production' };

describe('deploy.yml', () => {
  test('bakes, then promotes to dev, staging and production', () => {
    expect(run(all)).toEqual({ bake: 'success', dev: 'success', staging: 'success', production: 'success' });
  });

  test('waits with each environment for everything before it', () => {
    expect(Object.fromEntries(Object.entries(jobs).map(([id, job]) => [id, job.needs ?? []]))).toEqual({
      bake: [],
      dev: ['bake'],
      staging: ['bake', 'dev'],
      production: ['bake', 'dev', 'staging'],
    });
  });

  test('stops after a bake that failed', () => {
    expect(run(all, { bake: 'failure' })).toMatchObject({
      dev: 'skipped',
      staging: 'skipped',
      production: 'skipped',
    });
  });

  test.each(['failure', 'cancelled'] as const)('stops after a dev that ended in %s', (outcome) => {
    expect(run(all, { dev: outcome })).toMatchObject({ staging: 'skipped', production: 'skipped' });
  });

  test('does not reach production without staging', () => {
    expect(run(all, { staging: 'failure' })).toMatchObject({ dev: 'success', production: 'skipped' });
  });

  test('leaves out an environment without a name', () => {
    expect(run({ dev: 'dev', production: 'live' })).toEqual({
      bake: 'success',
      dev: 'success',
      staging: 'skipped',
      production: 'success',
    });
  });

  test('bakes nothing when the image is given', () => {
    expect(run({ ...all, 'ami-id': 'ami-0123456789abcdef0' })).toEqual({
      bake: 'skipped',
      dev: 'success',
      staging: 'success',
      production: 'success',
    });
  });

  test('promotes only what is named, and only after all that is named before it', () => {
    const name = fc.constantFrom('', 'somewhere');
    const outcome = fc.constantFrom<Outcome>('success', 'failure', 'cancelled');
    const given = fc.record({
      'ami-id': fc.constantFrom('', 'ami-1'),
      dev: name,
      staging: name,
      production: name,
    });
    const outcomes = fc.record({ bake: outcome, dev: outcome, staging: outcome, production: outcome });
    fc.assert(
      fc.property(given, outcomes, (inputs, wanted) => {
        const results = run(inputs, wanted);
        let open = inputs['ami-id'] !== '' || results.bake === 'success';
        for (const environment of ENVIRONMENTS) {
          const expected = open && inputs[environment] !== '' ? wanted[environment] : 'skipped';
          expect(results[environment]).toBe(expected);
          if (inputs[environment] !== '') open = results[environment] === 'success';
        }
      }),
      { numRuns: 500 },
    );
  });

  test('describes the image to other accounts, unless it was given', () => {
    const { commit = '', branch = '', version = '' } = jobs.production?.with ?? {};
    const describe = (given: string, ref_type: string) => {
      const contexts = {
        inputs: { 'ami-id': given },
        github: { sha: 'abc', ref_type, ref_name: 'name' },
      };
      return [commit, branch, version].map((expression) => evaluate(expression, contexts));
    };
    expect(describe('', 'branch')).toEqual(['abc', 'name', '']);
    expect(describe('', 'tag')).toEqual(['abc', '', 'name']);
    expect(describe('ami-1', 'branch')).toEqual(['', '', '']);
  });

  test('hands every choice about the bake on', () => {
    const known = Object.keys(workflow('bake.yml').on.workflow_call?.inputs ?? {});
    // An image that is to be promoted has to be baked; the role may do without a limit to accounts.
    const left = ['dry-run', 'role-duration-seconds', 'expected-account-ids'];
    expect(Object.keys(jobs.bake?.with ?? {}).toSorted()).toEqual(
      known.filter((name) => !left.includes(name)).toSorted(),
    );
  });

  test.each(ENVIRONMENTS)(
    'hands the same image to %s: the one that is given, or the one that was baked',
    (environment) => {
      const imageId = jobs[environment]?.with?.['ami-id'] ?? '';
      const needs = { bake: { outputs: { 'ami-id': 'ami-baked' } } };
      expect(evaluate(imageId, { needs, inputs: { 'ami-id': '' } })).toBe('ami-baked');
      expect(evaluate(imageId, { needs, inputs: { 'ami-id': 'ami-given' } })).toBe('ami-given');
    },
  );

  test.each(ENVIRONMENTS)(
    'gives %s its own name, groups and role, and the rest as to the others',
    (environment) => {
      const own = jobs[environment]?.with ?? {};
      expect(own).toEqual({
        ...jobs.production?.with,
        environment: `\${{ inputs.${environment} }}`,
        'auto-scaling-groups': `\${{ inputs.${environment}-auto-scaling-groups }}`,
        'role-to-assume': `\${{ inputs.${environment}-role-to-assume }}`,
        'approval-environment': `\${{ inputs.${environment}-approval-environment }}`,
        plan: `\${{ inputs.${environment}-plan }}`,
      });
      expect(jobs[environment]?.uses).toBe('$/.github/workflows/promote.yml');
    },
  );
});
