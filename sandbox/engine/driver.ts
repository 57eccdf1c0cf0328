import type { InstanceRecord, VolumeRecord } from './records/ec2.ts';

/**
 * What an instance *is*. The engine asks these questions and knows nothing else about instances, so that a driver
 * with real processes behind it can take the place of this one.
 */
export interface InstanceDriver {
  /** Starts the instance from an image with these tags. */
  start(instance: InstanceRecord, imageTags: Readonly<Record<string, string>>): StartOutcome;
  /** How long an orderly stop takes, in seconds. */
  stop(instance: InstanceRecord): number;
  /** Restarts the system inside a running instance. */
  reboot(instance: InstanceRecord): void;
  /** The disks that an image of the instance would have, one for each of its volumes and in their order. */
  snapshot(instance: InstanceRecord, volumes: readonly VolumeRecord[]): { sizeGiB: number }[];
  /** A health check at the given time. */
  probe(instance: InstanceRecord, now: number): Probe;
  /** What the system has written to its console by the given time. */
  console(instance: InstanceRecord, now: number): string;
}

export interface Probe {
  answers: boolean;
  /** The result will not change by itself. */
  stable: boolean;
  /** Nobody listens, so that the connection is refused; otherwise a missing answer is a time-out. */
  refused?: boolean;
  /** HTTP status of the answer; absent: 200. */
  status?: number;
}

export type StartOutcome =
  | { kind: 'up'; answersAfterSeconds: number; status?: number }
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
    const answers = /^answers:([1-5]\d\d)$/.exec(boot);
    if (answers) return { kind: 'up', answersAfterSeconds: BOOT_SECONDS, status: Number(answers[1]) };
    if (boot === 'fails-to-launch') return insufficientCapacity(instance.instanceType);
    return { kind: 'silent' };
  },
  stop: () => 20,
  // A record has nothing running that a restart would change.
  reboot: () => {},
  snapshot: (_instance, volumes) => volumes.map(({ sizeGiB }) => ({ sizeGiB })),
  probe(instance, now) {
    if (instance.state !== 'running') return { answers: false, stable: true };
    if (instance.answersAt === undefined) return { answers: false, stable: true };
    if (now < instance.answersAt) return { answers: false, stable: false, refused: true };
    return {
      answers: true,
      stable: true,
      ...(instance.answersWith === undefined ? {} : { status: instance.answersWith }),
    };
  },
  console(instance, now) {
    const lines = [
      `sandbox: instance ${instance.id} of ${instance.imageId}: nothing runs in it, this text is simulated.`,
    ];
    if (instance.answersAt === undefined) lines.push('sandbox: the application does not answer.');
    else if (now >= instance.answersAt) lines.push('sandbox: the application answers.');
    else lines.push('sandbox: booting.');
    return `${lines.join('\n')}\n`;
  },
};
