import type { Context } from '../context.ts';
import { createVersion } from './launch-template.ts';
import { desiredOf, type Plan, type VersionPlan } from './plan.ts';
import { describeRunning } from './preflight.ts';
import { type Desired, setConfiguration, startRefresh } from './refresh.ts';
import type { GroupResult } from './result.ts';
import { forget, type Promotion, type Rolling, remember, rollingOf, watchNow } from './rolling.ts';

/** Makes the versions and starts the refresh. `undefined`: another group failed before anything was started here. */
export async function start(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  result: GroupResult,
): Promise<Rolling | undefined> {
  const { aws, log } = context;
  if (promotion.fleet.recall !== undefined) return undefined;
  const versions = await makeVersions(context, promotion, plan);
  const configuration = desiredOf({ ...plan, versions });
  if (!configuration) throw new Error(`${result.group}: a launch template version is missing.`);
  const rolling = rollingOf(context, promotion, plan, result, configuration);
  const [base] = versions;
  result.version = base?.number ?? plan.running.base.number;
  log.info(
    `${result.group}: ${describeRunning(plan.running.base)} → version ${result.version} (${base?.imageId})`,
  );
  if (promotion.fleet.recall !== undefined) return undefined;
  const started =
    plan.action.kind === 'adopt'
      ? { refreshId: plan.action.refreshId, adopted: true }
      : await startOurs(context, promotion, rolling.desired, plan);
  watchNow(context, promotion, rolling, started.refreshId);
  rolling.adopted = started.adopted;
  result.refreshId = started.refreshId;
  log.info(
    `${result.group}: instance refresh ${started.refreshId}${started.adopted ? ' was under way already and is watched' : ' started'}. ${consoleUrl(aws.region, result.group)}`,
  );
  return rolling;
}

/** Every version of the plan with its number; those that do not exist yet are made, one after the other. */
async function makeVersions(
  { aws }: Context,
  { application }: Promotion,
  { versions }: Plan,
): Promise<VersionPlan[]> {
  const made: VersionPlan[] = [];
  for (const version of versions)
    made.push({ ...version, number: version.number ?? (await createVersion(aws, version, application)) });
  return made;
}

/** The intent is saved before the call, the id after it: a killed step leaves enough behind to stop what it started. */
async function startOurs(context: Context, promotion: Promotion, desired: Desired, plan: Plan) {
  const ours = { ...desired, since: context.clock.now() };
  remember(context, promotion, ours);
  if (desired.before) await setConfiguration(context.aws, desired.group, desired.configuration);
  const started = await startRefresh(context.aws, desired, plan.preferences);
  if (started.adopted) forget(context, promotion, desired.group);
  else remember(context, promotion, { ...ours, refreshId: started.refreshId });
  return started;
}

function consoleUrl(region: string, group: string): string {
  return `https://${region}.console.aws.amazon.com/ec2/home?region=${region}#AutoScalingGroupDetails:id=${encodeURIComponent(group)};view=instanceRefresh`;
}
