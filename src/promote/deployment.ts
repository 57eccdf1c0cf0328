import type { Context } from '../context.ts';
import { messageOf, PermissionError } from '../errors.ts';
import type { DeploymentState } from '../github/github.ts';
import type { Image } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { commitOf } from './preflight.ts';
import type { PromotionStatus } from './result.ts';

/** GitHub's record of a promotion, from its beginning to its end. */
export interface Deployment {
  close(status: PromotionStatus): Promise<void>;
}

const STATES: Readonly<Record<PromotionStatus, DeploymentState>> = {
  promoted: 'success',
  'already-there': 'success',
  'not-verified': 'success',
  planned: 'inactive',
  partial: 'failure',
  'rolled-back': 'failure',
  failed: 'failure',
  cancelled: 'error',
  unknown: 'error',
};

/**
 * Opens a deployment with the image's commit as its ref. A job that names an environment gets one from GitHub by
 * itself, with the run's commit: that is the wrong one after a rollback, or with an image that was chosen by id.
 * `auto` therefore opens one where the commits differ, and for every rollback, if the token may; with `own` a refusal
 * is an error.
 */
export async function openDeployment(
  { github, log, run }: Context,
  inputs: PromoteInputs,
  image: Image,
): Promise<Deployment | undefined> {
  const { githubDeployment: how, environment, environmentUrl, rollback } = inputs;
  const urls = { logUrl: run.url, environmentUrl };
  const ref = commitOf(image);
  const isOfRun = ref === run.commit && !rollback;
  if (how === 'none' || (how === 'auto' && (ref === undefined || isOfRun))) return undefined;
  let id: number;
  try {
    if (ref === undefined) throw new Error(`the commit of ${image.id} is not known`);
    id = await github.createDeployment({ ref, environment, payload: { 'ami-id': image.id, run: run.url } });
    await github.setDeploymentState(id, 'in_progress', urls);
  } catch (error) {
    if (how === 'own')
      throw new PermissionError(
        `GitHub did not take the deployment: ${messageOf(error)}. Give the job "permissions: deployments: write", or set "github-deployment: none".`,
        { cause: error },
      );
    log.info(`No deployment of our own at GitHub (${messageOf(error)}).`);
    return undefined;
  }
  return {
    async close(status) {
      try {
        await github.setDeploymentState(id, STATES[status], urls);
      } catch (error) {
        // The groups are as reported; only GitHub's view of them is not.
        log.warning(`GitHub did not take the end of the deployment: ${messageOf(error)}`);
      }
    },
  };
}
