import { promoteHundred } from './hundred.ts';
import { timeToStart } from './start.ts';
import { callsWhileWaiting, measureOverhead, median, noticeBadImage } from './watching.ts';

/** What a promotion costs beside AWS's own work. */
export async function reportPromotion(): Promise<void> {
  const { seconds, fixed } = await measureOverhead();
  const others = fixed.map(
    ({ pause, median: value }) => `${value.toFixed(0)} s with a fixed pause of ${pause} s`,
  );
  console.log(
    `  from the end of a refresh to the end of the promotion, ${seconds.length} runs: ${median(seconds).toFixed(1)} s (median), ${seconds.at(-1)?.toFixed(1)} s (most); ${others.join(', ')}`,
  );
  console.log(`  AWS calls in ten minutes of waiting: ${(await callsWhileWaiting()).toFixed(1)}`);
  for (const type of ['ELB', 'EC2'] as const) {
    const { ours, plain } = await noticeBadImage(type);
    const theirs = plain === undefined ? 'never' : `after ${plain.toFixed(1)} min`;
    console.log(
      `  a bad image in a group with ${type} health checks is taken back after ${ours.toFixed(1)} min; by a plain instance refresh ${theirs}`,
    );
  }
  const forward = await timeToStart({});
  const back = await timeToStart({ rollback: 'true', incident: 'true' });
  console.log(
    `  process start to StartInstanceRefresh: ${forward.toFixed(0)} ms, of a rollback ${back.toFixed(0)} ms (real time here, median)`,
  );
  const { status, mebibytes, calls, throttled } = await promoteHundred();
  console.log(
    `  100 groups at once in one process, with token buckets: ${status}, ${mebibytes ?? '?'} MiB, ${calls} calls, ${throttled} of them refused and repeated`,
  );
}
