import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep } from '../../runner/step.ts';
import { setStage, stepEnvironment } from './stage.ts';
import { median } from './watching.ts';

/** Real milliseconds from the start of the built action's process to its StartInstanceRefresh: median of some runs. */
export async function timeToStart(given: Readonly<Record<string, string>>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { sandbox, next } = await setStage({ groups: ['bench'], size: 2 });
    sandbox.clock.set({ now: Date.now(), scale: 1 });
    try {
      const inputs = {
        mode: 'promote',
        environment: 'bench',
        'auto-scaling-groups': 'bench',
        'ami-id': next,
        application: 'octo/shop',
        'on-cancel': 'leave',
        ...given,
      };
      let began = Number.NaN;
      const started = () => sandbox.aws.calls.find(({ operation }) => operation === 'StartInstanceRefresh');
      await runStep({
        inputs,
        folder: mkdtempSync(join(tmpdir(), 'bench-')),
        env: stepEnvironment(sandbox),
        onStart: (child) => {
          began = sandbox.clock.now();
          // Its work is measured once the refresh has begun.
          const watch = setInterval(() => {
            if (started() && child.kill('SIGKILL')) clearInterval(watch);
          }, 20);
          child.once('close', () => clearInterval(watch));
        },
      });
      times.push(Date.parse(started()?.time ?? '') - began);
    } finally {
      await sandbox.close();
    }
  }
  return median(times);
}

const RUNS = 5;
