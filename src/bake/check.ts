import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError } from '../errors.ts';
import type { BakeInputs } from '../inputs/schema.ts';

/** Everything that the inputs alone, and the files they name, can be wrong about; all problems together. */
export function refuseBadInputs(inputs: BakeInputs, workspace: string, region: string): void {
  const problems = [
    ...missingFiles(inputs, resolve(workspace, inputs.workingDirectory)),
    ...badTags(inputs),
    ...badKeys(inputs, region),
    ...clashes(inputs),
    ...halfSmokeTests(inputs),
  ];
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

function badTags({ tags }: BakeInputs): string[] {
  const problems: string[] = [];
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

/** A wrong key does not fail the copying but makes a failed copy, much later. */
function badKeys({ kmsKeyIds, copyToRegions }: BakeInputs, own: string): string[] {
  return Object.entries(kmsKeyIds).flatMap(([region, key]) => {
    const keyRegion = /^arn:aws[a-z-]*:kms:([^:]+):/.exec(key)?.[1];
    if (region === own)
      return `The input "kms-key-ids" has a key for ${own}, where the image is built: its template decides about that (encrypt_boot, kms_key_id).`;
    if (!copyToRegions.includes(region))
      return `The input "kms-key-ids" has a key for ${region}, which is not in "copy-to-regions".`;
    if (keyRegion !== undefined && keyRegion !== region)
      return `The input "kms-key-ids" has a key of ${keyRegion} for ${region}: a copy is encrypted with a key of its own Region.`;
    return [];
  });
}

function clashes(inputs: BakeInputs): string[] {
  const { baseImage, baseImageVariable, variables, shareWith, shareSnapshots } = inputs;
  return [
    ...(baseImage !== undefined && baseImageVariable in variables
      ? [
          `The variable ${baseImageVariable} gets the id of "base-image": take it out of "variables", or name another one in "base-image-variable".`,
        ]
      : []),
    ...(shareSnapshots && !shareWith.some(isAccount)
      ? [
          'The input "share-snapshots" needs account ids in "share-with": AWS shares snapshots with no organisation. An image can be launched without them.',
        ]
      : []),
  ];
}

/** Whether an entry of `share-with` is an account, and not an organisation or a part of one. */
export const isAccount = (entry: string) => /^\d{12}$/.test(entry);

/** Each kind of smoke test has the inputs that it needs, and no others are given in vain. */
function halfSmokeTests(inputs: BakeInputs): string[] {
  const { smokeTest } = inputs;
  const problems: string[] = [];
  if (smokeTest === 'ssm' && inputs.smokeTestCommand === undefined)
    problems.push('The input "smoke-test" is ssm: say in "smoke-test-command" what is to be run.');
  if (smokeTest === 'http' && inputs.smokeTestUrl === undefined)
    problems.push('The input "smoke-test" is http: say in "smoke-test-url" what is to be asked.');
  if (smokeTest !== 'ssm' && inputs.smokeTestCommand !== undefined)
    problems.push('The input "smoke-test-command" is for "smoke-test: ssm".');
  if (smokeTest !== 'http' && inputs.smokeTestUrl !== undefined)
    problems.push('The input "smoke-test-url" is for "smoke-test: http".');
  const settings = {
    'smoke-test-launch-template': inputs.smokeTestLaunchTemplate,
    'smoke-test-subnet': inputs.smokeTestSubnet,
    'smoke-test-instance-type': inputs.smokeTestInstanceType,
    'smoke-test-instance-profile': inputs.smokeTestInstanceProfile,
    'smoke-test-user-data': inputs.smokeTestUserData,
  };
  const idle = Object.entries(settings).filter(([, value]) => value !== undefined);
  if (smokeTest === 'none' && idle.length > 0)
    problems.push(
      `Nothing is tested without "smoke-test", but there is ${idle.map(([name]) => `"${name}"`).join(', ')}.`,
    );
  return problems;
}
