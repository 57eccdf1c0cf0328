import { SuspendProcessesCommand } from '@aws-sdk/client-auto-scaling';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addGroup, addImage } from '../../../sandbox/scene.ts';
import { verify } from '../../../src/promote/verify.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

async function groupOf(tags: Record<string, string>, healthCheckType: 'EC2' | 'ELB') {
  const imageId = await addImage(harness.sandbox, harness.aws, 'image', tags);
  const { launchTemplateId } = await addGroup(harness.sandbox, harness.aws, {
    name: 'web',
    imageId,
    size: 1,
    healthCheckType,
  });
  return {
    group: 'web',
    configuration: { LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: '1' } },
    imageIds: [imageId],
    partial: false,
    ignoresProtected: false,
  };
}

test('what the group was to run, it runs', async () => {
  const expected = await groupOf({}, 'ELB');
  expect(await verify(harness.context(), expected)).toEqual({ kind: 'verified', instances: 1, notes: [] });
});

test.each<[string, object, string]>([
  [
    'another saved version',
    { configuration: { LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '2' } } },
    'the group is set to web version 1, not to lt-1 version 2',
  ],
  [
    'instances of another image',
    { imageIds: ['ami-0123456789abcdef0'] },
    'these instances run another image: i-',
  ],
  ['a group that is gone', { group: 'nope' }, 'the group "nope" is gone'],
])('%s is found', async (_what, given, reason) => {
  const expected = { ...(await groupOf({}, 'ELB')), ...given };
  expect(await verify(harness.context(), expected)).toEqual({
    kind: 'wrong',
    imageAtFault: expect.any(Boolean),
    text: expect.stringContaining(reason),
  });
});

test('instances that the group itself calls unhealthy are found', async () => {
  const expected = await groupOf({ 'sandbox:boot': 'never-healthy' }, 'ELB');
  await harness.aws.autoScaling.send(
    new SuspendProcessesCommand({ AutoScalingGroupName: 'web', ScalingProcesses: ['ReplaceUnhealthy'] }),
  );
  harness.sandbox.clock.advance(300_000);
  expect(await verify(harness.context(), expected)).toEqual({
    kind: 'wrong',
    imageAtFault: expect.any(Boolean),
    text: expect.stringMatching(/calls these instances ill: i-\w+ \(Unhealthy\)/),
  });
});

test('targets that are not healthy are found, also when the group only looks at EC2', async () => {
  const expected = await groupOf({ 'sandbox:boot': 'never-healthy' }, 'EC2');
  expect(await verify(harness.context(), expected)).toEqual({
    kind: 'wrong',
    imageAtFault: expect.any(Boolean),
    text: expect.stringMatching(/targets of web are not healthy: i-\w+ unhealthy/),
  });
});

test('a target that needs a moment gets it', async () => {
  const expected = await groupOf({ 'sandbox:boot': 'slow:400' }, 'EC2');
  expect(await verify(harness.context(), expected)).toMatchObject({ kind: 'wrong' });
  harness.sandbox.clock.advance(600_000);
  expect(await verify(harness.context(), expected)).toMatchObject({
    kind: 'verified',
    instances: 1,
  });
});
