import { deepEqual, equal } from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Case } from '../case.ts';
import { cleanEnvironment, runChild } from '../child.ts';

const FOLDER = 'infrastructure/iam';

/** The policies that people copy, against AWS's own tables of actions, resources and condition keys. */
export const policyCases: readonly Case[] = [
  {
    name: 'policies: every action has the resources and conditions that it is given',
    needs: ['policy_sentry'],
    async run(bench) {
      const files = readdirSync(FOLDER).filter((file) => /^[a-z-]+\.json$/.test(file));
      equal(files.length > 0, true);
      deepEqual(await check(bench, ...files.map((file) => join(FOLDER, file))), []);
    },
  },
  {
    name: 'policies: what is wrong in a policy is found',
    needs: ['policy_sentry'],
    async run(bench) {
      const file = join(bench.folder, 'wrong.json');
      const Statement = [
        { Sid: 'Misspelt', Action: 'ec2:DeregisterImages', Resource: '*' },
        { Sid: 'TooWide', Action: ['ec2:DeregisterImage'], Resource: '*' },
        { Sid: 'WrongKind', Action: 'ec2:DeregisterImage', Resource: 'arn:aws:ec2:*:1:volume/*' },
        {
          Sid: 'WrongKey',
          Action: 'ec2:DeregisterImage',
          Resource: 'arn:aws:ec2:*::image/*',
          Condition: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } },
        },
      ];
      writeFileSync(file, JSON.stringify({ Version: '2012-10-17', Statement }));
      const found = await check(bench, file);
      const about = (sid: string) => found.filter((sentence) => sentence.includes(`, ${sid}: `)).length;
      deepEqual(['Misspelt', 'TooWide', 'WrongKind', 'WrongKey'].map(about).map(Math.sign), [1, 1, 1, 1]);
    },
  },
];

async function check({ tool }: Bench, ...files: string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await runChild(
    tool('policy_sentry').path,
    ['sandbox/e2e/policies/check.py', ...files],
    { env: cleanEnvironment({}) },
  );
  equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}
