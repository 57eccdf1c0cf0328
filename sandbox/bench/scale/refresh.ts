import { Sandbox } from '../../sandbox.ts';
import { make } from '../../seed/make.ts';
import { parseSeed } from '../../seed/parse.ts';
import { plant } from '../../seed/plant.ts';

const INSTANCES = 1000;
const STEP_MS = 60_000;

/** An instance refresh of a thousand instances behind a load balancer: the real and the simulated time it took. */
export async function timeRefresh(): Promise<{ realMs: number; simulatedMinutes: number; status: string }> {
  const sandbox = await Sandbox.start({ timeScale: 0 });
  try {
    plant(sandbox, parseSeed(JSON.stringify(seed)));
    const region = sandbox.world.region('us-east-1');
    const input = {
      AutoScalingGroupName: 'thousand',
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: 'thousand', Version: '2' } },
      Preferences: { MinHealthyPercentage: 90, MaxHealthyPercentage: 110, InstanceWarmup: 60 },
    };
    const begun = sandbox.clock.now();
    const started = performance.now();
    make(region, 'StartInstanceRefresh', input, 'refresh');
    const refresh = () => [...region.state.refreshes.values()].at(-1);
    while (refresh()?.endedAt === undefined) sandbox.clock.advance(STEP_MS);
    return {
      realMs: performance.now() - started,
      simulatedMinutes: ((refresh()?.endedAt ?? 0) - begun) / 60_000,
      status: refresh()?.status ?? '',
    };
  } finally {
    await sandbox.close();
  }
}

const version = (image: string) => ({ image, InstanceType: 't3.micro' });
const seed = {
  images: [{ name: 'old' }, { name: 'new' }],
  launchTemplates: [{ name: 'thousand', versions: [version('old'), version('new')] }],
  targetGroups: [{ name: 'thousand', HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 2 }],
  groups: [
    { name: 'thousand', size: INSTANCES, launchTemplate: 'thousand', version: 1, targetGroups: ['thousand'] },
  ],
};
