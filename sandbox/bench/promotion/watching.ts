import { StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { promote } from '../../../src/promote/promote.ts';
import { promoteInputs, quietContext, type Stage, setStage } from './stage.ts';

/** What a promotion adds to AWS's own time, in the sandbox's stepped time: waits count, calls take none. */

const GROUP = 'bench';
const TEN_MINUTES = 600_000;

async function promoteOnce(stage: Stage, given: Readonly<Record<string, string>> = {}): Promise<void> {
  const { aws, next, sandbox } = stage;
  const inputs = promoteInputs({ 'auto-scaling-groups': GROUP, 'ami-id': next, ...given });
  await sandbox.clock.drive(promote(inputs, quietContext(aws, sandbox.clock)));
}

const timesOf = ({ sandbox }: Stage, operation?: string) =>
  sandbox.aws.calls
    .filter((call) => operation === undefined || call.operation === operation)
    .map(({ time }) => Date.parse(time));

const refreshOf = ({ sandbox }: Stage) => [...sandbox.world.region('us-east-1').state.refreshes.values()];

export interface Overhead {
  /** Seconds from the end of each refresh to the end of the promotion, shortest first. */
  seconds: number[];
  /** The median of what a poller with a fixed pause would have needed to see the same ends. */
  fixed: { pause: number; median: number }[];
}

/** Refreshes of several sizes, warm-ups and bake times. */
export async function measureOverhead(): Promise<Overhead> {
  const seconds: number[] = [];
  const lengths: number[] = [];
  for (const size of [1, 2, 3, 5, 8]) {
    for (const given of [{}, { 'instance-warmup': '137' }, { 'bake-time': '211' }]) {
      const stage = await setStage({ groups: [GROUP], size });
      await promoteOnce(stage, given);
      const [refresh] = refreshOf(stage);
      const ended = refresh?.endedAt ?? Number.NaN;
      seconds.push((stage.sandbox.clock.now() - ended) / 1000);
      lengths.push((ended - (timesOf(stage, 'StartInstanceRefresh')[0] ?? Number.NaN)) / 1000);
      await stage.sandbox.close();
    }
  }
  const fixed = [15, 30].map((pause) => ({
    pause,
    median: median(lengths.map((length) => Math.ceil(length / pause) * pause - length)),
  }));
  return { seconds: seconds.toSorted((a, b) => a - b), fixed };
}

/** AWS calls in ten minutes of a long bake time, on average, in a group with one target group. */
export async function callsWhileWaiting(): Promise<number> {
  const stage = await setStage({ groups: [GROUP], size: 2 });
  try {
    await promoteOnce(stage, { 'bake-time': '7200', 'timeout-minutes': '300' });
    const ended = refreshOf(stage)[0]?.endedAt ?? Number.NaN;
    const waiting = timesOf(stage).filter((at) => at > ended - 11 * TEN_MINUTES && at < ended - TEN_MINUTES);
    return waiting.length / 10;
  } finally {
    await stage.sandbox.close();
  }
}

/** Minutes from the start of the refresh until a bad image is taken back; `undefined`: never. */
export interface Notice {
  healthCheckType: 'EC2' | 'ELB';
  ours: number;
  plain: number | undefined;
}

/** An image that never becomes healthy behind a load balancer: a promotion beside a bare StartInstanceRefresh. */
export async function noticeBadImage(healthCheckType: 'EC2' | 'ELB'): Promise<Notice> {
  const scene = { groups: [GROUP], size: 4, healthCheckType, boot: 'never-healthy' };
  const ours = await setStage(scene);
  await promoteOnce(ours).catch(() => {});
  const [started = Number.NaN] = timesOf(ours, 'StartInstanceRefresh');
  const [turned = Number.NaN] = [
    ...timesOf(ours, 'RollbackInstanceRefresh'),
    ...timesOf(ours, 'StartInstanceRefresh').slice(1),
  ];
  await ours.sandbox.close();
  const plain = await setStage(scene);
  const minutes = await plainRefresh(plain);
  await plain.sandbox.close();
  return { healthCheckType, ours: (turned - started) / 60_000, plain: minutes };
}

async function plainRefresh({ aws, sandbox, next }: Stage): Promise<number | undefined> {
  const LaunchTemplateName = GROUP;
  await aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateName,
      SourceVersion: '1',
      LaunchTemplateData: { ImageId: next },
    }),
  );
  const began = sandbox.clock.now();
  await aws.autoScaling.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: GROUP,
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName, Version: '2' } },
      Preferences: { AutoRollback: true },
    }),
  );
  const refresh = () => [...sandbox.world.region('us-east-1').state.refreshes.values()].at(-1);
  while (refresh()?.rollback === undefined && refresh()?.endedAt === undefined) sandbox.clock.advance(5000);
  return refresh()?.rollback ? (sandbox.clock.now() - began) / 60_000 : undefined;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
