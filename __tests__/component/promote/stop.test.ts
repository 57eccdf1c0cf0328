import { DescribeInstanceRefreshesCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addGroup, addImage } from '../../../sandbox/scene.ts';
import type { PromotionCleanUp } from '../../../src/context.ts';
import { type OwnRefresh, startRefresh } from '../../../src/promote/refresh.ts';
import { stopPromotion } from '../../../src/promote/stop.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

/** What the post step does after a main step that was cancelled or killed. */

let harness: Harness;
let launchTemplateId: string;

beforeEach(async () => {
  harness = await startHarness();
  const imageId = await addImage(harness.sandbox, harness.aws, 'old');
  const next = await addImage(harness.sandbox, harness.aws, 'new');
  ({ launchTemplateId } = await addGroup(harness.sandbox, harness.aws, { name: 'dev', imageId, size: 1 }));
  await harness.aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: launchTemplateId,
      SourceVersion: '1',
      LaunchTemplateData: { ImageId: next },
    }),
  );
});
afterEach(async () => await harness.close());

const toVersion = (version: string) => ({
  LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: version },
});

const work = (
  given: Partial<OwnRefresh> = {},
  onCancel: PromotionCleanUp['onCancel'] = 'rollback',
): PromotionCleanUp => ({
  mode: 'promote',
  region: 'us-east-1',
  onCancel,
  environment: 'dev',
  imageId: 'ami-0123456789abcdef0',
  refreshes: [{ group: 'dev', configuration: toVersion('2'), since: harness.sandbox.clock.now(), ...given }],
});

async function start(version = '2'): Promise<string> {
  const { refreshId } = await startRefresh(
    harness.aws,
    { group: 'dev', configuration: toVersion(version) },
    { AutoRollback: true, InstanceWarmup: 300 },
  );
  return refreshId;
}

async function status(): Promise<string | undefined> {
  const { InstanceRefreshes } = await harness.aws.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'dev' }),
  );
  return InstanceRefreshes?.[0]?.Status;
}

test('a refresh that is in progress is rolled back', async () => {
  const refreshId = await start();
  harness.sandbox.clock.advance(30_000);
  expect(await stopPromotion(harness.aws, work({ refreshId }))).toEqual([
    expect.stringContaining('is being rolled back by AWS'),
  ]);
  expect(await status()).toBe('RollbackInProgress');
});

test('also when the step was killed before it knew the id: the desired version tells that it is ours', async () => {
  await start();
  harness.sandbox.clock.advance(30_000);
  await stopPromotion(harness.aws, work());
  expect(await status()).toBe('RollbackInProgress');
});

test('a pending refresh is cancelled: there is nothing to roll back yet', async () => {
  const refreshId = await start();
  expect(await stopPromotion(harness.aws, work({ refreshId }))).toEqual([
    expect.stringContaining('is being cancelled'),
  ]);
  expect(await status()).toBe('Cancelling');
});

test('on-cancel: cancel and leave', async () => {
  const refreshId = await start();
  harness.sandbox.clock.advance(30_000);
  await stopPromotion(harness.aws, work({ refreshId }, 'leave'));
  expect(await status()).toBe('InProgress');
  await stopPromotion(harness.aws, work({ refreshId }, 'cancel'));
  expect(await status()).toBe('Cancelling');
});

test('a refresh of somebody else is never touched', async () => {
  await start();
  harness.sandbox.clock.advance(30_000);
  harness.sandbox.clock.advance(65_000);
  const elsewhere = [
    // The same version, but started before this step was about to.
    work(),
    work({ refreshId: '00000000-0000-4000-a000-000000000000' }),
    work({ configuration: toVersion('1') }),
  ];
  for (const saved of elsewhere) {
    expect(await stopPromotion(harness.aws, saved)).toEqual([expect.stringContaining('nothing was stopped')]);
  }
  expect(await status()).toBe('InProgress');
});

test('nothing is done when it was never started, or is over', async () => {
  expect(await stopPromotion(harness.aws, work())).toEqual([expect.stringContaining('nothing was stopped')]);
});

test('a refusal is said, with the group that it is about', async () => {
  const refreshId = await start();
  harness.sandbox.clock.advance(30_000);
  harness.sandbox.faults.add({
    operation: 'RollbackInstanceRefresh',
    times: 1,
    effect: { kind: 'error', code: 'AccessDenied', message: 'not authorized', status: 403 },
  });
  expect(await stopPromotion(harness.aws, work({ refreshId }))).toEqual([
    expect.stringMatching(/^dev: .*could not be stopped and may go on: .*not authorized/),
  ]);
});
