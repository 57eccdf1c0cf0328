import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep } from '../../runner/step.ts';
import { watchMemory } from '../promotion/hundred.ts';
import { stepEnvironment } from '../promotion/stage.ts';
import { APPLICATION, plantFleet, stageWithImages } from './stage.ts';

export const SIZES = { images: 10_000, templates: 50, versionsEach: 100, groups: 100, instancesEach: 20 };

/** How many of the images go, and are looked at one by one: as many as are allowed when nothing is said. */
const CANDIDATES = 50;

export interface Inventory {
  /** From the start of the process to its end, real time here. */
  seconds: number;
  /** Of the process, on its processors; `undefined` where the system does not tell. */
  cpuSeconds: number | undefined;
  mebibytes: number | undefined;
  calls: number;
  /** Fewer cannot be made by anybody who looks at all of it: pages as large as AWS allows. */
  minimum: number;
  going: number;
}

/** A dry run of the built action in a large account. */
export async function measureInventory(): Promise<Inventory> {
  const { sandbox, images } = await stageWithImages(SIZES.images);
  try {
    plantFleet(sandbox, images, SIZES);
    sandbox.clock.set({ now: sandbox.clock.now() + 3600_000, scale: 1 });
    sandbox.aws.calls.length = 0;
    let memory: () => number | undefined = () => undefined;
    let processor: () => number | undefined = () => undefined;
    const started = performance.now();
    const { exitCode, log } = await runStep({
      inputs: {
        mode: 'prune',
        application: APPLICATION,
        keep: String(SIZES.images - CANDIDATES),
        'stale-days': '100000',
        'max-deletions': String(SIZES.images),
      },
      folder: mkdtempSync(join(tmpdir(), 'bench-')),
      env: stepEnvironment(sandbox),
      onStart: (child) => {
        memory = watchMemory(child);
        processor = watchProcessor(child);
      },
    });
    const seconds = (performance.now() - started) / 1000;
    if (exitCode !== 0) throw new Error(`The measured step failed:\n${log}`);
    const { calls } = sandbox.aws;
    const count = (operation: string) => calls.filter((call) => call.operation === operation).length;
    return {
      seconds,
      cpuSeconds: processor(),
      mebibytes: memory(),
      calls: calls.length,
      minimum: leastCalls(count('DescribeImageAttribute')),
      going: count('DescribeImageAttribute'),
    };
  } finally {
    await sandbox.close();
  }
}

/** The time that a process has had on processors, as Linux keeps it in ticks of 10 ms. */
function watchProcessor(child: ChildProcess): () => number | undefined {
  const path = `/proc/${child.pid}/stat`;
  let seconds: number | undefined;
  const look = () => {
    if (!existsSync(path)) return;
    // The name of the program, in brackets, may have blanks.
    const [, , , , , , , , , , , user, system] =
      readFileSync(path, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    if (user !== undefined && system !== undefined) seconds = (Number(user) + Number(system)) / 100;
  };
  const timer = setInterval(look, 100);
  child.once('close', () => clearInterval(timer));
  return () => seconds;
}

/** @param going the images that go: only their shares and references have to be asked for one by one */
function leastCalls(going: number): number {
  const { images, templates, versionsEach, groups, instancesEach } = SIZES;
  const snapshots = images;
  // Each takes one call at least: launch configurations, three kinds of fleets, parameters, builders, key pairs,
  // security groups, volumes, templates of builds, the Recycle Bin, locks, and the account's name.
  const single = 12;
  return (
    Math.ceil(images / 1000) +
    Math.ceil(snapshots / 1000) +
    Math.ceil((groups * instancesEach) / 1000) +
    Math.ceil(groups / 100) +
    groups + // refreshes are listed group by group
    templates * Math.ceil(versionsEach / 200) +
    going +
    Math.ceil(going / 10) +
    single
  );
}
