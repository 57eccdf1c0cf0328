import type { Context } from '../context.ts';
import { DeploymentError } from '../errors.ts';
import { findPacker } from '../packer/install.ts';
import { type BuiltImage, imagesByRegion, type TemporaryResource } from '../packer/output.ts';
import {
  type BuildListener,
  type PackerTemplate,
  packerBuild,
  packerInit,
  packerValidate,
} from '../packer/run.ts';
import type { Tags } from '../tags.ts';
import { packerEnvironment } from './environment.ts';
import { imageMarks } from './image-marks.ts';
import type { BakeJob } from './job.ts';
import { siblingsTag } from './siblings.ts';

/** A template that Packer has found to be valid, ready to be built. */
export interface PreparedBuild {
  packerVersion: string;
  /**
   * Builds. The images are known by their tags from the moment that they exist, and get `tags` when all of the build
   * has succeeded. `onResource` is told what has to be gone afterwards.
   */
  run(tags: Tags, onResource: (resource: TemporaryResource) => void): Promise<readonly BuiltImage[]>;
}

/** Finds Packer, its plugins, and what is wrong with the template; nothing is built yet. */
export async function prepareBuild(
  context: Context,
  job: BakeJob,
  baseImageId: string | undefined,
): Promise<PreparedBuild> {
  const { log, processes, signal } = context;
  const { inputs, workingDirectory } = job;
  const { identity, builder } = job;
  const assumedRole = inputs.roleToAssume !== undefined;
  const env = await packerEnvironment(context, identity, assumedRole, { builder, baseImageId });
  const tools = { processes, log, signal };
  const packer = await log.group('Find Packer', () =>
    findPacker({ version: inputs.packerVersion, mirror: inputs.packerMirror, workingDirectory, env }, tools),
  );
  const template: PackerTemplate = {
    executable: packer.executable,
    template: inputs.template,
    workingDirectory,
    variables: {
      ...inputs.variables,
      ...(baseImageId === undefined ? {} : { [inputs.baseImageVariable]: baseImageId }),
    },
    variableFiles: inputs.variableFiles,
    only: inputs.only,
    except: inputs.except,
    env,
  };
  await log.group('packer init', () =>
    packerInit(template, { version: packer.version, githubToken: inputs.githubToken }, tools),
  );
  await log.group('packer validate', () => packerValidate(template, tools));
  return {
    packerVersion: packer.version,
    run: (tags, onResource) =>
      log.group('packer build', () => build(context, job, template, { tags, onResource })),
  };
}

async function build(
  context: Context,
  job: BakeJob,
  template: PackerTemplate,
  { tags, onResource }: { tags: Tags; onResource: (resource: TemporaryResource) => void },
): Promise<readonly BuiltImage[]> {
  const { log, processes } = context;
  const marks = imageMarks(context, job);
  const listener: BuildListener = {
    onTemporaryResource(resource) {
      onResource(resource);
      marks.announced(resource);
    },
    onArtifact(image) {
      log.info(`${image.amiId} in ${image.region}`);
      marks.made(image);
    },
  };
  const limit = timeLimit(context, job);
  try {
    const images = await packerBuild(template, listener, { processes, log, signal: limit.signal });
    limit.stop();
    imagesByRegion(images);
    await marks.complete({ ...tags, ...siblingsTag(images) });
    return images;
  } catch (error) {
    limit.stop();
    // Also after a failed build no image is left without tags.
    await marks.failed();
    throw error;
  }
}

/** Packer can hang for ever, for instance when it waits for a login: the step's time ends it like a cancel. */
function timeLimit({ clock, signal }: Context, { inputs, deadline }: BakeJob) {
  const over = new AbortController();
  const stop = new AbortController();
  const message = `Packer was still building when timeout-minutes (${inputs.timeoutMinutes}) was over, and was ended. Look at its last lines above, or raise timeout-minutes.`;
  clock.sleep(Math.max(0, deadline - clock.now()), stop.signal).then(
    () => over.abort(new DeploymentError(message)),
    () => {},
  );
  return { signal: AbortSignal.any([signal, over.signal]), stop: () => stop.abort() };
}
