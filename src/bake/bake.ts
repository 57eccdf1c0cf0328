import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { ConfigurationError } from '../errors.ts';
import type { BakeInputs } from '../inputs/schema.ts';
import type { TimedPhase } from '../packer/build-log.ts';
import { type BuiltImage, imagesByRegion } from '../packer/output.ts';
import { preparePacker, type ReadyPacker } from '../packer/prepare.ts';
import { duration, table } from '../report.ts';
import { type Identity, identityTags } from '../tags.ts';
import { packerEnvironment } from './environment.ts';
import { type FinishedImage, finishImage, tagImage } from './finish-image.ts';

/** Builds one image from the commit: the steps, in order. */
export async function bake(inputs: BakeInputs, context: Context): Promise<void> {
  const { log, clock } = context;
  const started = clock.now();
  const workingDirectory = resolve(context.run.workspace, inputs.workingDirectory);
  refuseMissingFiles(inputs, workingDirectory);
  const identity = await identityOf(inputs, context, workingDirectory);
  context.report.set({ commit: identity.commit });

  const packer = await preparePacker(
    {
      version: inputs.packerVersion,
      mirror: inputs.packerMirror,
      githubToken: inputs.githubToken,
      template: inputs.template,
      workingDirectory,
      variables: inputs.variables,
      variableFiles: inputs.variableFiles,
      only: inputs.only,
      except: inputs.except,
      env: packerEnvironment(context, identity),
    },
    context,
  );
  if (inputs.dryRun) return reportPlan(context, inputs, identity, packer.version);

  let phases: readonly TimedPhase[] = [];
  const built = await build(context, packer, identity, (timed) => {
    phases = timed;
  });
  const deadline = started + inputs.timeoutMinutes * 60_000;
  const finished = await log.group('Wait until available', () =>
    Promise.all(
      built.map(({ region, amiId }) => finishImage(context, region, amiId, identityTags(identity), deadline)),
    ),
  );
  reportImages(context, identity, finished, phases, Math.round((clock.now() - started) / 1000));
}

/** The image is of the commit that is checked out, which a workflow can choose: not always of the run's. */
async function identityOf(inputs: BakeInputs, context: Context, workingDirectory: string): Promise<Identity> {
  const { run, clock, log } = context;
  const commit = (await context.checkedOut(workingDirectory)) ?? run.commit;
  if (commit !== run.commit)
    log.notice(
      `The workspace has commit ${commit} checked out, not ${run.commit} of the run: the image is of ${commit}.`,
    );
  return {
    application: inputs.application ?? run.repository,
    commit,
    built: clock.now(),
    run: run.url,
    ...(run.branch === undefined ? {} : { branch: run.branch }),
    ...(run.version === undefined ? {} : { version: run.version }),
  };
}

function refuseMissingFiles(inputs: BakeInputs, workingDirectory: string): void {
  const problems: string[] = [];
  if (!existsSync(workingDirectory)) {
    problems.push(
      `There is no folder ${workingDirectory}. Check the input "working-directory", and that actions/checkout ran before.`,
    );
  } else {
    if (!existsSync(resolve(workingDirectory, inputs.template))) {
      problems.push(
        `There is no template ${inputs.template} in ${workingDirectory}. Check the inputs "template" and "working-directory", and that actions/checkout ran before.`,
      );
    }
    for (const file of inputs.variableFiles) {
      if (!existsSync(resolve(workingDirectory, file)))
        problems.push(
          `There is no variable file ${file} in ${workingDirectory}. Check the input "variable-files".`,
        );
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
}

/** Runs Packer, and tags each image the moment that Packer names it. */
async function build(
  context: Context,
  packer: ReadyPacker,
  identity: Identity,
  onPhases: (phases: readonly TimedPhase[]) => void,
): Promise<readonly BuiltImage[]> {
  const { log } = context;
  const tagging: Promise<unknown>[] = [];
  const onArtifact = ({ region, amiId }: BuiltImage) => {
    log.info(`${amiId} in ${region}`);
    tagging.push(tagImage(context.aws.inRegion(region), amiId, identityTags(identity)));
  };
  // Also after a failed build the tags that are on their way are waited for: no image is left without them.
  const images = await packer.build({ onArtifact, onPhases }).finally(() => Promise.allSettled(tagging));
  await Promise.all(tagging);
  imagesByRegion(images);
  return images;
}

function reportPlan({ report, log }: Context, inputs: BakeInputs, identity: Identity, version: string): void {
  log.info(
    `Packer ${version} would build ${inputs.template} for commit ${identity.commit}; the template is valid.`,
  );
  report.write(
    `## 📝 Plan: bake\n\nPacker ${version} would build \`${inputs.template}\` for commit ${identity.commit}. The template is valid; nothing was built.`,
  );
}

function reportImages(
  { report, aws, log }: Context,
  identity: Identity,
  images: readonly FinishedImage[],
  phases: readonly TimedPhase[],
  seconds: number,
): void {
  const byRegion = imagesByRegion(images.map(({ region, imageId }) => ({ region, amiId: imageId })));
  const region = byRegion.has(aws.region) ? aws.region : (images[0]?.region ?? '');
  report.set({
    'ami-id': byRegion.get(region),
    'ami-ids': Object.fromEntries(byRegion),
    'snapshot-ids': images.filter((image) => image.region === region).flatMap((image) => image.snapshotIds),
  });
  const origin = identity.version ?? identity.branch ?? '';
  const rows = images.map((image) => [image.region, `\`${image.imageId}\``, image.snapshotIds.join(', ')]);
  report.write(
    [
      `## ✅ Baked: ${identity.application}`,
      `Commit ${identity.commit} (${origin}) in ${duration(seconds)}.`,
      table(['Region', 'Image', 'Snapshots'], rows),
      ...phasesTable(phases),
    ].join('\n\n'),
  );
  log.info(`Baked ${images.map((image) => `${image.imageId} (${image.region})`).join(', ')}`);
}

/** Where the time of the build went. */
function phasesTable(phases: readonly TimedPhase[]): string[] {
  if (phases.length === 0) return [];
  const rows = phases.map(({ build, title, ms }) => [build, title, duration(ms / 1000)]);
  return [table(['Build', 'Phase', 'Time'], rows)];
}
