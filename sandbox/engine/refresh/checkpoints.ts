/**
 * Checkpoints (guide "Add checkpoints to an instance refresh"): after each percentage of the instances the refresh
 * waits; a last one below 100 is its end.
 */

/** How many of `total` instances may be replaced before the next wait, or before the end. */
export function instancesUntil(
  total: number,
  percentages: readonly number[] | undefined,
  passed: number,
): number {
  if (!percentages?.length) return total;
  const percentage = percentages[Math.min(passed, percentages.length - 1)] ?? 100;
  return Math.ceil((total * percentage) / 100);
}

/** What follows when the instances of the present checkpoint are replaced: a wait, or the end. */
export function isLastCheckpoint(percentages: readonly number[] | undefined, passed: number): boolean {
  if (!percentages?.length) return true;
  // At 100 % nothing is left to wait for (seen natively).
  return passed >= percentages.length - 1 || percentages[passed] === 100;
}
