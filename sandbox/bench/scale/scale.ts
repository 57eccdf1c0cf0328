import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { actionNode } from '../../runner/step.ts';
import { timeRefresh } from './refresh.ts';

/** The sandbox at scale: what an inventory of a large account takes, with the client and the sandbox told apart. */
export async function reportScale(): Promise<void> {
  const host = start('host.js', []);
  try {
    const { url, seconds } = await message<{ url: string; seconds: number }>(host);
    const before = await memory(host);
    const client = start('inventory.js', [url]);
    const { steps, tagged, perSecond, rss } = await message<Inventory>(client);
    const parts = Object.entries(steps).map(
      ([name, { ms, result }]) => `${result} ${name} ${ms.toFixed(0)} ms`,
    );
    const total = Object.values(steps).reduce((sum, { ms }) => sum + ms, 0);
    console.log(`  scene made by a seed in ${seconds.toFixed(1)} s`);
    console.log(`  everything listed, page by page, in ${(total / 1000).toFixed(2)} s: ${parts.join(', ')}`);
    console.log(
      `  memory (RSS): client ${mebibytes(rss)}, sandbox ${mebibytes(await memory(host))} (${mebibytes(before)} before)`,
    );
    console.log(`  ${tagged.result} of the images by a tag: ${tagged.ms.toFixed(0)} ms`);
    console.log(`  smallest describe: ${perSecond.toFixed(0)} a second through the SDK, 8 at once`);
  } finally {
    host.disconnect();
  }
  const { realMs, simulatedMinutes, status } = await timeRefresh();
  console.log(
    `  refresh of 1,000 instances: ${status}, ${simulatedMinutes.toFixed(0)} simulated minutes in ${(realMs / 1000).toFixed(2)} s`,
  );
}

interface Inventory {
  steps: Record<string, { ms: number; result: number }>;
  tagged: { ms: number; result: number };
  perSecond: number;
  rss: number;
}

function start(script: string, args: string[]): ChildProcess {
  return fork(`lib/sandbox/bench/scale/${script}`, args, {
    execPath: actionNode(),
    // Figures are compared between machines: nothing of the caller's own settings.
    env: { PATH: process.env.PATH ?? '' },
    execArgv:
      process.env.SCALE_PROFILE === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${process.env.SCALE_PROFILE}`],
  });
}

async function message<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('A measured process ended before it had a result.');
  });
  const [result]: T[] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  if (result === undefined) throw new Error('A measured process sent nothing.');
  return result;
}

async function memory(host: ChildProcess): Promise<number> {
  host.send('memory');
  return (await message<{ rss: number }>(host)).rss;
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
