import type {
  CancelInstanceRefreshAnswer,
  DescribeInstanceRefreshesAnswer,
  InstanceRefresh,
  RefreshPreferences,
  StartInstanceRefreshAnswer,
} from '@aws-sdk/client-auto-scaling';
import type { Bench } from '../case.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import type { AwsCli } from './aws-cli.ts';
import { createGroup, createImage, createTwoVersions, runInstance } from './scene.ts';
import { withSandbox } from './with-sandbox.ts';

/** The group of these scenes, its launch template and everything else that has a name. */
export const GROUP = ['--auto-scaling-group-name', 'shop'];

/** An instance launches before the old one goes. */
const PREFERENCES: RefreshPreferences = { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 };

/**
 * A group of one instance on version 1 of a launch template whose version 2 has another image. The clock stands still
 * and jumps when it is told to: so short states can be seen as well, however long a command takes.
 */
export async function withGroup(
  bench: Bench,
  imageTags: readonly string[],
  work: (aws: AwsCli, sandbox: SandboxProcess, imageId: string) => Promise<void>,
): Promise<void> {
  await withSandbox(bench, 0, async (aws, sandbox) => {
    const instanceId = await runInstance(aws);
    await sandbox.advance(60);
    const imageId = await createImage(aws, instanceId, 'shop', imageTags);
    await sandbox.advance(120);
    await createTwoVersions(aws, 'shop', imageId);
    await createGroup(aws, sandbox, 'shop');
    await work(aws, sandbox, imageId);
  });
}

/** Starts a refresh of the group to version 2. */
export async function startRefresh(aws: AwsCli, preferences: RefreshPreferences = {}): Promise<string> {
  const { InstanceRefreshId = '' } = await aws.call<StartInstanceRefreshAnswer>(...startCommand(preferences));
  return InstanceRefreshId;
}

export function startCommand(preferences: RefreshPreferences = {}): string[] {
  return [
    ...['autoscaling', 'start-instance-refresh', ...GROUP],
    ...['--desired-configuration', 'LaunchTemplate={LaunchTemplateName=shop,Version=2}'],
    ...['--preferences', JSON.stringify({ ...PREFERENCES, ...preferences })],
  ];
}

export const cancelRefresh = (aws: AwsCli) =>
  aws.call<CancelInstanceRefreshAnswer>('autoscaling', 'cancel-instance-refresh', ...GROUP);

export async function describeRefresh(aws: AwsCli, id: string): Promise<InstanceRefresh> {
  const { InstanceRefreshes } = await aws.call<DescribeInstanceRefreshesAnswer>(
    ...['autoscaling', 'describe-instance-refreshes', ...GROUP, '--instance-refresh-ids', id],
  );
  const refresh = InstanceRefreshes?.[0];
  if (!refresh) throw new Error(`There is no instance refresh ${id}.`);
  return refresh;
}

export interface Look {
  status: string;
  refresh: InstanceRefresh;
}

/** Looks at a refresh after every `seconds` of the virtual clock until it has one of these statuses. */
export async function watch(
  aws: AwsCli,
  sandbox: SandboxProcess,
  id: string,
  { until, seconds, limit = 30 }: { until: readonly string[]; seconds: number; limit?: number },
  onLook: (look: Look) => Promise<void> = async () => {},
): Promise<string[]> {
  const statuses: string[] = [];
  for (let looks = 0; looks < limit; looks++) {
    const refresh = await describeRefresh(aws, id);
    const status = refresh.Status ?? '';
    await onLook({ status, refresh });
    if (statuses.at(-1) !== status) statuses.push(status);
    if (until.includes(status)) return statuses;
    await sandbox.advance(seconds);
  }
  throw new Error(`The refresh did not become ${until.join(' or ')}: ${statuses.join(' → ')}`);
}
