import type { InstanceRefresh, RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { Image } from '../image.ts';
import type { RunningVersion, Target } from './target.ts';

/** What will be done with one group. */
export interface Plan {
  target: Target;
  running: RunningVersion;
  image: Image;
  action: Action;
  preferences: RefreshPreferences;
}

export type Action =
  /** The saved configuration and every instance have the image. */
  | { kind: 'nothing' }
  /** A refresh to the same version runs already: it is watched, and never undone by us. */
  | { kind: 'adopt'; version: string; refreshId: string }
  /** `version` is absent when a new launch template version has to be made. */
  | { kind: 'refresh'; version: string | undefined };

/** Decides what a group needs; a running refresh to something else is a problem. */
export function actionFor(
  target: Target,
  running: RunningVersion,
  image: Image,
  version: string | undefined,
): Action | { problem: string } {
  const { activeRefresh } = target;
  if (activeRefresh) {
    if (version !== undefined && isFor(activeRefresh, running.launchTemplateId, version)) {
      return { kind: 'adopt', version, refreshId: activeRefresh.InstanceRefreshId ?? '' };
    }
    return {
      problem: `The group "${target.name}" has an instance refresh under way (${activeRefresh.InstanceRefreshId}, ${activeRefresh.Status}). Wait for it or cancel it, then run this again.`,
    };
  }
  const instances = target.group.Instances ?? [];
  const allThere = instances.every(
    ({ LaunchTemplate }) =>
      LaunchTemplate?.LaunchTemplateId === running.launchTemplateId &&
      LaunchTemplate?.Version === running.number,
  );
  if (running.data.ImageId === image.id && allThere) return { kind: 'nothing' };
  return { kind: 'refresh', version };
}

/** Whether a refresh has this version as its desired configuration. */
export function isFor(refresh: InstanceRefresh, launchTemplateId: string, version: string): boolean {
  const desired = refresh.DesiredConfiguration?.LaunchTemplate;
  return desired?.LaunchTemplateId === launchTemplateId && desired?.Version === version;
}
