import {
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
  type InstanceRefresh,
  type RefreshPreferences,
  RollbackInstanceRefreshCommand,
  SetDesiredCapacityCommand,
  StartInstanceRefreshCommand,
  type StartInstanceRefreshCommandInput,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { addGroup, addImage } from '../../../../sandbox/scene.ts';
import { errorCode } from '../../../../src/errors.ts';
import { type Harness, REGION, startHarness } from '../../../support/harness.ts';

/** What the tests of instance refreshes share: all of them look at the group `web`. */

export async function start(
  harness: Harness,
  request: Partial<StartInstanceRefreshCommandInput>,
): Promise<string> {
  const { InstanceRefreshId = '' } = await harness.aws.autoScaling.send(
    new StartInstanceRefreshCommand({ AutoScalingGroupName: 'web', ...request }),
  );
  return InstanceRefreshId;
}

export async function newest(harness: Harness): Promise<InstanceRefresh> {
  const { InstanceRefreshes } = await harness.aws.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'web' }),
  );
  const [refresh] = InstanceRefreshes ?? [];
  if (!refresh) throw new Error('There is no refresh.');
  return refresh;
}

export async function group(harness: Harness) {
  const { AutoScalingGroups } = await harness.aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['web'] }),
  );
  const [found] = AutoScalingGroups ?? [];
  if (!found) throw new Error('There is no group.');
  return found;
}

export const membersOf = async (harness: Harness) => (await group(harness)).Instances ?? [];

/** The members as `<state> <template version>`. */
export async function versions(harness: Harness): Promise<string[]> {
  return (await membersOf(harness)).map(
    (member) => `${member.LifecycleState} ${member.LaunchTemplate?.Version}`,
  );
}

const LONGEST_MS = 24 * 3600 * 1000;

/** Lets time go on until something of the newest refresh changes: its status, percentage or number of instances. */
function untilChange({ sandbox }: Harness): void {
  const glance = () => {
    const refresh = [...sandbox.world.region(REGION).state.refreshes.values()].at(-1);
    return [refresh?.status, refresh?.percentage, refresh?.toUpdate].join(' ');
  };
  const before = glance();
  const begun = sandbox.clock.now();
  while (glance() === before && sandbox.clock.now() - begun < LONGEST_MS) sandbox.clock.advance(1000);
}

/** Everything that a client that looks often enough would be told of the newest refresh, to its end. */
async function* course(harness: Harness): AsyncGenerator<InstanceRefresh> {
  for (;;) {
    const refresh = await newest(harness);
    yield refresh;
    if (refresh.EndTime) return;
    untilChange(harness);
  }
}

const lineOf = (refresh: InstanceRefresh) =>
  [refresh.Status, refresh.PercentageComplete ?? '-', refresh.InstancesToUpdate ?? '-'].join(' ');

async function until(
  harness: Harness,
  what: string,
  fits: (refresh: InstanceRefresh) => boolean,
): Promise<InstanceRefresh> {
  const seen: string[] = [];
  for await (const refresh of course(harness)) {
    if (fits(refresh)) return refresh;
    seen.push(lineOf(refresh));
  }
  throw new Error(`The refresh never came to ${what}: ${seen.join(', ')}.`);
}

export const untilStatus = (harness: Harness, status: string) =>
  until(harness, status, (refresh) => refresh.Status === status);

export const untilPercentage = (harness: Harness, percentage: number) =>
  until(harness, `${percentage} %`, (refresh) => refresh.PercentageComplete === percentage);

/** The refresh from now to its end as `<status> <percentage> <instances left>`. */
export async function timeline(harness: Harness): Promise<string[]> {
  const seen: string[] = [];
  for await (const refresh of course(harness)) seen.push(lineOf(refresh));
  return seen;
}

/** What the tests of refreshes start from: a harness with a group `web` behind a load balancer. */
export interface RefreshScene {
  harness: Harness;
  templateId: string;
  targetGroupArn: string;
}

export async function startScene(
  size: number,
  options: { healthCheckType?: 'EC2' | 'ELB'; graceSeconds?: number } = {},
): Promise<RefreshScene> {
  const harness = await startHarness();
  const imageId = await addImage(harness.sandbox, harness.aws, 'old');
  const scene = await addGroup(harness.sandbox, harness.aws, { name: 'web', imageId, size, ...options });
  return { harness, templateId: scene.launchTemplateId, targetGroupArn: scene.targetGroupArn };
}

/** Another version of the template, with an image of these tags; returns its number. */
export async function newVersion(
  { harness, templateId }: RefreshScene,
  tags: Record<string, string> = {},
): Promise<string> {
  const name = `new-${harness.sandbox.clock.now()}`;
  const ImageId = await addImage(harness.sandbox, harness.aws, name, tags);
  const { LaunchTemplateVersion } = await harness.aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: templateId,
      SourceVersion: '1',
      LaunchTemplateData: { ImageId },
    }),
  );
  return String(LaunchTemplateVersion?.VersionNumber);
}

/** Rolls the group to a version of its template; without other preferences one instance at a time, without warm-up. */
export async function roll(
  { harness, templateId }: RefreshScene,
  version: string,
  preferences: RefreshPreferences = {},
): Promise<string> {
  return await start(harness, {
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: templateId, Version: version } },
    Preferences: {
      MinHealthyPercentage: 100,
      MaxHealthyPercentage: 100,
      InstanceWarmup: 0,
      ...preferences,
    },
  });
}

export const rollBack = ({ aws }: Harness) =>
  aws.autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName: 'web' }));

export const cancel = ({ aws }: Harness, WaitForTransitioningInstances?: boolean) =>
  aws.autoScaling.send(
    new CancelInstanceRefreshCommand({ AutoScalingGroupName: 'web', WaitForTransitioningInstances }),
  );

export const setDesired = ({ aws }: Harness, DesiredCapacity: number) =>
  aws.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity }));

/** The causes of the scaling activities, newest first, without their times. */
export async function causes({ aws }: Harness): Promise<string[]> {
  const { Activities = [] } = await aws.autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'web' }),
  );
  return Activities.map((activity) => (activity.Cause ?? '').replaceAll(/At \S+ /g, ''));
}

/** The error's code on the wire, or nothing when the call succeeds. */
export const code = async (work: Promise<unknown>): Promise<string | undefined> =>
  await work.then(
    () => undefined,
    (error: unknown) => errorCode(error),
  );
