import type { InstanceRecord } from './state.ts';

/**
 * What an instance *is*. The engine asks these questions and knows nothing else about instances, so that a driver
 * with real processes behind it can take the place of this one.
 */
export interface InstanceDriver {
  /** Starts the instance from an image with these tags. */
  start(instance: InstanceRecord, imageTags: Record<string, string>): StartOutcome;
  /** How long an orderly stop takes, in seconds. */
  stop(instance: InstanceRecord): number;
  /** The disks that an image of the instance would have, in GiB, root first. */
  snapshot(instance: InstanceRecord): { sizeGiB: number }[];
  /** A health check at the given time. `stable` means that the answer will not change by itself. */
  probe(instance: InstanceRecord, now: number): { answers: boolean; stable: boolean };
}

export type StartOutcome =
  | { kind: 'up'; answersAfterSeconds: number }
  | { kind: 'silent' }
  | { kind: 'refused'; code: string; message: string };

/** Seconds from the launch until an ordinary application answers its health checks. */
const BOOT_SECONDS = 25;

/** The tag with which an image is told to misbehave. */
export const BOOT_TAG = 'sandbox:boot';

export function insufficientCapacity(instanceType: string): StartOutcome {
  return {
    kind: 'refused',
    code: 'InsufficientInstanceCapacity',
    message: `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested. Our system will be working on provisioning additional capacity.`,
  };
}

/** Instances that are records: they answer after a while, unless their image's `sandbox:boot` tag says otherwise. */
export const recordedInstances: InstanceDriver = {
  start(instance, imageTags) {
    const boot = imageTags[BOOT_TAG];
    // An empty tag is what a template without a value sets.
    if (!boot) return { kind: 'up', answersAfterSeconds: BOOT_SECONDS };
    const slow = /^slow:(\d+)$/.exec(boot);
    if (slow) return { kind: 'up', answersAfterSeconds: Number(slow[1]) };
    if (boot === 'fails-to-launch') return insufficientCapacity(instance.instanceType);
    return { kind: 'silent' };
  },
  stop: () => 20,
  snapshot: () => [{ sizeGiB: 8 }],
  probe(instance, now) {
    if (instance.state !== 'running') return { answers: false, stable: true };
    if (instance.answersAt === undefined) return { answers: false, stable: true };
    const answers = now >= instance.answersAt;
    return { answers, stable: answers };
  },
};
