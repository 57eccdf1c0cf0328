import {
  type ImageReference,
  paginateDescribeImageReferences,
  type ResourceTypeRequest,
} from '@aws-sdk/client-ec2';
import { isAccessDenied } from '../../aws/errors.ts';
import type { Context } from '../../context.ts';
import { errorCode } from '../../errors.ts';
import { inParallel } from '../../parallel.ts';
import { inBatches } from '../lists.ts';
import type { ImageUse } from './use.ts';

const IMAGES_A_CALL = 10;
const CALLS_AT_ONCE = 5;

/** Terminated instances are listed for an hour, and hold nothing. Versions are asked for as far back as AWS looks. */
const TYPES: ResourceTypeRequest[] = [
  {
    ResourceType: 'ec2:Instance',
    ResourceTypeOptions: [
      {
        OptionName: 'state-name',
        OptionValues: ['pending', 'running', 'shutting-down', 'stopping', 'stopped'],
      },
    ],
  },
  {
    ResourceType: 'ec2:LaunchTemplate',
    ResourceTypeOptions: [{ OptionName: 'version-depth', OptionValues: ['10000'] }],
  },
  { ResourceType: 'ssm:Parameter' },
  { ResourceType: 'imagebuilder:ImageRecipe' },
  { ResourceType: 'imagebuilder:ContainerRecipe' },
];

/** Regions and partitions without the operation say so in one of these ways. */
const NOT_OFFERED = new Set(['InvalidAction', 'UnsupportedOperation', 'OptInRequired']);

/** What AWS's own search found; `missing` says why it could not be asked, which alone holds nothing. */
export interface SecondOpinion {
  uses: ImageUse[];
  missing?: 'not allowed' | 'not offered';
  /** It was asked, and failed. */
  error?: unknown;
}

/**
 * Asks AWS what refers to these images: it knows Image Builder's recipes as well, and finds what this action might
 * have missed. A launch template counts only when `explained` does not know it as one whose versions go as well: the
 * answer does not say which versions it means.
 */
export async function readSecondOpinion(
  context: Context,
  imageIds: readonly string[],
  explained: (imageId: string, templateId: string) => boolean,
): Promise<SecondOpinion> {
  const opinion: SecondOpinion = { uses: [] };
  await inParallel(inBatches(imageIds, IMAGES_A_CALL), CALLS_AT_ONCE, async (batch) => {
    if (opinion.missing) return;
    try {
      for (const { ImageId: imageId = '', ResourceType, Arn = '' } of await readReferences(context, batch)) {
        const name = Arn.slice(Arn.indexOf('/') + 1);
        if (ResourceType === 'ec2:LaunchTemplate' && explained(imageId, name)) continue;
        opinion.uses.push({ imageId, holder: `${ResourceType} ${name} (AWS's own search)` });
      }
    } catch (error) {
      context.signal.throwIfAborted();
      if (isAccessDenied(error)) opinion.missing = 'not allowed';
      else if (NOT_OFFERED.has(errorCode(error))) opinion.missing = 'not offered';
      else {
        opinion.error ??= error;
        opinion.uses.push(...batch.map((imageId) => ({ imageId, holder: 'what AWS did not answer' })));
      }
    }
  });
  return opinion;
}

async function readReferences({ aws, signal }: Context, ImageIds: string[]): Promise<ImageReference[]> {
  const references: ImageReference[] = [];
  const pages = paginateDescribeImageReferences(
    { client: aws.ec2, pageSize: 1000 },
    { ImageIds, ResourceTypes: TYPES },
    { abortSignal: signal },
  );
  for await (const page of pages) references.push(...(page.ImageReferences ?? []));
  return references;
}
