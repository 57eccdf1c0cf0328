import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError } from '../errors.ts';
import type { BakeInputs } from '../inputs/schema.ts';

/** Everything that the inputs alone, and the files they name, can be wrong about; all problems together. */
export function refuseBadInputs(inputs: BakeInputs, workspace: string): void {
  const problems = [...missingFiles(inputs, resolve(workspace, inputs.workingDirectory)), ...clashes(inputs)];
  if (problems.length > 0) throw new ConfigurationError(problems);
}

function missingFiles(inputs: BakeInputs, folder: string): string[] {
  if (!existsSync(folder))
    return [
      `There is no folder ${folder}. Check the input "working-directory", and that actions/checkout ran before.`,
    ];
  const isMissing = (path: string) => !existsSync(resolve(folder, path));
  return [
    ...[inputs.template]
      .filter(isMissing)
      .map(
        (path) =>
          `There is no template ${path} in ${folder}. Check the inputs "template" and "working-directory", and that actions/checkout ran before.`,
      ),
    ...inputs.variableFiles
      .filter(isMissing)
      .map((path) => `There is no variable file ${path} in ${folder}. Check the input "variable-files".`),
    ...inputs.fingerprintPaths
      .filter(isMissing)
      .map(
        (path) =>
          `There is no ${path} in ${folder}. Check the input "fingerprint-paths": its paths start at working-directory.`,
      ),
  ];
}

/** EC2's limits: keys have at most 127 characters here, values 256; most of the 50 tags are needed for our own. */
const MOST_TAGS = 25;

function clashes(inputs: BakeInputs): string[] {
  const problems: string[] = [];
  const { baseImage, baseImageVariable, variables, tags } = inputs;
  if (baseImage !== undefined && baseImageVariable in variables)
    problems.push(
      `The variable ${baseImageVariable} gets the id of "base-image": take it out of "variables", or name another one in "base-image-variable".`,
    );
  const keys = Object.keys(tags);
  if (keys.length > MOST_TAGS)
    problems.push(`The input "tags" has ${keys.length} tags: ${MOST_TAGS} at most leave room for our own.`);
  for (const key of keys) {
    if (/^(aws:|immutable-deploy:)/i.test(key))
      problems.push(`The input "tags" has the key "${key}": aws: and immutable-deploy: are taken.`);
    if (key.length > 127 || (tags[key] ?? '').length > 256)
      problems.push(`The tag "${key}" is too long: a key has 127 characters at most, a value 256.`);
  }
  return problems;
}
