import type { InstanceDriver } from '../engine/driver.ts';
import { insufficientCapacity } from '../engine/driver.ts';
import type { Faults } from './faults.ts';

/** A driver whose launches the faults can refuse. */
export function withCapacityFaults(driver: InstanceDriver, faults: Faults): InstanceDriver {
  return {
    ...driver,
    start: (instance, imageTags) =>
      faults.takeLaunch(instance)
        ? insufficientCapacity(instance.instanceType)
        : driver.start(instance, imageTags),
  };
}
