import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { diagnostics } from './language-service.ts';
import { type Workflow, workflow } from './workflow-files.ts';

/** The starter workflows that an organisation copies. */

const FOLDER = 'workflows-templates';
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yml'))
  .map((file) => file.slice(0, -'.yml'.length));

/** A template as GitHub fills it in when it is copied, with this repository in place of the published one. */
function filledIn(name: string): string {
  return readFileSync(join(FOLDER, `${name}.yml`), 'utf8')
    .replaceAll('$default-branch', 'main')
    .replace(/org\/immutable-deploy\/(\.github\/workflows\/[\w-]+\.yml)@v1/g, '$/$1')
    .replaceAll('org/immutable-deploy@v1', '$/.github/actions/immutable-deploy');
}

const parsed = (name: string): Workflow => parse(filledIn(name));

test('there is one for each way to work', () => {
  expect(names.toSorted()).toEqual([
    'base-image',
    'button',
    'environments',
    'pipeline',
    'prune',
    'release',
    'rollback',
  ]);
  const files = readdirSync(FOLDER).filter((file) => !file.endsWith('.yml') && file !== 'README.md');
  expect(files.toSorted()).toEqual(names.map((name) => `${name}.properties.json`).toSorted());
});

describe.each(names)('the template %s', (name) => {
  const text = readFileSync(join(FOLDER, `${name}.yml`), 'utf8');

  test("pleases GitHub's language service, with the inputs of what it uses", async () => {
    expect(await diagnostics(`.github/workflows/${name}.yml`, filledIn(name))).toEqual([]);
  });

  test('is described for the page on which it is chosen', () => {
    const properties: unknown = JSON.parse(readFileSync(join(FOLDER, `${name}.properties.json`), 'utf8'));
    expect(properties).toEqual({
      name: expect.stringMatching(/^Immutable deployment: /),
      description: expect.stringMatching(/^.{20,140}\.$/),
      iconName: expect.stringMatching(/^octicon [a-z-]+$/),
      categories: expect.arrayContaining(['deployment']),
      filePatterns: expect.any(Array),
    });
    const { filePatterns } = Object(properties);
    for (const pattern of filePatterns) expect(() => new RegExp(pattern)).not.toThrow();
  });

  test('begins with what it does and what is to be set up', () => {
    const head = text.slice(0, text.indexOf('\nname:'));
    expect(head.split('\n').every((line) => line.startsWith('#'))).toBe(true);
    expect(head).toContain('# Set-up, once:');
    const variables = [...text.slice(head.length).matchAll(/vars\.(IMMUTABLE_DEPLOY_[A-Z_]+)/g)].map(
      ([, variable = '']) => variable,
    );
    const optional = ['IMMUTABLE_DEPLOY_URL', 'IMMUTABLE_DEPLOY_SNS_TOPIC'];
    for (const variable of variables.filter((one) => !optional.includes(one)))
      expect(head).toContain(variable);
  });

  test('grants nothing on top, and to each job exactly what the workflow that it calls needs', () => {
    const { permissions, jobs } = parsed(name);
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) {
      const [, file] = /^\$\/\.github\/workflows\/(.+)$/.exec(job.uses ?? '') ?? [];
      if (file === undefined) continue;
      const needed = Object.values(workflow(file).jobs).map((called) => called.permissions);
      expect(job.permissions).toEqual(Object.assign({}, ...needed));
    }
    const grants = text.split('\n').filter((line) => /^\s+[a-z-]+: (read|write)\b/.test(line));
    for (const line of grants) expect(line).toMatch(/: (read|write) # \S/);
  });

  test('hands on outputs that there are', () => {
    const { jobs } = parsed(name);
    for (const [, id = '', output = ''] of text.matchAll(/needs\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      const [, file = ''] = /^\$\/\.github\/workflows\/(.+)$/.exec(jobs[id]?.uses ?? '') ?? [];
      expect(Object.keys(workflow(file).on.workflow_call?.outputs ?? {})).toContain(output);
    }
  });

  test('points to files that there are', () => {
    for (const [, path = ''] of text.matchAll(/org\/immutable-deploy\/blob\/v1\/(\S+)/g))
      expect({ path, exists: existsSync(path) }).toEqual({ path, exists: true });
  });
});
