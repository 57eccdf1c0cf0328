import { GetParametersCommand, type Parameter, paginateDescribeParameters } from '@aws-sdk/client-ssm';
import type { Context } from '../../context.ts';
import { inParallel } from '../../parallel.ts';
import { inBatches } from '../lists.ts';
import type { Use } from './use.ts';

/** How an image is named through an SSM parameter: `resolve:ssm:/x`, `resolve:ssm:/x:3`, `resolve:ssm:arn:…`. */
const ALIAS = 'resolve:ssm:';

/** AWS's own public parameters never name an image of ours. */
const PUBLIC = '/aws/service/';

/** `GetParameters` takes ten names. */
const NAMES_A_CALL = 10;
const CALLS_AT_ONCE = 5;

/** The account's parameters whose data type says that they name an image, each as a use of an alias. */
export async function readImageParameters({ aws, signal }: Context): Promise<Use[]> {
  const request = { ParameterFilters: [{ Key: 'DataType', Values: ['aws:ec2:image'] }] };
  const uses: Use[] = [];
  const pages = paginateDescribeParameters({ client: aws.ssm, pageSize: 50 }, request, {
    abortSignal: signal,
  });
  for await (const { Parameters = [] } of pages) {
    for (const { Name = '' } of Parameters) {
      uses.push({ holder: `SSM parameter ${Name}`, imageId: `${ALIAS}${Name}` });
    }
  }
  return uses;
}

/**
 * The images that aliases mean now, by alias. An alias whose parameter does not exist is absent: nothing can be
 * launched through it.
 *
 * @param imageIds as they stand in launch templates: ids of images are passed over
 */
export async function readAliases(
  { aws, signal }: Context,
  imageIds: Iterable<string>,
): Promise<Map<string, string>> {
  const names = [...new Set(imageIds)]
    .filter((imageId) => imageId.startsWith(ALIAS))
    .map((alias) => alias.slice(ALIAS.length))
    .filter((name) => !name.startsWith(PUBLIC));
  const images = new Map<string, string>();
  await inParallel(inBatches(names, NAMES_A_CALL), CALLS_AT_ONCE, async (batch) => {
    const { Parameters = [], InvalidParameters = [] } = await aws.ssm.send(
      new GetParametersCommand({ Names: batch }),
      { abortSignal: signal },
    );
    const values = new Map(Parameters.flatMap(namesOf));
    for (const name of batch) {
      const value = values.get(name);
      if (value !== undefined) images.set(`${ALIAS}${name}`, value);
      // Neither found nor missing: an answer that is not understood must not free an image.
      else if (!InvalidParameters.includes(name))
        throw new Error(`SSM did not answer for the parameter ${name}.`);
    }
  });
  return images;
}

/** A parameter under every name that it can have been asked by: its name or ARN, with the version or label. */
function namesOf({ Name, ARN, Selector = '', Value = '' }: Parameter): [string, string][] {
  return [Name, ARN].flatMap((name): [string, string][] =>
    name === undefined ? [] : [[`${name}${Selector}`, Value]],
  );
}
