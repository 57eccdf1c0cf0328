import type { Context } from '../context.ts';
import { DeploymentError } from '../errors.ts';
import type { TimedPhase } from '../packer/build-log.ts';
import { type BuiltImage, imagesByRegion, type TemporaryResource } from '../packer/output.ts';
import { preparePacker, type ReadyPacker } from '../packer/prepare.ts';
import type { BuildListener } from '../packer/run.ts';
import type { Tags } from '../tags.ts';
import { packerEnvironment } from './environment.ts';
import { imageMarks } from './image-marks.ts';
import type { BakeJob } from './job.ts';

/** What is told while it is built: what has to be gone afterwards, and where the time went. */
export interface BuildWatch {
  onResource(resource: TemporaryResource): void;
  onPhases(phases: readonly TimedPhase[]): void;
}

/** A template that Packer has found to be valid, ready to be built. */
export interface PreparedBuild {
  packerVersion: string;
  /** Builds, and tags each image the moment that it exists. */
  run(tags: Tags, watch: BuildWatch): Promise<readonly BuiltImage[]>;
}

/** Finds Packer, its plugins, and what is wrong with the template; nothing is built yet. */
export async function prepareBuild(
  context: Context,
  job: BakeJob,
  baseImageId: string | undefined,
): Promise<PreparedBuild> {
  const { inputs, workingDirectory, identity, builder } = job;
  const packer = await preparePacker(
    {
      version: inputs.packerVersion,
      mirror: inputs.packerMirror,
      githubToken: inputs.githubToken,
      template: inputs.template,
      workingDirectory,
      variables: {
        ...inputs.variables,
        ...(baseImageId === undefined ? {} : { [inputs.baseImageVariable]: baseImageId }),
      },
      variableFiles: inputs.variableFiles,
      only: inputs.only,
      except: inputs.except,
      env: packerEnvironment(context, identity, { builder, baseImageId }),
    },
    context,
  );
  return {
    packerVersion: packer.version,
    run: (tags, watch) => build(context, job, packer, { tags, watch }),
  };
}

async function build(
  context: Context,
  job: BakeJob,
  packer: ReadyPacker,
  { tags, watch }: { tags: Tags; watch: BuildWatch },
): Promise<readonly BuiltImage[]> {
  const { log } = context;
  const marks = imageMarks(context, job, tags);
  const listener: BuildListener = {
    onTemporaryResource(resource) {
      watch.onResource(resource);
      marks.announced(resource);
    },
    onArtifact(image) {
      log.info(`${image.amiId} in ${image.region}`);
      marks.finished(image);
    },
    onPhases: watch.onPhases,
  };
  const limit = timeLimit(context, job);
  try {
    const images = await packer.build(listener, limit.signal);
    limit.stop();
    await marks.written();
    imagesByRegion(images);
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
