import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  environmentVariables,
  fingerprintOf,
  type Ingredients,
  type Recipe,
  recipeOf,
} from '../../../src/bake/fingerprint.ts';

const recipe: Recipe = {
  workingDirectory: '.',
  template: 'app.pkr.hcl',
  variables: {},
  variableFiles: [],
  only: [],
  except: [],
  baseImage: undefined,
};

const ingredients: Ingredients = {
  contents: { '.': 'tree 1' },
  template: 'file 1',
  variableFiles: [],
  variables: {},
  only: [],
  except: [],
  baseImage: undefined,
  packerVersion: '1.14.2',
};

const dictionary = fc.dictionary(fc.string(), fc.string());

describe('a fingerprint', () => {
  test('is 64 hexadecimal digits that begin with those of the recipe', () => {
    const fingerprint = fingerprintOf(recipe, ingredients);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint.startsWith(recipeOf(recipe))).toBe(true);
  });

  test.each<[string, Partial<Ingredients>]>([
    ['content', { contents: { '.': 'tree 2' } }],
    ['template', { template: 'file 2' }],
    ['variable file', { variableFiles: ['x'] }],
    ['variable', { variables: { a: '1' } }],
    ['source', { only: ['amazon-ebs.web'] }],
    ['source left out', { except: ['amazon-ebs.web'] }],
    ['base image', { baseImage: 'ami-1' }],
    ['Packer', { packerVersion: 'system' }],
  ])('is another one for another %s', (_what, change) => {
    expect(fingerprintOf(recipe, { ...ingredients, ...change })).not.toBe(fingerprintOf(recipe, ingredients));
  });

  test('does not depend on the order in which variables and paths are given, but on each of them', () => {
    fc.assert(
      fc.property(dictionary, dictionary, (contents, variables) => {
        const reversed = (record: Record<string, string>) =>
          Object.fromEntries(Object.entries(record).toReversed());
        const one = fingerprintOf(recipe, { ...ingredients, contents, variables });
        expect(
          fingerprintOf(recipe, {
            ...ingredients,
            contents: reversed(contents),
            variables: reversed(variables),
          }),
        ).toBe(one);
        expect(
          fingerprintOf(recipe, { ...ingredients, contents, variables: { ...variables, '': 'more' } }),
        ).not.toBe(variables[''] === 'more' ? '' : one);
      }),
    );
  });

  test('cannot be brought about by moving text from one variable into another', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
        fc.pre(a !== c || b !== d);
        const of = (name: string, value: string) =>
          fingerprintOf(recipe, { ...ingredients, variables: { [`x${name}`]: value } });
        expect(of(a, b)).not.toBe(of(c, d));
      }),
    );
  });
});

test('variables of the environment count, those of the run do not', () => {
  expect(
    environmentVariables({
      PKR_VAR_region: 'eu-west-1',
      PKR_VAR_immutable_deploy_commit: 'abc',
      PATH: '/bin',
      PKR_VAR_empty: undefined,
    }),
  ).toEqual({ PKR_VAR_region: 'eu-west-1' });
});
