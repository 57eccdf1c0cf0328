import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RawRequest } from '../../../../sandbox/protocol/request.ts';
import { addImage, publicImage } from '../../../../sandbox/scene.ts';
import { type Harness, REGION, startHarness } from '../../../support/harness.ts';
import { query } from './wire.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

describe('token buckets', () => {
  const request = (action: string, parameters = {}, version = '2016-11-15', region = REGION): RawRequest => ({
    method: 'POST',
    query: '',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=test/20261102/${region}/ec2/aws4_request` },
    body: query(action, parameters, version),
  });
  const isThrottled = (content: RawRequest) => {
    const outcome = harness.sandbox.aws.answer(content);
    return outcome.kind === 'answer' && /<Code>(RequestLimitExceeded|Throttling)</.test(outcome.answer.body);
  };
  /** How many calls in a row get through. */
  const burst = (content: RawRequest, most = 2000) => {
    let count = 0;
    while (count < most && !isThrottled(content)) count++;
    return count;
  };
  beforeEach(() => {
    harness.sandbox.aws.limits.enabled = true;
  });

  test.each([
    ['DescribeImages', {}, 100, 20],
    ['DescribeInstances', {}, 50, 10],
    ['DescribeInstances', { 'Filter.1.Name': 'image-id', 'Filter.1.Value.1': 'x' }, 100, 20],
    ['DescribeSnapshots', { MaxResults: '5' }, 100, 20],
    ['CreateTags', {}, 100, 10],
    ['DeregisterImage', {}, 100, 5],
    ['DeleteLaunchTemplateVersions', {}, 50, 5],
    ['RunInstances', {}, 5, 2],
  ])('%s %j: %d at once, %d more each second', (action, parameters, capacity, refill) => {
    const content = request(action, parameters);
    expect(burst(content)).toBe(capacity);
    harness.sandbox.clock.advance(1000);
    expect(burst(content)).toBe(refill);
    harness.sandbox.clock.advance(3_600_000);
    expect(burst(content)).toBe(capacity);
  });

  test('each action and each Region has its own', () => {
    expect(burst(request('DescribeImages'))).toBe(100);
    expect(isThrottled(request('DescribeTags'))).toBe(false);
    expect(isThrottled(request('DescribeImages', {}, '2016-11-15', 'eu-west-1'))).toBe(false);
  });

  test('instances are counted too, and a call that is refused takes nothing', () => {
    const run = (count: number) =>
      isThrottled(
        request('RunInstances', { MinCount: '1', MaxCount: String(count), ImageId: 'ami-0000000000000000f' }),
      );
    expect(run(999)).toBe(false);
    expect(run(2)).toBe(true);
    expect(run(1)).toBe(false);
  });

  test('Elastic Load Balancing has one bucket for all that it describes', () => {
    const version = '2015-12-01';
    expect(burst(request('DescribeTargetGroups', {}, version))).toBe(40);
    expect(isThrottled(request('DescribeLoadBalancers', {}, version))).toBe(true);
    expect(isThrottled(request('CreateTargetGroup', { Name: 'a' }, version))).toBe(false);
  });

  test('Auto Scaling publishes none, and without the switch there is no limit', () => {
    expect(burst(request('DescribeAutoScalingGroups', {}, '2011-01-01'), 300)).toBe(300);
    harness.sandbox.aws.limits.enabled = false;
    expect(burst(request('DescribeImages'), 300)).toBe(300);
  });
});

test('nobody launches a million instances, at once or in a group', async () => {
  const { ec2, autoScaling } = harness.aws;
  const ImageId = publicImage(harness.sandbox, REGION);
  const run = ec2.send(new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1_000_000 }));
  await expect(run).rejects.toMatchObject({ name: 'InstanceLimitExceeded' });
  const create = autoScaling.send(
    new CreateAutoScalingGroupCommand({ AutoScalingGroupName: 'dev', MinSize: 0, MaxSize: 1_000_000 }),
  );
  await expect(create).rejects.toMatchObject({ name: 'ValidationError' });
});

describe('eventual consistency', () => {
  const later = (seconds: number) => harness.sandbox.clock.advance(seconds * 1000);
  const own = async () =>
    (await harness.aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }))).Images?.map(
      ({ Name }) => Name,
    );

  test('a new image and its snapshot are seen after the delay, under its id as well', async () => {
    const { aws, sandbox } = harness;
    await addImage(sandbox, aws, 'old');
    const base = publicImage(sandbox, REGION);
    const launch = { ImageId: base, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1 };
    const { Instances: [builder] = [] } = await aws.ec2.send(new RunInstancesCommand(launch));
    const InstanceId = builder?.InstanceId ?? '';
    later(10);
    sandbox.aws.staleReads.delaySeconds = 5;
    const { ImageId = '' } = await aws.ec2.send(new CreateImageCommand({ InstanceId, Name: 'new' }));
    const byId = () => aws.ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
    const snapshots = async () =>
      (await aws.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))).Snapshots?.length;
    expect(await own()).toEqual(['old']);
    expect(await snapshots()).toBe(1);
    await expect(byId()).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
    // Calls that change something go to where the image is.
    await aws.ec2.send(new CreateTagsCommand({ Resources: [ImageId], Tags: [{ Key: 'a', Value: 'b' }] }));
    later(4.9);
    expect(await own()).toEqual(['old']);
    later(0.1);
    expect(await own()).toEqual(['old', 'new']);
    expect(await snapshots()).toBe(2);
    expect((await byId()).Images?.[0]?.Tags).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  test('tags come, change and go after the delay', async () => {
    const { aws, sandbox } = harness;
    const id = publicImage(sandbox, REGION);
    const tags = async () =>
      (await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0]?.Tags?.map(
        ({ Value }) => Value,
      ) ?? [];
    const put = (Value: string) =>
      aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'k', Value }] }));
    sandbox.aws.staleReads.delaySeconds = 5;
    await put('1');
    expect(await tags()).toEqual([]);
    later(3);
    await put('2');
    later(3);
    expect(await tags()).toEqual(['1']);
    later(3);
    expect(await tags()).toEqual(['2']);
    await aws.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'k' }] }));
    expect(await tags()).toEqual(['2']);
    later(5);
    expect(await tags()).toEqual([]);
  });

  test('a new version of a launch template', async () => {
    const { aws, sandbox } = harness;
    const LaunchTemplateName = 'dev';
    const LaunchTemplateData = { ImageId: publicImage(sandbox, REGION) };
    await aws.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }));
    sandbox.aws.staleReads.delaySeconds = 5;
    await aws.ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateName, LaunchTemplateData }));
    const latest = async () =>
      (
        await aws.ec2.send(
          new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ['$Latest'] }),
        )
      ).LaunchTemplateVersions?.[0]?.VersionNumber;
    expect(await latest()).toBe(1);
    later(5);
    expect(await latest()).toBe(2);
  });

  test('without the switch everything is seen at once', async () => {
    await addImage(harness.sandbox, harness.aws, 'new');
    expect(await own()).toEqual(['new']);
  });
});
