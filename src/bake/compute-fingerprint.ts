import type { Context } from '../context.ts';
import type { Image } from '../image.ts';
import { contentHash } from './content-hash.ts';
import { environmentVariables, fingerprintOf } from './fingerprint.ts';
import type { BakeJob } from './job.ts';

/** The fingerprint of what would be built now. */
export async function computeFingerprint(
  context: Context,
  { inputs, workingDirectory }: BakeJob,
  base: Image | undefined,
): Promise<string> {
  const hashOf = (path: string) => contentHash(context, workingDirectory, path);
  const paths = inputs.fingerprintPaths.length > 0 ? inputs.fingerprintPaths : ['.'];
  const contents: Record<string, string> = {};
  for (const path of paths) contents[path] = await hashOf(path);
  const variableFiles: string[] = [];
  for (const file of inputs.variableFiles) variableFiles.push(await hashOf(file));
  const fingerprint = fingerprintOf(inputs, {
    contents,
    template: await hashOf(inputs.template),
    variableFiles,
    variables: { ...environmentVariables(context.env), ...inputs.variables },
    only: inputs.only,
    except: inputs.except,
    baseImage: base?.id,
    packerVersion: inputs.packerVersion,
  });
  context.log.info(`Fingerprint: ${fingerprint} (of ${paths.join(', ')})`);
  if (base === undefined && inputs.reuse)
    context.log.info(
      `Without base-image, a newer base image is noticed only when reuse ends, after ${inputs.reuseMaxAgeDays} days.`,
    );
  return fingerprint;
}
