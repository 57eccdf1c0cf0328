import { equal } from 'node:assert/strict';
import type { Case } from './case.ts';
import { cleanEnvironment, runChild } from './child.ts';

const FORMS = '.github/ISSUE_TEMPLATE';

/** The published schemas, by the files that have to follow them and that GitHub reads without a word when they do not. */
const SCHEMAS = {
  'vendor.dependabot': ['.github/dependabot.yml'],
  'vendor.github-issue-forms': [`${FORMS}/bug.yml`, `${FORMS}/feature.yml`],
  'vendor.github-issue-config': [`${FORMS}/config.yml`],
} as const;

/** Files of the repository that are no workflows: Dependabot's settings and the issue forms. */
export const schemas: Case = {
  name: "check-jsonschema: Dependabot's settings and the issue forms follow their schemas",
  needs: ['check-jsonschema'],
  async run({ tool }) {
    for (const [schema, files] of Object.entries(SCHEMAS)) {
      const { exitCode, stdout, stderr } = await runChild(
        tool('check-jsonschema').path,
        ['--builtin-schema', schema, ...files],
        { env: cleanEnvironment({}) },
      );
      equal(exitCode, 0, stdout + stderr);
    }
  },
};
