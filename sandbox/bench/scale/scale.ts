import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { actionNode } from '../../runner/step.ts';
import { timeRefresh } from './refresh.ts';

/** The sandbox at scale: what an inventory of a large account takes, with the client and the sandbox told apart. */
export async function reportScale(): Promise<void> {
  const host = start('host.js', []);
  try {
    const { url, seconds } = await message<{ url: string; seconds: number }>(host);
    console.log(`  scene made by a seed in ${seconds.toFixed(1)} s`);
    const before = await usage(host);
    const client = start('inventory.js', [url]);
    const { steps, rss, cpuSeconds } = await message<Inventory>(client);
    const after = await usage(host);
    const parts = Object.entries(steps).map(
      ([name, { ms, result }]) => `${result} ${name} ${ms.toFixed(0)} ms`,
    );
    const total = Object.values(steps).reduce((sum, { ms }) => sum + ms, 0);
    console.log(`  everything listed, page by page, in ${(total / 1000).toFixed(2)} s: ${parts.join(', ')}`);
    console.log(
      `  processor time of it: client ${cpuSeconds.toFixed(2)} s, sandbox ${(after.cpuSeconds - before.cpuSeconds).toFixed(2)} s`,
    );
    console.log(
      `  memory (RSS) afterwards: client ${mebibytes(rss)}, sandbox ${mebibytes(after.rss)} (${mebibytes(before.rss)} before)`,
    );
    client.send('go on');
    const { tagged, perSecond } = await message<Small>(client);
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
  rss: number;
  cpuSeconds: number;
}

interface Small {
  tagged: { ms: number; result: number };
  perSecond: number;
}

/** With SCALE_PROFILE=<folder> each process leaves a CPU profile there. */
function start(script: string, args: string[]): ChildProcess {
  return fork(`lib/sandbox/bench/scale/${script}`, args, {
    execPath: actionNode(),
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
  if (result === undefined) throw new Error('A measured process sent nothing.');
  return result;
}

async function usage(host: ChildProcess): Promise<{ rss: number; cpuSeconds: number }> {
  host.send('usage');
  return await message(host);
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
