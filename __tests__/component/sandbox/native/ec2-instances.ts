import { CreateAutoScalingGroupCommand, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeInstanceStatusCommand,
  type DescribeInstanceStatusRequest,
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  type RunInstancesRequest,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';
import { publicImage } from '../../../../sandbox/scene.ts';
import { type Harness, REGION } from '../../../support/harness.ts';
import { describeInstance, part, run, runningInstance, template, withIds } from './ec2-scene.ts';
import {
  type Check,
  expectAbsent,
  expectError,
  expectMembers,
  expectPresent,
  type Fact,
  type FactTable,
} from './fact.ts';

const dryRun = ({ aws }: Harness, request: Partial<RunInstancesRequest>) =>
  aws.ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ...request, DryRun: true }));

const status = ({ aws }: Harness, request: DescribeInstanceStatusRequest) =>
  aws.ec2.send(new DescribeInstanceStatusCommand(request));

const stop = ({ aws }: Harness, id: string) => aws.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));

const terminate = ({ aws }: Harness, id: string) =>
  aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));

const usable = (harness: Harness) =>
  template(harness, { ImageId: publicImage(harness.sandbox, REGION), InstanceType: 't3.nano' });

const bothDescribe = async (harness: Harness, fact: Fact, id: string) => {
  const asked = { InstanceIds: [id] };
  const values = { 'instance-id': id };
  await expectError(harness.aws.ec2.send(new DescribeInstancesCommand(asked)), fact, values);
  await expectError(status(harness, asked), fact, values);
};

/** What was given or is of no value that a scene could foresee. */
const without = (data: unknown, ...names: string[]) =>
  Object.fromEntries(Object.entries(Object(data)).filter(([name]) => !names.includes(name)));

const instanceOfGroup = async (harness: Harness): Promise<string> => {
  const { aws, sandbox } = harness;
  const { LaunchTemplate } = await aws.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: {
        ImageId: publicImage(sandbox, REGION),
        InstanceType: 't3.nano',
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'shared', Value: 'template' }] }],
      },
    }),
  );
  const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId;
  await aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId,
      SourceVersion: '1',
      LaunchTemplateData: {},
    }),
  );
  const tag = (Key: string, Value: string, PropagateAtLaunch: boolean) => ({ Key, Value, PropagateAtLaunch });
  await aws.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'web',
      LaunchTemplate: { LaunchTemplateId, Version: '2' },
      AvailabilityZones: ['us-east-1a'],
      MinSize: 0,
      MaxSize: 1,
      DesiredCapacity: 1,
      Tags: [tag('shared', 'group', true), tag('kept', 'by the group', false)],
    }),
  );
  sandbox.clock.advance(60_000);
  const { Reservations } = await aws.ec2.send(new DescribeInstancesCommand({}));
  return Reservations?.[0]?.Instances?.[0]?.InstanceId ?? '';
};

const changesNothing: Check = async (harness, fact) => {
  const id = await runningInstance(harness);
  const asked = { InstanceIds: [id], DryRun: true };
  const { aws } = harness;
  await expectError(aws.ec2.send(new StopInstancesCommand(asked)), fact);
  await expectError(aws.ec2.send(new TerminateInstancesCommand(asked)), fact);
  await expectError(aws.ec2.send(new StartInstancesCommand(asked)), fact);
  await expectError(aws.ec2.send(new RebootInstancesCommand(asked)), fact);
  expect((await describeInstance(harness, id)).State?.Name).toBe('running');
};

export const ec2Instances: FactTable = {
  checks: {
    'ec2-004': async (harness, fact) => {
      await expectError(status(harness, fact.request), fact);
      const unknown = { Filters: [{ Name: 'unknown', Values: [''] }], DryRun: true };
      await expectError(status(harness, unknown), fact);
    },
    'ec2-009': changesNothing,
    'ec2-010': async (harness, fact) => {
      const { LaunchTemplate } = fact.request as Partial<RunInstancesRequest>;
      await expectError(dryRun(harness, { LaunchTemplate }), fact, {
        'lt-id': LaunchTemplate?.LaunchTemplateId ?? '',
      });
    },
    'ec2-011': async (harness, fact) => {
      const id = await usable(harness);
      const { LaunchTemplate } = withIds(fact.request, { 'lt-EXAMPLE': id }) as Partial<RunInstancesRequest>;
      await expectError(dryRun(harness, { LaunchTemplate }), fact, { 'lt-id': id });
    },
    'ec2-012': async (harness, fact) => {
      const id = await template(harness);
      const { LaunchTemplate } = withIds(fact.request, { 'lt-EXAMPLE': id }) as Partial<RunInstancesRequest>;
      await expectError(dryRun(harness, { LaunchTemplate }), fact);
    },
    'ec2-013': async (harness, fact) => {
      const LaunchTemplate = { LaunchTemplateId: await usable(harness) };
      await expectError(dryRun(harness, { LaunchTemplate }), fact);
      const ImageId = publicImage(harness.sandbox, REGION);
      await expectError(
        dryRun(harness, { LaunchTemplate, ImageId, MetadataOptions: { HttpTokens: 'required' } }),
        fact,
      );
      const { Reservations } = await harness.aws.ec2.send(new DescribeInstancesCommand({}));
      expect(Reservations).toEqual([]);
    },
    'ec2-120': async (harness, fact) => {
      const tag = (Key: string, Value: string) => ({ Key, Value });
      const of = (...Tags: { Key: string; Value: string }[]) => [{ ResourceType: 'instance' as const, Tags }];
      const LaunchTemplateId = await template(harness, {
        ImageId: publicImage(harness.sandbox, REGION),
        InstanceType: 't3.nano',
        TagSpecifications: of(tag('suite', 'native'), tag('original', 'template')),
      });
      const { Tags = [] } = await run(harness, {
        LaunchTemplate: { LaunchTemplateId },
        TagSpecifications: of(tag('original', 'override'), tag('explicit', 'yes')),
      });
      const told = (part(fact.response, 'Tags in order') as string[]).map((text) => text.replace(/ .*/, ''));
      expect(
        Tags.map(({ Key, Value }) =>
          Key === 'suite' || Key === 'aws:ec2launchtemplate:id' ? Key : `${Key}=${Value}`,
        ),
      ).toEqual(told);
      expect(Tags).toContainEqual(tag('aws:ec2launchtemplate:id', LaunchTemplateId));
    },
    'ec2-121': async (harness, fact) => {
      const LaunchTemplateId = await template(harness, {
        ImageId: publicImage(harness.sandbox, REGION),
        InstanceType: 't3.nano',
        MetadataOptions: {
          HttpTokens: 'required',
          HttpPutResponseHopLimit: 2,
          InstanceMetadataTags: 'enabled',
        },
      });
      const instance = await run(harness, {
        LaunchTemplate: { LaunchTemplateId },
        MetadataOptions: { HttpEndpoint: 'enabled' },
      });
      expectMembers(instance, fact.response);
      harness.sandbox.clock.advance(4000);
      const later = await describeInstance(harness, instance.InstanceId);
      expect(later.MetadataOptions?.State).toBe('applied');
    },
    'ec2-122': async (harness, fact) => {
      const { response = {} } = fact;
      const answer = await harness.aws.ec2.send(
        new RunInstancesCommand({
          ImageId: publicImage(harness.sandbox, REGION),
          InstanceType: 't3.nano',
          MinCount: 1,
          MaxCount: 1,
        }),
      );
      const instance = answer.Instances?.[0] ?? {};
      const attachment = 'NetworkInterfaces[0].Attachment.Status';
      expectMembers(instance, without(response, 'Placement', 'reservation', 'absent', attachment));
      expectMembers(
        instance.Placement,
        without(response.Placement, 'AvailabilityZone', 'AvailabilityZoneId'),
      );
      expect(instance.Placement?.AvailabilityZoneId).toMatch(/^use1-az\d$/);
      expect(instance.NetworkInterfaces?.[0]?.Attachment?.Status).toBe(response[attachment]);
      expectAbsent(instance, response.absent);
      expectPresent(
        answer,
        (response.reservation as string[]).map((name) => name.replace(' []', '')),
      );
    },
    'ec2-123': async (harness, fact) => {
      const { InstanceId } = await run(harness);
      const early = await describeInstance(harness, InstanceId);
      expect(early.State?.Name).toBe(part(fact.response, 'State'));
      expect(early.BlockDeviceMappings).toEqual(part(fact.response, 'BlockDeviceMappings'));
      expectAbsent(early, part(fact.response, 'absent'));
      const present = (part(fact.response, 'present') as string[]).map((name) => name.replace(/[ {.].*/, ''));
      expectPresent(early, present);
      expectMembers(early, {
        HibernationOptions: { Configured: false },
        NetworkPerformanceOptions: { BandwidthWeighting: 'default' },
        SecondaryInterfaces: [],
        Operator: { HiddenByDefault: false },
      });
      harness.sandbox.clock.advance(4000);
      const later = await describeInstance(harness, InstanceId);
      expectMembers(later, {
        State: { Code: 16, Name: 'running' },
        BlockDeviceMappings: [{ Ebs: { Status: 'attached' } }],
        NetworkInterfaces: [{ Attachment: { Status: 'attached' } }],
        MetadataOptions: { State: 'applied' },
      });
    },
    'ec2-124': async (harness, fact) => {
      const id = await runningInstance(harness);
      expectMembers(await stop(harness, id), withIds(fact.response, { 'i-EXAMPLE': id }));
      const state = async () => (await describeInstance(harness, id)).State?.Name;
      const [, least, most] = /for (\d+) to (\d+) s/.exec(fact.timing ?? '') ?? [];
      harness.sandbox.clock.advance(Number(least) * 1000);
      expect(await state()).toBe('stopping');
      harness.sandbox.clock.advance((Number(most) - Number(least)) * 1000);
      expect(await state()).toBe('stopped');
    },
    'ec2-125': async (harness, fact) => {
      const id = await runningInstance(harness);
      const running = await describeInstance(harness, id);
      expect(running.StateReason).toBeUndefined();
      await stop(harness, id);
      for (const later of [0, 60_000]) {
        harness.sandbox.clock.advance(later);
        const instance = await describeInstance(harness, id);
        expectMembers(instance, { StateReason: part(fact.response, 'StateReason') });
        expect(instance.StateTransitionReason).toMatch(
          /^User initiated \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\)$/,
        );
        expect(instance.MetadataOptions?.State).toBe(part(fact.response, 'MetadataOptions.State'));
        expect(instance.PrivateIpAddress).toBe(running.PrivateIpAddress);
      }
    },
    'ec2-126': async (harness, fact) => {
      const id = await runningInstance(harness);
      const answer = await harness.aws.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
      expectMembers(answer, fact.response);
    },
    'ec2-127': async (harness, fact) => {
      const id = await runningInstance(harness);
      const first = await describeInstance(harness, id);
      await stop(harness, id);
      harness.sandbox.clock.advance(60_000);
      const start = await harness.aws.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
      expect(start.StartingInstances?.[0]?.PreviousState?.Name).toBe('stopped');
      const startedAt = harness.sandbox.clock.now();
      harness.sandbox.clock.advance(10_000);
      const again = await describeInstance(harness, id);
      expect(fact.response).toEqual({
        LaunchTime: 'time of the start',
        UsageOperationUpdateTime: 'time of the first launch',
        AttachTime: 'unchanged',
      });
      expect(again.State?.Name).toBe('running');
      expect(again.LaunchTime?.getTime()).toBe(startedAt);
      expect(again.UsageOperationUpdateTime).toEqual(first.LaunchTime);
      expect(again.BlockDeviceMappings).toEqual(first.BlockDeviceMappings);
    },
    'ec2-128': async (harness, fact) => {
      const id = await runningInstance(harness);
      await stop(harness, id);
      harness.sandbox.clock.advance(60_000);
      await terminate(harness, id);
      const { absent, 'NetworkInterfaces[0]': network, ...members } = fact.response ?? {};
      harness.sandbox.clock.advance(50);
      const instance = await describeInstance(harness, id);
      expectMembers(instance, members);
      expectAbsent(instance, absent);
      const interfaces = String(network).replace('only ', '').split(', ');
      expect(Object.keys(instance.NetworkInterfaces?.[0] ?? {}).sort()).toEqual(interfaces.sort());
      harness.sandbox.clock.advance(2000);
      expect((await describeInstance(harness, id)).State?.Name).toBe('terminated');
    },
    'ec2-129': async (harness, fact) => {
      await bothDescribe(harness, fact, String(part(fact.request, 'InstanceIds', 0)));
      await bothDescribe(harness, fact, 'i-0123456789abcdef0');
    },
    'ec2-130': async (harness, fact) => {
      await bothDescribe(harness, fact, String(part(fact.request, 'InstanceIds', 0)));
      await bothDescribe(harness, fact, 'i-0123456789abcdeg0');
      await bothDescribe(harness, fact, 'i-012345');
    },
    'ec2-131': async (harness, fact) => await expectError(status(harness, fact.request), fact),
    'ec2-132': async (harness, fact) => {
      const id = await runningInstance(harness);
      expect(part(fact.response, 'InstanceStatuses')).toBe('all');
      for (const MaxResults of [5, 1000, 1001, Number(fact.request.MaxResults)]) {
        const { InstanceStatuses } = await status(harness, { MaxResults });
        expect(InstanceStatuses?.map(({ InstanceId }) => InstanceId)).toEqual([id]);
      }
    },
    'ec2-133': async (harness, fact) => {
      const id = await runningInstance(harness);
      harness.sandbox.clock.advance(120_000);
      const answer = await status(harness, fact.request);
      expectMembers(answer, withIds(fact.response, { 'i-EXAMPLE': id, 'use1-azN': 'use1-az1' }));
      const xen = await runningInstance(harness, { InstanceType: 't2.nano' });
      const { InstanceStatuses: [other = {}] = [] } = await status(harness, { InstanceIds: [xen] });
      expectAbsent(other, ['AttachedEbsStatus']);
    },
    'ec2-134': async (harness, fact) => {
      const id = await runningInstance(harness);
      const { absent, ...members } = fact.response ?? {};
      await stop(harness, id);
      for (const later of [60_000, 1000]) {
        harness.sandbox.clock.advance(later);
        const { InstanceStatuses: [one = {}] = [] } = await status(harness, { IncludeAllInstances: true });
        expectMembers(one, members);
        expectAbsent({ ...one.InstanceStatus, AttachedEbsStatus: one.AttachedEbsStatus }, absent);
        await terminate(harness, id);
      }
      expect((await status(harness, {})).InstanceStatuses).toEqual([]);
    },
    'asg-ec2-001': async (harness, fact) => {
      const id = await instanceOfGroup(harness);
      const { Reservations } = await harness.aws.ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [id] }),
      );
      const [reservation] = Reservations ?? [];
      const tags = Object.fromEntries(
        (reservation?.Instances?.[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]),
      );
      expectMembers(tags, withIds(part(fact.response, 'Tags'), { 'lt-EXAMPLE': '{lt}' }), { group: 'web' });
      // What is not propagated is not there.
      expect(tags.kept).toBeUndefined();
      expectPresent({ ...reservation?.Instances?.[0], ...reservation }, ['RequesterId', 'ClientToken']);
    },
    'asg-ec2-002': async (harness, fact) => {
      const id = await instanceOfGroup(harness);
      await harness.aws.autoScaling.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 0 }),
      );
      harness.sandbox.clock.advance(12_000);
      const instance = await describeInstance(harness, id);
      expectMembers(instance, without(fact.response, 'StateTransitionReason'));
      const words = /^[^(]*/.exec(String(part(fact.response, 'StateTransitionReason')))?.[0] ?? '';
      expect(instance.StateTransitionReason?.startsWith(`${words}(`)).toBe(true);
    },
    'asg-ec2-003': async (harness, fact) => {
      const id = await runningInstance(harness);
      await harness.aws.ec2.send(
        new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: true } }),
      );
      await expectError(terminate(harness, id), fact, { id });
      expect((await describeInstance(harness, id)).State?.Name).toBe('running');
    },
    'asg-ec2-007': async (harness, fact) =>
      await expectError(
        dryRun(harness, { ImageId: publicImage(harness.sandbox, REGION), InstanceType: 't3.nano' }),
        fact,
      ),
    'asg-ec2-008': async (harness, fact) => {
      const LaunchTemplateId = await template(harness, {
        ImageId: publicImage(harness.sandbox, REGION),
        InstanceType: 't3.nano',
        NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true }],
      });
      const [SubnetId = ''] = harness.sandbox.world.region(REGION).state.subnets.keys();
      await expectError(run(harness, { LaunchTemplate: { LaunchTemplateId }, SubnetId }), fact);
    },
  },
  cannotHold: {},
};
