import type { ClockEvent } from './clock.ts';
import { reconcileGroup } from './groups.ts';
import { usageReportIsAvailable } from './image-usage.ts';
import { imageIsForgotten, imageIsReady } from './images.ts';
import {
  instanceIsForgotten,
  instanceIsRunning,
  instanceIsStopped,
  instanceIsTerminated,
} from './instances.ts';
import { groupOfInstance, memberIsDrained, memberIsGone, memberIsRunning, wakeGroup } from './members.ts';
import { tickRefresh } from './refresh.ts';
import { snapshotIsCompleted } from './snapshots.ts';
import { checkTarget, instanceOfCheck, targetIsDrained } from './targets.ts';
import { volumeIsAvailable, volumeIsDeleted } from './volumes.ts';
import type { Region, World } from './world.ts';

/** What happens when a timer fires, by the event's type. */
const handlers: Record<string, (region: Region, id: string) => void> = {
  'instance-running': (region, id) => {
    instanceIsRunning(region, id);
    memberIsRunning(region, id);
  },
  'instance-stopped': (region, id) => {
    instanceIsStopped(region, id);
    wakeGroupOf(region, id);
  },
  'instance-terminated': (region, id) => {
    instanceIsTerminated(region, id);
    memberIsGone(region, id);
  },
  'instance-forgotten': instanceIsForgotten,
  'image-ready': imageIsReady,
  'image-forgotten': imageIsForgotten,
  'image-usage-report-available': usageReportIsAvailable,
  'snapshot-completed': snapshotIsCompleted,
  'volume-available': volumeIsAvailable,
  'volume-deleted': volumeIsDeleted,
  'target-check': (region, id) => {
    checkTarget(region, id);
    wakeGroupOf(region, instanceOfCheck(id));
  },
  'target-drained': targetIsDrained,
  'member-drained': memberIsDrained,
  'group-reconcile': reconcileGroup,
  'refresh-tick': tickRefresh,
};

function wakeGroupOf(region: Region, instanceId: string): void {
  const found = groupOfInstance(region, instanceId);
  if (found) wakeGroup(region, found.group, 1);
}

/** Connects a world's clock with what happens in it. */
export function animate(world: World): void {
  world.clock.onEvent = (event: ClockEvent) => {
    const handler = handlers[event.type];
    if (!handler) throw new Error(`No handler for the event ${event.type}.`);
    handler(world.region(event.region), event.id);
  };
}
