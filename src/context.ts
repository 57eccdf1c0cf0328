import type { Aws } from './aws/clients.ts';
import type { WebIdentity } from './aws/credentials.ts';
import type { Clock } from './clock.ts';
import type { GitHub } from './github/github.ts';
import type { RunFacts } from './github/run.ts';
import type { Log } from './log.ts';
import type { TemporaryResource } from './packer/output.ts';
import type { ProcessRunner } from './process.ts';
import type { OwnRefresh } from './promote/refresh.ts';
import type { Report } from './report.ts';

/** The collaborators of a mode. Everything that it reads or changes outside of itself goes through one of them. */
export interface Context {
  aws: Aws;
  /** The role that was assumed by OIDC; absent with the credentials of the environment. */
  webIdentity?: WebIdentity;
  clock: Clock;
  log: Log;
  report: Report;
  github: GitHub;
  run: RunFacts;
  processes: ProcessRunner;
  /** For web pages; AWS and GitHub have clients of their own. */
  fetch: typeof fetch;
  /** The commit that is checked out in a folder of the workspace; `undefined` when there is no repository. */
  checkedOut(folder: string): Promise<string | undefined>;
  /** The environment of the step, for programs that a mode starts. */
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the runner cancels the step; waits end at once then. */
  signal: AbortSignal;
  /** What the post step has to know if this step does not come to its end. */
  saveCleanUp(cleanUp: CleanUp | undefined): void;
}

/** Work that is left for the post step when the main step was cancelled or killed. */
export type CleanUp = PromotionCleanUp | BakeCleanUp;

export interface PromotionCleanUp {
  mode: 'promote';
  region: string;
  onCancel: 'rollback' | 'cancel' | 'leave';
  environment: string;
  imageId: string;
  /** What it started or was about to start, one entry a group. */
  refreshes: OwnRefresh[];
}

export interface BakeCleanUp {
  mode: 'bake';
  region: string;
  /** Tag value of everything that exists only while the bake lasts. */
  builder: string;
  /** When the build began. Milliseconds since 1970. */
  since: number;
  /** The parameter that keeps identical bakes waiting. */
  lock?: string;
  /** What Packer said it made. */
  resources: TemporaryResource[];
}
