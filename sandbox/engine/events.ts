import type { ClockEvent } from './clock.ts';
import { reconcileGroup } from './groups.ts';
import { imageIsAvailable, snapshotIsCompleted } from './images.ts';
import {
  instanceIsForgotten,
  instanceIsRunning,
  instanceIsStopped,
  instanceIsTerminated,
} from './instances.ts';
import { groupOfInstance, memberIsDrained, memberIsGone, memberIsRunning, wakeGroup } from './members.ts';
import { tickRefresh } from './refresh.ts';
import { checkTarget, instanceOfCheck, targetIsDrained } from './targets.ts';
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
  'image-available': imageIsAvailable,
  'snapshot-completed': snapshotIsCompleted,
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

export const isEvent = (type: string) => Object.hasOwn(handlers, type);

/** Connects a world's clock with what happens in it. */
export function animate(world: World): void {
  world.clock.onEvent = (event: ClockEvent) => {
    const handler = handlers[event.type];
    if (!handler) throw new Error(`No handler for the event ${event.type}.`);
    handler(world.region(event.region), event.id);
  };
}
