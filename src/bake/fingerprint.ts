import { createHash } from 'node:crypto';
import type { BakeInputs } from '../inputs/schema.ts';

/** Everything that decides what is in an image. What only says for whom it is built (commit, branch, run) is not. */
export interface Ingredients {
  /** Hash of each of the paths, by the path as it was given. */
  contents: Readonly<Record<string, string>>;
  template: string;
  /** By their order: a later file wins. */
  variableFiles: readonly string[];
  variables: Readonly<Record<string, string>>;
  only: readonly string[];
  except: readonly string[];
  baseImage: string | undefined;
  /** As the input has it: finding out what is installed would mean to look for Packer. */
  packerVersion: string;
}

/** What the workflow asks for: the same in every attempt of a run, and different for each of its bakes. */
export type Recipe = Pick<
  BakeInputs,
  'workingDirectory' | 'template' | 'variables' | 'variableFiles' | 'only' | 'except' | 'baseImage'
>;

const RECIPE_DIGITS = 16;

/**
 * The first 16 hexadecimal digits of all fingerprints of a recipe. By them, a run that is run again tells its image
 * from those of its other bakes, such as that for another architecture, without looking at content or base image.
 */
export function recipeOf(recipe: Recipe): string {
  const { workingDirectory, template, variables, variableFiles, only, except, baseImage } = recipe;
  const canonical = [
    workingDirectory,
    template,
    sorted(variables),
    variableFiles,
    only.toSorted(),
    except.toSorted(),
    baseImage ?? '',
  ];
  return hash(canonical).slice(0, RECIPE_DIGITS);
}

/** Changes when the same ingredients begin to be hashed otherwise. */
const FORM = 1;

/** The content fingerprint: 64 hexadecimal digits, the same for the same ingredients on every machine. */
export function fingerprintOf(recipe: Recipe, ingredients: Ingredients): string {
  const { contents, template, variableFiles, variables, only, except, baseImage, packerVersion } =
    ingredients;
  const canonical = [
    FORM,
    sorted(contents),
    template,
    variableFiles,
    sorted(variables),
    only.toSorted(),
    except.toSorted(),
    baseImage ?? '',
    packerVersion,
  ];
  return recipeOf(recipe) + hash(canonical).slice(RECIPE_DIGITS);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const VARIABLE = 'PKR_VAR_';
/** What the action itself tells the template about the run. */
const OWN_VARIABLE = `${VARIABLE}immutable_deploy_`;

/** The variables of the environment that Packer gives to the template, without those of the run. */
export function environmentVariables(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) =>
      key.startsWith(VARIABLE) && !key.startsWith(OWN_VARIABLE) && value !== undefined ? [[key, value]] : [],
    ),
  );
}
