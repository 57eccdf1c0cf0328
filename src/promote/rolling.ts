import type { DesiredConfiguration } from '@aws-sdk/client-auto-scaling';
import type { Context, PromotionCleanUp } from '../context.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { choosesByAttributes, configurationWith } from './configuration.ts';
import { isPartial } from './estimate.ts';
import type { Fleet } from './fleet.ts';
import type { Plan } from './plan.ts';
import type { Sight } from './progress.ts';
import type { Desired, OwnRefresh } from './refresh.ts';
import type { GroupResult } from './result.ts';
import { Timeline } from './timeline.ts';
import type { Expected } from './verify.ts';
import { RefreshWatch } from './watch.ts';

/** What all groups of a promotion share. */
export interface Promotion {
  inputs: PromoteInputs;
  application: string;
  /** Until when a refresh may run, in milliseconds since 1970. */
  deadline: number;
  /** What fails is to go back, by AWS or by us. */
  autoRollback: boolean;
  cleanUp: PromotionCleanUp;
  fleet: Fleet;
}

/** One group while it is rolled out. */
export interface Rolling {
  plan: Plan;
  result: GroupResult;
  desired: Desired;
  expected: Expected;
  adopted: boolean;
  refreshId: string;
  watch: RefreshWatch;
  sight?: Sight;
  timeline: Timeline;
  /** When a failed or unsatisfying call may be made again, in milliseconds since 1970. */
  notBefore: number;
  /** It knows that all groups go back. */
  isRecalled: boolean;
}

export function rollingOf(
  context: Context,
  promotion: Promotion,
  plan: Plan,
  result: GroupResult,
  configuration: DesiredConfiguration,
): Rolling {
  const { preferences } = plan;
  const { verifyUrl } = promotion.inputs;
  const rolling: Rolling = {
    plan,
    result,
    desired: {
      group: result.group,
      configuration,
      ...(choosesByAttributes(plan.running) ? { before: presentConfiguration(plan) } : {}),
    },
    expected: {
      group: result.group,
      configuration,
      imageIds: [...new Set(plan.versions.map(({ imageId }) => imageId))],
      partial: isPartial(preferences),
      ignoresProtected: preferences.ScaleInProtectedInstances === 'Ignore',
      ...(verifyUrl === undefined ? {} : { url: verifyUrl }),
    },
    adopted: false,
    refreshId: result.refreshId ?? '',
    watch: watchOf(context, promotion, plan, result.refreshId ?? ''),
    timeline: new Timeline(),
    notBefore: 0,
    isRecalled: false,
  };
  rolling.timeline.stages.push(...result.stages);
  return rolling;
}

function watchOf(context: Context, { inputs }: Promotion, { target }: Plan, refreshId: string): RefreshWatch {
  return new RefreshWatch(context, {
    group: target.name,
    refreshId,
    targetGroupArns: target.group.TargetGroupARNs ?? [],
    unhealthyGrace: inputs.unhealthyGrace,
  });
}

/** Turns to another refresh of the group. */
export function watchNow(context: Context, promotion: Promotion, rolling: Rolling, refreshId: string): void {
  rolling.refreshId = refreshId;
  rolling.watch = watchOf(context, promotion, rolling.plan, refreshId);
}

/** What the group ran before, with numbers. */
export const presentConfiguration = ({ running }: Plan) =>
  configurationWith(
    running,
    (version) => version.number,
    (imageId) => imageId,
  );

/** Leaves behind what the post step has to stop if this step is killed. */
export function remember(context: Context, { cleanUp }: Promotion, ours: OwnRefresh): void {
  cleanUp.refreshes = [...cleanUp.refreshes.filter(({ group }) => group !== ours.group), ours];
  context.saveCleanUp(cleanUp);
}

/** The refresh is over, or is not ours: there is nothing left to stop. */
export function forget(context: Context, { cleanUp }: Promotion, group: string): void {
  if (!cleanUp.refreshes.some((ours) => ours.group === group)) return;
  cleanUp.refreshes = cleanUp.refreshes.filter((ours) => ours.group !== group);
  context.saveCleanUp(cleanUp.refreshes.length === 0 ? undefined : cleanUp);
}
