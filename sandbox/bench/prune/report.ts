import { measureInventory, SIZES } from './inventory.ts';
import { REMOVED, type Removing, removeByScript, removeThousand } from './removal.ts';

/** Deregistrations a second, and how many at once: EC2's published bucket. */
const BUCKET = { capacity: 100, refill: 5 };

/** What a prune costs, at scale and beside a straightforward script. */
export async function reportPrune(): Promise<void> {
  const { images, templates, versionsEach, groups, instancesEach } = SIZES;
  const { seconds, cpuSeconds, mebibytes, calls, minimum, going } = await measureInventory();
  console.log(
    `  a dry run over ${images} images, ${templates * versionsEach} launch template versions, ${groups} groups, ${groups * instancesEach} instances: ${seconds.toFixed(1)} s (${cpuSeconds?.toFixed(1) ?? '?'} s of processors) and ${mebibytes ?? '?'} MiB here; ${calls} calls, ${(calls / minimum).toFixed(2)} × the least (${minimum}, of which ${going} for the images that would go)`,
  );
  const floor = (REMOVED - BUCKET.capacity) / BUCKET.refill;
  print(`pace: full, beside the floor of ${floor} s`, await removeThousand('full'), floor);
  const half = REMOVED / (BUCKET.refill / 2);
  print(`pace: shared, beside ${half} s at half of the refill`, await removeThousand('shared'), half);
  print('a straightforward script with the SDK’s defaults', await removeByScript(), floor);
}

function print(what: string, { seconds, removed, throttled, error }: Removing, floor: number): void {
  const ratio = removed === REMOVED ? ` (${(seconds / floor).toFixed(3)} ×)` : '';
  const end = error === undefined ? '' : `; it ended with: ${error}`;
  console.log(
    `  ${removed} of ${REMOVED} images removed in ${seconds.toFixed(0)} s of sandbox time${ratio}, ${throttled} calls refused: ${what}${end}`,
  );
}
