import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { lower } from '../../sandbox/e2e/act/lower.ts';
import { type Workflow, workflowFiles, workflowText } from './workflow-files.ts';

const lowered = (text: string): unknown => parse(lower(text));

describe('lowering a workflow for act', () => {
  test('turns paths in the own repository into local ones', () => {
    expect(lowered('jobs: {a: {uses: $/.github/workflows/b.yml}}')).toEqual({
      jobs: { a: { uses: './.github/workflows/b.yml' } },
    });
  });

  test('checks out before an action of the own repository', () => {
    expect(lowered('jobs: {a: {steps: [{run: ls}, {id: x, uses: $/b}]}}')).toEqual({
      jobs: { a: { steps: [{ uses: 'actions/checkout@v4' }, { run: 'ls' }, { id: 'x', uses: './b' }] } },
    });
  });

  test('does not check out twice', () => {
    expect(lowered('jobs: {a: {steps: [{uses: actions/checkout@abc}, {uses: $/b}]}}')).toEqual({
      jobs: { a: { steps: [{ uses: 'actions/checkout@abc' }, { uses: './b' }] } },
    });
  });

  test("drops what concerns GitHub's server alone", () => {
    const job =
      '{environment: {name: e, deployment: false}, concurrency: {group: g, queue: max}, cancel-timeout-minutes: 5}';
    expect(lowered(`jobs: {a: ${job}}`)).toEqual({
      jobs: { a: { environment: { name: 'e' }, concurrency: { group: 'g' } } },
    });
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

  test('checks out where a checkout of the workflow may be left out', () => {
    expect(lowered('jobs: {a: {steps: [{if: x, uses: actions/checkout@abc}, {uses: $/b}]}}')).toEqual({
      jobs: {
        a: {
          steps: [
            { uses: 'actions/checkout@v4' },
            { if: 'x', uses: 'actions/checkout@abc' },
            { uses: './b' },
          ],
        },
      },
    });
  });
});
