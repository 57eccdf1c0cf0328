import type {
  DesiredConfiguration,
  Instance,
  InstanceRefresh,
  RefreshPreferences,
} from '@aws-sdk/client-auto-scaling';
import type { Image } from '../image.ts';
import {
  choosesByAttributes,
  configurationWith,
  imagesOf,
  launchesSame,
  type Running,
  type RunningVersion,
  savedConfiguration,
} from './configuration.ts';
import type { Target } from './target.ts';

/** What will be done with one group. */
export interface Plan {
  target: Target;
  running: Running;
  /** The image that comes in the place of the present one of `running.base`. */
  image: Image;
  versions: readonly VersionPlan[];
  /** The new image for each present one. */
  imageFor: (presentImageId: string) => string;
  action: Action;
  preferences: RefreshPreferences;
}

/** How one launch template version of the group gets its image. */
export interface VersionPlan {
  running: RunningVersion;
  /** The version that the new one is made from: the running one, unless the user says otherwise. */
  source: Pick<RunningVersion, 'launchTemplateId' | 'launchTemplateName' | 'number' | 'data'>;
  imageId: string;
  /** An existing version that does; absent when one has to be made. */
  number: string | undefined;
}

export type Action =
  /** The saved configuration and every instance have the image. */
  | { kind: 'nothing' }
  /** A refresh to the same configuration runs already: it is watched, and never undone by us. */
  | { kind: 'adopt'; refreshId: string }
  /** A refresh to something else is under way. */
  | { kind: 'busy'; refreshId: string; status: string }
  | { kind: 'refresh' }
  /** Types are chosen by attributes: the group is updated first, then refreshed without AWS's rollback. */
  | { kind: 'update-and-refresh' };

/** The configuration that the group is to have, once all its versions exist. */
export function desiredOf(
  plan: Pick<Plan, 'running' | 'versions' | 'imageFor'>,
): DesiredConfiguration | undefined {
  if (plan.versions.some(({ number }) => number === undefined)) return undefined;
  const numberOf = (version: RunningVersion) =>
    plan.versions.find(({ running }) => running === version)?.number ?? version.number;
  return configurationWith(plan.running, numberOf, plan.imageFor);
}

/** Decides what a group needs. */
export function actionFor(plan: Pick<Plan, 'target' | 'running' | 'versions' | 'imageFor'>): Action {
  const { target, running } = plan;
  const desired = desiredOf(plan);
  const { activeRefresh } = target;
  if (activeRefresh) {
    const refreshId = activeRefresh.InstanceRefreshId ?? '';
    if (isTowards(activeRefresh, desired)) return { kind: 'adopt', refreshId };
    return { kind: 'busy', refreshId, status: activeRefresh.Status ?? 'unknown' };
  }
  if (desired && launchesSame(savedConfiguration(target.group), desired) && isEverywhere(plan, desired))
    return { kind: 'nothing' };
  return choosesByAttributes(running) ? { kind: 'update-and-refresh' } : { kind: 'refresh' };
}

/** Whether a refresh has this configuration as its goal, and has not turned back. */
export function isTowards(refresh: InstanceRefresh, desired: DesiredConfiguration | undefined): boolean {
  const forward = refresh.Status !== 'RollbackInProgress' && refresh.Status !== 'Cancelling';
  return forward && desired !== undefined && launchesSame(refresh.DesiredConfiguration, desired);
}

/** Whether every instance, also of the warm pool, was launched from the versions and images that are wanted. */
function isEverywhere(
  { target, versions, running, imageFor }: Pick<Plan, 'target' | 'running' | 'versions' | 'imageFor'>,
  desired: DesiredConfiguration,
): boolean {
  const overrides = desired.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  const images = new Set([
    ...overrides.flatMap(({ ImageId }) => ImageId ?? []),
    ...imagesOf(running).flatMap(({ imageId }) => (imageId === undefined ? [] : imageFor(imageId))),
  ]);
  const isThere = ({ LaunchTemplate, ImageId }: Instance) =>
    versions.some(
      ({ running: version, number }) =>
        LaunchTemplate?.LaunchTemplateId === version.launchTemplateId && LaunchTemplate.Version === number,
    ) &&
    (ImageId === undefined || images.has(ImageId));
  return [...(target.group.Instances ?? []), ...target.warm].every(isThere);
}
