import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { lower } from '../../sandbox/e2e/act/lower.ts';
import { type Workflow, workflowFiles, workflowText } from './workflow-files.ts';

const lowered = (text: string): unknown => parse(lower(text));

describe('lowering a workflow for act', () => {
  test('turns paths in the own repository into paths in a release of it', () => {
    expect(lowered('jobs: {a: {uses: $/.github/workflows/b.yml}}')).toEqual({
      jobs: { a: { uses: 'org/immutable-deploy/.github/workflows/b.yml@v1' } },
    });
    expect(lowered('jobs: {a: {steps: [{run: ls}, {id: x, uses: $/b}]}}')).toEqual({
      jobs: { a: { steps: [{ run: 'ls' }, { id: 'x', uses: 'org/immutable-deploy/b@v1' }] } },
    });
  });

  test("drops what concerns GitHub's server alone", () => {
    const job =
      '{environment: {name: e, deployment: false}, concurrency: {group: g, queue: max}, cancel-timeout-minutes: 5}';
    expect(lowered(`jobs: {a: ${job}}`)).toEqual({
      jobs: { a: { environment: { name: 'e' }, concurrency: { group: 'g' } } },
    });
  });

  test('drops artifacts, which need a server of GitHub', () => {
    const steps = '[{run: ls}, {uses: actions/upload-artifact@abc}]';
    expect(lowered(`jobs: {a: {steps: ${steps}}}`)).toEqual({ jobs: { a: { steps: [{ run: 'ls' }] } } });
  });

  test('leaves everything else as it is', () => {
    const workflow = {
      on: 'push',
      permissions: {},
      jobs: { a: { environment: 'e', steps: [{ uses: 'o/r@v1' }] } },
    };
    expect(lowered(JSON.stringify(workflow))).toEqual(workflow);
  });

  test.each(workflowFiles)('leaves nothing in %s that act refuses', (file) => {
    const text = lower(workflowText(file));
    expect(text).not.toMatch(/uses: \$\/|^\s+(queue|cancel-timeout-minutes):/m);
    const { jobs }: Workflow = parse(text);
    for (const { environment } of Object.values(jobs))
      expect(environment ?? {}).not.toHaveProperty('deployment');
  });
});
