import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep } from '../../runner/step.ts';
import { setStage, stepEnvironment } from './stage.ts';

/** A hundred groups in one promotion by the built action, with the sandbox's token buckets on. */
export interface Hundred {
  status: string;
  /** Of the action's process, at its most; `undefined` where the system does not tell. */
  mebibytes: number | undefined;
  calls: number;
  /** Calls that the token buckets refused, and the SDK repeated. */
  throttled: number;
}

const GROUPS = Array.from({ length: 100 }, (_, index) => `group-${String(index).padStart(3, '0')}`);

export async function promoteHundred(): Promise<Hundred> {
  const { sandbox, next } = await setStage({ groups: GROUPS, size: 2 });
  try {
    sandbox.clock.set({ now: Date.now(), scale: 20 });
    sandbox.aws.limits.enabled = true;
    sandbox.aws.calls.length = 0;
    let memory: () => number | undefined = () => undefined;
    const { outputs } = await runStep({
      inputs: {
        mode: 'promote',
        environment: 'bench',
        application: 'octo/shop',
        'auto-scaling-groups': GROUPS.join(','),
        'ami-id': next,
        'max-parallel': '100',
      },
      folder: mkdtempSync(join(tmpdir(), 'bench-')),
      env: stepEnvironment(sandbox),
      onStart: (child) => {
        memory = watchMemory(child);
      },
    });
    const { calls } = sandbox.aws;
    const isRefused = ({ error = '' }: { error?: string }) => /Throttling|RequestLimitExceeded/.test(error);
    return {
      status: outputs.status ?? '',
      mebibytes: memory(),
      calls: calls.length,
      throttled: calls.filter(isRefused).length,
    };
  } finally {
    await sandbox.close();
  }
}

/** The peak of a process's resident memory, as Linux keeps it. */
export function watchMemory(child: ChildProcess): () => number | undefined {
  const path = `/proc/${child.pid}/status`;
  let peak: number | undefined;
  const look = () => {
    if (!existsSync(path)) return;
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(path, 'utf8')) ?? [];
    if (kibibytes !== undefined) peak = Math.round(Number(kibibytes) / 1024);
  };
  const timer = setInterval(look, 100);
  child.once('close', () => clearInterval(timer));
  return () => peak;
}
