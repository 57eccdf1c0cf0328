import { describe, expect, test } from '@jest/globals';
import { parseInputs } from '../../../src/inputs/inputs.ts';

const parsed = (version: string) =>
  parseInputs(new Map(Object.entries({ mode: 'bake', template: 'app.pkr.hcl', 'packer-version': version })));

describe('packer-version', () => {
  test.each([
    'system',
    'latest',
    '1.14.2',
    '1.x',
    '1',
    '1.14.*',
    '^1.10',
    '~1.14',
    '>=1.10 <2',
    '1.9 || 1.14',
  ])('may be %s', (version) => {
    expect(parsed(version).inputs).toMatchObject({ packerVersion: version });
  });

  // The last one means 1.14.x to version ranges, and 1.14 and all that follow to HashiCorp.
  test.each(['newest', 'v1.14.2', 'x', '1.14.2; rm', '~> 1.14'])('may not be %s', (version) => {
    expect(() => parsed(version)).toThrow(/must be system, latest, a version .*or a range such as 1\.x/);
  });
});
