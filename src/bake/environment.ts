import type { Context } from '../context.ts';
import type { Identity } from '../tags.ts';

/** Variables of the runner that no program of the user's needs: inputs of this step, and tokens of the job's services. */
const WITHHELD =
  /^(INPUT_|STATE_|ACTIONS_ID_TOKEN_|ACTIONS_RUNTIME_TOKEN|ACTIONS_RESULTS_URL|ACTIONS_CACHE_)/;

/**
 * The environment for Packer: the step's own without what is none of its business, what the build is for as
 * `PKR_VAR_immutable_deploy_*` (a template uses those that it declares), and the Region that the action itself works
 * with.
 */
export function packerEnvironment(
  { env, aws }: Context,
  identity: Identity,
  { builder, baseImageId }: { builder: string; baseImageId: string | undefined },
): Record<string, string> {
  const inherited = Object.entries(env).flatMap(([key, value]) =>
    value === undefined || WITHHELD.test(key) ? [] : [[key, value] as const],
  );
  return {
    ...Object.fromEntries(inherited),
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    PKR_VAR_immutable_deploy_application: identity.application,
    PKR_VAR_immutable_deploy_commit: identity.commit,
    PKR_VAR_immutable_deploy_ref: identity.version ?? identity.branch ?? '',
    PKR_VAR_immutable_deploy_version: identity.version ?? '',
    PKR_VAR_immutable_deploy_run: builder,
    PKR_VAR_immutable_deploy_base_image: baseImageId ?? '',
  };
}
