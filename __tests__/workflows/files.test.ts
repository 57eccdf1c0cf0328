import { describe, expect, test } from '@jest/globals';
import { MODES, type Mode, schemas } from '../../src/inputs/schema.ts';
import { diagnostics } from './language-service.ts';
import {
  reusableFiles,
  type Step,
  type Workflow,
  workflow,
  workflowFiles,
  workflowText,
} from './workflow-files.ts';

const ACTION = '.github/actions/immutable-deploy/action.yml';

const GRANTS: Readonly<Record<string, Record<string, string>>> = {
  'rollback.yml': { contents: 'read', deployments: 'write', 'id-token': 'write' },
  'require-approval.yml': { actions: 'read' },
};

describe("GitHub's language service", () => {
  test.each(workflowFiles.map((file) => `.github/workflows/${file}`))(
    'has nothing to say about %s',
    async (path) => {
      expect(await diagnostics(path)).toEqual([]);
    },
  );

  test.each(['action.yml', ACTION])('has nothing to say about %s', async (path) => {
    expect(await diagnostics(path)).toEqual([]);
  });

  test('sees an input that the action does not have', async () => {
    const text = workflowText('promote.yml').replace(
      'mode: promote',
      'mode: promote\n          colour: blue',
    );
    expect(await diagnostics('.github/workflows/promote.yml', text)).toEqual([
      expect.stringContaining("Invalid action input 'colour'"),
    ]);
  });

  test('sees an input that the called workflow does not have', async () => {
    const text = workflowText('deploy.yml').replace(/environment: .* inputs\.dev .*/, 'colour: blue');
    expect(await diagnostics('.github/workflows/deploy.yml', text)).toEqual(
      expect.arrayContaining([expect.stringContaining('colour'), expect.stringContaining('environment')]),
    );
  });
});

describe.each(workflowFiles)('%s', (file) => {
  test('grants nothing beyond what a job asks for', () => {
    expect(workflow(file).permissions).toEqual({});
  });

  test('says the reason beside each permission', () => {
    const grants = workflowText(file)
      .split('\n')
      .filter((line) => /^\s+[a-z-]+: (read|write)\b/.test(line));
    expect(grants.length).toBeGreaterThan(0);
    for (const line of grants) expect(line).toMatch(/: (read|write) # \S/);
  });

  test('names other actions by their full commit, with the version beside it', () => {
    for (const [, reference = ''] of workflowText(file).matchAll(/^\s+(?:- )?uses: (.+)$/gm)) {
      if (!reference.startsWith('$/'))
        expect(reference).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test('leaves no token behind after a checkout', () => {
    const checkouts = stepsOf(workflow(file)).filter((step) => step.uses?.startsWith('actions/checkout@'));
    for (const step of checkouts) expect(step.with).toMatchObject({ 'persist-credentials': false });
  });

  test('limits the time of every job', () => {
    for (const [id, job] of Object.entries(workflow(file).jobs)) {
      if (!job.uses)
        expect({ id, minutes: job['timeout-minutes'] }).toEqual({ id, minutes: expect.any(Number) });
    }
  });
});

describe.each(reusableFiles)('%s, for its callers,', (file) => {
  const { on, jobs } = workflow(file);
  const { inputs = {}, outputs = {} } = on.workflow_call ?? {};

  // To ask for more later would break every caller that grants less, before any job: that is a major version.
  test('needs exactly what it has always needed', () => {
    const grants = Object.values(jobs).map((job) => job.permissions);
    expect(Object.assign({}, ...grants)).toEqual(GRANTS[file] ?? { contents: 'read', 'id-token': 'write' });
  });

  test.each(Object.entries(inputs))('describes the input %s and gives it a default', (_name, input) => {
    expect(input.description).toMatch(/\.$/);
    expect(input.required === true || typeof input.default === input.type).toBe(true);
  });

  test('describes its outputs', () => {
    for (const output of Object.values(outputs)) expect(output.description).toMatch(/\.$/);
  });

  test.each(Object.keys(inputs))('uses the input %s', (name) => {
    expect(JSON.stringify([jobs, outputs])).toMatch(new RegExp(`inputs\\.${name}\\b(?!-)`));
  });

  test('has the defaults of the action', () => {
    const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
    for (const step of steps.filter(({ uses }) => uses?.endsWith('/immutable-deploy'))) {
      const schema = schemas[modeOf(step)].entries;
      for (const [name, value] of Object.entries(step.with ?? {})) {
        const own = value === `\${{ inputs.${name} }}` ? inputs[name]?.default : undefined;
        if (own === undefined || own === '') continue;
        expect([name, String(own)]).toEqual([name, defaultIn(schema, name)]);
      }
    }
  });

  test('hands on no ARN, which a masked account id would empty', () => {
    expect(Object.keys(outputs).filter((name) => /arn|log|targets/.test(name))).toEqual([]);
  });
});

function modeOf(step: Step): Mode {
  const mode = MODES.find((candidate) => candidate === step.with?.mode);
  if (mode === undefined) throw new Error(`The step "${step.name}" names no mode.`);
  return mode;
}

/** The default that the action takes when the input is empty; any is right for an input that it must have. */
function defaultIn(schema: object, name: string): unknown {
  const entry = Object(Reflect.get(schema, name));
  return Reflect.get(entry, 'type') === 'optional' ? Reflect.get(entry, 'default') : expect.anything();
}

const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap((job) => job.steps ?? []);
