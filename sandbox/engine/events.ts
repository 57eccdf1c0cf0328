import { checkWithClassic, isDrainedFromClassic } from './classic.ts';
import type { ClockEvent } from './clock.ts';
import { reconcileGroup } from './groups.ts';
import { usageReportIsAvailable } from './image-usage.ts';
import { imageIsForgotten, imageIsReady } from './images.ts';
import {
  instanceIsForgotten,
  instanceIsRunning,
  instanceIsStopped,
  instanceIsTerminated,
  SECONDS_REMEMBERED,
} from './instances.ts';
import { hookTimedOut } from './lifecycle-actions.ts';
import {
  groupOfInstance,
  memberIsDrained,
  memberIsGone,
  memberIsInService,
  memberIsRunning,
  wakeGroup,
} from './members.ts';
import { parameterIsValidated } from './parameters.ts';
import { tickRefresh } from './refresh/refresh.ts';
import { snapshotIsCompleted } from './snapshots.ts';
import { memberIsDetached, memberIsInStandby } from './standby.ts';
import { checkTarget, targetIsDrained } from './targets.ts';
import { volumeIsAvailable, volumeIsDeleted } from './volumes.ts';
import { warmMemberIsGone, warmMemberIsRunning, warmMemberIsStopped } from './warm-pool.ts';
import type { Region, World } from './world.ts';

/** What happens when a timer fires, by the event's type. */
const handlers: Record<string, (region: Region, id: string) => void> = {
  'instance-running': (region, id) => {
    instanceIsRunning(region, id);
    memberIsRunning(region, id);
    warmMemberIsRunning(region, id);
  },
  'instance-stopped': (region, id) => {
    instanceIsStopped(region, id);
    warmMemberIsStopped(region, id);
    wakeGroupOf(region, id);
  },
  'instance-terminated': (region, id) => {
    instanceIsTerminated(region, id);
    memberIsGone(region, id);
    warmMemberIsGone(region, id);
  },
  'instance-forgotten': (region, id) => {
    // As long as a group knows the instance, so does EC2 (inference).
    if (groupOfInstance(region, id)) region.after(SECONDS_REMEMBERED, 'instance-forgotten', id);
    else instanceIsForgotten(region, id);
  },
  'image-ready': imageIsReady,
  'image-forgotten': imageIsForgotten,
  'image-usage-report-available': usageReportIsAvailable,
  'snapshot-completed': snapshotIsCompleted,
  'volume-available': volumeIsAvailable,
  'volume-deleted': volumeIsDeleted,
  'target-check': (region, id) => {
    const changed = checkTarget(region, id);
    if (changed !== undefined) wakeGroupOf(region, changed);
  },
  'parameter-validated': parameterIsValidated,
  'target-drained': targetIsDrained,
  'classic-check': (region, id) => {
    const changed = checkWithClassic(region, id);
    if (changed !== undefined) wakeGroupOf(region, changed);
  },
  'classic-drained': isDrainedFromClassic,
  'member-running': memberIsRunning,
  'member-in-service': memberIsInService,
  'member-drained': memberIsDrained,
  'member-in-standby': memberIsInStandby,
  'member-detached': memberIsDetached,
  'hook-timeout': hookTimedOut,
  'group-reconcile': reconcileGroup,
  'refresh-tick': tickRefresh,
};

function wakeGroupOf(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  if (found) wakeGroup(region, found.group, 1);
}

export const isEvent = (type: string) => Object.hasOwn(handlers, type);

/** Connects a world's clock with what happens in it. */
export function animate(world: World): void {
  world.clock.onEvent = (event: ClockEvent) => {
    const handler = handlers[event.type];
    if (!handler) throw new Error(`No handler for the event ${event.type}.`);
    handler(world.region(event.region), event.id);
  };
}
