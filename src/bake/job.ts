import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import type { BakeInputs } from '../inputs/schema.ts';
import type { Identity } from '../tags.ts';
import { builderMark } from './builder-mark.ts';
import { recipeOf } from './fingerprint.ts';

/** What a bake works on from its first step to its last. */
export interface BakeJob {
  inputs: BakeInputs;
  workingDirectory: string;
  identity: Identity;
  /** The beginning of the fingerprint: what the workflow asked for, without the content. */
  recipe: string;
  /** Tag value of everything that exists only while this bake lasts. */
  builder: string;
  /** Milliseconds since 1970. */
  started: number;
  deadline: number;
}

export async function jobOf(inputs: BakeInputs, context: Context): Promise<BakeJob> {
  const started = context.clock.now();
  const deadline = started + inputs.timeoutMinutes * 60_000;
  const workingDirectory = resolve(context.run.workspace, inputs.workingDirectory);
  const identity = await identityOf(inputs, context, workingDirectory);
  return {
    inputs,
    workingDirectory,
    identity,
    recipe: recipeOf(inputs),
    builder: builderMark({ run: context.run, until: deadline, id: randomBytes(4).toString('hex') }),
    started,
    deadline,
  };
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
