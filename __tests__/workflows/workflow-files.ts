import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What the tests look at in a workflow file. */
export interface Workflow {
  permissions?: Record<string, string>;
  on: { workflow_call?: { inputs: Record<string, Input>; outputs?: Record<string, Output> } };
  jobs: Record<string, Job>;
}

export interface Input {
  description?: string;
  type: 'string' | 'boolean' | 'number';
  required?: boolean;
  default?: string | boolean | number;
}

export interface Output {
  description?: string;
  value: string;
}

export interface Job {
  name?: string;
  uses?: string;
  needs?: string[];
  if?: string;
  with?: Record<string, string>;
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  environment?: { name: string; url?: string; deployment: string | boolean };
  concurrency?: { group: string; 'cancel-in-progress': boolean; queue: string };
  outputs?: Record<string, string>;
  steps?: Step[];
}

export interface Step {
  name?: string;
  id?: string;
  uses?: string;
  run?: string;
  shell?: string;
  'continue-on-error'?: boolean;
  with?: Record<string, unknown>;
}

const FOLDER = '.github/workflows';

export const workflowFiles = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));

export function workflowText(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

export function workflow(file: string): Workflow {
  return parse(workflowText(file));
}

/** The inputs of a run of a reusable workflow: its defaults, and what the caller gives. */
export function inputsOf(
  { on }: Workflow,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const inputs = Object.entries(on.workflow_call?.inputs ?? {});
  const unknown = Object.keys(given).filter((name) => !inputs.some(([known]) => known === name));
  if (unknown.length > 0) throw new Error(`There is no input ${unknown.join(', ')}.`);
  return { ...Object.fromEntries(inputs.map(([name, input]) => [name, input.default ?? ''])), ...given };
}

/** The workflows that other repositories call. */
export const reusableFiles = workflowFiles.filter((file) => workflow(file).on.workflow_call);
