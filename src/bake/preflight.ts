import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { isAccessDenied } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { ConfigurationError, errorCode, messageOf } from '../errors.ts';
import type { BakeInputs } from '../inputs/schema.ts';
import { readParameter } from './publish.ts';
import { launchSettings } from './test-instance.ts';

/**
 * Looks at what the inputs name, before anything is built for an hour and found to be undeliverable. Calls AWS only
 * for what is asked for.
 *
 * @throws ConfigurationError with all problems at once
 */
export async function preflight(context: Context, inputs: BakeInputs): Promise<void> {
  const problems = (
    await Promise.all([
      regionProblems(context, inputs),
      parameterProblems(context, inputs),
      smokeTestProblems(context, inputs),
    ])
  ).flat();
  if (problems.length > 0) throw new ConfigurationError(problems);
}

async function regionProblems({ aws }: Context, { copyToRegions }: BakeInputs): Promise<string[]> {
  if (copyToRegions.length === 0) return [];
  try {
    const { Regions = [] } = await aws.ec2.send(
      new DescribeRegionsCommand({ AllRegions: true, RegionNames: copyToRegions }),
    );
    return Regions.filter(({ OptInStatus }) => OptInStatus === 'not-opted-in').map(
      ({ RegionName }) =>
        `The Region ${RegionName} of "copy-to-regions" is not enabled in this account. Enable it in the account's settings, or take it out.`,
    );
  } catch (error) {
    if (isAccessDenied(error)) return [];
    if (errorCode(error) !== 'InvalidParameterValue') throw error;
    return [`Check the input "copy-to-regions": ${messageOf(error)}.`];
  }
}

async function parameterProblems(
  { aws }: Context,
  { ssmParameter, copyToRegions }: BakeInputs,
): Promise<string[]> {
  if (ssmParameter === undefined) return [];
  const problems: string[] = [];
  // Another Region may turn out to be none: that is told as such.
  for (const region of new Set([aws.region, ...copyToRegions])) {
    const { Type = 'String' } =
      (await readParameter(aws.inRegion(region), ssmParameter).catch((error: unknown) => {
        if (region === aws.region) throw error;
        return undefined;
      })) ?? {};
    if (Type !== 'String')
      problems.push(
        `The parameter ${ssmParameter} in ${region} is a ${Type}, which holds no image. Choose another name in "ssm-parameter", or delete it.`,
      );
  }
  return problems;
}

async function smokeTestProblems(context: Context, inputs: BakeInputs): Promise<string[]> {
  if (inputs.smokeTest === 'none') return [];
  try {
    await launchSettings(context.aws, inputs);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return [...error.problems];
    throw error;
  }
}
