import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ConfigurationError } from '../../../src/errors.ts';
import { givenInputs, parseInputs } from '../../../src/inputs/inputs.ts';
import { MODES, schemas } from '../../../src/inputs/schema.ts';

const parsed = (given: Record<string, string>) => parseInputs(new Map(Object.entries(given)));

function problemsOf(given: Record<string, string>): readonly string[] {
  try {
    parsed(given);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

const promotion = { mode: 'promote', environment: 'dev', 'auto-scaling-groups': 'web' };

describe('bad input gets one clear sentence', () => {
  test.each([
    ['no mode', {}, 'The input "mode" is missing: it must be one of bake, promote, prune.'],
    [
      'an unknown mode',
      { mode: 'deploy' },
      'The input "mode" must be one of bake, promote, prune, but is "deploy".',
    ],
    ['a missing template', { mode: 'bake' }, 'The input "template" is missing.'],
    [
      'keep: 1',
      { mode: 'prune', keep: '1' },
      'The input "keep" must be a whole number of at least 2, but is "1".',
    ],
    [
      'a malformed AMI id',
      { ...promotion, 'ami-id': 'ami-12' },
      'The input "ami-id" must be a list of AMI ids such as ami-0123456789abcdef0, one for each architecture, but is "ami-12".',
    ],
    [
      'a percentage out of range',
      { ...promotion, 'min-healthy-percentage': '101' },
      'The input "min-healthy-percentage" must be a whole number from 0 to 100, but is "101".',
    ],
    [
      'checkpoints that are no percentages',
      { ...promotion, 'checkpoint-percentages': '20, half' },
      'The input "checkpoint-percentages" must be a list of whole numbers from 1 to 100, but is "20, half".',
    ],
    [
      'too many alarms',
      { ...promotion, alarms: 'a,b,c,d,e,f,g,h,i,j,k' },
      'The input "alarms" must name 10 alarms at most, but is "a,b,c,d,e,f,g,h,i,j,k".',
    ],
    [
      'commit together with version',
      { ...promotion, commit: 'abcdef0', version: 'v1' },
      'The inputs "commit" and "version" each choose an image: give one of them (beside "ami-id" they only describe it).',
    ],
    [
      'an input of another mode',
      { ...promotion, keep: '5' },
      'The input "keep" belongs to the mode prune, not to promote.',
    ],
    [
      'a name close to a known one',
      { ...promotion, 'ami-ids': 'ami-0123456789abcdef0' },
      'There is no input "ami-ids". Did you mean "ami-id"?',
    ],
    [
      'a word that is no boolean',
      { ...promotion, rollback: 'yes' },
      'The input "rollback" must be true or false, but is "yes".',
    ],
    [
      'an unknown choice',
      { ...promotion, 'on-timeout': 'stop' },
      'The input "on-timeout" must be one of rollback, cancel, leave, but is "stop".',
    ],
  ])('%s', (_what, given, sentence) => {
    expect(problemsOf(given)).toEqual([sentence]);
  });

  test('all problems together', () => {
    expect(
      problemsOf({ mode: 'prune', keep: '0', 'min-age-days': 'x', template: 't', 'max-deletoins': '3' }),
    ).toHaveLength(4);
  });

  test('a name that is like no other is a warning', () => {
    expect(parsed({ ...promotion, colour: 'blue' }).warnings).toEqual([
      'There is no input "colour": it is ignored.',
    ]);
  });
});

describe('values', () => {
  test('an empty input is not given', () => {
    expect(givenInputs({ INPUT_MODE: 'prune', INPUT_KEEP: '  ', PATH: '/bin' })).toEqual(
      new Map([['mode', 'prune']]),
    );
  });

  test('get the types and defaults that the code works with', () => {
    expect(
      parsed({ ...promotion, 'auto-scaling-groups': ' web,\n worker ,', commit: 'abcdef0' }).inputs,
    ).toMatchObject({
      mode: 'promote',
      autoScalingGroups: ['web', 'worker'],
      commit: 'abcdef0',
      rollback: false,
      dryRun: false,
      timeoutMinutes: 120,
    });
    expect(parsed({ mode: 'prune' }).inputs).toMatchObject({ dryRun: true, keep: 10, inUseAmiIds: [] });
    expect(parsed({ mode: 'bake', template: 'a.pkr.hcl', variables: 'a=1\nb=x=y' }).inputs).toMatchObject({
      variables: { a: '1', b: 'x=y' },
    });
  });

  test('an optional input that is not given is absent', () => {
    expect(Object.keys(parsed(promotion).inputs)).not.toContain('amiId');
  });
});

test('action.yml has exactly the inputs that the code takes, and says which mode each is for', () => {
  const { inputs } = parse(readFileSync('action.yml', 'utf8'));
  const known = new Set(MODES.flatMap((mode) => Object.keys(schemas[mode].entries)));
  expect(new Set(Object.keys(inputs))).toEqual(known);
  for (const [name, { description }] of Object.entries<{ description: string }>(inputs)) {
    const modes = MODES.filter((mode) => name in schemas[mode].entries);
    if (name !== 'mode')
      expect(`${name}: ${description}`).toMatch(
        new RegExp(`^${name}: ${modes.length === 3 ? 'All modes' : modes.join(', ')}: `),
      );
  }
});
