import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { factsOf, templateFiles } from '../../../src/packer/template.ts';

const templates = readdirSync('examples', { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => /(\.pkr\.hcl|template\.json)$/.test(name) && !name.endsWith('plugins.pkr.hcl'))
  .toSorted();

test('there is an example for each way to make an image', () => {
  expect(templates).toEqual([
    'ansible/ansible.pkr.hcl',
    'base-and-app/app/app.pkr.hcl',
    'base-and-app/base/base.pkr.hcl',
    'legacy-json/template.json',
    'node-app/node-app.pkr.hcl',
    'private-subnet/private-subnet.pkr.hcl',
    'rpm/rpm.pkr.hcl',
  ]);
});

describe.each(templates)('the example %s', (name) => {
  const text = readFileSync(join('examples', name), 'utf8');

  test('marks its builder, so that a cancelled build leaves nothing behind', () => {
    expect(text).toMatch(/"immutable-deploy:run"\s*[=:]\s*("\{\{user `run`\}\}"|var\.immutable_deploy_run)/);
  });

  test('has another image name at every build', () => {
    expect(text).toMatch(/ami_name"?\s*[=:]\s*"\w+-(\$\{local\.built\}|\{\{timestamp\}\})-/);
  });

  test('says which plugins it needs', async () => {
    const isJson = name.endsWith('.json');
    const { requiredPlugins, jsonPlugins } = factsOf(
      await templateFiles(join('examples', isJson ? name : join(name, '..'))),
    );
    if (isJson) expect(jsonPlugins).toEqual(['github.com/hashicorp/amazon']);
    else expect(requiredPlugins).toContain('"github.com/hashicorp/amazon"');
    expect(requiredPlugins?.includes('ansible') ?? false).toBe(/provisioner "ansible"/.test(text));
  });

  test('names files that are there', () => {
    const folder = join('examples', name, '..');
    const paths = [...text.matchAll(/"(?:\$\{path\.root\}|\{\{template_dir\}\})\/([^"]+)"/g)];
    expect(paths.length).toBeGreaterThan(0);
    for (const [, path = ''] of paths)
      expect(existsSync(join(folder, path)) ? path : `${path} is missing`).toBe(path);
  });
});

test.each(
  readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.sh$|app-configuration$/.test(name),
  ),
)('the script examples/%s stops at its first error, and can be run', (name) => {
  expect(readFileSync(join('examples', name), 'utf8')).toMatch(/^#!\/bin\/bash\n(#.*\n)*set -euo pipefail\n/);
  if (process.platform !== 'win32') expect(statSync(join('examples', name)).mode & 0o111).not.toBe(0);
});
